//! Free/Busy Access: when somebody is busy, and nothing more.

use cronofy_auth_core::authorize::{EnterpriseConnect, IndividualConnect};
use cronofy_auth_core::token::TokenSet;
use cronofy_auth_core::types::{ProviderName, Scope, Scopes, Userinfo};

use super::enterprise::{not_opened, open_for};
use super::individual::{ADA, whose};
use crate::demo::connect::Visitor;
use crate::demo::delegate::Outcome;
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

const ADMINISTRATOR: &str = "admin@harbourdental.example";
const RUI: &str = "rui@harbourdental.example";

pub(super) fn individual<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    connect(stage)?;
    Ok(format!("{ADA} shows free/busy times only"))
}

/// Connects Ada, who shows her times and nothing more.
pub(super) fn connect<D: Driver>(stage: &mut Stage<'_, D>) -> Result<(TokenSet, Userinfo), Failure> {
    let provider = ProviderName::GoogleFreeBusy;
    let connect = IndividualConnect::free_busy(redirect_uri()?).provider(provider.clone());
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let tokens = stage.connect(asked, Visitor::allowing_free_busy(ADA))?;
    let userinfo = whose(stage, &tokens)?;
    assert_reduced(&tokens, &userinfo, &provider)?;
    Ok((tokens, userinfo))
}

pub(super) fn enterprise<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let connect = EnterpriseConnect::free_busy(redirect_uri()?);
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let service_account = stage.connect(asked, Visitor::allowing_free_busy(ADMINISTRATOR))?;
    let outcomes = open_for(stage, &service_account, &[RUI], &Scopes::from([Scope::FreeBusyWrite]))?;
    let [Outcome { result: Ok(tokens), .. }] = &outcomes[..] else { return Err(not_opened(&outcomes)) };
    let userinfo = whose(stage, tokens)?;
    assert_reduced(tokens, &userinfo, &ProviderName::MsGraphFreeBusy)?;
    Ok(format!("{RUI} shows free/busy times only"))
}

/// Two profiles: the one that shows when the person is busy, and Cronofy's own for what the application makes.
fn assert_reduced(tokens: &TokenSet, userinfo: &Userinfo, provider: &ProviderName) -> Result<(), Failure> {
    let linked = tokens.linking_profile.as_ref().map(|profile| &profile.provider_name);
    holds(linked == Some(provider), "the tokens tell that free/busy was chosen")?;
    let profiles = &userinfo.data.profiles;
    holds(profiles.len() == 2, "the account has two profiles")?;
    holds(userinfo.free_busy_profiles().count() == 1, "one of them is the free/busy one")?;
    let own = profiles.iter().any(|profile| profile.provider_name == ProviderName::Cronofy);
    holds(own, "the other is Cronofy's own")
}
