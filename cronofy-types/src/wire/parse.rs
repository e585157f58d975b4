//! Reading JSON without ever repeating what was read.

use core::fmt;

use serde::Deserialize;
use serde_json::error::Category;

/// A body that is not what it should be: which body, what was wrong, and where.
///
/// It never holds a piece of the body. `serde_json`'s own messages quote the value they stumbled over, which
/// in a token response is a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseError {
    what: &'static str,
    problem: ParseProblem,
}

/// What was wrong with a body. Lines and columns count from one, as in an editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseProblem {
    /// Not UTF-8, from this byte on.
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// Not JSON.
    Syntax {
        /// Line of the fault.
        line: usize,
        /// Column of the fault.
        column: usize,
    },
    /// JSON that ends too early.
    CutOff {
        /// Line of the end.
        line: usize,
        /// Column of the end.
        column: usize,
    },
    /// JSON of another shape: a member that is missing, repeated or of the wrong kind.
    Shape {
        /// Line where it was noticed.
        line: usize,
        /// Column where it was noticed.
        column: usize,
    },
    /// This member is missing or of the wrong kind, or the one thing that must not be there.
    Member(&'static str),
}

impl ParseError {
    /// For a body that was read and does not hold together.
    pub const fn member(what: &'static str, member: &'static str) -> Self {
        Self { what, problem: ParseProblem::Member(member) }
    }

    pub(crate) fn from_serde(what: &'static str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let problem = match error.classify() {
            Category::Eof => ParseProblem::CutOff { line, column },
            Category::Data => ParseProblem::Shape { line, column },
            Category::Syntax | Category::Io => ParseProblem::Syntax { line, column },
        };
        Self { what, problem }
    }

    /// The kind of body, for example `token response`.
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// What was wrong with it.
    pub const fn problem(&self) -> ParseProblem {
        self.problem
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match self.problem {
            ParseProblem::NotUtf8 { at } => write!(f, "{what} is not UTF-8 from byte {at} on"),
            ParseProblem::Syntax { line, column } => {
                write!(f, "{what} is not JSON at line {line}, column {column}")
            }
            ParseProblem::CutOff { line, column } => {
                write!(f, "{what} ends too early, at line {line}, column {column}")
            }
            ParseProblem::Shape { line, column } => {
                write!(f, "{what} has an unexpected shape at line {line}, column {column}")
            }
            ParseProblem::Member(member) => write!(f, "{what} has a missing or unusable `{member}`"),
        }
    }
}

impl core::error::Error for ParseError {}

/// Checks UTF-8 once for the whole body rather than once for each string in it, which is what
/// `serde_json::from_slice` does.
pub(crate) fn text<'a>(what: &'static str, body: &'a [u8]) -> Result<&'a str, ParseError> {
    core::str::from_utf8(body)
        .map_err(|error| ParseError { what, problem: ParseProblem::NotUtf8 { at: error.valid_up_to() } })
}

/// Reads a JSON body, which the value may borrow from; `what` names it in the error.
///
/// # Errors
///
/// Says what was wrong and where, never what stood there.
pub fn from_json<'de, T: Deserialize<'de>>(what: &'static str, body: &'de [u8]) -> Result<T, ParseError> {
    serde_json::from_str(text(what, body)?).map_err(|error| ParseError::from_serde(what, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s34_what_stood_there_is_not_in_the_message() {
        #[derive(Debug, serde::Deserialize)]
        struct Body {
            #[allow(dead_code, reason = "only there to be of the wrong kind")]
            expires_in: u64,
        }
        let said = |body: &[u8]| from_json::<Body>("body", body).unwrap_err().to_string();
        assert_eq!(said(b"{\"expires_in\":\"s3cr3t\"}"), "body has an unexpected shape at line 1, column 22");
        assert_eq!(said(b"{\n\"expires_in\":"), "body ends too early, at line 2, column 13");
        assert_eq!(said(b"s3cr3t"), "body is not JSON at line 1, column 1");
        assert_eq!(said(b"{\"\xFF\":1}"), "body is not UTF-8 from byte 2 on");
        assert_eq!(
            said(b"{\"expires_in\":1,\"expires_in\":2}"),
            "body has an unexpected shape at line 1, column 28"
        );
    }
}
