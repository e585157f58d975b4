//! What may be shown of a request. Unknown text is shown, secrets never are, and nothing at length.

use serde_json::{Map, Value};

use crate::state::State;

/// In place of a secret.
pub(super) const MASKED: &str = "[masked]";

/// Shows values until it has shown enough.
pub(crate) struct Mask<'a> {
    state: &'a State,
    left: usize,
    cut: bool,
}

/// How much of query and body is shown, in bytes.
const MOST_SHOWN: usize = 4096;
/// How much of one text is shown, in bytes.
const LONGEST_TEXT: usize = 512;

impl<'a> Mask<'a> {
    /// Knows the secrets of `state` by heart, and all others by their names.
    pub(crate) fn new(state: &'a State) -> Self {
        Self { state, left: MOST_SHOWN, cut: false }
    }

    /// Whether something was left out.
    pub(crate) fn has_cut(&self) -> bool {
        self.cut
    }

    pub(crate) fn value(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(values) => {
                let mut shown = Vec::new();
                for value in values {
                    if self.is_spent() {
                        break;
                    }
                    shown.push(self.value(value));
                }
                Value::Array(shown)
            }
            Value::Object(members) => Value::Object(self.members(members)),
            plain => plain,
        }
    }

    pub(crate) fn members(&mut self, members: Map<String, Value>) -> Map<String, Value> {
        let mut shown = Map::new();
        for (name, value) in members {
            if self.is_spent() {
                break;
            }
            let value =
                if names_a_secret(&name) && !is_nothing(&value) { MASKED.into() } else { self.value(value) };
            shown.insert(self.text(&name), value);
        }
        shown
    }

    pub(crate) fn text(&mut self, text: &str) -> String {
        let kept = beginning(text, LONGEST_TEXT);
        self.cut |= kept.len() < text.len();
        self.left = self.left.saturating_sub(kept.len());
        without_secrets(self.state, &without_query(kept))
    }

    fn is_spent(&mut self) -> bool {
        let spent = self.left == 0;
        self.cut |= spent;
        self.left = self.left.saturating_sub(MEMBER);
        spent
    }
}

/// What a member costs beside its texts.
const MEMBER: usize = 8;

/// The beginning of a text. Where it is cut, what could be the beginning of a secret is not part of it.
fn beginning(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text[..end].trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a member of this name holds a secret, whatever it looks like. Forms write `a[name]` and `name[]`, too.
fn names_a_secret(name: &str) -> bool {
    const NAMES: [&str; 7] = ["api_key", "authorization", "code", "code_verifier", "cookie", "hmac", "state"];
    const ENDINGS: [&str; 3] = ["password", "secret", "token"];
    let name = name.to_ascii_lowercase();
    let last = name.split(['[', ']']).rfind(|part| !part.is_empty()).unwrap_or_default();
    NAMES.contains(&last) || ENDINGS.iter().any(|ending| last.ends_with(ending))
}

/// Where there is nothing, there is no secret, and a test wants to see that it was sent like this.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == ""
}

/// URLs carry secrets behind `?` and `#`, and before `@` (docs: push-notifications/authentication).
fn without_query(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (place, query) = rest.split_at(end);
    let query = query.chars().next().map(|mark| format!("{mark}{MASKED}")).unwrap_or_default();
    match place.find('@').filter(|at| *at < place.find('/').unwrap_or(place.len())) {
        Some(at) => format!("{scheme}://{MASKED}{}{query}", &place[at..]),
        None => format!("{scheme}://{place}{query}"),
    }
}

/// `text` with every live secret replaced, wherever in it.
pub(super) fn without_secrets(state: &State, text: &str) -> String {
    let mut shown = text.to_owned();
    for application in state.applications.values() {
        for secret in &application.secrets {
            if shown.contains(secret) {
                shown = shown.replace(secret, MASKED);
            }
        }
    }
    let mut from = 0;
    while let Some((start, end)) = next_secret(state, &shown, from) {
        shown.replace_range(start..end, MASKED);
        from = start + MASKED.len();
    }
    shown
}

/// Where the next code or token is: all of them are 32 letters and digits.
fn next_secret(state: &State, text: &str, from: usize) -> Option<(usize, usize)> {
    let (bytes, mut run) = (text.as_bytes(), 0);
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        run = if byte.is_ascii_alphanumeric() { run + 1 } else { 0 };
        if run >= SECRET_LENGTH {
            let start = at + 1 - SECRET_LENGTH;
            if state.is_secret(&text[start..=at]) {
                return Some((start, at + 1));
            }
        }
    }
    None
}

const SECRET_LENGTH: usize = 32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in
            ["client_secret", "refresh_token", "Link_Token", "code", "x[access_token]", "token[]", "state"]
        {
            assert!(names_a_secret(name), "{name}");
        }
        for name in ["client_id", "grant_type", "postal_code", "summary", "", "[]"] {
            assert!(!names_a_secret(name), "{name}");
        }
    }

    #[test]
    fn urls_keep_neither_query_nor_user() {
        for (url, shown) in [
            ("http://a.example/cb?x=1#y", "http://a.example/cb?[masked]"),
            ("http://a.example/cb#y", "http://a.example/cb#[masked]"),
            ("http://u:p@a.example/@b", "http://[masked]@a.example/@b"),
            ("http://a.example/@b", "http://a.example/@b"),
            ("Where? Here.", "Where? Here."),
        ] {
            assert_eq!(without_query(url), shown);
        }
    }

    proptest! {
        #[test]
        fn a_cut_leaves_no_beginning_of_a_secret(text in ".{0,40}", most in 0..40_usize) {
            let kept = beginning(&text, most);
            prop_assert!(text.starts_with(kept));
            if kept.len() < text.len() {
                prop_assert!(kept.len() <= most);
                prop_assert!(!kept.ends_with(|c: char| c.is_ascii_alphanumeric()));
            }
        }
    }
}
