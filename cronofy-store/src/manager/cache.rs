//! What the process remembers of grants, so that most who ask never wait.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, PoisonError, RwLock};

use cronofy_auth_core::token::TokenSet;
use cronofy_types::{Sub, Timestamp};

/// The grants that were asked for lately, in two halves: what is not asked for while one half fills is forgotten with
/// the other. That is nearly the least recently used, and needs no list that every reader would have to write to.
pub(super) struct Cache {
    halves: RwLock<Halves>,
    half: usize,
}

#[derive(Default)]
struct Halves {
    new: HashMap<Sub, Cached>,
    old: HashMap<Sub, Cached>,
}

/// A grant as it was last seen.
#[derive(Clone)]
pub(super) struct Cached {
    pub(super) generation: u64,
    /// None where it has ended: that keeps a late reader of an older generation from bringing it back.
    pub(super) tokens: Option<Arc<TokenSet>>,
    /// When the store was asked.
    pub(super) seen: Timestamp,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Self { halves: RwLock::default(), half: (capacity / 2).max(1) }
    }

    pub(super) fn get(&self, subject: &Sub) -> Option<Cached> {
        {
            let halves = self.halves.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(cached) = halves.new.get(subject) {
                return Some(cached.clone());
            }
            if !halves.old.contains_key(subject) {
                return None;
            }
        }
        let mut halves = self.halves.write().unwrap_or_else(PoisonError::into_inner);
        let cached = halves.take(subject)?;
        halves.put(subject, cached.clone(), self.half);
        Some(cached)
    }

    /// Remembers a grant, unless a newer one is remembered, and says whether that is news: whether it was remembered
    /// otherwise than as ended.
    pub(super) fn put(&self, subject: &Sub, cached: Cached) -> bool {
        let mut halves = self.halves.write().unwrap_or_else(PoisonError::into_inner);
        let before = halves.take(subject);
        let had_ended = before.as_ref().is_some_and(|before| before.tokens.is_none());
        let newest = match before {
            Some(before) if before.generation > cached.generation => before,
            _ => cached,
        };
        halves.put(subject, newest, self.half);
        !had_ended
    }
}

impl Halves {
    fn take(&mut self, subject: &Sub) -> Option<Cached> {
        self.new.remove(subject).or_else(|| self.old.remove(subject))
    }

    fn put(&mut self, subject: &Sub, cached: Cached, half: usize) {
        if self.new.len() >= half {
            self.old = mem::take(&mut self.new);
        }
        self.new.insert(subject.clone(), cached);
    }
}
