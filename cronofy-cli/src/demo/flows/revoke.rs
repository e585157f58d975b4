//! Ending an authorization, or a part of it.

use cronofy_auth_core::RefusalKind;
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::token::{Refresh, Revoke, RevokeProfile, TokenSet};
use cronofy_auth_core::types::Sub;

use super::individual::{ADA, connect, whose};
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::Stage;

/// Ada's private login, which belongs to the same account.
const ADA_AT_HOME: &str = "ada@fruitmail.example";

pub(super) fn by_token<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let tokens = connect(stage, ADA)?;
    let token = tokens.refresh_token.clone().ok_or_else(|| Failure::new("there is no refresh token"))?;
    stage.call(Revoke::refresh_token(stage.app.clone(), token))?;
    stage.fact("the whole authorization has ended");
    assert_dead(stage, &tokens)?;
    Ok("the access token and the refresh token are dead".to_owned())
}

pub(super) fn by_sub<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let tokens = connect(stage, ADA)?;
    let sub = Sub::new(tokens.subject().unwrap_or_default())?;
    stage.call(Revoke::sub(stage.app.clone(), sub).erasing_personal_data())?;
    stage.fact("named by its sub: the whole authorization has ended, and erasure was asked for");
    assert_dead(stage, &tokens)?;
    Ok("no token was needed to end it; both are dead".to_owned())
}

pub(super) fn one_profile<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    connect(stage, ADA)?;
    let tokens = connect(stage, ADA_AT_HOME)?;
    let before = whose(stage, &tokens)?;
    holds(before.data.profiles.len() == 2, "both logins are in one account")?;

    let given_up = tokens.linking_profile.as_ref().map(|profile| profile.profile_id.clone());
    let given_up = given_up.ok_or_else(|| Failure::new("the tokens name no profile"))?;
    stage.app_does(format!("gives the login {ADA_AT_HOME} up, and keeps the authorization"));
    stage.call(RevokeProfile::new(stage.data_center(), tokens.access_token.clone(), given_up.clone()))?;
    stage.fact("that login is given up");
    let after = whose(stage, &tokens)?;
    holds(after.data.profiles.len() == 1, "one login is left")?;
    holds(after.data.profiles.iter().all(|left| left.profile_id != given_up), "it is the other one")?;
    Ok("one of two logins is gone, and the same token works on".to_owned())
}

/// Tries both tokens, and expects that neither opens anything any more.
pub(super) fn assert_dead<D: Driver>(stage: &mut Stage<'_, D>, tokens: &TokenSet) -> Result<(), Failure> {
    let userinfo = UserinfoOf::new(stage.data_center(), tokens.access_token.clone());
    stage.refused(userinfo, RefusalKind::Unauthorized)?;
    stage.fact("the access token is dead");
    let refresh = Refresh::new(stage.app.clone(), tokens);
    stage.refused(
        refresh.ok_or_else(|| Failure::new("there is no refresh token"))?,
        RefusalKind::InvalidGrant,
    )?;
    stage.fact("invalid_grant: the refresh token is dead");
    Ok(())
}
