//! What a constructor says of a value that it turns down.

use core::fmt;

/// A value was refused: which kind of value, and what was wrong with it.
///
/// The value itself is never part of the error, since it may be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidValue {
    what: &'static str,
    problem: Problem,
}

/// What was wrong with a refused value. Positions are byte offsets into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing there.
    Empty,
    /// Longer than this library accepts.
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The most that is accepted, in bytes.
        limit: usize,
    },
    /// An ASCII control character, which could break out of a header or a log line.
    ControlCharacter {
        /// Where it is.
        at: usize,
    },
    /// A character that has no place in a value of this kind.
    Character {
        /// Where it is.
        at: usize,
    },
    /// A URL that is neither `http://` nor `https://`.
    Scheme,
    /// A URL without a host, or with one that no resolver would take.
    Host,
    /// A URL whose port is not a number up to 65535.
    Port,
    /// A URL with `user:password@` before its host.
    Userinfo,
    /// A URL with a `#fragment`, which RFC 6749 section 3.1.2 forbids.
    Fragment {
        /// Where the `#` is.
        at: usize,
    },
    /// Plain `http` to a host that is not this machine.
    NotLoopback,
    /// A base URL with more than scheme, host and port.
    NotAnOrigin,
    /// Not one of the names of a closed list.
    NotListed,
}

impl InvalidValue {
    pub(crate) const fn new(what: &'static str, problem: Problem) -> Self {
        Self { what, problem }
    }

    /// The kind of value, for example `client id`.
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// What was wrong with it.
    pub const fn problem(&self) -> Problem {
        self.problem
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.what)?;
        match self.problem {
            Problem::Empty => f.write_str("is empty"),
            Problem::TooLong { length, limit } => {
                write!(f, "is {length} bytes long, more than the {limit} accepted")
            }
            Problem::ControlCharacter { at } => write!(f, "has a control character at byte {at}"),
            Problem::Character { at } => write!(f, "has a character that is not allowed at byte {at}"),
            Problem::Scheme => f.write_str("does not start with http:// or https://"),
            Problem::Host => f.write_str("has no valid host"),
            Problem::Port => f.write_str("has a port that is no number up to 65535"),
            Problem::Userinfo => f.write_str("has a user name or password before its host"),
            Problem::Fragment { at } => write!(f, "has a fragment at byte {at}"),
            Problem::NotLoopback => f.write_str("is plain http to a host other than this machine"),
            Problem::NotAnOrigin => f.write_str("has more than a scheme, a host and a port"),
            Problem::NotListed => f.write_str("is not one of the known names"),
        }
    }
}

impl core::error::Error for InvalidValue {}

/// The rule that every identifier, secret and state follows: something, bounded, on one line.
///
/// Holding it, a value can stand in a header, a path or a body and cannot end it early.
///
/// # Errors
///
/// Where it is not followed.
pub fn check_text(what: &'static str, value: &str, limit: usize) -> Result<(), InvalidValue> {
    if value.is_empty() {
        return Err(InvalidValue::new(what, Problem::Empty));
    }
    if value.len() > limit {
        return Err(InvalidValue::new(what, Problem::TooLong { length: value.len(), limit }));
    }
    // Looks at every byte, since without an early end the compiler takes sixteen at once.
    if value.bytes().fold(false, |found, byte| found | byte.is_ascii_control()) {
        let at = value.bytes().take_while(|byte| !byte.is_ascii_control()).count();
        return Err(InvalidValue::new(what, Problem::ControlCharacter { at }));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_value_the_fault_and_the_place() {
        let said = |value: &str| check_text("client id", value, 8).unwrap_err().to_string();
        assert_eq!(said(""), "client id is empty");
        assert_eq!(said("123456789"), "client id is 9 bytes long, more than the 8 accepted");
        assert_eq!(said("ab\r\n"), "client id has a control character at byte 2");
        assert_eq!(said("ab\u{7f}"), "client id has a control character at byte 2");
        assert_eq!(check_text("client id", "é 1", 8), Ok(()));
    }
}
