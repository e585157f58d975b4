//! The calls after authorization: one file each.

pub(crate) mod accessible_calendars;
pub(crate) mod account;
pub(crate) mod application_calendars;
pub(crate) mod application_verification;
pub(crate) mod attachments;
pub(crate) mod availability;
pub(crate) mod availability_rules;
pub(crate) mod available_periods;
pub(crate) mod batch;
mod bookable;
pub(crate) mod bookable_events;
pub(crate) mod calendars;
pub(crate) mod channels;
pub(crate) mod create_calendar;
pub(crate) mod delegated_authorizations;
mod delegation;
pub(crate) mod element_tokens;
pub(crate) mod events;
pub(crate) mod free_busy;
pub(crate) mod link_tokens;
pub(crate) mod organizational_unit_members;
pub(crate) mod organizational_unit_resources;
pub(crate) mod participation_status;
pub(crate) mod permissions;
pub(crate) mod profile_revoke;
pub(crate) mod profiles;
mod reach;
pub(crate) mod real_time_scheduling;
pub(crate) mod resources;
mod selection;
pub(crate) mod service_account_authorizations;
pub(crate) mod smart_invites;
mod time;
pub(crate) mod userinfo;
mod window;

pub(crate) use time::RULES as TIMES;

use axum::response::Response;
use http::StatusCode;

use crate::app::App;
use crate::state::{List, Paging, State};
use crate::wire::{Refusal, json as answer};

/// How this sandbox cuts pages.
fn paging<'a>(app: &'a App, state: &State) -> Paging<'a> {
    Paging { ids: &app.ids, now: app.clock.now(), base_url: &app.base_url, size: state.policy.page_size }
}

/// A later page of a list, for whom the first one was made.
fn next_page(app: &App, state: &mut State, list: List, owner: &str, id: &str) -> Result<Response, Refusal> {
    let paging = paging(app, state);
    let page = state.next_page(&paging, list, owner, id);
    page.map(|page| answer(StatusCode::OK, &page)).ok_or_else(|| Refusal::not_found("no such page"))
}
