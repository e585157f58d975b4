//! Access tokens expire within hours; a refresh token buys the next.

use std::time::Duration;

use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::token::{Refresh, Session, TokenSet, Turn};
use cronofy_auth_core::{DriveError, Endpoint, Error, RefusalKind};
use cronofy_sandbox::RefreshMode;

use super::individual::{self, ADA, connect};
use crate::demo::connect::kind_of;
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::Stage;

/// Longer than any access token of the sandbox lives.
const LATER: Duration = Duration::from_secs(2 * 60 * 60);

pub(super) fn stable<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let before = connect(stage, ADA)?;
    stage.sandbox.advance(LATER);
    stage.app_does("waits two hours (the sandbox's clock is moved): the access token has expired");
    holds(before.expires_within(Duration::ZERO, stage.now()), "the access token has expired")?;
    let userinfo = UserinfoOf::new(stage.data_center(), before.access_token.clone());
    stage.refused(userinfo, RefusalKind::Unauthorized)?;
    stage.fact("the access token is dead");

    let refresh = Refresh::new(stage.app.clone(), &before);
    let after = stage.call(refresh.ok_or_else(|| Failure::new("there is no refresh token"))?)?;
    let whose = kind_of(after.subject());
    stage.fact(format!("refreshed: the answer has no identity; the library keeps {whose}"));
    holds(!same_access(&before, &after), "the access token is a new one")?;
    holds(before.identity == after.identity, "the identity is kept, though the answer has none")?;
    let userinfo = individual::whose(stage, &after)?;
    holds(Some(userinfo.sub.as_str()) == before.subject(), "it is still the same subject")?;
    Ok(format!("a new access token for {ADA}; identity kept"))
}

pub(super) fn rotated<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    stage.sandbox.set_refresh_mode(RefreshMode::RotateStrict);
    let before = connect(stage, ADA)?;
    let old = before.refresh_token.clone().ok_or_else(|| Failure::new("there is no refresh token"))?;
    let mut session = Session::new(stage.app.clone(), before.clone());
    holds(matches!(session.turn(stage.now()), Turn::Use(_)), "fresh tokens are used as they are")?;

    stage.sandbox.advance(LATER);
    stage.app_does("waits two hours; then two workers ask the session for a token at the same time");
    let Turn::Refresh(ticket, refresh) = session.turn(stage.now()) else {
        return Err(Failure::new("the session was to have the first worker refresh"));
    };
    holds(matches!(session.turn(stage.now()), Turn::Wait), "the second worker waits for the first")?;
    stage.witness.value(&(&session, &ticket, &refresh));
    stage.app_does("the first is told to refresh, the second to wait");
    let refreshed = stage.run(refresh.call()).map_err(DriveError::into_flow);
    if refreshed.is_ok() {
        stage.fact("refreshed: both tokens are new ones");
    }
    session.refreshed(ticket, refreshed, stage.now()).map_err(Failure::from)?;

    let Turn::Save(ticket, tokens) = session.turn(stage.now()) else {
        return Err(Failure::new("the session was to have the new tokens saved before they are used"));
    };
    stage.app_does("saves both before anybody uses them, so that a crash after this loses nothing");
    session.saved(ticket, true, stage.now());
    let Turn::Use(used) = session.turn(stage.now()) else {
        return Err(Failure::new("the session was to hand out the saved tokens"));
    };
    holds(same_access(&used, &tokens), "what was saved is what is handed out")?;
    let new = used.refresh_token.as_ref().ok_or_else(|| Failure::new("there is no new refresh token"))?;
    holds(new.expose() != old.expose(), "the refresh token was replaced")?;
    individual::whose(stage, &used)?;

    match stage.call(Refresh::with_token(stage.app.clone(), old)) {
        Err(error) if error.flow().is_some_and(Error::needs_reconnect) => {
            stage.fact("invalid_grant: the refresh token of before is dead, as it should be");
        }
        Err(error) => return Err(error.into()),
        Ok(_) => return Err(Failure::new("the replaced refresh token still works")),
    }
    Ok("one worker refreshed; the replaced refresh token is dead".to_owned())
}

fn same_access(one: &TokenSet, other: &TokenSet) -> bool {
    one.access_token.expose() == other.access_token.expose()
}
