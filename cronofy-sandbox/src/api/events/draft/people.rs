//! `attendees`: who is asked to come, and who is not any more.

use crate::calendars::Person;
use crate::wire::{FieldErrors, Members};

/// Changes to the list of attendees. Whoever is in neither list stays as they are.
pub(in crate::api::events) struct Guests {
    pub(in crate::api::events) invite: Vec<Person>,
    /// Addresses.
    pub(in crate::api::events) remove: Vec<String>,
}

impl Guests {
    pub(in crate::api::events) fn is_empty(&self) -> bool {
        self.invite.is_empty() && self.remove.is_empty()
    }
}

/// Most people of one event (sandbox choice: no figure is documented).
pub(in crate::api::events) const MOST_GUESTS: usize = 200;
/// The longest address that mail can be sent to (RFC 5321, section 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// Two SDKs call those to take off `reject`, two `remove`: both are read.
pub(super) fn read(body: &Members<'_>, errors: &mut FieldErrors) -> Guests {
    let mut guests = Guests { invite: Vec::new(), remove: Vec::new() };
    let Some(attendees) = body.object("attendees", errors) else { return guests };
    guests.invite = people(&attendees, "invite", errors);
    for name in ["remove", "reject"] {
        guests.remove.extend(people(&attendees, name, errors).into_iter().map(|person| person.email));
    }
    guests
}

fn people(attendees: &Members<'_>, name: &str, errors: &mut FieldErrors) -> Vec<Person> {
    let given = attendees.objects(name, MOST_GUESTS, errors).unwrap_or_default();
    given.iter().filter_map(|guest| person(guest, errors)).collect()
}

fn person(guest: &Members<'_>, errors: &mut FieldErrors) -> Option<Person> {
    let email = guest.required_text("email", errors);
    let name = guest.text("display_name", errors).map(str::to_owned);
    let email = email?;
    if !is_address(email) {
        errors.push(&guest.path("email"), "errors.invalid_email", "must be an email address");
        return None;
    }
    Some(Person { email: email.to_owned(), name })
}

/// Something before the last `@`, something after it, nothing that ends or hides an address.
pub(in crate::api) fn is_address(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;".contains(c);
    text.len() <= LONGEST_ADDRESS
        && text.chars().all(plain)
        && text.rsplit_once('@').is_some_and(|(local, domain)| {
            !local.is_empty() && !domain.is_empty() && !domain.starts_with('.') && !domain.ends_with('.')
        })
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses() {
        for good in ["a@b.example", "a.b+c@d-e.example", "\"a@b\"@c.example", "ü@ü.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "a", "@b.example", "a@", "a b@c.example", "a@.example", "<a@b.example>", "a@b,c@d"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
