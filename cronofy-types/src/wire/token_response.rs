//! `POST /oauth/token`, the answer (RFC 6749 section 5.1; `developers/api/authorization/request-token`).

use core::cell::Cell;
use core::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

use super::extra::Extra;
use super::lenient::Text;
use super::linking_profile::{LinkingProfile, Read};
use super::parse::{ParseError, text};
use crate::{AccessToken, AccountId, ApplicationCalendarId, RefreshToken, Scopes, ServiceAccountId, Sub};

const WHAT: &str = "token response";

/// What a token request is answered with. A refresh carries neither identity nor linking profile.
#[derive(Debug)]
#[non_exhaustive]
pub struct TokenResponse {
    /// Bears the authorization.
    pub access_token: AccessToken,
    /// Lifetime of the access token in seconds, counted from the answer. Cronofy's examples say 3600, and
    /// 1800 for a service account; both are only examples.
    pub expires_in: Option<u64>,
    /// Buys the next one. Where it is missing, the one used before stays good (RFC 6749 section 6).
    pub refresh_token: Option<RefreshToken>,
    /// What was granted, which may be less than was asked for. Empty where the answer does not say.
    pub scope: Scopes,
    /// The user account.
    pub account_id: Option<AccountId>,
    /// The subject: the account, the application calendar, the organizational unit.
    pub sub: Option<Sub>,
    /// The service account, in the first step of Enterprise Connect.
    pub service_account_id: Option<ServiceAccountId>,
    /// The caller's own name of an application calendar.
    pub application_calendar_id: Option<ApplicationCalendarId>,
    /// The profile that this very authorization went through.
    pub linking_profile: Option<LinkingProfile>,
    /// Members that this version has no name for, and known ones whose value it cannot use.
    pub extra: Extra,
}

impl TokenResponse {
    /// Reads the body of a successful answer.
    ///
    /// # Errors
    ///
    /// Refuses what is no JSON object, a missing or empty `access_token`, a `token_type` other than `bearer`
    /// in any case, a negative or fractional `expires_in`, a repeated member, and a body with an `error`.
    ///
    /// Nothing else spoils an answer whose code or refresh token is spent: a missing `token_type` is taken for
    /// `bearer`, `expires_in` may be a string of digits, and any other member that cannot be used is left in
    /// [`extra`](Self::extra).
    pub fn parse(body: &[u8]) -> Result<Self, ParseError> {
        let text = text(WHAT, body)?;
        let member = Cell::new(None);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let parsed = deserializer.deserialize_map(Members { member: &member });
        parsed.and_then(|response| deserializer.end().map(|()| response)).map_err(|error| {
            match (error.classify(), member.get()) {
                (serde_json::error::Category::Data, Some(member)) => ParseError::member(WHAT, member),
                _ => ParseError::from_serde(WHAT, &error),
            }
        })
    }
}

/// Written by hand because `#[serde(flatten)]` would buffer the whole body to find the unknown members.
struct Members<'a> {
    /// The member being read, so that an error can name it: `serde_json` would quote its value instead.
    member: &'a Cell<Option<&'static str>>,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = TokenResponse;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<TokenResponse, A::Error> {
        let mut token_type: Option<Option<BearerType>> = None;
        let mut access_token: Option<AccessToken> = None;
        let mut expires_in: Option<Option<Seconds>> = None;
        let mut refresh_token: Option<Text<RefreshToken>> = None;
        let mut scope: Option<Text<Scopes>> = None;
        let mut account_id: Option<Text<AccountId>> = None;
        let mut sub: Option<Text<Sub>> = None;
        let mut service_account_id: Option<Text<ServiceAccountId>> = None;
        let mut application_calendar_id: Option<Text<ApplicationCalendarId>> = None;
        let mut linking_profile: Option<Read> = None;
        let mut extra = Extra::default();

        macro_rules! read {
            ($slot:ident, $name:literal) => {{
                self.member.set(Some($name));
                if $slot.is_some() {
                    return Err(A::Error::duplicate_field($name));
                }
                $slot = Some(map.next_value()?);
                self.member.set(None);
            }};
        }

        while let Some(name) = map.next_key::<Name>()? {
            match name {
                Name::TokenType => read!(token_type, "token_type"),
                Name::AccessToken => read!(access_token, "access_token"),
                Name::ExpiresIn => read!(expires_in, "expires_in"),
                Name::RefreshToken => read!(refresh_token, "refresh_token"),
                Name::Scope => read!(scope, "scope"),
                Name::AccountId => read!(account_id, "account_id"),
                Name::Sub => read!(sub, "sub"),
                Name::ServiceAccountId => read!(service_account_id, "service_account_id"),
                Name::ApplicationCalendarId => read!(application_calendar_id, "application_calendar_id"),
                Name::LinkingProfile => read!(linking_profile, "linking_profile"),
                // Some servers answer an error with status 200 (RFC 6749 section 5.2 forbids it).
                Name::Error => {
                    self.member.set(Some("error"));
                    if !matches!(map.next_value()?, Value::Null) {
                        return Err(A::Error::custom("an error member"));
                    }
                    self.member.set(None);
                }
                Name::Other(name) => {
                    let value: Value = map.next_value()?;
                    if extra.insert(name, value).is_some() {
                        return Err(A::Error::custom("a repeated member"));
                    }
                }
            }
        }
        let access_token = access_token.ok_or_else(|| {
            self.member.set(Some("access_token"));
            A::Error::missing_field("access_token")
        })?;
        let linking_profile = match linking_profile {
            Some(Read::Profile(profile)) => Some(profile),
            Some(Read::Odd(odd)) => {
                extra.insert("linking_profile".to_owned(), odd);
                None
            }
            Some(Read::Absent) | None => None,
        };
        Ok(TokenResponse {
            access_token,
            expires_in: expires_in.flatten().map(|seconds| seconds.0),
            refresh_token: refresh_token.and_then(|text| text.or_into("refresh_token", &mut extra)),
            scope: scope.and_then(|text| text.or_into("scope", &mut extra)).unwrap_or_default(),
            account_id: account_id.and_then(|text| text.or_into("account_id", &mut extra)),
            sub: sub.and_then(|text| text.or_into("sub", &mut extra)),
            service_account_id: service_account_id
                .and_then(|text| text.or_into("service_account_id", &mut extra)),
            application_calendar_id: application_calendar_id
                .and_then(|text| text.or_into("application_calendar_id", &mut extra)),
            linking_profile,
            extra,
        })
    }
}

enum Name {
    TokenType,
    AccessToken,
    ExpiresIn,
    RefreshToken,
    Scope,
    AccountId,
    Sub,
    ServiceAccountId,
    ApplicationCalendarId,
    LinkingProfile,
    Error,
    Other(String),
}

impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(match name {
                    "token_type" => Name::TokenType,
                    "access_token" => Name::AccessToken,
                    "expires_in" => Name::ExpiresIn,
                    "refresh_token" => Name::RefreshToken,
                    "scope" => Name::Scope,
                    "account_id" => Name::AccountId,
                    "sub" => Name::Sub,
                    "service_account_id" => Name::ServiceAccountId,
                    "application_calendar_id" => Name::ApplicationCalendarId,
                    "linking_profile" => Name::LinkingProfile,
                    "error" => Name::Error,
                    other => Name::Other(other.to_owned()),
                })
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// `bearer`, in any case (RFC 6749 section 5.1): no other kind of token can be used here.
struct BearerType;

impl<'de> serde::Deserialize<'de> for BearerType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TypeVisitor;

        impl Visitor<'_> for TypeVisitor {
            type Value = BearerType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the token type bearer")
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<BearerType, E> {
                if value.eq_ignore_ascii_case("bearer") {
                    Ok(BearerType)
                } else {
                    Err(E::custom("another token type"))
                }
            }
        }

        deserializer.deserialize_str(TypeVisitor)
    }
}

/// A number of seconds, or a string of digits.
struct Seconds(u64);

impl<'de> serde::Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SecondsVisitor;

        impl Visitor<'_> for SecondsVisitor {
            type Value = Seconds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds")
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Seconds, E> {
                Ok(Seconds(value))
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Seconds, E> {
                // Some servers write every number so; above 2^53 it is a number of ages, and bounded later.
                if value < 0.0 || value.fract() != 0.0 {
                    return Err(E::custom("not a whole number of seconds"));
                }
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "whole and not negative; what is too large saturates"
                )]
                Ok(Seconds(value as u64))
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Seconds, E> {
                if !value.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(E::custom("not digits alone"));
                }
                value.parse().map(Seconds).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(SecondsVisitor)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ProviderName;

    /// `developers/api-alpha/business-connect`, completed with the braces that the page leaves out.
    const BUSINESS_CONNECT: &str = r#"{
        "token_type": "bearer",
        "access_token": "P531x88i05Ld2yXHIQ7WjiEyqlmOHsgI",
        "expires_in": 3600,
        "refresh_token": "3gBYG1XamYDUEXUyybbummQWEe5YqPmf",
        "scope": "read_only",
        "account_id": "acc_5ba21743f408617d1269ea1e",
        "sub": "acc_5ba21743f408617d1269ea1e",
        "linking_profile": {"provider_name": "google", "profile_id": "pro_n23kjnwrw2", "profile_name": ""}
    }"#;

    #[test]
    fn the_documented_answer() {
        let response = TokenResponse::parse(BUSINESS_CONNECT.as_bytes()).unwrap();
        assert_eq!(response.access_token.expose(), "P531x88i05Ld2yXHIQ7WjiEyqlmOHsgI");
        assert_eq!(response.refresh_token.unwrap().expose(), "3gBYG1XamYDUEXUyybbummQWEe5YqPmf");
        assert_eq!(response.expires_in, Some(3600));
        assert_eq!(response.scope.to_string(), "read_only");
        assert_eq!(response.sub.unwrap().as_str(), "acc_5ba21743f408617d1269ea1e");
        let profile = response.linking_profile.unwrap();
        assert_eq!(profile.provider_name, ProviderName::Google);
        assert_eq!(profile.profile_name.as_deref(), Some(""));
    }

    #[test]
    fn what_is_refused_is_named() {
        for (body, why) in [
            ("{}", "token response has a missing or unusable `access_token`"),
            (r#"{"access_token":""}"#, "token response has a missing or unusable `access_token`"),
            (r#"{"access_token":7}"#, "token response has a missing or unusable `access_token`"),
            (
                r#"{"access_token":"a","token_type":"mac"}"#,
                "token response has a missing or unusable `token_type`",
            ),
            (
                r#"{"access_token":"a","expires_in":-1}"#,
                "token response has a missing or unusable `expires_in`",
            ),
            (
                r#"{"access_token":"a","expires_in":1.5}"#,
                "token response has a missing or unusable `expires_in`",
            ),
            (
                r#"{"access_token":"a","expires_in":"+1"}"#,
                "token response has a missing or unusable `expires_in`",
            ),
            (
                r#"{"access_token":"a","access_token":"b"}"#,
                "token response has a missing or unusable `access_token`",
            ),
            (
                r#"{"access_token":"a","error":"invalid_grant"}"#,
                "token response has a missing or unusable `error`",
            ),
            (
                r#"{"access_token":"a","x":1,"x":2}"#,
                "token response has an unexpected shape at line 1, column 32",
            ),
            (r#"{"access_token":"a"} x"#, "token response is not JSON at line 1, column 22"),
            ("[]", "token response has an unexpected shape at line 1, column 0"),
            ("", "token response ends too early, at line 1, column 0"),
        ] {
            assert_eq!(TokenResponse::parse(body.as_bytes()).unwrap_err().to_string(), why, "{body}");
        }
    }

    #[test]
    fn s12_lifetimes() {
        let lifetime = |value: &str| {
            TokenResponse::parse(format!(r#"{{"access_token":"a","expires_in":{value}}}"#).as_bytes())
                .map(|response| response.expires_in)
        };
        assert_eq!(lifetime("0"), Ok(Some(0)));
        assert_eq!(lifetime("\"10800\""), Ok(Some(10800)));
        assert_eq!(lifetime("null"), Ok(None));
        assert_eq!(lifetime("18446744073709551615"), Ok(Some(u64::MAX)));
        assert_eq!(lifetime("18446744073709551616"), Ok(Some(u64::MAX)));
        assert_eq!(lifetime("3600.0"), Ok(Some(3600)));
        assert!(lifetime("1e400").is_err());
        assert!(lifetime("-3600.0").is_err());
    }

    #[test]
    fn nothing_that_decorates_an_answer_spoils_it() {
        for member in [
            r#""token_type":null"#,
            r#""error":null"#,
            r#""scope":"café""#,
            r#""scope":["read_write"]"#,
            r#""sub":"""#,
            r#""account_id":7"#,
            r#""linking_profile":{}"#,
            r#""linking_profile":["google",null,"pro_1",null]"#,
            r#""linking_profile":{"provider_name":"google"}"#,
            r#""refresh_token":"""#,
            r#""refresh_token":{"a":[1]}"#,
        ] {
            let body = format!(r#"{{{member},"access_token":"a"}}"#);
            let response =
                TokenResponse::parse(body.as_bytes()).unwrap_or_else(|error| panic!("{member}: {error}"));
            let name = member.split('"').nth(1).unwrap();
            let absent = member.ends_with("null") || member.ends_with(r#":"""#);
            assert_eq!(response.extra.contains_key(name), !absent, "{member}");
        }
    }

    #[test]
    fn nothing_secret_in_debug() {
        let body = r#"{"access_token":"canary1","refresh_token":"canary2","id_token":"canary3"}"#;
        let response = TokenResponse::parse(body.as_bytes()).unwrap();
        let printed = format!("{response:?}");
        assert!(!printed.contains("canary"), "{printed}");
        assert!(printed.contains("extra: [\"id_token\"]"), "{printed}");
        assert_eq!(response.extra["id_token"], "canary3");
    }

    proptest! {
        #[test]
        fn any_token_response_with_extra_members_parses(
            extra in prop::collection::btree_map("x_[a-z]{1,8}", "\\PC{0,16}", 0..6),
            scope in "[a-z_]{1,10}( [a-z_]{1,10}){0,3}",
        ) {
            let mut body = serde_json::Map::new();
            for (name, value) in &extra {
                body.insert(name.clone(), value.clone().into());
            }
            body.insert("access_token".into(), "a".into());
            body.insert("scope".into(), scope.clone().into());
            let response = TokenResponse::parse(&serde_json::to_vec(&body).unwrap()).unwrap();
            prop_assert_eq!(response.extra.len(), extra.len());
            prop_assert_eq!(response.scope.to_string(), scope);
        }
    }
}
