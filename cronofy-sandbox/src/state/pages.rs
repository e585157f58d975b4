//! Pages of long answers: a snapshot of the rows, cut into pieces with opaque addresses.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::State;
use crate::clock::after;
use crate::ids::Ids;
use crate::ledger::{Rule, documented, guessed, observed};

pub(crate) const RULES: &[Rule] = &[
    documented(
        "`pages` has `current`, `total` and, unless it is the last one, `next_page`, a whole URL",
        "api/events/read-events",
    ),
    observed(
        "The query of a page's address is ignored",
        "node cronofy 3.8.4 repeats the options of the first page there",
    ),
    observed("A page that is not there is 404", "cronofy-ruby 0.41, in its tests"),
    guessed("A page has 50 rows", "most tests need one page then; the builder takes another figure"),
    guessed(
        "A page can be asked for, again and again, for 15 minutes",
        "long enough to follow, short enough to be forgotten",
    ),
    guessed(
        "Later pages show the list as it was when the first was read",
        "rows would be skipped or doubled otherwise",
    ),
    guessed("Somebody else's page is 404", "as everything that an authorization does not see"),
];

#[derive(Clone, Default)]
pub(super) struct Pages(HashMap<String, Page>);

#[derive(Clone)]
struct Page {
    list: List,
    /// The credential's owner: nobody else sees the rest.
    owner: String,
    /// All of them: every page of a list is a view of the same rows.
    rows: Arc<Vec<Value>>,
    /// What the addresses of its pages follow from.
    name: String,
    /// Rows of a page: that of the moment of the first one.
    size: usize,
    number: usize,
    expires_at: SystemTime,
}

/// A paged list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    Members,
    Resources,
    FreeBusy,
    Events,
    AvailablePeriods,
}

impl List {
    /// The member of the answer that holds the rows; also the path.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Members => "organizational_unit_members",
            Self::Resources => "organizational_unit_resources",
            Self::FreeBusy => "free_busy",
            Self::Events => "events",
            Self::AvailablePeriods => "available_periods",
        }
    }
}

/// How long a page can be asked for.
const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// A bound on what unread pages can take; the oldest goes first.
const MOST_PAGES: usize = 1000;

/// What a page is cut with.
pub(crate) struct Paging<'a> {
    pub(crate) ids: &'a Ids,
    pub(crate) now: SystemTime,
    pub(crate) base_url: &'a str,
    pub(crate) size: usize,
}

impl State {
    /// The first page of `rows`.
    pub(crate) fn first_page(
        &mut self,
        paging: &Paging<'_>,
        list: List,
        owner: &str,
        rows: Vec<Value>,
    ) -> Value {
        // The same page of the same list always has the same address: reading twice stores once.
        let name = if rows.len() > paging.size {
            // Rows have string keys and no custom serializer: writing them cannot fail.
            let content = serde_json::to_string(&rows).unwrap_or_default();
            paging.ids.named("", &format!("pages\0{}\0{owner}\0{content}", list.name()), 24)
        } else {
            String::new()
        };
        let expires_at = after(paging.now, LIFETIME);
        let page = Page {
            list,
            owner: owner.to_owned(),
            rows: Arc::new(rows),
            name,
            size: paging.size,
            number: 1,
            expires_at,
        };
        self.show(paging, page)
    }

    /// A later page, or `None` if there is no such page of that list for that owner.
    pub(crate) fn next_page(
        &mut self,
        paging: &Paging<'_>,
        list: List,
        owner: &str,
        id: &str,
    ) -> Option<Value> {
        let page = self.pages.0.get(id)?;
        if page.list != list || page.owner != owner || page.expires_at <= paging.now {
            return None;
        }
        let page = page.clone();
        Some(self.show(paging, page))
    }

    fn show(&mut self, paging: &Paging<'_>, page: Page) -> Value {
        let total = page.rows.len().div_ceil(page.size).max(1);
        let mut pages = json!({ "current": page.number, "total": total });
        let list = page.list.name();
        let shown = page.rows.iter().skip((page.number - 1) * page.size).take(page.size);
        let body = json!(shown.collect::<Vec<&Value>>());
        if page.number < total {
            let number = page.number + 1;
            let id = paging.ids.named("", &format!("page\0{}\0{number}", page.name), 24);
            pages["next_page"] = json!(format!("{}/v1/{list}/pages/{id}", paging.base_url));
            self.store(paging, id, Page { number, ..page });
        }
        json!({ "pages": pages, list: body })
    }

    fn store(&mut self, paging: &Paging<'_>, id: String, page: Page) {
        let pages = &mut self.pages.0;
        pages.retain(|_, page| page.expires_at > paging.now);
        if pages.len() >= MOST_PAGES {
            let oldest = pages.iter().min_by_key(|(_, page)| page.expires_at).map(|(id, _)| id.clone());
            oldest.and_then(|id| pages.remove(&id));
        }
        pages.insert(id, page);
    }
}
