//! Business Connect: calendars that colleagues share with the user come within reach.

use cronofy_auth_core::authorize::BusinessConnect;
use cronofy_auth_core::delegate::business as delegate;
use cronofy_auth_core::discovery::AccessibleCalendarsOf;
use cronofy_auth_core::types::{CalendarType, DelegatedScope, Scope, Scopes};
use cronofy_webhook::SIGNATURE_HEADER;
use http::HeaderName;

use super::enterprise::not_opened;
use super::individual::{ADA, whose};
use crate::demo::connect::Visitor;
use crate::demo::delegate::Outcome;
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::narrate::Actor;
use crate::demo::receiver::CALLBACK_PATH;
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

pub(super) fn business<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let scope = Scopes::from([Scope::ReadWrite]);
    let connect = BusinessConnect::new(redirect_uri()?, scope, DelegatedScope::ReadOnly)?;
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let primary = stage.connect(asked, Visitor::allowing(ADA))?;
    let profile = primary.linking_profile.as_ref().map(|profile| profile.profile_id.clone());
    let profile = profile.ok_or_else(|| Failure::new("the tokens name no profile"))?;

    let discovery =
        AccessibleCalendarsOf::new(stage.data_center(), primary.access_token.clone(), profile.clone());
    let reachable = stage.call(discovery)?;
    let rooms = reachable.iter().filter(|calendar| calendar.calendar_type == CalendarType::Resource).count();
    stage.fact(format!("{} calendars shared with Ada, {rooms} of them of rooms", reachable.len()));
    let colleague = reachable.iter().find(|calendar| calendar.calendar_type != CalendarType::Resource);
    let colleague = colleague.ok_or_else(|| Failure::new("no colleague shares a calendar"))?.email.clone();

    stage.app_does(format!(
        "asks for read_only on {colleague} through Ada's profile, and keeps what is pending"
    ));
    let wish = stage.wish(&colleague, &Scopes::from([Scope::ReadOnly]))?;
    let (call, pending) =
        delegate(&stage.app, primary.access_token.clone(), profile, wish.clone(), stage.now())?;
    stage.keep(&[pending])?;
    stage.call(call)?;
    stage.fact("accepted; the outcome comes by callback");

    let outcomes = stage.redeem(&[wish])?;
    let [Outcome { result: Ok(tokens), .. }] = &outcomes[..] else { return Err(not_opened(&outcomes)) };
    holds(tokens.subject() != primary.subject(), "the colleague has an account of their own")?;
    let userinfo = whose(stage, tokens)?;
    holds(userinfo.email.as_ref() == Some(&colleague), "the tokens are the colleague's")?;
    forge(stage)?;
    Ok(format!("{colleague} is reached through {ADA}"))
}

/// Anybody can post to a callback URL; without the client secret it is of no use.
fn forge<D: Driver>(stage: &mut Stage<'_, D>) -> Result<(), Failure> {
    let url = stage.receiver.url().as_str().to_owned();
    let signature =
        (HeaderName::from_static(SIGNATURE_HEADER), "Zm9yZ2VkIGZvcmdlZCBmb3JnZWQgZm9yZ2VkIGZvcmc=");
    let body = br#"{"authorization":{"code":"forged","state":"forged"}}"#;
    stage.script.asked(Actor::Stranger, "POST", CALLBACK_PATH);
    let answer = stage.browser.forge(&url, &[signature], body)?;
    stage.script.answered(answer.status);
    stage.fact("a forged callback: its signature is not Cronofy's");
    holds(answer.status == 401, "a forged callback is refused")?;
    holds(stage.receiver.next()?.callback.is_err(), "and the application does not get to see it")
}
