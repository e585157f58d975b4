//! `location`: coordinates are text on this wire, as every SDK sends them.

use crate::calendars::Location;
use crate::wire::{FieldErrors, Members};

pub(in crate::api) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Option<Location> {
    let location = body.object("location", errors)?;
    let description = location.text("description", errors).map(str::to_owned);
    let lat = degrees(&location, "lat", 90.0, errors);
    let long = degrees(&location, "long", 180.0, errors);
    let location = Location { description, lat, long };
    (location != Location::default()).then_some(location)
}

fn degrees(location: &Members<'_>, name: &str, most: f64, errors: &mut FieldErrors) -> Option<String> {
    let text = location.text(name, errors).filter(|text| !text.is_empty())?;
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    let fits = plain && text.parse().is_ok_and(|degrees: f64| degrees.abs() <= most);
    if !fits {
        let what = format!("must be a String of decimal degrees from -{most} to {most}");
        errors.invalid(&location.path(name), &what);
    }
    fits.then(|| text.to_owned())
}
