//! What comes: objects that keep the members they have no name for.
//!
//! ```text
//! object! {
//!     /// What it is.
//!     pub struct Thing {
//!         /// Has to be there.
//!         thing_id: ThingId,
//!         /// May be missing or `null`. Text that is no `Color`, or no text, goes to `extra` and spoils nothing.
//!         color: Option<Color> = text,
//!         /// The same for the start or end of an event.
//!         start: Option<EventTime> = time,
//!         /// May be missing or `null`; else it is an object or a number.
//!         size: Option<Size> = absent,
//!         /// Missing or `null`, it is empty.
//!         parts: Vec<Part> = default,
//!         /// Missing or `null`, it is not so.
//!         closed: bool = flag,
//!         /// Is called otherwise on the wire.
//!         kind as "type": Kind,
//!     }
//! }
//! ```
//!
//! serde's `flatten` would do the same and copies every value first, known or not: a page of events takes twice the
//! time. The code is one `match` an object, less than derive writes.

use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Visitor};

use crate::text::Str;

/// Declares a struct with `extra`, `Debug`, `Clone`, `PartialEq`, `Deserialize` and `Serialize`.
macro_rules! object {
    ( $(#[$doc:meta])* $vis:vis struct $name:ident { $($members:tt)* } ) => {
        $crate::object::object!(@ ['de] [] $(#[$doc])* $vis $name { $($members)* });
    };
    ( $(#[$doc:meta])* $vis:vis struct $name:ident<$de:lifetime> { $($members:tt)* } ) => {
        $crate::object::object!(@ [$de] [<$de>] $(#[$doc])* $vis $name { $($members)* });
    };
    (
        @ [$de:lifetime] [$($of:tt)*] $(#[$doc:meta])* $vis:vis $name:ident {
            $( $(#[$member_doc:meta])* $member:ident $(as $key:literal)? : $type:ty $(= $how:ident)?, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        $vis struct $name $($of)* {
            $( $(#[$member_doc])* pub $member: $type, )*
            /// Members that this version has no name for.
            pub extra: cronofy_types::Extra,
        }

        const _: () = {
            struct Members;

            /// Numbers the members, so that what reads their names is the same code for all objects.
            #[allow(non_camel_case_types, reason = "they are called as the members are")]
            enum Name {
                $( $member, )*
            }

            fn number(name: &str) -> Option<u8> {
                match name {
                    $( $crate::object::key!($member $(as $key)?) => Some(Name::$member as u8), )*
                    _ => None,
                }
            }

            impl<$de> serde::de::Visitor<$de> for Members {
                type Value = $name $($of)*;

                fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.write_str("an object")
                }

                fn visit_map<A>(self, mut map: A) -> Result<Self::Value, A::Error>
                where
                    A: serde::de::MapAccess<$de>,
                {
                    let mut extra = cronofy_types::Extra::default();
                    $( let mut $member: Option<$type> = None; )*
                    while let Some(key) = map.next_key_seed($crate::object::Known(number))? {
                        match key {
                            $(
                                $crate::object::Key::Known(known) if known == Name::$member as u8 => {
                                    let name = $crate::object::key!($member $(as $key)?);
                                    if $member.is_some() {
                                        return Err(serde::de::Error::duplicate_field(name));
                                    }
                                    $member = Some($crate::object::read!(map, name, extra $(, $how)?));
                                }
                            )*
                            $crate::object::Key::Known(_) => {}
                            $crate::object::Key::Unknown(name) => {
                                extra.insert(name.into_string(), map.next_value()?);
                            }
                        }
                    }
                    Ok($name {
                        $( $member: $crate::object::there!(
                            $member, $crate::object::key!($member $(as $key)?) $(, $how)?
                        ), )*
                        extra,
                    })
                }
            }

            impl<$de> serde::Deserialize<$de> for $name $($of)* {
                fn deserialize<D: serde::Deserializer<$de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_map(Members)
                }
            }
        };

        impl serde::Serialize for $crate::object::elided!($name $($of)*) {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;

                let mut map = serializer.serialize_map(None)?;
                $(
                    if $crate::object::written!(self.$member $(, $how)?) {
                        map.serialize_entry($crate::object::key!($member $(as $key)?), &self.$member)?;
                    }
                )*
                for (name, value) in self.extra.iter() {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    };
}

macro_rules! elided {
    ($name:ident) => { $name };
    ($name:ident <$de:lifetime>) => { $name<'_> };
}

macro_rules! key {
    ($member:ident) => {
        stringify!($member)
    };
    ($member:ident as $key:literal) => {
        $key
    };
}

macro_rules! read {
    ($map:ident, $name:ident, $extra:ident) => {
        $map.next_value()?
    };
    ($map:ident, $name:ident, $extra:ident, absent) => {
        $map.next_value()?
    };
    ($map:ident, $name:ident, $extra:ident, default) => {
        $map.next_value::<Option<_>>()?.unwrap_or_default()
    };
    ($map:ident, $name:ident, $extra:ident, flag) => {
        $map.next_value::<$crate::object::Flag>()?.0
    };
    ($map:ident, $name:ident, $extra:ident, text) => {
        $map.next_value::<cronofy_types::internal::Text<_>>()?.or_into($name, &mut $extra)
    };
    ($map:ident, $name:ident, $extra:ident, time) => {
        $map.next_value::<$crate::time::TimeOrOdd>()?.or_into($name, &mut $extra)
    };
}

macro_rules! there {
    ($member:ident, $name:expr) => {
        $member.ok_or_else(|| serde::de::Error::missing_field($name))?
    };
    ($member:ident, $name:expr, $how:ident) => {
        $member.unwrap_or_default()
    };
}

macro_rules! written {
    ($member:expr) => {
        true
    };
    ($member:expr, $how:ident) => {
        !$crate::object::is_default(&$member)
    };
}

/// The name of a member: its number, or, where nobody knows it, itself.
pub(crate) enum Key<'de> {
    Known(u8),
    Unknown(Str<'de>),
}

/// Reads a name, of which this knows the number.
pub(crate) struct Known(pub(crate) fn(&str) -> Option<u8>);

impl<'de> DeserializeSeed<'de> for Known {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Known {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
        Ok((self.0)(name).map_or_else(|| Key::Unknown(name.into()), Key::Known))
    }

    fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
        Ok((self.0)(name).map_or_else(|| Key::Unknown(name.to_owned().into()), Key::Known))
    }
}

/// True or false; `null` is false.
pub(crate) struct Flag(pub(crate) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;

        impl Visitor<'_> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Flag, E> {
                Ok(Flag(value))
            }

            fn visit_unit<E>(self) -> Result<Flag, E> {
                Ok(Flag(false))
            }
        }

        deserializer.deserialize_any(FlagVisitor)
    }
}

/// Whether there is nothing to write.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub(crate) use {elided, key, object, read, there, written};
