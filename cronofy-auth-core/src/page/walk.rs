//! Pages one after the other, each asked for when it is wanted.

use core::fmt;
use core::mem;
use std::vec;

use super::{NextPage, Page, Paged};
use crate::drive::{BlockingTransport, DriveError, Transport, TransportError, drive, drive_blocking};
use crate::error::BadAnswer;
use crate::{Call, RetryPolicy};

/// What comes next, whoever drives it.
struct Walk<E: Paged> {
    endpoint: E,
    policy: RetryPolicy,
    ahead: Ahead<E::Item>,
    /// Kept after a failure, so that somebody can go on from there.
    cursor: Option<NextPage>,
}

enum Ahead<T> {
    Have(Page<T>),
    Ask(NextPage),
    Refuse(BadAnswer),
    End,
}

enum Turn<E: Paged> {
    Have(Page<E::Item>),
    Ask(Call<E>),
    Refuse(BadAnswer),
    End,
}

impl<E: Paged> Walk<E> {
    fn new(call: &Call<E>) -> Self {
        Self { endpoint: call.endpoint().clone(), policy: call.policy(), ahead: Ahead::End, cursor: None }
    }

    fn turn(&mut self) -> Turn<E> {
        match mem::replace(&mut self.ahead, Ahead::End) {
            Ahead::Have(page) => Turn::Have(page),
            Ahead::Ask(next) => {
                self.endpoint = self.endpoint.clone().at(next);
                Turn::Ask(self.endpoint.clone().call().with_policy(self.policy))
            }
            Ahead::Refuse(bad) => Turn::Refuse(bad),
            Ahead::End => Turn::End,
        }
    }

    /// A page on its way to the caller tells what comes after it.
    fn past(&mut self, page: Page<E::Item>) -> Page<E::Item> {
        self.cursor = page.next_page().ok().flatten().cloned();
        self.ahead = match page.next_page() {
            Ok(Some(next)) => Ahead::Ask(next.clone()),
            Ok(None) => Ahead::End,
            Err(bad) => Ahead::Refuse(bad.clone()),
        };
        page
    }
}

impl<E: Paged> fmt::Debug for Walk<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// Asks for the first page, and gives out that and all that follow it.
///
/// # Errors
///
/// As [`drive_blocking`].
pub fn pages_blocking<T, E>(
    transport: &T,
    call: Call<E>,
) -> Result<BlockingPages<'_, T, E>, DriveError<T::Error>>
where
    T: BlockingTransport,
    E: Paged,
{
    let mut walk = Walk::new(&call);
    walk.ahead = Ahead::Have(drive_blocking(transport, call)?);
    Ok(BlockingPages { transport, walk })
}

/// Page after page. Ends after the last one, or after an error.
#[derive(Debug)]
pub struct BlockingPages<'t, T, E: Paged> {
    transport: &'t T,
    walk: Walk<E>,
}

impl<'t, T, E: Paged> BlockingPages<'t, T, E> {
    /// The items of all pages.
    pub fn items(self) -> BlockingItems<'t, T, E> {
        BlockingItems { pages: self, page: Vec::new().into_iter() }
    }

    /// The page after the last that was given out, also if it could not be had: worth keeping, to go on later by
    /// [`Paged::at`].
    pub fn cursor(&self) -> Option<&NextPage> {
        self.walk.cursor.as_ref()
    }
}

impl<T: BlockingTransport, E: Paged> Iterator for BlockingPages<'_, T, E> {
    type Item = Result<Page<E::Item>, DriveError<T::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = match self.walk.turn() {
            Turn::Have(page) => Ok(page),
            Turn::Ask(call) => drive_blocking(self.transport, call),
            Turn::Refuse(bad) => Err(refused(bad)),
            Turn::End => return None,
        };
        Some(page.map(|page| self.walk.past(page)))
    }
}

/// Item after item, each page asked for when the one before it is used up. Ends after the last, or after an error.
#[derive(Debug)]
pub struct BlockingItems<'t, T, E: Paged> {
    pages: BlockingPages<'t, T, E>,
    page: vec::IntoIter<E::Item>,
}

impl<T, E: Paged> BlockingItems<'_, T, E> {
    /// As [`BlockingPages::cursor`]. Of the page before it, items may be left to be given out.
    pub fn cursor(&self) -> Option<&NextPage> {
        self.pages.cursor()
    }
}

impl<T: BlockingTransport, E: Paged> Iterator for BlockingItems<'_, T, E> {
    type Item = Result<E::Item, DriveError<T::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.page.next() {
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => self.page = page.items.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Asks for the first page, and gives out that and all that follow it. `&T` is a transport as well, where it is to be
/// borrowed.
///
/// # Errors
///
/// As [`drive`].
pub async fn pages<T, E>(transport: T, call: Call<E>) -> Result<AsyncPages<T, E>, DriveError<T::Error>>
where
    T: Transport,
    E: Paged,
{
    let mut walk = Walk::new(&call);
    walk.ahead = Ahead::Have(drive(&transport, call).await?);
    Ok(AsyncPages { transport, walk })
}

/// Page after page, by a method rather than a trait: a `Stream` is what a transport makes of it.
#[derive(Debug)]
pub struct AsyncPages<T, E: Paged> {
    transport: T,
    walk: Walk<E>,
}

impl<T: Transport, E: Paged> AsyncPages<T, E> {
    /// The next page; `None` after the last one, and after an error.
    pub async fn next(&mut self) -> Option<Result<Page<E::Item>, DriveError<T::Error>>> {
        let page = match self.walk.turn() {
            Turn::Have(page) => Ok(page),
            Turn::Ask(call) => drive(&self.transport, call).await,
            Turn::Refuse(bad) => Err(refused(bad)),
            Turn::End => return None,
        };
        Some(page.map(|page| self.walk.past(page)))
    }

    /// As [`BlockingPages::cursor`].
    pub fn cursor(&self) -> Option<&NextPage> {
        self.walk.cursor.as_ref()
    }
}

fn refused<T: TransportError>(bad: BadAnswer) -> DriveError<T> {
    DriveError::Flow(bad.into())
}
