//! What the browser brings back (RFC 6749 section 4.1.2).
//!
//! Everybody can send a browser here, so nothing is believed before the state is: first the state, then the
//! error, then the code.

use core::fmt;

use percent_encoding::percent_decode;
use zeroize::Zeroizing;

use super::error_body::OAuthErrorCode;
use crate::shown::turns_the_line;
use crate::{AuthorizationCode, InvalidValue, Shown, State};

/// Above a state of 16 KiB that is percent-encoded throughout; browsers and servers stop earlier.
const QUERY_LIMIT: usize = 64 * 1024;
/// Enough for a sentence on a page, too little to fill a log.
const SHOWN_LIMIT: usize = 512;

/// The parameters of one redirect back, not yet believed.
#[derive(Default)]
pub struct Redirect {
    state: Given,
    code: Given,
    error: Given,
    error_description: Given,
    issuer: Given,
}

/// How often a parameter came.
#[derive(Default)]
enum Given {
    #[default]
    Never,
    Once(Zeroizing<String>),
    Twice,
    /// Percent-encoding that is broken or is not UTF-8.
    Undecodable,
}

/// What a redirect that belongs to its request says.
#[derive(Debug)]
pub enum RedirectOutcome {
    /// The user agreed.
    Code(AuthorizationCode),
    /// The user, or Cronofy, said no.
    Denied(Denial),
}

/// The answer was no. An outcome, not a failure: show the user a way to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Denial {
    /// Why, as a code; [`AccessDenied`](OAuthErrorCode::AccessDenied) where the user refused. The text of an
    /// unknown one is cleaned like the description.
    pub error: OAuthErrorCode,
    /// Why, as text, where it can be read. Control characters are taken out and it is cut at 512 bytes; it is
    /// still somebody else's text, so escape it wherever it is shown.
    pub description: Option<String>,
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the authorization was denied: {}", Shown(self.error.as_str()))
    }
}

/// A redirect that cannot be believed or read. No message repeats what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The query is over 64 KiB.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// No `state`.
    StateMissing,
    /// `state` came more than once.
    StateRepeated,
    /// Another `state` than was sent out: this redirect answers somebody else's request, or nobody's.
    StateDiffers,
    /// `iss` names another server (RFC 9207).
    IssuerDiffers,
    /// `code` and `error` contradict each other.
    CodeAndError,
    /// Neither `code` nor `error`.
    NothingToRead,
    /// A parameter came more than once.
    Repeated(&'static str),
    /// The percent-encoding of a parameter is broken or no UTF-8.
    Undecodable(&'static str),
    /// A code that cannot be one.
    Code(InvalidValue),
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { length } => {
                write!(f, "the redirect's query is {length} bytes long, more than {QUERY_LIMIT}")
            }
            Self::StateMissing => f.write_str("the redirect has no `state`"),
            Self::StateRepeated => f.write_str("the redirect has more than one `state`"),
            Self::StateDiffers => f.write_str("the redirect has another `state` than was sent out"),
            Self::IssuerDiffers => f.write_str("the redirect's `iss` names another server"),
            Self::CodeAndError => f.write_str("the redirect has both a `code` and an `error`"),
            Self::NothingToRead => f.write_str("the redirect has neither a `code` nor an `error`"),
            Self::Repeated(name) => write!(f, "the redirect has more than one `{name}`"),
            Self::Undecodable(name) => write!(f, "the redirect's `{name}` is not percent-encoded UTF-8"),
            Self::Code(_) => f.write_str("the redirect's `code` cannot be one"),
        }
    }
}

impl core::error::Error for RedirectError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Code(invalid) => Some(invalid),
            _ => None,
        }
    }
}

impl Redirect {
    /// Reads the URL that the browser asked for, absolute or from its path on.
    ///
    /// # Errors
    ///
    /// [`RedirectError::TooLong`]; every other fault is told by [`outcome`](Self::outcome), after the state.
    pub fn from_url(url: &str) -> Result<Self, RedirectError> {
        let url = url.split_once('#').map_or(url, |(url, _)| url);
        Self::from_query(url.split_once('?').map_or("", |(_, query)| query))
    }

    /// Reads the query alone, without its question mark.
    ///
    /// # Errors
    ///
    /// As [`from_url`](Self::from_url).
    pub fn from_query(query: &str) -> Result<Self, RedirectError> {
        if query.len() > QUERY_LIMIT {
            return Err(RedirectError::TooLong { length: query.len() });
        }
        let mut redirect = Self::default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // A name that cannot be decoded is not one of ours, nor is its value any of our business.
            let Some(name) = decode(name) else { continue };
            let given = match name.as_str() {
                "state" => &mut redirect.state,
                "code" => &mut redirect.code,
                "error" => &mut redirect.error,
                "error_description" => &mut redirect.error_description,
                "iss" => &mut redirect.issuer,
                _ => continue,
            };
            *given = match given {
                Given::Never => decode(value).map_or(Given::Undecodable, Given::Once),
                _ => Given::Twice,
            };
        }
        Ok(redirect)
    }

    /// The state that came, to look the pending request up by. Not yet compared with anything.
    pub fn state(&self) -> Option<State> {
        match &self.state {
            Given::Once(state) => State::new(state.as_str()).ok(),
            _ => None,
        }
    }

    /// The server that claims to have sent the browser here (RFC 9207), if any.
    ///
    /// # Errors
    ///
    /// Where it came more than once or cannot be read: then it is not to be passed over.
    pub fn issuer(&self) -> Result<Option<&str>, RedirectError> {
        self.issuer.once("iss")
    }

    /// Compares the state in constant time, and only then reads the rest.
    ///
    /// # Errors
    ///
    /// Says why the redirect cannot be believed or read. A refusal by the user is no error: it is
    /// [`RedirectOutcome::Denied`].
    pub fn outcome(&self, expected: &State) -> Result<RedirectOutcome, RedirectError> {
        match &self.state {
            Given::Never => return Err(RedirectError::StateMissing),
            Given::Twice => return Err(RedirectError::StateRepeated),
            Given::Undecodable => return Err(RedirectError::StateDiffers),
            Given::Once(state) if state.is_empty() => return Err(RedirectError::StateMissing),
            Given::Once(state) => {
                if State::new(state.as_str()).as_ref() != Ok(expected) {
                    return Err(RedirectError::StateDiffers);
                }
            }
        }
        let error = self.error.once("error")?;
        let code = self.code.once("code")?;
        match (error, code) {
            (Some(_), Some(_)) => Err(RedirectError::CodeAndError),
            (None, None) => Err(RedirectError::NothingToRead),
            (Some(error), None) => {
                let error = shown(error);
                if error.trim().is_empty() {
                    return Err(RedirectError::NothingToRead);
                }
                // The description only decorates: what cannot be read of it is left out.
                let description = self.error_description.once("error_description").ok().flatten().map(shown);
                Ok(RedirectOutcome::Denied(Denial { error: error.as_str().into(), description }))
            }
            (None, Some(code)) => {
                AuthorizationCode::new(code).map(RedirectOutcome::Code).map_err(RedirectError::Code)
            }
        }
    }
}

impl fmt::Debug for Redirect {
    /// Prints which parameters came and none of their values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirect")
            .field("state", &self.state)
            .field("code", &self.code)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "never",
            Self::Once(_) => "once",
            Self::Twice => "more than once",
            Self::Undecodable => "undecodable",
        })
    }
}

impl Given {
    /// An empty parameter is an absent one, as in the requests of Cronofy's own clients.
    fn once(&self, name: &'static str) -> Result<Option<&str>, RedirectError> {
        match self {
            Self::Never => Ok(None),
            Self::Once(value) => Ok(Some(value.as_str()).filter(|value| !value.is_empty())),
            Self::Twice => Err(RedirectError::Repeated(name)),
            Self::Undecodable => Err(RedirectError::Undecodable(name)),
        }
    }
}

/// Decodes `application/x-www-form-urlencoded` text. Strict, unlike most decoders: a `%` without two
/// hexadecimal digits is refused rather than kept.
fn decode(text: &str) -> Option<Zeroizing<String>> {
    let bytes = text.as_bytes();
    let broken = bytes.iter().enumerate().any(|(at, &byte)| {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
        byte == b'%' && !(digit(at + 1) && digit(at + 2))
    });
    if broken {
        return None;
    }
    let spaced = Zeroizing::new(text.replace('+', " "));
    let decoded: Vec<u8> = percent_decode(spaced.as_bytes()).collect();
    String::from_utf8(decoded).ok().map(Zeroizing::new)
}

/// Text without what a terminal or a log line would obey.
fn shown(text: &str) -> String {
    let obeyed = |character: char| character.is_control() || turns_the_line(character);
    let clean: String = text.chars().filter(|character| !obeyed(*character)).collect();
    let mut end = clean.len().min(SHOWN_LIMIT);
    while !clean.is_char_boundary(end) {
        end -= 1;
    }
    clean[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    const STATE: &str = "st-7f3a91c2d4e5b6a7980112233445566f";

    fn outcome(query: &str) -> Result<RedirectOutcome, RedirectError> {
        let query = query.replace("STATE", STATE);
        Redirect::from_url(&format!("https://app.example/cb?{query}"))?.outcome(&State::new(STATE).unwrap())
    }

    #[track_caller]
    fn refused(query: &str) -> String {
        outcome(query).unwrap_err().to_string()
    }

    #[test]
    fn a_code_comes_out_once_the_state_agrees() {
        for query in
            ["code=abc&state=STATE", "x=%zz&code=%61bc&y&state=STATE", "state=STATE&error=&code=abc#x=1"]
        {
            let Ok(RedirectOutcome::Code(code)) = outcome(query) else { panic!("{query}") };
            assert_eq!(code.expose(), "abc");
        }
    }

    #[test]
    fn s1_the_state_is_judged_before_anything_else() {
        assert_eq!(refused("error=access_denied"), "the redirect has no `state`");
        assert_eq!(refused("code=a&code=b&state="), "the redirect has no `state`");
        assert_eq!(refused("state=STATE&state=STATE&code=a"), "the redirect has more than one `state`");
        let differs = "the redirect has another `state` than was sent out";
        assert_eq!(refused("code=a&state=STATEx"), differs);
        assert_eq!(refused("code=a&state=st-7f3a91c2d4e5b6a7980112233445566"), differs);
        assert_eq!(refused("code=a&state=ST-7f3a91c2d4e5b6a7980112233445566f"), differs);
        assert_eq!(refused("code=a&state=%zz"), differs);
    }

    #[test]
    fn s5_what_cannot_be_read() {
        assert_eq!(refused("state=STATE"), "the redirect has neither a `code` nor an `error`");
        assert_eq!(refused("state=STATE&code="), "the redirect has neither a `code` nor an `error`");
        assert_eq!(refused("state=STATE&code=a&code=a"), "the redirect has more than one `code`");
        assert_eq!(refused("state=STATE&code=a&%63ode=a"), "the redirect has more than one `code`");
        assert_eq!(refused("state=STATE&error=a&error=b"), "the redirect has more than one `error`");
        assert_eq!(refused("state=STATE&code=a&error=b"), "the redirect has both a `code` and an `error`");
        assert_eq!(refused("state=STATE&code=%"), "the redirect's `code` is not percent-encoded UTF-8");
        assert_eq!(refused("state=STATE&code=%FF"), "the redirect's `code` is not percent-encoded UTF-8");
        assert_eq!(refused("state=STATE&code=%0d%0a"), "the redirect's `code` cannot be one");
        let long = format!("code={}", "a".repeat(QUERY_LIMIT));
        assert_eq!(refused(&long), "the redirect's query is 65541 bytes long, more than 65536");
    }

    #[test]
    fn a_denial_is_an_outcome() {
        let Ok(RedirectOutcome::Denied(denial)) =
            outcome("error=access_denied&error_description=The+user+said%20no&state=STATE")
        else {
            panic!("no denial")
        };
        assert_eq!(denial.error, OAuthErrorCode::AccessDenied);
        assert_eq!(denial.description.as_deref(), Some("The user said no"));
        assert_eq!(denial.to_string(), "the authorization was denied: access_denied");
    }

    #[test]
    fn a_denial_is_no_worse_for_a_broken_description() {
        for query in ["error_description=%zz", "error_description=a&error_description=b"] {
            let Ok(RedirectOutcome::Denied(denial)) = outcome(&format!("error=x&state=STATE&{query}")) else {
                panic!("{query}")
            };
            assert_eq!(denial.description, None);
        }
        for nothing in ["error=%00&state=STATE", "error=+&state=STATE"] {
            assert_eq!(refused(nothing), "the redirect has neither a `code` nor an `error`");
        }
    }

    #[test]
    fn s6_somebody_elses_text_is_cleaned_and_cut() {
        let long = "%1b[31m".to_owned() + &"\u{e9}".repeat(40_000 / 2);
        let Ok(RedirectOutcome::Denied(denial)) =
            outcome(&format!("error=%1b%0dx&error_description={long}&state=STATE"))
        else {
            panic!("no denial")
        };
        assert_eq!(denial.error.as_str(), "x");
        let description = denial.description.unwrap();
        assert!(description.starts_with("[31m\u{e9}") && description.len() <= SHOWN_LIMIT);
    }

    #[test]
    fn debug_prints_no_value() {
        let redirect = Redirect::from_query("code=canary&state=canary&state=canary").unwrap();
        assert_eq!(
            format!("{redirect:?}"),
            "Redirect { state: more than once, code: once, error: never, .. }"
        );
    }

    proptest! {
        #[test]
        fn encoding_and_reading_are_inverses(state in "[^\\x00-\\x1f\\x7f]{1,64}", code in "[!-~]{1,64}") {
            let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let query = format!("code={}&state={}", encode(&code), encode(&state));
            let state = State::new(state).unwrap();
            let redirect = Redirect::from_query(&query).unwrap();
            prop_assert!(redirect.state().as_ref() == Some(&state));
            let Ok(RedirectOutcome::Code(read)) = redirect.outcome(&state) else { panic!("{query}") };
            prop_assert_eq!(read.expose(), code);
        }

        #[test]
        fn any_query_is_read_or_refused(query in "\\PC{0,200}") {
            let _ = Redirect::from_url(&query).unwrap().outcome(&State::new("s").unwrap());
        }
    }
}
