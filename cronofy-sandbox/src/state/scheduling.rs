//! Pages on which somebody picks a time (docs: scheduling/real-time-scheduling).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::State;
use crate::ids::Ids;

/// A page, as an application asked for it.
#[derive(Clone, Debug)]
pub(crate) struct SchedulingLink {
    pub(crate) id: String,
    /// The last part of its address.
    pub(crate) token: String,
    pub(crate) status: LinkStatus,
    pub(crate) wish: SchedulingWish,
}

/// What an application asked for.
#[derive(Clone, Debug)]
pub(crate) struct SchedulingWish {
    pub(crate) client_id: String,
    /// As it was sent, without times.
    pub(crate) event: Map<String, Value>,
    /// The query that finds times, as it was sent.
    pub(crate) availability: Map<String, Value>,
    pub(crate) targets: Vec<TargetCalendar>,
    /// In minutes.
    pub(crate) minimum_notice: i64,
    pub(crate) twelve_hours: bool,
    /// Where whoever has picked a time goes.
    pub(crate) completed_url: String,
    /// Where whoever finds none goes.
    pub(crate) no_times_suitable_url: Option<String>,
    pub(crate) state: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct TargetCalendar {
    pub(crate) sub: String,
    pub(crate) calendar_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    Open,
    Completed { start: Timestamp, end: Timestamp },
    Disabled { message: String },
}

impl LinkStatus {
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Completed { .. } => "completed",
            Self::Disabled { .. } => "disabled",
        }
    }
}

/// By their tokens.
#[derive(Clone, Default)]
pub(super) struct SchedulingLinks {
    made: u64,
    links: BTreeMap<String, SchedulingLink>,
}

impl SchedulingLinks {
    pub(super) fn knows(&self, token: &str) -> bool {
        self.links.contains_key(token)
    }
}

/// A bound on what pages take.
const MOST_LINKS: usize = 200;

/// The application has as many pages as it may have.
pub(crate) struct TooManyLinks;

impl State {
    /// Makes a page.
    pub(crate) fn make_scheduling_link(
        &mut self,
        ids: &Ids,
        wish: SchedulingWish,
    ) -> Result<&SchedulingLink, TooManyLinks> {
        let own = self.scheduling.links.values().filter(|link| link.wish.client_id == wish.client_id);
        if own.count() >= MOST_LINKS {
            return Err(TooManyLinks);
        }
        self.scheduling.made += 1;
        let id = ids.record("sch_", &self.scheduling.made.to_string());
        let token = ids.token();
        let link = SchedulingLink { id, token: token.clone(), status: LinkStatus::Open, wish };
        Ok(self.scheduling.links.entry(token).or_insert(link))
    }

    /// The page with this token, whoever asks.
    pub(crate) fn scheduling_link(&self, token: &str) -> Option<&SchedulingLink> {
        self.scheduling.links.get(token)
    }

    /// The same, to be changed.
    pub(crate) fn scheduling_link_mut(&mut self, token: &str) -> Option<&mut SchedulingLink> {
        self.scheduling.links.get_mut(token)
    }

    /// An application's page with this identifier.
    pub(crate) fn scheduling_link_of(&mut self, client_id: &str, id: &str) -> Option<&mut SchedulingLink> {
        let mut links = self.scheduling.links.values_mut();
        links.find(|link| link.wish.client_id == client_id && link.id == id)
    }
}
