//! Parameters: of a query, of a form, of a JSON object. One rule for all of them: an empty value is absent.

use serde_json::{Map, Value};

/// Parameters by name, in the order they came.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded`, which is what queries are too (RFC 6749, appendix B).
    pub(crate) fn from_form(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().collect())
    }

    /// Reads the members of a JSON object that can be written as text. `null` is absent.
    pub(crate) fn from_object(object: &Map<String, Value>) -> Self {
        let text = |(name, value): (&String, &Value)| match value {
            Value::String(text) => Some((name.clone(), text.clone())),
            Value::Bool(_) | Value::Number(_) => Some((name.clone(), value.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        Self(object.iter().filter_map(text).collect())
    }

    /// The value of `name`. Empty counts as absent: an SDK sends `state=` when it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Every value of `name` that is not empty.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Whether `name` is on. SDKs send `true`, `True` and `1`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// The first of `names` that came more than once, which RFC 6749, section 3.1, forbids.
    pub(crate) fn repeated<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
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
