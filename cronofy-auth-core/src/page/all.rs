//! All pages as one flow.

use core::fmt;
use core::mem;

use cronofy_types::Timestamp;

use super::Paged;
use crate::error::{Error, Misuse};
use crate::flow::{Flow, Input, Step};
use crate::{Call, RetryPolicy};

/// Asks for all items, page after page. Ends with all of them or an error: never with a part.
pub struct All<E: Paged> {
    policy: RetryPolicy,
    items: Vec<E::Item>,
    state: State<E>,
}

enum State<E> {
    Ready(E),
    Page(Call<E>),
    Finished,
}

impl<E: Paged> All<E> {
    pub(super) fn new(first: E, policy: RetryPolicy) -> Self {
        Self { policy, items: Vec::new(), state: State::Ready(first) }
    }

    /// Repeats each page's request as this policy says.
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    fn ask(&mut self, page: E, now: Timestamp) -> Result<Step<Vec<E::Item>>, Error> {
        let mut call = page.call().with_policy(self.policy);
        match call.step(Input::Start, now)? {
            Step::Send(request) => {
                self.state = State::Page(call);
                Ok(Step::Send(request))
            }
            Step::Sleep(_) | Step::Done(_) => Err(Misuse::NotAskedFor.into()),
        }
    }
}

impl<E: Paged> Flow for All<E> {
    type Output = Vec<E::Item>;

    fn step(&mut self, input: Input, now: Timestamp) -> Result<Step<Vec<E::Item>>, Error> {
        match (mem::replace(&mut self.state, State::Finished), input) {
            (State::Ready(first), Input::Start) => self.ask(first, now),
            (State::Page(mut call), input) => match call.step(input, now)? {
                Step::Send(request) => {
                    self.state = State::Page(call);
                    Ok(Step::Send(request))
                }
                Step::Sleep(duration) => {
                    self.state = State::Page(call);
                    Ok(Step::Sleep(duration))
                }
                Step::Done(page) => {
                    let next = page.next_page().map_err(Clone::clone)?.cloned();
                    self.items.extend(page.items);
                    match next {
                        None => Ok(Step::Done(mem::take(&mut self.items))),
                        Some(next) => self.ask(call.endpoint().clone().at(next), now),
                    }
                }
            },
            (State::Ready(_), Input::Response(_) | Input::Fault(_) | Input::Woke) => {
                Err(Misuse::NotAskedFor.into())
            }
            (State::Finished, _) => Err(Misuse::Finished.into()),
        }
    }
}

impl<E: Paged> fmt::Debug for All<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("All").field("items", &self.items.len()).finish_non_exhaustive()
    }
}
