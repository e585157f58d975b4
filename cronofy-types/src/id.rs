//! Opaque identifiers, one type per kind so that they cannot be mixed up.
//!
//! Cronofy documents prefixes (`acc_`, `pro_`, …) and, for some, lengths, and older examples break both.
//! So an identifier is any non-empty text without control characters, kept exactly.

use core::fmt;

use subtle::ConstantTimeEq;

/// Far above every documented identifier, far below what could hurt a header or a path.
#[doc(hidden)]
pub const ID_LIMIT: usize = 1024;

#[doc(hidden)]
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $limit:expr) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Box<str>);

        impl $name {
            #[doc = concat!("Takes a ", $what, " as it came.")]
            ///
            /// # Errors
            ///
            /// Refuses an empty value, one with an ASCII control character, and one that is over the limit.
            pub fn new(value: impl Into<Box<str>>) -> Result<Self, $crate::InvalidValue> {
                let value = value.into();
                $crate::internal::check_text($what, &value, $limit)?;
                Ok(Self(value))
            }

            #[doc = concat!("The ", $what, " as text.")]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::InvalidValue;

            fn from_str(value: &str) -> Result<Self, $crate::InvalidValue> {
                Self::new(value)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        $crate::id_serde!($name);
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(feature = "serde")]
macro_rules! id_serde {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(Box::<str>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "serde"))]
macro_rules! id_serde {
    ($name:ident) => {};
}

/// An identifier that is no secret. For the crates of this workspace alone; it may change with any version.
#[doc(hidden)]
#[macro_export]
macro_rules! plain_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $crate::id!(
            $(#[$doc])*
            #[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
            $name, $what, $crate::internal::ID_LIMIT
        );

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&&*self.0).finish()
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

plain_id!(
    /// Names an application (RFC 6749 section 2.2). Made in Cronofy's developer dashboard.
    ClientId,
    "client id"
);
plain_id!(
    /// The subject of an authorization: equals the account id for a user account, `apc_…` for an
    /// application calendar, `ser_…` for a service account (`developers/api/identity/userinfo`).
    Sub,
    "sub"
);
plain_id!(
    /// A Cronofy user account, `acc_…` (`developers/api/identity/account`).
    AccountId,
    "account id"
);
plain_id!(
    /// A service account, `ser_…` (`developers/api/enterprise-connect/request-token`).
    ServiceAccountId,
    "service account id"
);
plain_id!(
    /// The caller's own name for an application calendar
    /// (`developers/api/calendars/application-calendars`).
    ApplicationCalendarId,
    "application calendar id"
);
plain_id!(
    /// One connected calendar login inside an account, `pro_…` (`developers/api/identity/profile`).
    ProfileId,
    "profile id"
);
plain_id!(
    /// A calendar, `cal_…`. May hold `@`, `-` and `_`.
    CalendarId,
    "calendar id"
);
plain_id!(
    /// A push notification channel, `chn_…` (`developers/api/push-notifications`).
    ChannelId,
    "channel id"
);
plain_id!(
    /// The address of a user or a resource. For a service account Cronofy may give a bare user name here
    /// (`developers/api/identity/account`), so nothing is asked of its form.
    EmailAddress,
    "email address"
);

id!(
    /// The `state` that binds an answer to its request (RFC 6749 sections 4.1.1 and 10.12).
    ///
    /// Cronofy returns it unaltered. Make it from at least 128 bits of a secure random source, once per
    /// request: see [`State::from_random`]. `Debug` hides it, and comparing takes the same time whatever
    /// differs, because whoever knows it can complete somebody else's sign-in.
    State,
    "state",
    // Callers put long encoded values here, and Cronofy documents no limit.
    16 * 1024
);

impl State {
    /// A state of 32 hexadecimal digits from 16 random bytes of the caller's secure source.
    ///
    /// ```
    /// let state = cronofy_types::State::from_random([7; 16]);
    /// assert_eq!(state.as_str(), "07070707070707070707070707070707");
    /// ```
    pub fn from_random(random: [u8; 16]) -> Self {
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
        let text: String = random.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
        Self(text.into_boxed_str())
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for State {}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_kept_exactly() {
        let id = CalendarId::new("cal_U9uuErStTG@EAAAB_IsAsykA2DBTWqQTf-f0kJw").unwrap();
        assert_eq!(id.to_string(), "cal_U9uuErStTG@EAAAB_IsAsykA2DBTWqQTf-f0kJw");
        assert_eq!(format!("{id:?}"), "CalendarId(\"cal_U9uuErStTG@EAAAB_IsAsykA2DBTWqQTf-f0kJw\")");
        assert_eq!("".parse::<Sub>().unwrap_err().to_string(), "sub is empty");
        assert_eq!(
            Sub::new("acc_1\r\nX-Evil: 1").unwrap_err().to_string(),
            "sub has a control character at byte 5"
        );
    }

    #[test]
    fn a_state_does_not_print_itself() {
        assert_eq!(format!("{:?}", State::from_random([0xA5; 16])), "State([redacted])");
    }
}
