//! Reading what decorates a body so that none of it can spoil the rest.
//!
//! An answer with tokens has spent a code or a refresh token: to refuse it because of a member that nobody
//! needs would lose the authorization.

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::extra::Extra;

/// For lists and flags that Cronofy writes as `null` where there is nothing to say.
pub fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// For optional identifiers: what is empty, or is none, is as if it were not there.
pub(crate) fn unusable_is_absent<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr,
{
    match Text::deserialize(deserializer)? {
        Text::Usable(value) => Ok(Some(value)),
        Text::Absent | Text::Odd(_) => Ok(None),
    }
}

/// A member that should be text of a certain form.
#[allow(missing_debug_implementations, reason = "what is odd may be a secret")]
pub enum Text<T> {
    /// It is.
    Usable(T),
    /// `null`, or empty where that is not of the form.
    Absent,
    /// It is something else, kept as it came; apart, since it never is and would make room for itself everywhere.
    Odd(Box<Value>),
}

impl<T> Text<T> {
    /// What can be used; what is odd goes where it can be looked at.
    #[inline]
    pub fn or_into(self, name: &str, extra: &mut Extra) -> Option<T> {
        match self {
            Self::Usable(value) => Some(value),
            Self::Absent => None,
            Self::Odd(value) => {
                extra.insert(name.to_owned(), *value);
                None
            }
        }
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor(PhantomData))
    }
}

fn odd<T>(value: impl Into<Value>) -> Text<T> {
    Text::Odd(Box::new(value.into()))
}

struct TextVisitor<T>(PhantomData<T>);

impl<'de, T: FromStr> Visitor<'de> for TextVisitor<T> {
    type Value = Text<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<T>, E> {
        Ok(match text.parse() {
            Ok(value) => Text::Usable(value),
            Err(_) if text.is_empty() => Text::Absent,
            Err(_) => odd(text),
        })
    }

    fn visit_unit<E>(self) -> Result<Text<T>, E> {
        Ok(Text::Absent)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Text<T>, E> {
        Ok(odd(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Text<T>, E> {
        Ok(odd(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Text<T>, E> {
        Ok(odd(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Text<T>, E> {
        Ok(odd(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Text<T>, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(seq)).map(odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Text<T>, A::Error> {
        Value::deserialize(MapAccessDeserializer::new(map)).map(odd)
    }
}
