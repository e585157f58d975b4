//! What the sandbox remembers, and the only ways in which that changes.

mod application;
mod attachments;
mod authorization;
mod bookable;
mod bookable_events;
mod channels;
mod codes;
mod issued;
mod linking;
mod pages;
mod people;
mod permissions;
mod scheduling;
mod secrets;
mod smart_invites;
mod tokens;

pub(crate) use application::{Application, Features, flaw};
pub(crate) use attachments::TooManyAttachments;
pub(crate) use authorization::{Authorization, Grant, GrantKey, Kind};
pub(crate) use bookable::{AvailabilityRule, AvailablePeriod, Bookable, Weekly};
pub(crate) use bookable_events::{BookableEvent, TooMany as TooManyBookable};
pub(crate) use channels::{Channel, ChannelKey, Filters, Opening};
pub(crate) use codes::CodeSource;
pub(crate) use pages::{List, Paging, RULES as PAGES};
pub(crate) use permissions::PermissionsRequest;
pub(crate) use scheduling::{LinkStatus, SchedulingLink, SchedulingWish, TargetCalendar, TooManyLinks};
pub(crate) use smart_invites::{InviteEvent, InviteKey, InviteReply, SmartInvite, TooManyInvites};
pub(crate) use tokens::TokenPair;

use std::collections::{BTreeMap, HashMap, VecDeque};

use self::issued::Issued;
use crate::calendars::Calendars;
use crate::callbacks::CallbackFaults;
use crate::faults::Faults;
use crate::limits::Windows;
use crate::policy::Policy;
use crate::world::World;

/// Everything that requests change. A clone is a snapshot.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) policy: Policy,
    pub(crate) applications: BTreeMap<String, Application>,
    /// The `client_id` of the first one: the one that tests are told of.
    pub(crate) main_application: String,
    pub(crate) world: World,
    pub(crate) calendars: Calendars,
    pub(crate) callback_faults: CallbackFaults,
    attachments: attachments::Attachments,
    authorizations: BTreeMap<GrantKey, Authorization>,
    codes: Issued<codes::Code, { codes::MOST }>,
    access_tokens: Issued<tokens::AccessToken, { tokens::MOST }>,
    refresh_tokens: HashMap<String, tokens::RefreshToken>,
    /// Those that were replaced and live on for a while, oldest first.
    replaced: VecDeque<String>,
    links: linking::Links,
    channels: channels::Channels,
    bookable: BTreeMap<GrantKey, Bookable>,
    /// By application and its own name for the event.
    bookable_events: BTreeMap<(String, String), bookable_events::BookableEvent>,
    pages: pages::Pages,
    permissions_requests: permissions::PermissionsRequests,
    scheduling: scheduling::SchedulingLinks,
    smart_invites: BTreeMap<InviteKey, SmartInvite>,
    pub(crate) faults: Faults,
    pub(crate) windows: Windows,
}

impl State {
    /// Without anybody and anything.
    pub(crate) fn empty(policy: Policy) -> Self {
        Self {
            policy,
            applications: BTreeMap::new(),
            main_application: String::new(),
            world: World::default(),
            calendars: Calendars::default(),
            callback_faults: CallbackFaults::default(),
            attachments: attachments::Attachments::default(),
            authorizations: BTreeMap::new(),
            codes: Issued::default(),
            access_tokens: Issued::default(),
            refresh_tokens: HashMap::new(),
            replaced: VecDeque::new(),
            links: linking::Links::default(),
            channels: channels::Channels::default(),
            bookable: BTreeMap::new(),
            bookable_events: BTreeMap::new(),
            pages: pages::Pages::default(),
            permissions_requests: permissions::PermissionsRequests::default(),
            scheduling: scheduling::SchedulingLinks::default(),
            smart_invites: BTreeMap::new(),
            faults: Faults::default(),
            windows: Windows::default(),
        }
    }

    /// How many authorizations, access tokens and codes there are.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.authorizations.len(), self.access_tokens.len(), self.codes.len())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::ids::Ids;
    use crate::limits::RateLimits;
    use crate::policy::{AutoConsent, RefreshMode};
    use crate::world::AccessMode;

    #[test]
    fn what_expired_is_not_kept_for_ever() {
        let (second, ids) = (Duration::from_secs(1), Ids::from_seed(1));
        let policy = Policy {
            auto_consent: AutoConsent::Off,
            page_size: 1,
            code_lifetime: second,
            user_token_lifetime: second,
            service_token_lifetime: second,
            refresh_mode: RefreshMode::RotateWithGrace(second),
            revoke_on_replay: false,
            rate_limits: RateLimits::default(),
        };
        let mut state = State::empty(policy);
        let key = GrantKey { client_id: "client".to_owned(), sub: "acc_1".to_owned() };
        let grant = Grant {
            key: key.clone(),
            kind: Kind::Account,
            scope: String::new(),
            delegated_scope: None,
            access: AccessMode::ReadWrite,
            profiles: Vec::new(),
            through: None,
        };
        state.authorize(grant.clone());
        let mut now = SystemTime::UNIX_EPOCH;
        let mut refresh_token = state.issue_tokens(&ids, now, &key).expect("it was authorized").refresh_token;
        for _ in 0..5000 {
            now += second;
            state.issue_code(&ids, now, grant.clone(), CodeSource::Redirect, "http://app.example/");
            let tokens = state.refresh(&ids, now, "client", &refresh_token);
            refresh_token = tokens.expect("the current refresh token").refresh_token;
            state.issue_link_token(&ids, now, &key);
        }
        let (authorizations, access_tokens, codes) = state.counts();
        assert_eq!(authorizations, 1);
        assert!(access_tokens <= 2 && codes <= 2, "{access_tokens} access tokens, {codes} codes");
        assert!(state.refresh_tokens.len() <= 3, "{} refresh tokens", state.refresh_tokens.len());
    }
}
