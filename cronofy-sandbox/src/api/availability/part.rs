//! Reading JSON member by member, with the paths by which a 422 names what is wrong.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::free_time::{Moment, Period};
use crate::api::time;
use crate::wire::FieldErrors;

/// An object of a request, and where it is: `participants[0].members[1]`, for one.
pub(super) struct Part<'a> {
    object: &'a Map<String, Value>,
    path: String,
}

impl<'a> Part<'a> {
    pub(super) fn whole(body: &'a Map<String, Value>) -> Self {
        Self { object: body, path: String::new() }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// What `name` asks for. SDKs send members that ask for nothing, such as the Python one's `"buffer": {}`.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            Value::String(text) => !text.is_empty(),
            Value::Bool(_) | Value::Number(_) => true,
        })
    }

    pub(super) fn text(&self, name: &str, errors: &mut FieldErrors) -> Option<&'a str> {
        self.read(name, "must be a string", errors, Value::as_str)
    }

    pub(super) fn flag(&self, name: &str, errors: &mut FieldErrors) -> bool {
        self.read(name, "must be true or false", errors, Value::as_bool) == Some(true)
    }

    /// An object inside this one.
    pub(super) fn part(&self, name: &str, errors: &mut FieldErrors) -> Option<Self> {
        let object = self.read(name, "must be an object", errors, Value::as_object)?;
        Some(Self { object, path: self.path_of(name) })
    }

    /// The items of an array with their paths; none where it is absent.
    pub(super) fn items(&self, name: &str, errors: &mut FieldErrors) -> Vec<(String, &'a Value)> {
        let items = self.read(name, "must be an array", errors, Value::as_array);
        let path = self.path_of(name);
        let items = items.into_iter().flatten().enumerate();
        items.map(|(index, item)| (format!("{path}[{index}]"), item)).collect()
    }

    /// The objects of an array.
    pub(super) fn parts(&self, name: &str, errors: &mut FieldErrors) -> Vec<Self> {
        let mut parts = Vec::new();
        for (path, item) in self.items(name, errors) {
            match item {
                Value::Object(object) => parts.push(Self { object, path }),
                _ => errors.push(&path, "errors.invalid_format", "must be an object"),
            }
        }
        parts
    }

    /// The strings of an array.
    pub(super) fn texts(&self, name: &str, errors: &mut FieldErrors) -> Vec<&'a str> {
        let mut texts = Vec::new();
        for (path, item) in self.items(name, errors) {
            match item {
                Value::String(text) => texts.push(text.as_str()),
                _ => errors.push(&path, "errors.invalid_format", "must be a string"),
            }
        }
        texts
    }

    /// The strings of an array that may say something by being empty.
    pub(super) fn texts_if_there(&self, name: &str, errors: &mut FieldErrors) -> Option<Vec<&'a str>> {
        self.object.get(name).filter(|value| !value.is_null())?;
        Some(self.texts(name, errors))
    }

    /// A Duration of at least a minute, in seconds.
    pub(super) fn duration(&self, name: &str, errors: &mut FieldErrors) -> Option<Moment> {
        let what = "must be a Duration of at least a minute";
        self.read(name, what, errors, time::minutes).map(|minutes| minutes * 60)
    }

    /// A Duration that can be none at all, in seconds.
    pub(super) fn duration_or_none(&self, name: &str, errors: &mut FieldErrors) -> Option<Moment> {
        let what = "must be a Duration";
        self.read(name, what, errors, time::minutes_or_none).map(|minutes| minutes * 60)
    }

    /// A Time that must be there.
    pub(super) fn time(&self, name: &str, errors: &mut FieldErrors) -> Option<Moment> {
        self.must_have(name, errors);
        let time = |value: &Value| value.as_str().and_then(time::time).map(Timestamp::as_second);
        self.read(name, "must be a Time", errors, time)
    }

    /// `{start, end}`.
    pub(super) fn period(&self, errors: &mut FieldErrors) -> Option<Period> {
        let (start, end) = (self.time("start", errors), self.time("end", errors));
        let period = Period { start: start?, end: end? };
        if period.end <= period.start {
            errors.push(&self.path, "errors.invalid_time_pair", "end must be after start");
            return None;
        }
        Some(period)
    }

    /// The documented error of a missing field, if `name` is missing.
    pub(super) fn must_have(&self, name: &str, errors: &mut FieldErrors) {
        if self.get(name).is_none() {
            errors.required(&self.path_of(name));
        }
    }

    /// What `read` makes of `name`, or an error that says what it must be.
    pub(super) fn read<T>(
        &self,
        name: &str,
        must_be: &str,
        errors: &mut FieldErrors,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let found = read(self.get(name)?);
        if found.is_none() {
            errors.push(&self.path_of(name), "errors.invalid_format", must_be);
        }
        found
    }
}
