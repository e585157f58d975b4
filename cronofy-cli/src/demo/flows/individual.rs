//! Individual Connect: a user connects calendars of their own.

use cronofy_auth_core::authorize::{IndividualConnect, Resumed};
use cronofy_auth_core::discovery::UserinfoOf;
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{OAuthErrorCode, Scope, Scopes, SubjectKind, Userinfo};

use crate::demo::connect::{Visitor, introduced};
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

pub(super) const ADA: &str = "ada@orchard.example";

/// Reading and writing: what most applications ask for.
pub(super) fn scope() -> Scopes {
    Scopes::from([Scope::ReadEvents, Scope::CreateEvent])
}

pub(super) fn granted<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let tokens = connect(stage, ADA)?;
    holds(tokens.refresh_token.is_some(), "a refresh token came with the access token")?;

    let userinfo = whose(stage, &tokens)?;
    holds(userinfo.kind == SubjectKind::Account, "the token stands for an account")?;
    holds(Some(userinfo.sub.as_str()) == tokens.subject(), "userinfo and the tokens name the same subject")?;
    let ready = stage.sandbox.ready();
    let known = ready.users.iter().any(|user| user.email == ADA && user.sub == userinfo.sub.as_str());
    holds(known, "the subject is the person who agreed")?;
    Ok(format!("{ADA} is connected"))
}

pub(super) fn denied<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let connect = IndividualConnect::new(redirect_uri()?, scope())?;
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let Resumed::Denied(denial) = stage.visit(asked, Visitor::denying(ADA))? else {
        return Err(Failure::new("the user refused, and the redirect says otherwise"));
    };
    stage.app_does("looks the pending value up by its state: a denial, which is an outcome like any other");
    holds(denial.error == OAuthErrorCode::AccessDenied, "the denial says access_denied")?;
    holds(stage.script.requests() == 0, "there is nothing to redeem, so nothing is sent")?;
    Ok(format!("the user said no ({}), and no token was asked for", denial.error.as_str()))
}

/// Connects a person, for all that comes after.
pub(super) fn connect<D: Driver>(stage: &mut Stage<'_, D>, email: &'static str) -> Result<TokenSet, Failure> {
    let connect = IndividualConnect::new(redirect_uri()?, scope())?;
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    stage.connect(asked, Visitor::allowing(email))
}

/// Asks who a token stands for.
pub(super) fn whose<D: Driver>(stage: &mut Stage<'_, D>, tokens: &TokenSet) -> Result<Userinfo, Failure> {
    let userinfo = stage.call(UserinfoOf::new(stage.data_center(), tokens.access_token.clone()))?;
    stage.fact(introduced(&userinfo));
    Ok(userinfo)
}
