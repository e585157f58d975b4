//! `POST /v1/permissions`.
//!
//! Asks for more rights in calendars: to change and delete events that the application did not make. Known from
//! Cronofy's own clients; the pages `developers/api/events/edit-external-events` and `delete-external-event` say what it
//! is good for.
//!
//! A person is asked, at a URL. Where access came through a service account nobody is: it is a 403 unless that has the
//! scope `service_account/accounts/unrestricted_access`, for rooms `service_account/resources/unrestricted_access`
//! (`developers/api/enterprise-connect/request-authorization`).

use bytes::Bytes;
use cronofy_auth_core::{Body, Endpoint, Error, read_json};
use cronofy_types::{CalendarId, PermissionLevel, RedirectUri, Timestamp};
use serde::{Deserialize, Serialize};

use crate::credential::{Caller, ForAccount, ForAccountOrServiceAccount};
use crate::object::object;

/// Asks for more rights in calendars, or gives them back.
#[derive(Debug, Clone)]
pub struct RequestPermissions {
    caller: Caller,
    permissions: Vec<Permission>,
    redirect_uri: Option<RedirectUri>,
}

#[derive(Debug, Clone, Serialize)]
struct Permission {
    calendar_id: CalendarId,
    permission_level: PermissionLevel,
}

impl RequestPermissions {
    /// Asks a person, who comes back to this URL having decided. What was decided is seen in the list of calendars.
    pub fn of_person(
        who: impl ForAccount,
        redirect_uri: RedirectUri,
        calendar: CalendarId,
        level: PermissionLevel,
    ) -> Self {
        let asked =
            Self { caller: who.into_caller(), permissions: Vec::new(), redirect_uri: Some(redirect_uri) };
        asked.and(calendar, level)
    }

    /// Asks nobody, of an account that was opened through a service account.
    pub fn through_service_account(
        who: impl ForAccountOrServiceAccount,
        calendar: CalendarId,
        level: PermissionLevel,
    ) -> Self {
        let asked = Self { caller: who.into_caller(), permissions: Vec::new(), redirect_uri: None };
        asked.and(calendar, level)
    }

    /// Asks for this calendar too.
    pub fn and(mut self, calendar: CalendarId, level: PermissionLevel) -> Self {
        self.permissions.push(Permission { calendar_id: calendar, permission_level: level });
        self
    }
}

object! {
    /// What becomes of a request for more rights.
    pub struct PermissionsRequest {
        /// Where to send the person who decides. It is none of the application's own pages.
        url: Option<String> = text,
        /// Whether it was granted at once, because nobody has to be asked.
        accepted: bool = flag,
    }
}

#[derive(Serialize)]
struct RequestBody<'a> {
    permissions: &'a [Permission],
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a RedirectUri>,
}

impl Endpoint for RequestPermissions {
    type Output = PermissionsRequest;

    // A person decides once, at whichever of the URLs was used.
    const REPEATABLE: bool = true;

    fn request(&self) -> Result<http::Request<Body>, Error> {
        let Self { caller, permissions, redirect_uri } = self;
        let body = RequestBody { permissions, redirect_uri: redirect_uri.as_ref() };
        caller.post("/v1/permissions").json(&body)
    }

    fn read(&mut self, response: http::Response<Bytes>, now: Timestamp) -> Result<PermissionsRequest, Error> {
        #[derive(Deserialize)]
        struct ResponseBody {
            permissions_request: PermissionsRequest,
        }

        read_json("permissions request", &response, now).map(|body: ResponseBody| body.permissions_request)
    }
}
