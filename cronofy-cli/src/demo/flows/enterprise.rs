//! Enterprise Connect: an administrator authorizes a service account, which opens the mailboxes of a domain.

use cronofy_auth_core::authorize::EnterpriseConnect;
use cronofy_auth_core::delegate::{DelegationRequest, enterprise as delegate};
use cronofy_auth_core::discovery::ResourcesOf;
use cronofy_auth_core::token::{Revoke, TokenSet};
use cronofy_auth_core::types::{DelegationFailure, EmailAddress, Scope, Scopes};

use super::individual::{ADA, scope, whose};
use super::revoke::assert_dead;
use crate::demo::connect::Visitor;
use crate::demo::delegate::Outcome;
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

const ADMINISTRATOR: &str = "admin@orchard.example";
const BRAM: &str = "bram@orchard.example";
const CLEO: &str = "cleo@orchard.example";
const NOBODY: &str = "nobody@orchard.example";

pub(super) fn single<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let service_account = connect(stage, Scopes::from([Scope::ServiceAccountAccountsManage]))?;
    let outcomes = open(stage, &service_account, &[CLEO])?;
    let [Outcome { result: Ok(tokens), .. }] = &outcomes[..] else { return Err(not_opened(&outcomes)) };
    let userinfo = whose(stage, tokens)?;
    holds(userinfo.email.is_some_and(|email| email.as_str() == CLEO), "the tokens are Cleo's")?;
    Ok(format!("{CLEO} was opened by the service account"))
}

pub(super) fn batch<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let scope = Scopes::from([Scope::ServiceAccountAccountsManage, Scope::ServiceAccountResourcesManage]);
    let service_account = connect(stage, scope)?;
    let resources = ResourcesOf::new(stage.data_center(), service_account.access_token.clone());
    let resources = stage.call(resources.with_details())?;
    stage.fact(format!("{} rooms and devices of the domain", resources.len()));
    let room = resources.iter().find(|resource| resource.capacity.is_some());
    let room = room.ok_or_else(|| Failure::new("there is no room to open"))?.email.clone();

    let outcomes = open(stage, &service_account, &[ADA, BRAM, CLEO, room.as_str()])?;
    for Outcome { email, result } in &outcomes {
        let tokens = result.as_ref().map_err(|_| not_opened(&outcomes))?;
        let profile = tokens.linking_profile.as_ref().and_then(|profile| profile.profile_name.as_deref());
        holds(profile == Some(email.as_str()), &format!("the tokens matched to {email} are its own"))?;
    }
    holds(outcomes.len() == 4, "every mailbox has an outcome")?;
    Ok("three users and a room, each matched to its own callback".to_owned())
}

pub(super) fn callback_error<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let service_account = connect(stage, Scopes::from([Scope::ServiceAccountAccountsManage]))?;
    let outcomes = open(stage, &service_account, &[NOBODY, BRAM])?;
    let [Outcome { result: Err(failure), .. }, Outcome { result: Ok(_), .. }] = &outcomes[..] else {
        return Err(Failure::new("the first mailbox was to fail, and the second to be opened"));
    };
    let description = failure.error_description.as_deref().unwrap_or("no reason given");
    stage.app_does(format!("tells the administrator: {}", description.escape_debug()));
    holds(!failure.error.is_empty() && failure.error_description.is_some(), "the failure has a reason")?;
    Ok("one mailbox failed, with its reason; the other was opened".to_owned())
}

pub(super) fn revoke_cascade<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let service_account = connect(stage, Scopes::from([Scope::ServiceAccountAccountsManage]))?;
    let outcomes = open(stage, &service_account, &[CLEO])?;
    let [Outcome { result: Ok(tokens), .. }] = &outcomes[..] else { return Err(not_opened(&outcomes)) };
    whose(stage, tokens)?;
    stage.call(Revoke::access_token(stage.app.clone(), service_account.access_token.clone()))?;
    stage.fact("the service account's authorization has ended");
    assert_dead(stage, tokens)?;
    Ok("the user's tokens died with the service account's".to_owned())
}

/// The administrator authorizes the service account.
fn connect<D: Driver>(stage: &mut Stage<'_, D>, for_itself: Scopes) -> Result<TokenSet, Failure> {
    let connect = EnterpriseConnect::new(redirect_uri()?, for_itself, scope())?;
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let tokens = stage.connect(asked, Visitor::allowing(ADMINISTRATOR))?;
    holds(tokens.identity.service_account_id.is_some(), "the tokens are a service account's")?;
    Ok(tokens)
}

/// Opens mailboxes with one request, and waits for what becomes of each.
fn open<D: Driver>(
    stage: &mut Stage<'_, D>,
    service_account: &TokenSet,
    emails: &[&str],
) -> Result<Vec<Outcome>, Failure> {
    open_for(stage, service_account, emails, &scope())
}

/// The same, for another scope.
pub(super) fn open_for<D: Driver>(
    stage: &mut Stage<'_, D>,
    service_account: &TokenSet,
    emails: &[&str],
    scope: &Scopes,
) -> Result<Vec<Outcome>, Failure> {
    let mut wishes: Vec<DelegationRequest> = Vec::new();
    for email in emails {
        wishes.push(stage.wish(&EmailAddress::new(*email)?, scope)?);
    }
    let many = if emails.len() == 1 { "mailbox" } else { "mailboxes" };
    stage.app_does(format!(
        "asks for {} {many} through the service account, and keeps what is pending",
        emails.len()
    ));
    let token = service_account.access_token.clone();
    let (call, pending) = delegate(&stage.app, token, &wishes, stage.now())?;
    stage.keep(&pending)?;
    stage.call(call)?;
    stage.fact("accepted; the outcome comes by callback");
    stage.redeem(&wishes)
}

/// Says which mailbox was not opened, and why.
pub(super) fn not_opened(outcomes: &[Outcome]) -> Failure {
    let failed = outcomes.iter().find_map(|Outcome { email, result }| Some((email, result.as_ref().err()?)));
    match failed {
        Some((email, failure)) => Failure::new(format!("{email} was not opened: {}", reason(failure))),
        None => Failure::new("another number of outcomes was due"),
    }
}

/// Cronofy publishes no list of these texts, so they are shown as what they are: somebody else's.
fn reason(failure: &DelegationFailure) -> String {
    let texts = [failure.error_key.as_deref(), failure.error_description.as_deref()];
    let texts = texts.into_iter().flatten().map(|text| text.escape_debug().to_string());
    let mut reason = failure.error.escape_debug().to_string();
    for text in texts {
        reason.push_str(", ");
        reason.push_str(&text);
    }
    reason
}
