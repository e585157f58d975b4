//! Parameters: of a query, of a form, of a JSON object. One rule for all of them: an empty value is absent.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Parameters by name, in the order they came.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Fields<'a> {
    /// Reads `application/x-www-form-urlencoded`, which is what queries are too (RFC 6749, appendix B).
    pub(crate) fn from_form(bytes: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(bytes).collect())
    }

    /// Reads the members of a JSON object that can be written as text. `null` is absent.
    pub(crate) fn from_object(object: &'a Map<String, Value>) -> Self {
        let text = |(name, value): (&'a String, &'a Value)| match value {
            Value::String(text) => Some((name.into(), text.into())),
            Value::Bool(_) | Value::Number(_) => Some((name.into(), value.to_string().into())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        Self(object.iter().filter_map(text).collect())
    }

    /// The same parameters, whatever they were read from.
    pub(crate) fn into_owned(self) -> Fields<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Fields(self.0.into_iter().map(|(name, value)| (owned(name), owned(value))).collect())
    }

    /// The value of `name`. Empty counts as absent: an SDK sends `state=` when it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// Every value of `name` that is not empty.
    pub(crate) fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        self.0.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| &**value)
    }

    /// Whether `name` is on. SDKs send `true`, `True` and `1`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// The first of `names` that came more than once, which RFC 6749, section 3.1, forbids.
    pub(crate) fn repeated<'b>(&self, names: &[&'b str]) -> Option<&'b str> {
        names.iter().copied().find(|name| self.0.iter().filter(|(key, _)| key == name).count() > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_booleans_come_in_three_spellings() {
        let fields = Fields::from_form(b"state=&a=True&b=1&c=false&d=x+y&d=z");
        assert_eq!(fields.get("state"), None);
        assert!(fields.flag("a") && fields.flag("b") && !fields.flag("c") && !fields.flag("none"));
        assert_eq!(fields.get("d"), Some("x y"));
        assert_eq!(fields.repeated(&["a", "d"]), Some("d"));
    }

    #[test]
    fn json_scalars_become_text() {
        let Value::Object(object) = serde_json::json!({"a": true, "b": 5, "c": null, "d": [1], "e": "x"})
        else {
            unreachable!("the literal above is an object")
        };
        let fields = Fields::from_object(&object);
        assert_eq!((fields.get("a"), fields.get("b"), fields.get("e")), (Some("true"), Some("5"), Some("x")));
        assert_eq!((fields.get("c"), fields.get("d")), (None, None));
    }
}
