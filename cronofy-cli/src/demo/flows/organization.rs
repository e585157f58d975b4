//! Organization Connect: an organizational unit is opened, and the application acts for its members.

use core::time::Duration;

use cronofy_api::calendars::ListCalendars;
use cronofy_api::credential::{Impersonation, OrganizationalUnit};
use cronofy_api::events::{Event, EventDetails, ReadEvents, UpsertEvent};
use cronofy_api::time::DateTime;
use cronofy_api::{EventId, Tzid};
use cronofy_auth_core::Paged as _;
use cronofy_auth_core::authorize::OrganizationConnect;
use cronofy_auth_core::discovery::{MembersOf, UserinfoOf};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{Member, Timestamp};

use crate::demo::connect::{Visitor, introduced};
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

const OWNER: &str = "admin@orchard.example";
const MEMBER: &str = "kit@webmail.example";
const COLLEAGUE: &str = "ada@orchard.example";

pub(super) fn organization<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let tokens = connected(stage)?;
    let before = stage.script.requests();
    let members = members(stage, &tokens)?;
    let pages = stage.script.requests() - before;
    stage.fact(format!("the last of {pages} pages: {} members in all", members.len()));
    holds(pages > 1, "the members came on several pages")?;
    let expected = stage.sandbox.ready().organizational_unit.members.len();
    holds(members.len() == expected, "no member was left out")?;

    let member = named(&members, MEMBER)?;
    stage.app_does(format!("finds {MEMBER} among them, and asks in that person's name"));
    let userinfo = UserinfoOf::new(stage.data_center(), tokens.access_token.clone());
    let userinfo = stage.call(userinfo.impersonating(member.sub.clone()))?;
    stage.fact(format!("with Cronofy-Impersonate: {}", introduced(&userinfo)));
    holds(userinfo.sub == member.sub, "the answer is about the member who was impersonated")?;
    Ok(format!("{} members on {pages} pages; acted for {MEMBER}", members.len()))
}

pub(super) fn event_as_member<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let tokens = connected(stage)?;
    let members = members(stage, &tokens)?;
    stage.fact("the last page of members");
    let unit = OrganizationalUnit::new(stage.data_center(), tokens.access_token);
    let member = unit.impersonating(named(&members, MEMBER)?.sub.clone());
    let colleague = unit.impersonating(named(&members, COLLEAGUE)?.sub.clone());

    stage.app_does(format!("finds {MEMBER} among them, and puts an event into that person's calendar"));
    let listed = stage.call(ListCalendars::new(&member))?;
    let main = listed.calendars.iter().find(|calendar| calendar.calendar_primary && calendar.is_writable());
    let main = main.ok_or_else(|| Failure::new(format!("{MEMBER} has no calendar to write to")))?;
    stage.fact(format!("\"{}\" is the main one", main.calendar_name.as_deref().unwrap_or_default()));

    let event = EventId::new("kick-off")?;
    let (start, end) =
        (tomorrow(stage.now()), tomorrow(stage.now()).saturating_add(Duration::from_secs(1800)));
    let (calendar, span) = (main.calendar_id.clone(), (DateTime::from(start), DateTime::from(end)));
    stage.call(UpsertEvent::new(
        &member,
        calendar.clone(),
        event.clone(),
        span,
        EventDetails::new("Kick-off"),
    ))?;
    stage.fact("\"Kick-off\", tomorrow for half an hour");

    let read = own_events(stage, &member)?;
    let [Event { summary: Some(summary), event_id: Some(id), start: Some(begins), calendar_id, .. }] =
        &read[..]
    else {
        return Err(Failure::new(format!("one event was written, and {} were read", read.len())));
    };
    stage.fact(format!("\"{summary}\", read back"));
    holds(
        (id, calendar_id) == (&event, &calendar),
        "it is the event that was written, where it was written",
    )?;
    holds(begins.date_time().map(DateTime::instant) == Some(start), "it begins when it was said to begin")?;

    let others = own_events(stage, &colleague)?;
    stage.fact(format!("{COLLEAGUE} has no such event"));
    holds(others.is_empty(), "nobody else has it")?;
    Ok(format!("an event made as {MEMBER}, and read back"))
}

fn connected<D: Driver>(stage: &mut Stage<'_, D>) -> Result<TokenSet, Failure> {
    let connect = OrganizationConnect::new(redirect_uri()?);
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    stage.connect(asked, Visitor::allowing(OWNER))
}

fn members<D: Driver>(stage: &mut Stage<'_, D>, tokens: &TokenSet) -> Result<Vec<Member>, Failure> {
    Ok(stage.run(MembersOf::new(stage.data_center(), tokens.access_token.clone()).all())?)
}

/// Cronofy has no filter: whoever knows an address alone looks through all members.
fn named<'a>(members: &'a [Member], address: &str) -> Result<&'a Member, Failure> {
    let is_it = |member: &&Member| member.email.as_ref().is_some_and(|email| email.as_str() == address);
    members.iter().find(is_it).ok_or_else(|| Failure::new(format!("{address} is no member")))
}

/// What the application itself put into the calendars of this person.
fn own_events<D: Driver>(stage: &mut Stage<'_, D>, member: &Impersonation) -> Result<Vec<Event>, Failure> {
    Ok(stage.run(ReadEvents::new(member, Tzid::utc()).only_managed().all())?)
}

/// The full hour after a day has passed.
fn tomorrow(now: Timestamp) -> Timestamp {
    let hours = now.unix_seconds().div_euclid(3600);
    Timestamp::from_unix_seconds((hours + 25).saturating_mul(3600))
}
