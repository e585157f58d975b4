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
//!         /// May be missing or `null`; else it is an object, a number or a flag.
//!         size: Option<Size> = absent,
//!         /// Missing or `null`, it is empty.
//!         parts: Vec<Part> = default,
//!         /// Is called otherwise on the wire.
//!         kind as "type": Kind,
//!     }
//! }
//! ```
//!
//! serde's `flatten` would do the same and copies every value first, known or not: a page of events takes twice the
//! time. The code is one `match` an object, less than derive writes.

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
                    while let Some(key) = map.next_key::<$crate::text::Str<$de>>()? {
                        match key.as_str() {
                            $(
                                $crate::object::key!($member $(as $key)?) => {
                                    let name = $crate::object::key!($member $(as $key)?);
                                    if $member.is_some() {
                                        return Err(serde::de::Error::duplicate_field(name));
                                    }
                                    $member = Some($crate::object::read!(map, name, extra $(, $how)?));
                                }
                            )*
                            _ => {
                                extra.insert(key.into_string(), map.next_value()?);
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

/// Whether there is nothing to write.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

pub(crate) use {elided, key, object, read, there, written};
