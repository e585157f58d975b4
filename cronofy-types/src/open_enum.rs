//! Lists that Cronofy may extend: what is not known is kept, never lost and never fatal.

use core::fmt;

/// A value that this version has no name for.
///
/// Opaque on purpose: a program that compares [`as_str`](Self::as_str) keeps working when a later version
/// gives the value a variant of its own, and one that could match on the text inside a pattern would not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    #[doc(hidden)]
    pub fn new(value: &str) -> Self {
        Self(value.into())
    }

    /// The value as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

/// An enum over text with a tail for what it does not know. `as_str` of what was recognised gives back what
/// came, for every text.
///
/// For the crates of this workspace alone; it may change with any version.
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        pub enum $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// One that this version has no name for; kept as it came.
            Unknown($crate::UnknownValue),
        }

        impl $name {
            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Unknown(value) => value.as_str(),
                }
            }

            #[allow(dead_code, reason = "called by `From` where any text is a value, and by a check where not")]
            pub(crate) fn recognize(value: &str) -> Self {
                match value {
                    $( $text => Self::$variant, )+
                    other => Self::Unknown($crate::UnknownValue::new(other)),
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::open_enum_serialize!($name);
    };
}

/// For lists where any text is a value: `From<&str>` and `Deserialize`.
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum_from_any_text {
    ($name:ident) => {
        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::recognize(value)
            }
        }

        impl core::str::FromStr for $name {
            type Err = core::convert::Infallible;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                Ok(Self::recognize(value))
            }
        }

        $crate::open_enum_deserialize!($name);
    };
}

/// Whether it is written depends on the features of this crate, not on those of the one that calls it.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "serde")]
macro_rules! open_enum_serialize {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "serde"))]
macro_rules! open_enum_serialize {
    ($name:ident) => {};
}

/// Whether it is written depends on the features of this crate, not on those of the one that calls it.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "serde")]
macro_rules! open_enum_deserialize {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<$name, E> {
                        Ok($name::recognize(value))
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "serde"))]
macro_rules! open_enum_deserialize {
    ($name:ident) => {};
}

pub(crate) use {open_enum, open_enum_from_any_text};
