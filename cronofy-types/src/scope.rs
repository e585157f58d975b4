//! What an authorization may do.

use core::fmt;
use core::str::FromStr;

use crate::invalid::{InvalidValue, Problem};
use crate::open_enum::open_enum;

open_enum! {
    /// One permission. User scopes: `developers/api/authorization/request-authorization`; service account
    /// scopes: `developers/api/enterprise-connect/request-authorization`; the organization's:
    /// `developers/api/organization-connect/request-authorization`.
    ///
    /// Text becomes a `Scope` by [`FromStr`], which holds it to the scope-token of RFC 6749 section 3.3.
    pub enum Scope {
        /// Create calendars.
        CreateCalendar = "create_calendar",
        /// Read events; implies [`ReadFreeBusy`](Self::ReadFreeBusy).
        ReadEvents = "read_events",
        /// Create and update events.
        CreateEvent = "create_event",
        /// Delete events.
        DeleteEvent = "delete_event",
        /// Ask for free/busy times.
        ReadFreeBusy = "read_free_busy",
        /// Set the user's participation status.
        ChangeParticipationStatus = "change_participation_status",
        /// A bundle: reading.
        ReadOnly = "read_only",
        /// A bundle: writing.
        WriteOnly = "write_only",
        /// A bundle: reading and writing.
        ReadWrite = "read_write",
        /// A bundle: free/busy times.
        FreeBusy = "free_busy",
        /// A bundle: free/busy times, and the events that the application itself makes. The one scope that
        /// lets the user choose a reduced mode of access.
        FreeBusyWrite = "free_busy_write",
        /// Older name, still sent by Cronofy's own clients.
        ReadAccount = "read_account",
        /// Older name, still sent by Cronofy's own clients.
        ListCalendars = "list_calendars",
        /// Service account: authorize user accounts.
        ServiceAccountAccountsManage = "service_account/accounts/manage",
        /// Service account: elevate access for accounts.
        ServiceAccountAccountsUnrestrictedAccess = "service_account/accounts/unrestricted_access",
        /// Service account: authorize and list resources.
        ServiceAccountResourcesManage = "service_account/resources/manage",
        /// Service account: elevate access for resources.
        ServiceAccountResourcesUnrestrictedAccess = "service_account/resources/unrestricted_access",
        /// Organization Connect: operate the scheduler of an organizational unit.
        OrganizationalUnitScheduler = "organizational_unit_scheduler",
    }
}

impl FromStr for Scope {
    type Err = InvalidValue;

    /// # Errors
    ///
    /// Refuses what is no scope-token: empty text, a space, a quote, a backslash, a control character or
    /// anything that is not ASCII (RFC 6749 section 3.3).
    fn from_str(value: &str) -> Result<Self, InvalidValue> {
        let refuse = |problem| Err(InvalidValue::new("scope", problem));
        if value.is_empty() {
            return refuse(Problem::Empty);
        }
        let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        match value.bytes().position(|byte| !allowed(byte)) {
            Some(at) => refuse(Problem::Character { at }),
            None => Ok(Self::recognize(value)),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Scope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Scopes in the order they came, written with a space between two (RFC 6749 section 3.3).
///
/// ```
/// use cronofy_types::{Scope, Scopes};
///
/// let scopes: Scopes = "read_events create_event".parse()?;
/// assert!(scopes.contains(&Scope::CreateEvent));
/// assert_eq!(Scopes::from([Scope::FreeBusyWrite]).to_string(), "free_busy_write");
/// # Ok::<(), cronofy_types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Whether this very scope is there. A bundle is not taken apart: what each of them holds is documented
    /// nowhere in full.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// The scopes, in order.
    pub fn iter(&self) -> core::slice::Iter<'_, Scope> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[Scope; N]> for Scopes {
    fn from(scopes: [Scope; N]) -> Self {
        Self(scopes.into())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Scopes {
    type Item = &'a Scope;
    type IntoIter = core::slice::Iter<'a, Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromStr for Scopes {
    type Err = InvalidValue;

    /// Splits at spaces; more than one space in a row is one.
    fn from_str(value: &str) -> Result<Self, InvalidValue> {
        let tokens = value.split(' ').filter(|token| !token.is_empty());
        // One allocation: two scopes are common, and one byte in eight is about what separates them.
        let mut scopes = Vec::with_capacity(1 + value.len() / 8);
        for token in tokens {
            scopes.push(token.parse()?);
        }
        Ok(Self(scopes))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Scopes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Scopes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Scopes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("scopes in one string")
            }

            fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Scopes, E> {
                value.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

open_enum! {
    /// What Business Connect may ask for on calendars shared with the user: exactly one
    /// (`developers/api-alpha/business-connect/request-authorization`).
    pub enum DelegatedScope {
        /// Free/busy times.
        FreeBusy = "free_busy",
        /// Event details.
        ReadOnly = "read_only",
    }
}

impl FromStr for DelegatedScope {
    type Err = InvalidValue;

    /// Takes any scope-token, since the feature is a pre-release and may learn more.
    fn from_str(value: &str) -> Result<Self, InvalidValue> {
        value.parse::<Scope>().map(|scope| Self::recognize(scope.as_str()))
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for DelegatedScope {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl From<DelegatedScope> for Scopes {
    fn from(scope: DelegatedScope) -> Self {
        Self::from([Scope::recognize(scope.as_str())])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn several_spaces_are_one_and_unknown_scopes_survive() {
        let scopes: Scopes = " read_events  felines ".parse().unwrap();
        assert_eq!(scopes.len(), 2);
        assert_eq!(scopes.to_string(), "read_events felines");
        assert_eq!(scopes.iter().next(), Some(&Scope::ReadEvents));
    }

    #[test]
    fn a_scope_cannot_smuggle_in_another() {
        assert_eq!(
            "read events".parse::<Scope>().unwrap_err().to_string(),
            "scope has a character that is not allowed at byte 4"
        );
        assert_eq!("".parse::<DelegatedScope>().unwrap_err().to_string(), "scope is empty");
        assert!("a\"b".parse::<Scopes>().is_err());
    }

    proptest! {
        #[test]
        fn parsing_and_writing_are_inverses(tokens in prop::collection::vec("[!#-\\[\\]-~]{1,12}", 0..8)) {
            let text = tokens.join(" ");
            let scopes: Scopes = text.parse().unwrap();
            prop_assert_eq!(scopes.to_string(), text);
        }
    }
}
