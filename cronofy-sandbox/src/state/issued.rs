//! What is issued, and forgotten some time after it expired.

use std::collections::{HashMap, VecDeque};

/// What was issued of one kind, by its text. Of more than `MOST` the oldest are forgotten: a bound on memory, and no
/// rule of Cronofy's.
///
/// Each that comes in pushes out the oldest that are over, so that none has to wait for a search through the others.
#[derive(Clone)]
pub(super) struct Issued<T, const MOST: usize> {
    held: HashMap<String, T>,
    /// Oldest first. What was dropped for another reason is named here until its turn comes.
    order: VecDeque<String>,
}

impl<T, const MOST: usize> Default for Issued<T, MOST> {
    fn default() -> Self {
        Self { held: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T, const MOST: usize> Issued<T, MOST> {
    /// Adds one, and forgets the oldest for which `over` holds.
    pub(super) fn add(&mut self, text: String, value: T, over: impl Fn(&T) -> bool) {
        while let Some(oldest) = self.order.front()
            && (self.order.len() >= MOST || self.held.get(oldest).is_none_or(&over))
        {
            self.held.remove(oldest);
            self.order.pop_front();
        }
        self.order.push_back(text.clone());
        self.held.insert(text, value);
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        self.held.contains_key(text)
    }

    pub(super) fn get(&self, text: &str) -> Option<&T> {
        self.held.get(text)
    }

    pub(super) fn get_mut(&mut self, text: &str) -> Option<&mut T> {
        self.held.get_mut(text)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.held.values_mut()
    }

    pub(super) fn remove(&mut self, text: &str) {
        self.held.remove(text);
    }

    pub(super) fn retain(&mut self, stays: impl Fn(&T) -> bool) {
        self.held.retain(|_, value| stays(value));
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_others_only_when_they_are_over() {
        let mut issued = Issued::<u32, 3>::default();
        for number in 0..5 {
            issued.add(number.to_string(), number, |_| false);
        }
        assert_eq!((issued.len(), issued.get("1"), issued.get("2")), (3, None, Some(&2)));
        issued.remove("2");
        issued.add("5".to_owned(), 5, |number| *number < 5);
        assert_eq!((issued.len(), issued.get("5")), (1, Some(&5)));
    }

    #[test]
    fn what_was_dropped_takes_no_memory_for_ever() {
        let mut issued = Issued::<u32, 1000>::default();
        for number in 0..5000 {
            issued.add(number.to_string(), number, |_| false);
            issued.retain(|_| false);
        }
        assert!(issued.order.len() <= 2, "{} texts", issued.order.len());
    }
}
