//! `GET /v1/organizational_unit_members`.
//!
//! The people of an organizational unit, in pages; with its token, or with the client secret of an internal
//! application (`developers/api-alpha/organizational-unit-members`). The `sub` of a member is whom to
//! impersonate; there is no filter, so a person is found by listing and matching the address.

use core::fmt;
use core::mem;

use bytes::Bytes;
use cronofy_types::{AccessToken, ClientSecret, DataCenter, Member, MembersPage, Timestamp};
use http::{Method, Uri};

use crate::answer::{bad_answer, read_json};
use crate::error::{BadAnswerReason, Misuse};
use crate::{Body, Call, Credential, Endpoint, Error, Flow, Input, Outgoing, RetryPolicy, Step};

/// More pages than any organization has people for.
const PAGE_LIMIT: usize = 10_000;

/// Asks for one page of members. [`all`](Self::all) asks for all of them.
#[derive(Debug, Clone)]
pub struct MembersOf {
    data_center: DataCenter,
    credential: OwnedCredential,
    page: Option<NextPage>,
}

#[derive(Debug, Clone)]
enum OwnedCredential {
    Token(AccessToken),
    ApiKey(ClientSecret),
}

/// Where the next page is: on the server that gave the last one, since the token goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(String);

impl MembersOf {
    /// Asks with the token of an organizational unit.
    pub fn new(data_center: DataCenter, organization: AccessToken) -> Self {
        Self { data_center, credential: OwnedCredential::Token(organization), page: None }
    }

    /// Asks with the client secret of an internal application.
    pub fn internal(data_center: DataCenter, client_secret: ClientSecret) -> Self {
        Self { data_center, credential: OwnedCredential::ApiKey(client_secret), page: None }
    }

    /// Asks for this page rather than the first.
    pub fn at(mut self, page: NextPage) -> Self {
        self.page = Some(page);
        self
    }

    /// Asks for all pages, one after the other.
    pub fn all(self) -> AllMembers {
        AllMembers {
            policy: RetryPolicy::default(),
            members: Vec::new(),
            pages: 0,
            state: State::Ready(self),
        }
    }

    /// Checks the URL of the next page, which is the server's text, before a token is sent to it.
    fn next_page(&self, url: &str) -> Option<NextPage> {
        let next = url.parse::<Uri>().ok()?;
        let own = self.data_center.api_origin().parse::<Uri>().ok()?;
        let port = |uri: &Uri| {
            uri.port_u16().or_else(|| (uri.scheme_str() == Some("https")).then_some(443)).or(Some(80))
        };
        let same = next.scheme_str() == own.scheme_str()
            && next.host().is_some()
            && next.host().map(str::to_ascii_lowercase) == own.host().map(str::to_ascii_lowercase)
            && port(&next) == port(&own)
            && !next.authority().is_some_and(|authority| authority.as_str().contains('@'));
        same.then(|| NextPage(url.to_owned()))
    }
}

impl Endpoint for MembersOf {
    type Output = (Vec<Member>, Option<NextPage>);

    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let credential = match &self.credential {
            OwnedCredential::Token(token) => Credential::Token(token),
            OwnedCredential::ApiKey(secret) => Credential::ApiKey(secret),
        };
        match &self.page {
            None => Outgoing::get(&self.data_center, "/v1/organizational_unit_members"),
            Some(page) => Outgoing::to(Method::GET, page.0.clone()),
        }
        .bearer(credential)
        .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Self::Output, Error> {
        let page: MembersPage = read_json("organizational unit members", &response, now)?;
        let next = match page.pages.next_page.filter(|url| !url.is_empty()) {
            None => None,
            Some(url) => match self.next_page(&url) {
                Some(next) => Some(next),
                None => return Err(bad_answer(&response, BadAnswerReason::ForeignPage).into()),
            },
        };
        Ok((page.members, next))
    }
}

/// Asks for all members, page after page. Ends with all of them or an error: never with a part.
pub struct AllMembers {
    policy: RetryPolicy,
    members: Vec<Member>,
    pages: usize,
    state: State,
}

enum State {
    Ready(MembersOf),
    Page(Call<MembersOf>),
    Finished,
}

impl AllMembers {
    /// Repeats each page's request as this policy says.
    pub fn with_policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    fn ask(&mut self, page: MembersOf, now: Timestamp) -> Result<Step<Vec<Member>>, Error> {
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

impl Flow for AllMembers {
    type Output = Vec<Member>;

    fn step(&mut self, input: Input, now: Timestamp) -> Result<Step<Vec<Member>>, Error> {
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
                Step::Done((members, next)) => {
                    self.members.extend(members);
                    self.pages += 1;
                    match next {
                        None => Ok(Step::Done(mem::take(&mut self.members))),
                        Some(_) if self.pages >= PAGE_LIMIT => Err(endless()),
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

impl fmt::Debug for AllMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AllMembers").field("pages", &self.pages).finish_non_exhaustive()
    }
}

fn endless() -> Error {
    let answer = http::Response::new(Bytes::new());
    bad_answer(&answer, BadAnswerReason::EndlessPages).into()
}
