//! One line of the journal.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

/// One request to Cronofy that the sandbox answered, or did not answer on purpose.
///
/// What is shown of it holds no secret: whatever is one of the sandbox's secrets, tokens or codes is masked wherever
/// it is, so is every member that is known to hold one, and so is what follows the `?` of a URL. What is long is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The number of the request, counted from 1.
    pub sequence: u64,
    /// When it came, by the sandbox's clock: RFC 3339, in UTC.
    pub time: String,
    /// The method, such as `POST`.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The operation, by method and path as the documentation writes them. `None` where Cronofy has none, or the
    /// sandbox does not serve it.
    pub operation: Option<&'static str>,
    /// The status of the answer. `None` if there was no answer.
    pub status: Option<u16>,
    /// How long it took, in microseconds of real time.
    pub duration_us: u64,
    /// The application that asked, if it is known here.
    pub client_id: Option<String>,
    /// The account that it was about, or whose token it came with.
    pub sub: Option<String>,
    /// Why it was refused: the header `Cronofy-Sandbox-Why`.
    pub why: Option<String>,
    /// The fault that hit it.
    pub fault: Option<JournalFault>,
    /// Some of its headers.
    pub headers: BTreeMap<&'static str, String>,
    /// The parameters of its query. One that came more than once has a list.
    pub query: Map<String, Value>,
    /// Its body: JSON as it came, a form as an object. `Null` where there is none, or one that is neither.
    pub body: Value,
    /// How many bytes the body had.
    pub body_bytes: usize,
    /// Whether some of query and body was left out for its length.
    pub cut: bool,
}

/// A fault that hit a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JournalFault {
    /// Its identifier.
    pub id: String,
    /// What it did: `reset`, for one.
    pub effect: &'static str,
    /// The status that the operation itself came to. `None` if it never ran.
    pub own_status: Option<u16>,
}

impl JournalEntry {
    /// The value of a member of the body or, where that has none of this name, of a parameter of the query.
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.body.get(name).or_else(|| self.query.get(name))
    }

    /// About how much memory it takes.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.client_id, &self.sub, &self.why].into_iter().flatten().map(String::len);
        let headers = self.headers.values().map(String::len);
        let query: usize = self.query.iter().map(|(name, value)| name.len() + weight(value)).sum();
        256 + self.path.len() + texts.chain(headers).sum::<usize>() + query + weight(&self.body)
    }
}

fn weight(value: &Value) -> usize {
    32 + match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(weight).sum(),
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}
