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
use crate::error::{BadAnswerReason, Misuse, Unsendable};
use crate::{Body, Call, Credential, Endpoint, Error, Flow, Input, Outgoing, RetryPolicy, Step};

/// More pages than any organization has people for.
const PAGE_LIMIT: usize = 1_000;

/// Asks for one page of members. [`all`](Self::all) asks for all of them.
#[derive(Debug, Clone)]
pub struct MembersOf {
    data_center: DataCenter,
    credential: OwnedCredential,
    /// The page to ask for, after those that were asked for before it. None is the first.
    pages: Vec<NextPage>,
}

#[derive(Debug, Clone)]
enum OwnedCredential {
    Token(AccessToken),
    ApiKey(ClientSecret),
}

/// Where the next page is: an opaque URL, which can be kept to go on reading later. That it is on the server
/// whose credentials go with it is checked whenever it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextPage(String);

impl NextPage {
    /// A page whose URL was kept.
    pub fn new(url: impl Into<String>) -> Self {
        Self(url.into())
    }

    /// Its URL, as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl MembersOf {
    /// Asks with the token of an organizational unit.
    pub fn new(data_center: DataCenter, organization: AccessToken) -> Self {
        Self { data_center, credential: OwnedCredential::Token(organization), pages: Vec::new() }
    }

    /// Asks with the client secret of an internal application.
    pub fn internal(data_center: DataCenter, client_secret: ClientSecret) -> Self {
        Self { data_center, credential: OwnedCredential::ApiKey(client_secret), pages: Vec::new() }
    }

    /// Asks for this page rather than the one before it.
    pub fn at(mut self, page: NextPage) -> Self {
        self.pages.push(page);
        self
    }

    /// Asks for this page and all that follow, one after the other.
    pub fn all(self) -> AllMembers {
        AllMembers { policy: RetryPolicy::default(), members: Vec::new(), state: State::Ready(self) }
    }

    /// Whether a page, whose URL is the server's text, is where the credentials may go.
    fn is_ours(&self, page: &NextPage) -> bool {
        let (Ok(page), Ok(own)) = (page.0.parse::<Uri>(), self.data_center.api_origin().parse::<Uri>())
        else {
            return false;
        };
        let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
        let port =
            |uri: &Uri| uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        host(&page).is_some()
            && (page.scheme_str(), host(&page), port(&page)) == (own.scheme_str(), host(&own), port(&own))
            && !page.authority().is_some_and(|authority| authority.as_str().contains('@'))
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
        match self.pages.last() {
            None => Outgoing::get(&self.data_center, "/v1/organizational_unit_members"),
            Some(page) if self.is_ours(page) => Outgoing::to(Method::GET, page.0.clone()),
            Some(_) => return Err(Unsendable::ForeignPage.into()),
        }
        .bearer(credential)
        .build()
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<Self::Output, Error> {
        let page: MembersPage = read_json("organizational unit members", &response, now)?;
        let next = page.pages.next_page.filter(|url| !url.is_empty()).map(NextPage);
        let reason = match &next {
            Some(next) if !self.is_ours(next) => BadAnswerReason::ForeignPage,
            Some(next) if self.pages.contains(next) || self.pages.len() >= PAGE_LIMIT => {
                BadAnswerReason::EndlessPages
            }
            Some(_) | None => return Ok((page.members, next)),
        };
        Err(bad_answer(&response, reason).into())
    }
}

/// Asks for all members, page after page. Ends with all of them or an error: never with a part.
pub struct AllMembers {
    policy: RetryPolicy,
    members: Vec<Member>,
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
                    match next {
                        None => Ok(Step::Done(mem::take(&mut self.members))),
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
        f.debug_struct("AllMembers").field("members", &self.members.len()).finish_non_exhaustive()
    }
}
