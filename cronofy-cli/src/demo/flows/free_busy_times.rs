//! What can be known of a person who shows free/busy times alone, and what an application makes for such a person.

use std::time::Duration;

use cronofy_api::availability::{Availability, AvailabilityQuery, FindAvailability, Group, Member};
use cronofy_api::credential::{ApiKey, UserToken};
use cronofy_api::events::{EventDetails, UpsertEvent};
use cronofy_api::free_busy::{AccountProfiles, FreeBusyTime, ProfileKind, ReadFreeBusy};
use cronofy_api::time;
use cronofy_api::{EventId, Tzid};
use cronofy_auth_core::Paged as _;
use cronofy_auth_core::types::{CalendarId, Timestamp, Userinfo};
use cronofy_sandbox::InvitationAnswer;

use super::free_busy::connect;
use super::individual::ADA;
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::narrate::Actor;
use crate::demo::stage::Stage;

const HOUR: Duration = Duration::from_secs(60 * 60);

pub(super) fn invitation<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let ada = Ada::connect(stage)?;
    ada.book(stage)?;

    let tomorrow = ReadFreeBusy::new(&ada.user, Tzid::utc()).from(ada.tomorrow().0).to(ada.tomorrow().1);
    let alone = stage.run(tomorrow.clone().all())?;
    stage.fact("Ada's own times: of the booking, her calendar knows nothing yet");
    holds(at(&alone, ada.booked).is_empty(), "an invitation that was not accepted takes none of her time")?;
    let whole = tomorrow.for_account(&ada.userinfo);
    let both = stage.run(whole.clone().all())?;
    stage.fact("asked for the account: both profiles, and what the application made");
    holds(in_calendars(&both, ada.booked) == [&ada.hosted], "the calendar that Cronofy hosts knows of it")?;

    let invitations = stage.sandbox.invitations();
    let [invitation] = &invitations[..] else { return Err(Failure::new("one invitation was due")) };
    holds(invitation.email == ADA, "it went to Ada")?;
    stage.sandbox.answer_invitation(&invitation.id, InvitationAnswer::Accept)?;
    stage.script.said(Actor::Browser, "Ada finds the invitation among her mail, and accepts it");
    let accepted = stage.run(whole.all())?;
    stage.fact("once accepted, it is in both her calendars");
    let calendars = in_calendars(&accepted, ada.booked);
    holds(calendars.len() == 2 && calendars.contains(&&ada.own), "her own calendar knows of it now")?;
    Ok("booked by invitation, and seen where both profiles are asked".to_owned())
}

pub(super) fn availability<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let ada = Ada::connect(stage)?;
    ada.book(stage)?;
    let read = ReadFreeBusy::new(&ada.user, Tzid::utc()).for_account(&ada.userinfo);
    let times = stage.run(read.from(ada.tomorrow().0).to(ada.tomorrow().1).all())?;
    let own = times.iter().filter(|time| time.calendar_id == ada.own).count();
    stage.fact(format!("tomorrow: {own} in her own calendar, {} in the hosted one", times.len() - own));
    let meeting = times.iter().find(|time| time.calendar_id == ada.own).and_then(span);
    let meeting = meeting.ok_or_else(|| Failure::new("Ada has no meeting tomorrow"))?;
    holds(in_calendars(&times, ada.booked) == [&ada.hosted], "the booking is not accepted yet")?;

    let right = ada.free_tomorrow(stage, Member::for_account(&ada.userinfo))?;
    stage.fact(format!("both profiles: {} stretches are free", right.len()));
    holds(!offers(&right, ada.booked), "what was booked is not offered again")?;
    holds(!offers(&right, meeting), "and Ada's own meeting is left alone")?;

    let of = |calendar: &CalendarId| Member::new(ada.userinfo.sub.clone()).calendar(calendar.clone());
    let without_hosted = ada.free_tomorrow(stage, of(&ada.own))?;
    stage.fact("WRONG, without the hosted calendar: the hour that is booked is offered again");
    holds(offers(&without_hosted, ada.booked), "to forget the hosted calendar is to book twice")?;
    let without_own = ada.free_tomorrow(stage, of(&ada.hosted))?;
    stage.fact("WRONG, without her own calendar: the hour of her meeting is offered");
    holds(offers(&without_own, meeting), "to forget her own calendar is to overlook her meetings")?;
    Ok("each profile alone offers an hour that is taken; both do not".to_owned())
}

/// Ada, connected, and the hour for which she is booked: tomorrow at three in the morning, when she has nothing else.
struct Ada {
    user: UserToken,
    userinfo: Userinfo,
    /// Her own calendar, as she lets it be seen.
    own: CalendarId,
    /// The one that Cronofy hosts for what the application makes.
    hosted: CalendarId,
    /// When tomorrow begins, in UTC.
    tomorrow: Timestamp,
    booked: (Timestamp, Timestamp),
}

impl Ada {
    fn connect<D: Driver>(stage: &mut Stage<'_, D>) -> Result<Self, Failure> {
        let (tokens, userinfo) = connect(stage)?;
        let profiles = AccountProfiles::of(&userinfo);
        let own =
            profiles.of_kind(ProfileKind::FreeBusy).flat_map(|profile| &profile.profile_calendars).next();
        let own = own.ok_or_else(|| Failure::new("her own profile has no calendar"))?.calendar_id.clone();
        let hosted =
            profiles.booking_calendar().ok_or_else(|| Failure::new("nothing can be booked"))?.clone();
        holds(own != hosted, "what the application writes goes to a calendar of its own")?;
        let day = 24 * 60 * 60;
        let tomorrow = Timestamp::from_unix_seconds((stage.now().unix_seconds() / day + 1) * day);
        let booked = (tomorrow.saturating_add(3 * HOUR), tomorrow.saturating_add(4 * HOUR));
        let user = UserToken::new(stage.data_center(), tokens.access_token);
        Ok(Self { user, userinfo, own, hosted, tomorrow, booked })
    }

    /// When tomorrow begins and ends.
    fn tomorrow(&self) -> (Timestamp, Timestamp) {
        (self.tomorrow, self.tomorrow.saturating_add(24 * HOUR))
    }

    fn book<D: Driver>(&self, stage: &mut Stage<'_, D>) -> Result<(), Failure> {
        stage.app_does("books Ada for tomorrow at three, in the calendar that Cronofy hosts for her");
        let (event, details) = (EventId::new("visit-1")?, EventDetails::new("Check-up"));
        stage.call(UpsertEvent::new(&self.user, self.hosted.clone(), event, self.booked, details))?;
        stage.fact("accepted; Cronofy mails her an invitation");
        Ok(())
    }

    /// When she has an hour tomorrow, as far as this member of a query tells.
    fn free_tomorrow<D: Driver>(
        &self,
        stage: &mut Stage<'_, D>,
        ada: Member,
    ) -> Result<Availability, Failure> {
        let query = AvailabilityQuery::new(Group::all([ada]), time::Duration::hours(1), [self.tomorrow()]);
        Ok(stage.call(FindAvailability::new(ApiKey::from(&stage.app), query))?)
    }
}

fn offers(found: &Availability, (start, end): (Timestamp, Timestamp)) -> bool {
    found.iter().any(|period| period.start().instant() <= start && end <= period.end().instant())
}

fn span(time: &FreeBusyTime) -> Option<(Timestamp, Timestamp)> {
    let (start, end) = (time.start.as_ref()?.date_time()?, time.end.as_ref()?.date_time()?);
    Some((start.instant(), end.instant()))
}

fn at(times: &[FreeBusyTime], when: (Timestamp, Timestamp)) -> Vec<&FreeBusyTime> {
    times.iter().filter(|time| span(time) == Some(when)).collect()
}

fn in_calendars(times: &[FreeBusyTime], when: (Timestamp, Timestamp)) -> Vec<&CalendarId> {
    at(times, when).into_iter().map(|time| &time.calendar_id).collect()
}
