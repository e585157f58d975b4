//! Where an application lives. Accounts, tokens and applications live in one data center each.

use core::fmt;
use core::str::FromStr;
use std::sync::Arc;

use crate::invalid::{InvalidValue, Problem};
use crate::url_text::{self, Parts};

/// One of Cronofy's six data centers, or a base of the caller's own, for a sandbox.
///
/// The list is closed (`developers/api`, "data centers"): a name that is not on it would make a host that
/// does not exist, or somebody else's.
///
/// ```
/// use cronofy_types::DataCenter;
///
/// let data_center: DataCenter = "DE".parse()?;
/// assert_eq!(data_center.api_origin(), "https://api-de.cronofy.com");
/// assert_eq!(data_center.app_origin(), "https://app-de.cronofy.com");
/// # Ok::<(), cronofy_types::InvalidValue>(())
/// ```
///
/// With the feature `serde` it is written as its two letters, or as `{"api","app"}`, the two origins of a
/// custom base.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum DataCenter {
    /// United States, which is the default.
    #[default]
    Us,
    /// Australia.
    Au,
    /// Canada.
    Ca,
    /// Germany.
    De,
    /// Singapore.
    Sg,
    /// United Kingdom.
    Uk,
    /// Somewhere else, named in so many words.
    Custom(CustomBase),
}

impl DataCenter {
    /// The six that Cronofy runs.
    pub const ALL: [Self; 6] = [Self::Us, Self::Au, Self::Ca, Self::De, Self::Sg, Self::Uk];

    /// The two letters that Cronofy's clients call it by; `None` for a custom base.
    pub fn id(&self) -> Option<&'static str> {
        match self {
            Self::Us => Some("us"),
            Self::Au => Some("au"),
            Self::Ca => Some("ca"),
            Self::De => Some("de"),
            Self::Sg => Some("sg"),
            Self::Uk => Some("uk"),
            Self::Custom(_) => None,
        }
    }

    /// Scheme, host and port that API calls go to, without a slash at the end.
    pub fn api_origin(&self) -> &str {
        match self {
            Self::Us => "https://api.cronofy.com",
            Self::Au => "https://api-au.cronofy.com",
            Self::Ca => "https://api-ca.cronofy.com",
            Self::De => "https://api-de.cronofy.com",
            Self::Sg => "https://api-sg.cronofy.com",
            Self::Uk => "https://api-uk.cronofy.com",
            Self::Custom(base) => &base.0.api,
        }
    }

    /// Scheme, host and port that browsers are sent to, without a slash at the end.
    pub fn app_origin(&self) -> &str {
        match self {
            Self::Us => "https://app.cronofy.com",
            Self::Au => "https://app-au.cronofy.com",
            Self::Ca => "https://app-ca.cronofy.com",
            Self::De => "https://app-de.cronofy.com",
            Self::Sg => "https://app-sg.cronofy.com",
            Self::Uk => "https://app-uk.cronofy.com",
            Self::Custom(base) => &base.0.app,
        }
    }
}

impl FromStr for DataCenter {
    type Err = InvalidValue;

    /// Takes the two letters in any case; nothing at all means [`Us`](Self::Us), as in Cronofy's own clients.
    ///
    /// # Errors
    ///
    /// Refuses any other name: a base of your own is a [`CustomBase`].
    fn from_str(id: &str) -> Result<Self, InvalidValue> {
        if id.is_empty() {
            return Ok(Self::Us);
        }
        Self::ALL
            .into_iter()
            .find(|known| known.id().is_some_and(|known| known.eq_ignore_ascii_case(id)))
            .ok_or(InvalidValue::new("data center", Problem::NotListed))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DataCenter {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        if let Some(id) = self.id() {
            return serializer.serialize_str(id);
        }
        let mut origins = serializer.serialize_struct("DataCenter", 2)?;
        origins.serialize_field("api", self.api_origin())?;
        origins.serialize_field("app", self.app_origin())?;
        origins.end()
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for DataCenter {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        #[derive(serde::Deserialize)]
        struct Origins {
            api: Box<str>,
            app: Box<str>,
        }

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = DataCenter;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a data center, or the origins `api` and `app` of a custom base")
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<DataCenter, E> {
                if id.is_empty() {
                    // To a person no name means the default; in a database it means damage.
                    return Err(E::custom(InvalidValue::new("data center", Problem::Empty)));
                }
                id.parse().map_err(E::custom)
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<DataCenter, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                let Origins { api, app } = serde::Deserialize::deserialize(map)?;
                CustomBase::new(&api, &app).map(DataCenter::Custom).map_err(serde::de::Error::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// The two origins of a Cronofy that is not one of the six: a sandbox, or a proxy of your own.
///
/// Credentials go there, so it is `https`, or `http` to this machine and no other.
#[derive(Clone, PartialEq, Eq)]
pub struct CustomBase(Arc<Origins>);

#[derive(PartialEq, Eq)]
struct Origins {
    api: Box<str>,
    app: Box<str>,
}

impl CustomBase {
    /// Takes the origins that API calls and browsers go to, such as `http://127.0.0.1:4010`; a slash at the
    /// end is dropped.
    ///
    /// # Errors
    ///
    /// Refuses what is no bare origin, and `http` to any host but `localhost` and the loopback addresses.
    pub fn new(api_origin: &str, browser_origin: &str) -> Result<Self, InvalidValue> {
        let api = origin("API base URL", api_origin)?;
        let app = origin("app base URL", browser_origin)?;
        Ok(Self(Arc::new(Origins { api, app })))
    }
}

impl fmt::Debug for CustomBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomBase").field("api", &self.0.api).field("app", &self.0.app).finish()
    }
}

fn origin(what: &'static str, url: &str) -> Result<Box<str>, InvalidValue> {
    let Parts { secure, host, after_authority, .. } = url_text::parse(what, url)?;
    if !matches!(after_authority, "" | "/") {
        return Err(InvalidValue::new(what, Problem::NotAnOrigin));
    }
    if !secure && !url_text::is_loopback(host) {
        return Err(InvalidValue::new(what, Problem::NotLoopback));
    }
    Ok(url.strip_suffix('/').unwrap_or(url).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_names_in_any_case_and_no_other() {
        for known in DataCenter::ALL {
            let id = known.id().unwrap();
            assert_eq!(id.parse(), Ok(known.clone()));
            assert_eq!(id.to_uppercase().parse(), Ok(known));
        }
        assert_eq!("".parse(), Ok(DataCenter::Us));
        for wrong in ["fr", "us ", "api.evil.example", "de.evil"] {
            assert_eq!(
                wrong.parse::<DataCenter>().unwrap_err().to_string(),
                "data center is not one of the known names"
            );
        }
    }

    #[test]
    fn s10_plain_http_stays_on_this_machine() {
        for good in
            ["http://127.0.0.1:80", "http://[::1]:4010/", "http://localhost:1", "https://cronofy.example"]
        {
            assert!(CustomBase::new(good, good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("http://cronofy.example", "API base URL is plain http to a host other than this machine"),
            ("http://127.0.0.1.evil.example", "API base URL is plain http to a host other than this machine"),
            ("https://cronofy.example/v1", "API base URL has more than a scheme, a host and a port"),
            ("https://me@cronofy.example", "API base URL has a user name or password before its host"),
            ("ftp://cronofy.example", "API base URL does not start with http:// or https://"),
        ] {
            assert_eq!(CustomBase::new(bad, bad).unwrap_err().to_string(), why);
        }
    }
}
