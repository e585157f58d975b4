//! Pieces of a body that may be missing.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

use crate::text::Str;

/// What can be read together with `null`. What is read as an `Option` is looked at twice.
pub(crate) trait OrNull<'de>: Sized {
    fn or_null<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

/// Something, or nothing where `null` stands.
pub(crate) struct Piece<T>(pub(crate) Option<T>);

impl<'de, T: OrNull<'de>> Deserialize<'de> for Piece<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::or_null(deserializer).map(Self)
    }
}

impl<'de> OrNull<'de> for Str<'de> {
    fn or_null<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        struct PieceVisitor;

        impl<'de> Visitor<'de> for PieceVisitor {
            type Value = Option<Str<'de>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or null")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Option<Str<'de>>, E> {
                Ok(Some(text.into()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Option<Str<'de>>, E> {
                Ok(Some(text.to_owned().into()))
            }

            fn visit_unit<E>(self) -> Result<Option<Str<'de>>, E> {
                Ok(None)
            }
        }

        deserializer.deserialize_any(PieceVisitor)
    }
}
