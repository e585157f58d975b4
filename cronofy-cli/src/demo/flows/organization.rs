//! Organization Connect: an organizational unit is opened, and the application acts for its members.

use cronofy_auth_core::Paged as _;
use cronofy_auth_core::authorize::OrganizationConnect;
use cronofy_auth_core::discovery::{MembersOf, UserinfoOf};

use crate::demo::connect::{Visitor, introduced};
use crate::demo::driver::Driver;
use crate::demo::failure::{Failure, holds};
use crate::demo::stage::{Stage, fresh_state, redirect_uri};

const OWNER: &str = "admin@orchard.example";
const MEMBER: &str = "kit@webmail.example";

pub(super) fn organization<D: Driver>(stage: &mut Stage<'_, D>) -> Result<String, Failure> {
    let connect = OrganizationConnect::new(redirect_uri()?);
    let asked = connect.authorize(&stage.app, fresh_state()?, stage.now());
    let tokens = stage.connect(asked, Visitor::allowing(OWNER))?;

    let before = stage.script.requests();
    let members = stage.run(MembersOf::new(stage.data_center(), tokens.access_token.clone()).all())?;
    let pages = stage.script.requests() - before;
    stage.fact(format!("the last of {pages} pages: {} members in all", members.len()));
    holds(pages > 1, "the members came on several pages")?;
    let expected = stage.sandbox.ready().organizational_unit.members.len();
    holds(members.len() == expected, "no member was left out")?;

    let found =
        members.iter().find(|member| member.email.as_ref().is_some_and(|email| email.as_str() == MEMBER));
    let member = found.ok_or_else(|| Failure::new(format!("{MEMBER} is no member")))?;
    stage.app_does(format!("finds {MEMBER} among them, and asks in that person's name"));
    let userinfo = UserinfoOf::new(stage.data_center(), tokens.access_token.clone());
    let userinfo = stage.call(userinfo.impersonating(member.sub.clone()))?;
    stage.fact(format!("with Cronofy-Impersonate: {}", introduced(&userinfo)));
    holds(userinfo.sub == member.sub, "the answer is about the member who was impersonated")?;
    Ok(format!("{} members on {pages} pages; acted for {MEMBER}", members.len()))
}
