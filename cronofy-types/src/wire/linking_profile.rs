//! The profile that an authorization went through, as the token response tells it.

use core::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::extra::Extra;
use super::lenient::Text;
use crate::{ProfileId, ProviderName, ProviderService};

/// The profile that the user authorized with.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct LinkingProfile {
    /// Its technology; tells a free/busy authorization from a full one.
    pub provider_name: ProviderName,
    /// Its host, in newer answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_service: Option<ProviderService>,
    /// Its id.
    pub profile_id: ProfileId,
    /// Usually the e-mail address; may be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// Members that this version has no name for, and known ones whose value it cannot use.
    #[serde(flatten)]
    pub extra: Extra,
}

impl LinkingProfile {
    /// A profile out of a store. Set the other fields as they were stored.
    pub fn new(provider_name: ProviderName, profile_id: ProfileId) -> Self {
        Self {
            provider_name,
            provider_service: None,
            profile_id,
            profile_name: None,
            extra: Extra::default(),
        }
    }
}

impl<'de> Deserialize<'de> for LinkingProfile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Read::deserialize(deserializer)? {
            Read::Profile(profile) => Ok(profile),
            Read::Absent | Read::Odd(_) => Err(D::Error::custom("no linking profile")),
        }
    }
}

/// What stands where a profile should. By hand, in one pass and without a buffer: it is in every token response.
pub(super) enum Read {
    Profile(LinkingProfile),
    Absent,
    /// Something else, kept as it came.
    Odd(Value),
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadVisitor)
    }
}

struct ReadVisitor;

impl<'de> Visitor<'de> for ReadVisitor {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut provider_name = Text::Absent;
        let mut provider_service = Text::Absent;
        let mut profile_id = Text::Absent;
        let mut profile_name = None;
        let mut extra = Extra::default();
        while let Some(name) = map.next_key::<Member>()? {
            match name {
                Member::ProviderName => provider_name = map.next_value()?,
                Member::ProviderService => provider_service = map.next_value()?,
                Member::ProfileId => profile_id = map.next_value()?,
                Member::ProfileName => match map.next_value()? {
                    Value::Null => {}
                    Value::String(text) => profile_name = Some(text),
                    odd => drop(extra.insert("profile_name".to_owned(), odd)),
                },
                Member::Other(name) => drop(extra.insert(name, map.next_value()?)),
            }
        }
        match (provider_name, profile_id) {
            (Text::Usable(provider_name), Text::Usable(profile_id)) => {
                let provider_service = provider_service.or_into("provider_service", &mut extra);
                let profile =
                    LinkingProfile { provider_name, provider_service, profile_id, profile_name, extra };
                Ok(Read::Profile(profile))
            }
            (provider_name, profile_id) => {
                let known = [
                    (
                        "provider_name",
                        provider_name.or_into("provider_name", &mut extra).map(|name| name.to_string()),
                    ),
                    (
                        "profile_id",
                        profile_id.or_into("profile_id", &mut extra).map(|id: ProfileId| id.to_string()),
                    ),
                    ("profile_name", profile_name),
                ];
                for (name, text) in known {
                    if let Some(text) = text {
                        extra.insert(name.to_owned(), text.into());
                    }
                }
                Ok(Read::Odd(Value::Object(extra.into())))
            }
        }
    }

    fn visit_unit<E>(self) -> Result<Read, E> {
        Ok(Read::Absent)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Read, E> {
        Ok(Read::Odd(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Read, E> {
        Ok(Read::Odd(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Read, E> {
        Ok(Read::Odd(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Read, E> {
        Ok(Read::Odd(value.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Read, E> {
        Ok(Read::Odd(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Read, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(Read::Odd)
    }
}

enum Member {
    ProviderName,
    ProviderService,
    ProfileId,
    ProfileName,
    Other(String),
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MemberVisitor;

        impl Visitor<'_> for MemberVisitor {
            type Value = Member;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Member, E> {
                Ok(match name {
                    "provider_name" => Member::ProviderName,
                    "provider_service" => Member::ProviderService,
                    "profile_id" => Member::ProfileId,
                    "profile_name" => Member::ProfileName,
                    other => Member::Other(other.to_owned()),
                })
            }
        }

        deserializer.deserialize_str(MemberVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_round_trips() {
        for body in [
            r#"{"provider_name":"google","profile_id":"pro_1","profile_name":""}"#,
            r#"{"provider_name":"new","provider_service":"newer","profile_id":"pro_1","x":[1]}"#,
            r#"{"provider_name":"google","profile_id":"pro_1","provider_service":7,"profile_name":{}}"#,
        ] {
            let profile: LinkingProfile = serde_json::from_str(body).unwrap();
            let written: Value = serde_json::to_value(&profile).unwrap();
            assert_eq!(written, serde_json::from_str::<Value>(body).unwrap());
        }
    }

    #[test]
    fn what_is_none_is_kept_as_it_came() {
        for body in [
            r#"{"provider_name":"google","profile_name":"a","x":1}"#,
            r#"{"profile_id":"pro_1"}"#,
            r#"{"provider_name":7,"profile_id":["x"]}"#,
            r#"["google",null,"pro_1",null]"#,
            r#""google""#,
            "true",
            "-1.5",
        ] {
            let Read::Odd(odd) = serde_json::from_str(body).unwrap() else { panic!("{body}") };
            assert_eq!(odd, serde_json::from_str::<Value>(body).unwrap());
            assert!(serde_json::from_str::<LinkingProfile>(body).is_err());
        }
    }
}
