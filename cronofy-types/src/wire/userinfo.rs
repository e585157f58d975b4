//! `GET /v1/userinfo` (`developers/api/identity/userinfo`).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::extra::Extra;
use super::lenient::{null_is_default, unusable_is_absent};
use crate::open_enum::{open_enum, open_enum_from_any_text};
use crate::{
    ApplicationCalendarId, CalendarId, EmailAddress, ProfileId, ProviderName, ProviderService, Scopes, Sub,
};

/// Who a token stands for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Userinfo {
    /// The subject; its prefix tells the kind.
    pub sub: Sub,
    /// What kind of subject it is.
    #[serde(rename = "cronofy.type")]
    pub kind: SubjectKind,
    /// The primary address. A service account may have a bare user name; an application calendar has none.
    #[serde(default, deserialize_with = "unusable_is_absent", skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The name, which may be blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The IANA time zone as far as known, else `Etc/UTC`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// The caller's own name of an application calendar.
    #[serde(default, deserialize_with = "unusable_is_absent", skip_serializing_if = "Option::is_none")]
    pub application_calendar_id: Option<ApplicationCalendarId>,
    /// What Cronofy adds to OpenID Connect's document.
    #[serde(rename = "cronofy.data", default, deserialize_with = "null_is_default")]
    pub data: CronofyData,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// What kind of subject a token stands for.
    pub enum SubjectKind {
        /// A user or a resource.
        Account = "account",
        /// A service account.
        ServiceAccount = "service_account",
        /// An application calendar.
        ApplicationCalendar = "application_calendar",
    }
}
open_enum_from_any_text!(SubjectKind);

/// `cronofy.data`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CronofyData {
    /// What was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Authorization>,
    /// The connected calendar logins. A free/busy account has two: the user's, and a Cronofy calendar.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<Profile>,
    /// The connected conferencing logins.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub conferencing_profiles: Vec<ConferencingProfile>,
    /// Of a service account: its organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_account: Option<ServiceAccount>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What was granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Authorization {
    /// The scopes.
    #[serde(default, deserialize_with = "null_is_default")]
    pub scope: Scopes,
    /// `active`; no other value is documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Of a service account: what it may hand on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegated_scope: Option<Scopes>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One connected calendar login (`developers/api/identity/profile`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Profile {
    /// Its technology.
    pub provider_name: ProviderName,
    /// Its host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_service: Option<ProviderService>,
    /// Its id.
    pub profile_id: ProfileId,
    /// Usually the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// Whether Cronofy's credentials for it still work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_connected: Option<bool>,
    /// Where to send the user when they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_relink_url: Option<String>,
    /// Whether the first synchronisation is still to come; calendars may be missing until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_initial_sync_required: Option<bool>,
    /// Its calendars.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub profile_calendars: Vec<ProfileCalendar>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A calendar of a profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProfileCalendar {
    /// Its id.
    pub calendar_id: CalendarId,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar_name: Option<String>,
    /// Whether events can only be read.
    #[serde(default, deserialize_with = "null_is_default")]
    pub calendar_readonly: bool,
    /// Whether it is gone.
    #[serde(default, deserialize_with = "null_is_default")]
    pub calendar_deleted: bool,
    /// Whether it is the profile's main one.
    #[serde(default, deserialize_with = "null_is_default")]
    pub calendar_primary: bool,
    /// What the application may do to events it did not make.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_level: Option<PermissionLevel>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

open_enum! {
    /// What an application may do to events that it did not make.
    pub enum PermissionLevel {
        /// Nothing.
        Sandbox = "sandbox",
        /// Change and delete them.
        Unrestricted = "unrestricted",
    }
}
open_enum_from_any_text!(PermissionLevel);

/// One connected conferencing login.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConferencingProfile {
    /// `go_to`, `zoom`, `ms_teams` and what may come.
    pub provider_name: String,
    /// Its id.
    pub profile_id: ProfileId,
    /// Usually the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// Whether Cronofy's credentials for it still work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_connected: Option<bool>,
    /// Where to send the user when they do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_relink_url: Option<String>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The organization of a service account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServiceAccount {
    /// Its provider, such as `exchange`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_name: Option<ProviderName>,
    /// Its domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// Members that this version has no name for.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Userinfo {
    /// The domain of a service account, from `cronofy.data` or from the flat member that older answers had.
    pub fn service_account_domain(&self) -> Option<&str> {
        let nested = self.data.service_account.as_ref().and_then(|account| account.domain.as_deref());
        nested.or_else(|| self.extra.get("cronofy.service_account.domain").and_then(Value::as_str))
    }

    /// Where to send the user whose calendar answers with a 423: the page on which its profile is linked again, as
    /// far as that is known. Userinfo has to be asked for afresh.
    pub fn relink_url(&self, calendar: &CalendarId) -> Option<&str> {
        let of_it = |profile: &&Profile| {
            profile.profile_calendars.iter().any(|listed| listed.calendar_id == *calendar)
        };
        self.data.profiles.iter().find(of_it)?.profile_relink_url.as_deref()
    }

    /// The profiles that show free/busy times alone. Their account has a Cronofy profile besides, and an
    /// answer about availability is right only when both are asked (Free/Busy Access, "requesting event
    /// information").
    pub fn free_busy_profiles(&self) -> impl Iterator<Item = &Profile> {
        self.data.profiles.iter().filter(|profile| profile.provider_name.is_free_busy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trips(body: &str) -> Userinfo {
        let userinfo: Userinfo = serde_json::from_str(body).unwrap();
        let written = serde_json::to_value(&userinfo).unwrap();
        assert_eq!(serde_json::from_value::<Userinfo>(written).unwrap(), userinfo);
        userinfo
    }

    #[test]
    fn an_account_with_what_nobody_documented() {
        // `developers/api/identity/userinfo`, with unknown values and members added.
        let userinfo = round_trips(
            r#"{"sub":"acc_5700a00eb0ccd07000000000","email":"janed@company.example","name":null,
            "zoneinfo":"Europe/London","cronofy.type":"account","cronofy.data":{
            "authorization":{"scope":"read_write felines","status":"active"},
            "profiles":[{"provider_name":"new_provider","provider_service":"gsuite","profile_id":"pro_1",
            "profile_name":"a","profile_connected":false,"profile_relink_url":"https://r.example",
            "profile_calendars":[{"calendar_id":"cal_1","calendar_primary":true,"permission_level":"odd","z":1}]}],
            "conferencing_profiles":[{"provider_name":"zoom","profile_id":"pro_2"}],"y":{}},"x":[1]}"#,
        );
        assert_eq!(userinfo.kind, SubjectKind::Account);
        let profile = &userinfo.data.profiles[0];
        assert_eq!(profile.provider_name.as_str(), "new_provider");
        assert_eq!(profile.profile_calendars[0].permission_level.as_ref().unwrap().as_str(), "odd");
        assert_eq!(userinfo.extra["x"], serde_json::json!([1]));
        assert_eq!(userinfo.free_busy_profiles().count(), 0);
        let relink = |id| userinfo.relink_url(&CalendarId::new(id).unwrap());
        assert_eq!((relink("cal_1"), relink("cal_2")), (Some("https://r.example"), None));
    }

    #[test]
    fn null_says_nothing_and_spoils_nothing() {
        for body in [
            r#"{"sub":"acc_1","cronofy.type":"account","cronofy.data":null,"email":""}"#,
            r#"{"sub":"acc_1","cronofy.type":"account","cronofy.data":{"profiles":null,"conferencing_profiles":null,
            "authorization":{"scope":null}}}"#,
            r#"{"sub":"acc_1","cronofy.type":"account","cronofy.data":{"profiles":[{"provider_name":"x",
            "profile_id":"pro_1","profile_calendars":[{"calendar_id":"cal_1","calendar_readonly":null}]}]}}"#,
        ] {
            round_trips(body);
        }
        let members = r#"{"organizational_unit_members":[{"sub":"acc_1","email":"","roles":null,
            "scheduler":{"enabled":null}}],"pages":null}"#;
        assert_eq!(serde_json::from_str::<crate::MembersPage>(members).unwrap().members[0].email, None);
        let calendars =
            r#"{"accessible_calendars":[{"email":"a@example.com"},{"email":"b","calendar_type":null}]}"#;
        let calendars: crate::AccessibleCalendars = serde_json::from_str(calendars).unwrap();
        assert_eq!(calendars.accessible_calendars[1].calendar_type, crate::CalendarType::Uncertain);
    }

    #[test]
    fn what_is_not_known_is_kept_and_not_printed() {
        let userinfo = round_trips(r#"{"sub":"acc_1","cronofy.type":"account","new_secret":"canary"}"#);
        assert_eq!(userinfo.extra["new_secret"], "canary");
        let printed = format!("{userinfo:?}");
        assert!(printed.contains("extra: [\"new_secret\"]") && !printed.contains("canary"), "{printed}");
    }

    #[test]
    fn a_service_account_in_both_forms() {
        let nested = round_trips(
            r#"{"sub":"ser_1","cronofy.type":"service_account","cronofy.data":{"service_account":
            {"provider_name":"exchange","domain":"example.org"},"authorization":{"scope":"a","delegated_scope":"read_write"}}}"#,
        );
        assert_eq!(nested.service_account_domain(), Some("example.org"));
        let flat = round_trips(
            r#"{"sub":"ser_1","cronofy.type":"service_account","cronofy.service_account.domain":"example.org"}"#,
        );
        assert_eq!(flat.service_account_domain(), Some("example.org"));
    }

    #[test]
    fn the_two_profiles_of_a_free_busy_account() {
        let userinfo = round_trips(
            r#"{"sub":"acc_1","cronofy.type":"account","cronofy.data":{"profiles":[
            {"provider_name":"google_free_busy","profile_id":"pro_1"},{"provider_name":"cronofy","profile_id":"pro_2"}]}}"#,
        );
        assert_eq!(
            userinfo.free_busy_profiles().map(|profile| profile.profile_id.as_str()).collect::<Vec<_>>(),
            ["pro_1"]
        );
    }
}
