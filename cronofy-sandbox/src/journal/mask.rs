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
            Value::String(text) => Value::String(self.text(text)),
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
            shown.insert(self.text(name), value);
        }
        shown
    }

    pub(crate) fn text(&mut self, text: impl Into<String>) -> String {
        let mut text = text.into();
        let kept = beginning(&text, LONGEST_TEXT).len();
        self.cut |= kept < text.len();
        self.left = self.left.saturating_sub(kept);
        text.truncate(kept);
        mask_query(&mut text);
        mask_secrets(self.state, &mut text);
        text
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
    let last = name.split(['[', ']']).rfind(|part| !part.is_empty()).unwrap_or_default();
    let end = |length: usize| last.get(last.len().checked_sub(length)?..);
    NAMES.iter().any(|name| last.eq_ignore_ascii_case(name))
        || ENDINGS.iter().any(|ending| end(ending.len()).is_some_and(|end| end.eq_ignore_ascii_case(ending)))
}

/// Where there is nothing, there is no secret, and a test wants to see that it was sent like this.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == ""
}

/// URLs carry secrets behind `?` and `#`, and before `@` (docs: push-notifications/authentication).
fn mask_query(text: &mut String) {
    let Some(start) = text.find("://").map(|scheme| scheme + 3) else { return };
    if let Some(mark) = text[start..].find(['?', '#']) {
        text.replace_range(start + mark + 1.., MASKED);
        mask_user(text, start, start + mark);
    } else {
        mask_user(text, start, text.len());
    }
}

/// Masks what is before the `@` of an authority, which begins at `start`; the path after it ends at `end`.
fn mask_user(text: &mut String, start: usize, end: usize) {
    let place = &text[start..end];
    let authority = place.split('/').next().unwrap_or_default();
    if let Some(at) = authority.find('@') {
        text.replace_range(start..start + at, MASKED);
    }
}

/// Replaces every live secret, wherever it is.
fn mask_secrets(state: &State, text: &mut String) {
    for secret in state.applications.values().flat_map(|application| &application.secrets) {
        if text.contains(secret) {
            *text = text.replace(secret, MASKED);
        }
    }
    let mut from = 0;
    while let Some((start, end)) = next_secret(state, text, from) {
        text.replace_range(start..end, MASKED);
        from = start + MASKED.len();
    }
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
            let mut text = url.to_owned();
            mask_query(&mut text);
            assert_eq!(text, shown);
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
