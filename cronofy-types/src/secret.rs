//! Secrets: a type per kind, zeroed when dropped, silent in `Debug`, and one way to read them.

use core::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::invalid::{InvalidValue, check_text};

/// Cronofy's tokens are 32 characters; other servers issue signed tokens of several kilobytes.
const SECRET_LIMIT: usize = 16 * 1024;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// Zeroed when dropped. It has no `Display`, `Deref`, `PartialEq` or `Serialize`, and `Debug` prints
        /// its type alone: [`expose`](Self::expose) is the only way to the text. What cannot be promised is
        /// that no copy exists elsewhere: the buffers of the HTTP client and of the JSON parser are theirs.
        #[derive(Clone)]
        pub struct $name(Zeroizing<Box<str>>);

        impl $name {
            #[doc = concat!("Takes the text of a ", $what, "; a `String` given here is zeroed.")]
            ///
            /// # Errors
            ///
            /// Refuses an empty value, one with an ASCII control character, and one over 16 KiB. The error
            /// never holds the value.
            pub fn new(value: impl Into<String>) -> Result<Self, InvalidValue> {
                let mut value = value.into();
                let checked = Self::copied(&value);
                // `into_boxed_str` could move the text and leave the old bytes behind; a copy and a zeroed
                // original cannot.
                value.zeroize();
                checked
            }

            pub(crate) fn copied(value: &str) -> Result<Self, InvalidValue> {
                check_text($what, value, SECRET_LIMIT)?;
                Ok(Self(Zeroizing::new(Box::from(value))))
            }

            /// The secret itself. Whatever this is passed to should need it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl core::str::FromStr for $name {
            type Err = InvalidValue;

            /// As [`new`](Self::new), from text that stays where it is.
            fn from_str(value: &str) -> Result<Self, InvalidValue> {
                Self::copied(value)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;

                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<$name, E> {
                        $name::copied(value).map_err(E::custom)
                    }

                    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<$name, E> {
                        $name::new(value).map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Visitor)
            }
        }
    };
}

secret!(
    /// The secret of an application (RFC 6749 section 2.3.1). Cronofy also takes it as a bearer token on
    /// application-level calls, where its pages say "API key", and signs callbacks with it.
    ClientSecret,
    "client secret"
);
secret!(
    /// Bears the authorization of one account, for hours (RFC 6750).
    AccessToken,
    "access token"
);
secret!(
    /// Buys the next access token (RFC 6749 section 6). Cronofy may replace it whenever it is used.
    RefreshToken,
    "refresh token"
);
secret!(
    /// Buys the first tokens, once, within minutes (RFC 6749 section 4.1.2).
    AuthorizationCode,
    "authorization code"
);
secret!(
    /// Joins the next authorization to an existing account (`developers/api-alpha/explicit-linking`).
    /// Lives about five minutes and travels in the authorize URL.
    LinkToken,
    "link token"
);
secret!(
    /// Lets a UI element in somebody's browser do what it is permitted, for hours
    /// (`developers/ui-elements/authentication`). It is meant to be written into a page, and into no other.
    ElementToken,
    "element token"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_the_type_alone() {
        let secret = ClientSecret::new("CRN_canary").unwrap();
        assert_eq!(format!("{secret:?}"), "ClientSecret([redacted])");
        assert_eq!(format!("{:#?}", Some(&secret)), "Some(\n    ClientSecret([redacted]),\n)");
        assert_eq!(secret.expose(), "CRN_canary");
    }

    #[test]
    fn a_refused_secret_is_not_in_the_error() {
        let error = AccessToken::new("canary\n").unwrap_err();
        assert_eq!(error.to_string(), "access token has a control character at byte 6");
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    fn s36_our_copy_is_zeroed() {
        let mut token = RefreshToken::new("canary-canary").unwrap();
        // The buffer cannot be looked at after it is freed, so look at what `drop` does to it before.
        token.0.zeroize();
        assert!(token.expose().is_empty() || token.expose().bytes().all(|byte| byte == 0));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn deserialises_escaped_and_plain_text() {
        let plain: AccessToken = serde_json::from_str("\"abc\"").unwrap();
        let escaped: AccessToken = serde_json::from_str("\"a\\u0062c\"").unwrap();
        assert_eq!((plain.expose(), escaped.expose()), ("abc", "abc"));
        assert!(serde_json::from_str::<AccessToken>("\"\"").is_err());
    }
}
