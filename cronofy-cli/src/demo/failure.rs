//! Why a flow of the demo failed, in words.

use std::error::Error;
use std::fmt;

/// Why a flow of the demo failed: one line, with the causes behind it. It becomes the `detail` of the report.
///
/// Not an `Error` itself, so that every error turns into one by `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(String);

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Fails unless the claim holds: the demo asserts what it shows.
pub(crate) fn holds(condition: bool, claim: &str) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(Failure(format!("this should have held and did not: {claim}"))) }
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        Self(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_follow_what_they_caused() {
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert_eq!(Failure::from(refused).to_string(), "connection refused");
        assert_eq!(
            holds(false, "one is two").unwrap_err().to_string(),
            "this should have held and did not: one is two"
        );
    }
}
