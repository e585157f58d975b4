//! Files that events can refer to: that they are there, not what is in them.

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use crate::ids::Ids;

/// By application.
#[derive(Clone, Debug, Default)]
pub(super) struct Attachments {
    made: u64,
    by_application: BTreeMap<String, BTreeSet<String>>,
}

/// An application has as many as it may have.
#[derive(Debug)]
pub(crate) struct TooManyAttachments;

/// A bound on what they take (sandbox choice: not documented).
const MOST_ATTACHMENTS: usize = 1000;

impl State {
    /// The identifier of one more.
    pub(crate) fn attach(&mut self, ids: &Ids, client_id: &str) -> Result<String, TooManyAttachments> {
        let attachments = self.attachments.by_application.entry(client_id.to_owned()).or_default();
        if attachments.len() >= MOST_ATTACHMENTS {
            return Err(TooManyAttachments);
        }
        self.attachments.made += 1;
        let id = ids.record("att_", &self.attachments.made.to_string());
        attachments.insert(id.clone());
        Ok(id)
    }

    pub(crate) fn has_attachment(&self, client_id: &str, id: &str) -> bool {
        self.attachments.by_application.get(client_id).is_some_and(|attachments| attachments.contains(id))
    }
}
