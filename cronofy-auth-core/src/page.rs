//! Answers that come in pages.
//!
//! A page says where the next one is: an opaque URL, which is followed as it stands, but only to the server that
//! the credentials are for, and never twice. What was read of a page counts, even if its successor is refused.
//!
//! ```
//! use cronofy_auth_core::discovery::MembersOf;
//! use cronofy_auth_core::types::Member;
//! use cronofy_auth_core::{BlockingTransport, DriveError, Endpoint, pages_blocking};
//!
//! # #[allow(unused)]
//! fn addresses<T: BlockingTransport>(transport: &T, members: MembersOf) -> Result<(), DriveError<T::Error>> {
//!     // The first page is asked for here, each other one when the loop comes to it.
//!     for member in pages_blocking(transport, members.call())?.items() {
//!         let member: Member = member?;
//!         println!("{:?}", member.email);
//!     }
//!     Ok(())
//! }
//! ```

mod all;
mod walk;

use std::sync::Arc;

use bytes::Bytes;
use cronofy_types::{DataCenter, Extra, Pages};
use http::{Method, Uri};

pub use all::All;
pub use walk::{AsyncPages, BlockingItems, BlockingPages, pages, pages_blocking};

use crate::answer::bad_answer;
use crate::error::{BadAnswer, BadAnswerReason, Error, Unsendable};
use crate::{Endpoint, Outgoing, RetryPolicy};

/// More pages than anybody has: fifty items a page make half a million.
const PAGE_LIMIT: usize = 10_000;

/// A call that is answered with one page of many.
pub trait Paged: Endpoint<Output = Page<Self::Item>> + Clone {
    /// What the pages hold.
    type Item;

    /// The same call for another page: one that followed, or one whose URL was kept.
    fn at(self, page: NextPage) -> Self;

    /// Asks for this page and all that follow, as one flow.
    fn all(self) -> All<Self> {
        All::new(self, RetryPolicy::default())
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where it stands among the others, as the server says.
    pub pages: Pages,
    /// Members of the body that this version has no name for.
    pub extra: Extra,
    next: Result<Option<NextPage>, BadAnswer>,
}

impl<T> Page<T> {
    /// The page after this one, if there is one.
    ///
    /// # Errors
    ///
    /// Where the server names one that must not be asked for: on another server, or read before.
    pub fn next_page(&self) -> Result<Option<&NextPage>, &BadAnswer> {
        self.next.as_ref().map(Option::as_ref)
    }

    /// Keeps what else the body held.
    pub fn with_extra(mut self, extra: Extra) -> Self {
        self.extra = extra;
        self
    }
}

/// Where a page is: an opaque URL, which can be kept to go on reading later. That it is on the server whose
/// credentials go with it is checked whenever it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(Arc<str>);

impl NextPage {
    /// A page whose URL was kept.
    pub fn new(url: impl Into<Arc<str>>) -> Self {
        Self(url.into())
    }

    /// Its URL, as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which page a call asks for, after those that it asked for before. For whoever writes a [`Paged`] call: a member
/// of the call that does all there is to pages.
#[derive(Debug, Clone, Default)]
pub struct Place(Vec<NextPage>);

impl Place {
    /// Turns to this page.
    pub fn turn_to(&mut self, page: NextPage) {
        self.0.push(page);
    }

    /// The request for the page: `first` for the first one, and for the others what the server said.
    ///
    /// # Errors
    ///
    /// [`Unsendable::ForeignPage`] for a page of another server.
    pub fn outgoing<'a>(
        &self,
        data_center: &DataCenter,
        first: impl FnOnce() -> Outgoing<'a>,
    ) -> Result<Outgoing<'a>, Error> {
        match self.0.last() {
            None => Ok(first()),
            Some(page) if is_on(data_center, page) => Ok(Outgoing::to(Method::GET, page.as_str().to_owned())),
            Some(_) => Err(Unsendable::ForeignPage.into()),
        }
    }

    /// A page out of what was read of an answer.
    pub fn page<T>(
        &self,
        data_center: &DataCenter,
        response: &http::Response<Bytes>,
        items: Vec<T>,
        pages: Pages,
    ) -> Page<T> {
        let next = pages.next_page.as_deref().filter(|url| !url.is_empty()).map(NextPage::new);
        let wrong = match &next {
            Some(next) if !is_on(data_center, next) => Some(BadAnswerReason::ForeignPage),
            Some(next) if self.0.contains(next) || self.0.len() >= PAGE_LIMIT => {
                Some(BadAnswerReason::EndlessPages)
            }
            Some(_) | None => None,
        };
        let next = match wrong {
            Some(reason) => Err(bad_answer(response, reason)),
            None => Ok(next),
        };
        Page { items, pages, extra: Extra::default(), next }
    }
}

/// Whether a page, whose URL is the server's text, is where the credentials may go.
fn is_on(data_center: &DataCenter, page: &NextPage) -> bool {
    let (Ok(page), Ok(own)) = (page.as_str().parse::<Uri>(), data_center.api_origin().parse::<Uri>()) else {
        return false;
    };
    let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
    let port = |uri: &Uri| uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    host(&page).is_some()
        && (page.scheme_str(), host(&page), port(&page)) == (own.scheme_str(), host(&own), port(&own))
        && !page.authority().is_some_and(|authority| authority.as_str().contains('@'))
}
