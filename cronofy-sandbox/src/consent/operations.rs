//! What the four operations of this folder promise.

use crate::ledger::{Operation, documented, guessed, observed};

pub(crate) const SHOW_USER: Operation = Operation {
    name: "GET /oauth/authorize",
    rules: &[
        documented(
            "`response_type` must be `code`; another one is `unsupported_response_type`, none is \
             `invalid_request`",
            "api/authorization/request-authorization; RFC 6749, section 4.1.2.1",
        ),
        documented(
            "`client_id`, `redirect_uri` and `scope` are required",
            "api/authorization/request-authorization",
        ),
        documented("A bad `client_id` or `redirect_uri` redirects nowhere", "RFC 6749, section 4.1.2.1"),
        guessed(
            "A request that cannot be redirected is answered with 400 and an HTML page",
            "Cronofy's page is its own, and a status lets a test see it",
        ),
        documented(
            "`redirect_uri` is an HTTP or HTTPS URI without a fragment",
            "api/authorization/request-authorization; RFC 6749, section 3.1.2",
        ),
        guessed(
            "A `redirect_uri` with a user name or a password cannot be used",
            "it hides from a person where it leads",
        ),
        documented(
            "An unverified application may use any `redirect_uri`, and the page warns of it",
            "Organization Connect guide; authorization/individual-connect",
        ),
        documented(
            "A verified application may use the `redirect_uri`s that it registered, where `*` can stand \
             for the first part of the host",
            "faqs/verify-application",
        ),
        guessed(
            "`redirect_uri` is compared exactly, with port, query and trailing slash, and `*` is one label",
            "a client that passes a laxer one would fail elsewhere",
        ),
        documented(
            "`state` comes back unaltered, with an error too",
            "api/authorization/request-authorization; RFC 6749, section 4.1.2.1",
        ),
        documented("The query of `redirect_uri` stays, and is extended", "RFC 6749, section 3.1.2"),
        documented(
            "A parameter that came twice is `invalid_request`, an unknown one is ignored",
            "RFC 6749, section 3.1",
        ),
        guessed("PKCE's parameters count as unknown", "neither the documentation nor a client has them"),
        documented(
            "A missing `scope` is `invalid_scope`",
            "api/authorization/request-authorization; RFC 6749, section 3.3",
        ),
        guessed(
            "A `scope` with a word that no source knows is `invalid_scope`",
            "a misspelt scope should show, and RFC 6749, section 4.1.2.1, has this error for it",
        ),
        documented(
            "`scope=organizational_unit_scheduler` makes it Organization Connect",
            "api/organization-connect/request-authorization",
        ),
        guessed(
            "Owners and `developer_admin`s can consent to Organization Connect",
            "these are the roles that administer an Organizational Unit",
        ),
        documented(
            "`delegated_scope` makes it Business Connect, where that is enabled for the application",
            "api-alpha/business-connect/request-authorization",
        ),
        guessed(
            "Where Business Connect is not enabled, the error is `unauthorized_client`",
            "RFC 6749, section 4.1.2.1, has this for clients that may not ask",
        ),
        documented(
            "In Business Connect, `delegated_scope` is `free_busy` or `read_only`",
            "api-alpha/business-connect/request-authorization",
        ),
        guessed(
            "Another `delegated_scope` is `invalid_scope` in Business Connect",
            "RFC 6749, section 4.1.2.1, has no error that fits better",
        ),
        guessed(
            "Only people of an organization can be primary accounts of Business Connect",
            "sharing within an organization is what it builds on",
        ),
        documented(
            "`free_busy_write` offers the access modes Free/Busy and No access, as far as enabled",
            "authorization/access-modes; faqs/free-busy-scope-change",
        ),
        documented(
            "`provider_name` `google_free_busy` or `ms_graph_free_busy` offers Free/Busy only",
            "Free/Busy Access guide",
        ),
        guessed(
            "A `provider_name` that ends in `_free_busy` is `invalid_scope` without `free_busy_write`, or \
             where Free/Busy is not enabled",
            "the access that was asked for by name cannot be given",
        ),
        observed(
            "`provider_name` leaves only accounts of that provider",
            "omniauth-cronofy, Cronofy .NET 1.12 and cronofy-php 1.7 send it",
        ),
        guessed("An unknown `provider_name` fits nobody", "the list of its values could not be read"),
        documented(
            "A cookie joins the logins of one browser into one account",
            "api-alpha/explicit-linking; faqs/authorizations",
        ),
        observed(
            "`avoid_linking` keeps the logins of one browser apart",
            "omniauth-cronofy, pycronofy 2.0.7, Cronofy .NET 1.12 and cronofy-php 1.7 send it",
        ),
        guessed(
            "A login that is connected already stays in its account, whatever the cookie says",
            "moving it would take it from an account whose owner did nothing",
        ),
        documented(
            "`link_token` joins the login into the account of the token",
            "api-alpha/explicit-linking",
        ),
        guessed(
            "An unknown, used or expired `link_token` is `invalid_request`",
            "RFC 6749, section 4.1.2.1, for a parameter with an invalid value",
        ),
        guessed(
            "The page shows accounts to choose from, those of one provider if asked to",
            "Cronofy's page is its own, and signs people in at their provider",
        ),
        guessed(
            "The page cannot be framed, and nothing of it is kept",
            "RFC 6749, section 10.13, asks for the first, and codes are in the redirect",
        ),
    ],
};
pub(crate) const SUBMIT_USER: Operation = Operation {
    name: "POST /oauth/authorize",
    rules: &[
        guessed(
            "The form has `decision`, `account` and, where there is a choice, `access`",
            "Cronofy's form is its own, and no client sends it",
        ),
        guessed("`close` redirects nowhere", "people go away, and an application has to bear it"),
        documented("`deny` redirects with `access_denied`", "RFC 6749, section 4.1.2.1"),
        guessed(
            "The form is answered with 303, a request that needs no page with 302",
            "RFC 9110, section 15.4.4, has 303 for the answer to a form",
        ),
        guessed(
            "A form without a valid choice shows the page again, with 400",
            "a person can choose again, and a test sees it",
        ),
        guessed("A form that another site sent is 403", "that site could press Allow in a person's name"),
    ],
};
pub(crate) const SHOW_ENTERPRISE: Operation = Operation {
    name: "GET /enterprise_connect/oauth/authorize",
    rules: &[
        documented(
            "Parameters and answers are those of `GET /oauth/authorize`, with `delegated_scope` required",
            "api/enterprise-connect/request-authorization",
        ),
        documented(
            "`scope` holds one or more of the four scopes of service accounts",
            "api/enterprise-connect/request-authorization",
        ),
        documented("A missing `delegated_scope` is `invalid_request`", "RFC 6749, section 4.1.2.1"),
        documented(
            "`delegated_scope` holds scopes of user accounts, bundles or not",
            "api/enterprise-connect/request-authorization",
        ),
        documented(
            "With `free_busy_write` in `delegated_scope` the administrator chooses the access mode of the \
             domain's users",
            "Free/Busy Access guide; authorization/access-modes/faqs",
        ),
        guessed("No access is not offered to an administrator", "nothing of a domain would be left"),
        guessed("Service accounts are not linked by cookie", "a domain is one account, and not a person's"),
    ],
};
pub(crate) const SUBMIT_ENTERPRISE: Operation = Operation {
    name: "POST /enterprise_connect/oauth/authorize",
    rules: &[guessed(
        "The form is that of `POST /oauth/authorize`; `account` is the administrator's address",
        "Cronofy's form is its own, and no client sends it",
    )],
};
pub(crate) const SHOW_PERMISSIONS: Operation = Operation {
    name: "GET /permissions/{id}",
    rules: &[
        guessed(
            "A page with Allow and Deny, at the address that `POST /v1/permissions` gave",
            "clients follow that address wherever it leads",
        ),
        guessed(
            "Auto-consent decides here as it does on the authorization pages",
            "it stands for the same person",
        ),
        guessed(
            "A request is open for an hour, until it is decided, or until the authorization ends",
            "long enough for a person, short enough to be forgotten",
        ),
    ],
};
pub(crate) const SUBMIT_PERMISSIONS: Operation = Operation {
    name: "POST /permissions/{id}",
    rules: &[
        guessed("The field `decision` is `allow` or `deny`", "as on the authorization pages"),
        guessed(
            "Allow leads back to `redirect_uri` as it is, Deny adds `error=access_denied`",
            "other pages of Cronofy that ask a person come back like this",
        ),
    ],
};
pub(crate) const SHOW_SCHEDULING: Operation = Operation {
    name: "GET /rts/{token}",
    rules: &[
        documented(
            "A page with the times that are free now, at the `url` that `POST /v1/real_time_scheduling` gave",
            "api/scheduling/real-time-scheduling",
        ),
        guessed("Its path is `/rts/` and the token", "examples of such URLs look like this"),
        guessed(
            "Where the query asks for periods, slots are offered, and none that has begun",
            "what is picked has the length that was asked for",
        ),
        observed("None is closer than `minimum_notice`", "cronofy-php 1.7 describes it so"),
        documented(
            "A page that was disabled shows `display_message`, with its lines as they are and without HTML",
            "api/scheduling/real-time-scheduling/disable",
        ),
        guessed("Auto-consent picks nothing", "it stands for people who consent, not for their guests"),
    ],
};
pub(crate) const SUBMIT_SCHEDULING: Operation = Operation {
    name: "POST /rts/{token}",
    rules: &[
        guessed(
            "The field `start` is one of the times on the page, or `none`",
            "each is a button of the form",
        ),
        documented(
            "The event is written into every target calendar, and the page is completed",
            "scheduling/real-time-scheduling",
        ),
        guessed(
            "A time that is not free any more is 409, and so is a page that is not open",
            "a form that was right once fails for what happened meanwhile",
        ),
        documented(
            "Whoever has picked goes to `oauth.redirect_uri`, or to `redirect_urls.completed_url`",
            "api/scheduling/real-time-scheduling",
        ),
        guessed("Where both are there, it is the latter", "it names the occasion"),
        observed("`token` is added to the query there", "node cronofy 3.8.4, in its documentation"),
        guessed("`oauth.state` is added as well", "as wherever a redirect leads back"),
        observed(
            "`none` leads to `redirect_urls.no_times_suitable_url`",
            "node cronofy 3.8.4, in its documentation",
        ),
    ],
};
