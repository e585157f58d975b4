//! Answers in pages as a `Stream`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use cronofy_auth_core::{AsyncPages, Call, DriveError, NextPage, Page, Paged, pages};
use cronofy_transport_common::SendError;
use futures_core::Stream;

use crate::HyperTransport;

type Turned<E> = Option<Result<Page<<E as Paged>::Item>, DriveError<SendError>>>;
type Turning<E> = Pin<Box<dyn Future<Output = (Box<AsyncPages<HyperTransport, E>>, Turned<E>)> + Send>>;

impl HyperTransport {
    /// Asks for the first page, and gives out that and all that follow it.
    ///
    /// # Errors
    ///
    /// What becomes of the first page.
    pub async fn pages<E: Paged>(&self, call: Call<E>) -> Result<PageStream<E>, DriveError<SendError>> {
        let pages = pages(self.clone(), call).await?;
        Ok(PageStream { cursor: None, state: State::Resting(Box::new(pages)) })
    }
}

/// Page after page, each asked for when it is polled for. Ends after the last one, or after an error.
///
/// All are asked for with the call's own tokens. Where these die in between it is a 401: go on with new ones, at the
/// [`cursor`](Self::cursor).
pub struct PageStream<E: Paged> {
    cursor: Option<NextPage>,
    state: State<E>,
}

enum State<E: Paged> {
    Resting(Box<AsyncPages<HyperTransport, E>>),
    Turning(Turning<E>),
    Finished,
}

impl<E: Paged> PageStream<E> {
    /// The items of all pages.
    pub fn items(self) -> ItemStream<E> {
        ItemStream { pages: self, page: Vec::new().into_iter() }
    }

    /// The page after the last that was given out, also if it could not be had: worth keeping, to go on later by
    /// [`Paged::at`].
    pub fn cursor(&self) -> Option<&NextPage> {
        self.cursor.as_ref()
    }
}

impl<E> Stream for PageStream<E>
where
    E: Paged + Send + 'static,
    E::Item: Send + 'static,
{
    type Item = Result<Page<E::Item>, DriveError<SendError>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let mut turning = match std::mem::replace(&mut this.state, State::Finished) {
            State::Resting(mut pages) => Box::pin(async move {
                let page = pages.next().await;
                (pages, page)
            }),
            State::Turning(turning) => turning,
            State::Finished => return Poll::Ready(None),
        };
        let Poll::Ready((pages, page)) = turning.as_mut().poll(context) else {
            this.state = State::Turning(turning);
            return Poll::Pending;
        };
        this.cursor = pages.cursor().cloned();
        if matches!(page, Some(Ok(_))) {
            this.state = State::Resting(pages);
        }
        Poll::Ready(page)
    }
}

/// What is pinned in it is in a box.
impl<E: Paged> Unpin for PageStream<E> {}

impl<E: Paged> fmt::Debug for PageStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// Item after item, each page asked for when the one before it is used up. Ends after the last, or after an error.
pub struct ItemStream<E: Paged> {
    pages: PageStream<E>,
    page: vec::IntoIter<E::Item>,
}

impl<E: Paged> ItemStream<E> {
    /// As [`PageStream::cursor`]. Of the page before it, items may be left to be given out.
    pub fn cursor(&self) -> Option<&NextPage> {
        self.pages.cursor()
    }
}

impl<E> Stream for ItemStream<E>
where
    E: Paged + Send + 'static,
    E::Item: Send + 'static,
{
    type Item = Result<E::Item, DriveError<SendError>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(context)) {
                Some(Ok(page)) => this.page = page.items.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<E: Paged> Unpin for ItemStream<E> {}

impl<E: Paged> fmt::Debug for ItemStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemStream").field("left", &self.page.len()).field("pages", &self.pages).finish()
    }
}
