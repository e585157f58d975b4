//! Chance that comes out the same for the same number.

use std::time::Duration;

/// `SplitMix64` (Steele, Lea, Flood 2014): enough to choose whom to kill.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    /// A while between these two, in milliseconds.
    pub(super) fn between(&mut self, shortest: usize, longest: usize) -> Duration {
        let while_ = shortest + self.below(longest - shortest);
        Duration::from_millis(u64::try_from(while_).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
