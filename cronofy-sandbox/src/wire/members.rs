//! Members of a JSON object, read with the path under which errors name them.

use serde_json::{Map, Value};

use super::FieldErrors;

/// An object somewhere in a body. `null` is absent.
pub(crate) struct Members<'a> {
    object: Option<&'a Map<String, Value>>,
    path: String,
}

/// The longest text where none is documented, in characters.
const LONGEST: usize = 1024;

impl<'a> Members<'a> {
    /// The body itself.
    pub(crate) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object: Some(object), path: String::new() }
    }

    /// The name of a member in an error: `location.lat`.
    pub(crate) fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name).filter(|value| !value.is_null())
    }

    /// The member as it came, `null` included.
    pub(crate) fn value(&self, name: &str) -> Option<&'a Value> {
        self.object?.get(name)
    }

    /// A text that is not too long.
    pub(crate) fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a str> {
        self.bounded_text(name, LONGEST, errors)
    }

    /// A text of at most `most` characters.
    pub(crate) fn bounded_text(&self, name: &str, most: usize, errors: &mut FieldErrors) -> Option<&'a str> {
        let Some(text) = self.get(name)?.as_str() else {
            errors.invalid(&self.path(name), "must be a String");
            return None;
        };
        if text.chars().nth(most).is_some() {
            let what = format!("must be at most {most} characters");
            errors.push(&self.path(name), "errors.too_long", &what);
            return None;
        }
        Some(text)
    }

    /// A text that must be there.
    pub(crate) fn required_text(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a str> {
        match self.get(name) {
            None => errors.unspecified(&self.path(name)),
            Some(Value::String(text)) if text.is_empty() => errors.unspecified(&self.path(name)),
            Some(_) => return self.text(name, errors),
        }
        None
    }

    /// A Boolean. Forms and one SDK write it as text.
    pub(crate) fn flag(&self, name: &str, errors: &mut FieldErrors) -> Option<bool> {
        match self.get(name)? {
            Value::Bool(on) => return Some(*on),
            Value::String(text) if text.eq_ignore_ascii_case("true") => return Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => return Some(false),
            _ => errors.invalid(&self.path(name), "must be a Boolean"),
        }
        None
    }

    /// A list of at most `most` values.
    pub(crate) fn list(&self, name: &str, most: usize, errors: &mut FieldErrors) -> Option<&'a [Value]> {
        let Some(list) = self.get(name)?.as_array() else {
            errors.invalid(&self.path(name), "must be an Array");
            return None;
        };
        if list.len() > most {
            errors.push(&self.path(name), "errors.too_many", &format!("must be at most {most}"));
            return None;
        }
        Some(list)
    }

    /// A list of objects, each with its own path.
    pub(crate) fn objects(
        &self,
        name: &str,
        most: usize,
        errors: &mut FieldErrors,
    ) -> Option<Vec<Members<'a>>> {
        let list = self.list(name, most, errors)?;
        let mut objects = Vec::with_capacity(list.len());
        for (index, value) in list.iter().enumerate() {
            let path = format!("{}[{index}]", self.path(name));
            match value.as_object() {
                Some(object) => objects.push(Members { object: Some(object), path }),
                None => errors.invalid(&path, "must be an Object"),
            }
        }
        Some(objects)
    }

    /// An object. PHP writes an empty one as an empty list.
    pub(crate) fn object(&self, name: &str, errors: &mut FieldErrors) -> Option<Members<'a>> {
        let object = match self.get(name)? {
            Value::Object(object) => Some(object),
            Value::Array(list) if list.is_empty() => None,
            _ => {
                errors.invalid(&self.path(name), "must be an Object");
                return None;
            }
        };
        Some(Members { object, path: self.path(name) })
    }
}
