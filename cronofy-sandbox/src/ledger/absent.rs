//! What Cronofy has and the sandbox has not.

use serde::Serialize;

/// Something that a client of Cronofy could look for here in vain.
#[derive(Debug, Serialize)]
pub(crate) struct Absent {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
}

const fn absent(name: &'static str, why: &'static str) -> Absent {
    Absent { name, why }
}

const SEQUENCES: &str = "the order of several meetings is not computed";
const CONVERSATIONS: &str =
    "an alpha: no page shows the answer to the first call, or says how slots are found";
const CONFERENCING: &str = "there are no conferencing providers here";

/// Calls that answer 404 `not_served`. Serving one takes it off this list.
pub(crate) const CALLS: &[Absent] = &[
    absent("POST /v1/sequenced_availability", SEQUENCES),
    absent("POST /v1/real_time_sequencing", SEQUENCES),
    absent("POST /v1/real_time_sequencing/{real_time_sequencing_id}/disable", SEQUENCES),
    absent("POST /v1/add_to_calendar", "no page says what stands at the URL that it answers with"),
    absent("POST /v1/scheduling_conversations", CONVERSATIONS),
    absent("GET /v1/scheduling_conversations", CONVERSATIONS),
    absent("GET /v1/scheduling_conversations/{scheduling_conversation_id}", CONVERSATIONS),
    absent("POST /v1/scheduling_requests", "the preferences that it goes by are not part of the API"),
    absent("POST /v1/conferencing_service_authorizations", CONFERENCING),
    absent("POST /v1/applications", "there are no admin keys; a scenario says which applications there are"),
];

/// The call of that list that a request is. One client ends a path with a slash.
pub(crate) fn absent_call(method: &str, path: &str) -> Option<&'static Absent> {
    let asked: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    CALLS.iter().find(|call| {
        let Some((its_method, its_path)) = call.name.split_once(' ') else { return false };
        let parts: Vec<&str> = its_path.split('/').collect();
        let same = |(part, asked): (&&str, &&str)| part == asked || part.starts_with('{');
        its_method == method && parts.len() == asked.len() && parts.iter().zip(&asked).all(same)
    })
}

/// Behaviour of served calls that is not there.
pub(crate) const BEHAVIOUR: &[Absent] = &[
    absent(
        "Callbacks to `subscriptions` of an event (changelog.cronofy.com)",
        "no page shows the body of such a callback",
    ),
    absent(
        "Callbacks to `callback_url` and `callback_urls` of scheduling pages (workflow-triggers/scheduling-triggers)",
        "of the body of such a callback the pages show a part",
    ),
    absent(
        "Adding the event of a scheduling page to a calendar of whoever picks a time, by `oauth.scope`",
        "no page says how the person is asked",
    ),
    absent("402 for what the plan lacks (api/error-codes)", "the application has every plan"),
    absent(
        "`conferencing_profiles` in userinfo (api/conferencing-services/conferencing-profiles)",
        CONFERENCING,
    ),
    absent(
        "`locale` of the authorization page (api/organization-connect/request-authorization)",
        "the page speaks English",
    ),
    absent(
        "`@` and `-` in calendar ids, as clients' tests show them",
        "all ids are made of letters and digits here",
    ),
    absent(
        "Erasure of what a revoked authorization leaves (api/authorization/revoke)",
        "the people here are invented",
    ),
    absent(
        "A dashboard that renews client secrets (application-management)",
        "the builder says how many are active",
    ),
    absent("Data centers that do not know each other's tokens", "there is one listener"),
];
