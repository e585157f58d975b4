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
//!         /// May be missing or `null`; else it is a piece of the body, text or a time, that nobody looks into.
//!         name: Option<Str<'a>> = piece,
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
use core::marker::PhantomData;

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

            #[allow(non_camel_case_types, reason = "they are called as the members are")]
            enum Name {
                $( $member, )*
            }

            impl $crate::object::Names for Members {
                fn number(name: &str) -> u8 {
                    match name {
                        $( $crate::object::key!($member $(as $key)?) => Name::$member as u8, )*
                        _ => $crate::object::UNKNOWN,
                    }
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
                    let mut unknown = $crate::text::Str::from("");
                    while let Some(known) = map.next_key_seed($crate::object::Name::<Self>::or(&mut unknown))? {
                        match known {
                            $(
                                known if known == Name::$member as u8 => {
                                    let name = $crate::object::key!($member $(as $key)?);
                                    if $member.is_some() {
                                        return Err(serde::de::Error::duplicate_field(name));
                                    }
                                    $member = Some($crate::object::read!(map, name, extra $(, $how)?));
                                }
                            )*
                            _ => {
                                let name = core::mem::replace(&mut unknown, "".into());
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
    ($map:ident, $name:ident, $extra:ident, piece) => {
        $map.next_value::<$crate::piece::Piece<_>>()?.0
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

/// What an object calls its members.
pub(crate) trait Names {
    /// The number of a member; [`UNKNOWN`], where there is none of that name.
    fn number(name: &str) -> u8;
}

/// More than any member's: no object has so many.
pub(crate) const UNKNOWN: u8 = u8::MAX;

/// Reads a name. One that nobody knows is kept. A type for each object, so that the compiler can put it where it is
/// called, which is in one place.
pub(crate) struct Name<'a, 'de, N> {
    names: PhantomData<N>,
    unknown: &'a mut Str<'de>,
}

impl<'a, 'de, N> Name<'a, 'de, N> {
    pub(crate) fn or(unknown: &'a mut Str<'de>) -> Self {
        Self { names: PhantomData, unknown }
    }
}

impl<'de, N: Names> DeserializeSeed<'de> for Name<'_, 'de, N> {
    type Value = u8;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u8, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, N: Names> Visitor<'de> for Name<'_, 'de, N> {
    type Value = u8;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<u8, E> {
        let number = N::number(name);
        if number == UNKNOWN {
            keep(self.unknown, name.into());
        }
        Ok(number)
    }

    fn visit_str<E>(self, name: &str) -> Result<u8, E> {
        let number = N::number(name);
        if number == UNKNOWN {
            keep(self.unknown, name.to_owned().into());
        }
        Ok(number)
    }
}

/// Apart, so that the names that are known have little to step over.
#[cold]
fn keep<'de>(unknown: &mut Str<'de>, name: Str<'de>) {
    *unknown = name;
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
