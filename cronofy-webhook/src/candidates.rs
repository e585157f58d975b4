//! The digests that a header offers, decoded before any hashing is done.

use crate::VerifyError;
use crate::base64::{TEXT_LENGTH, decode};
use crate::key::TAG_LENGTH;

/// The most digests that one request may offer, over all lines of its header.
///
/// Cronofy sends one for each active secret of the application: one, or two while a secret is replaced. A
/// request with more is refused rather than read up to here, so that what is accepted does not depend on
/// the order of the digests. What is no digest does not count.
pub const MAX_DIGESTS: usize = 8;

/// The most parts between commas that are looked at, whatever they hold: what is no digest does no harm, and a
/// thousand of them cost no more than this many.
const MAX_PARTS: usize = 8 * MAX_DIGESTS;

/// Up to [`MAX_DIGESTS`] digests.
///
/// Made first and filled in place, since moving a quarter of a kilobyte would cost as much as decoding.
pub(crate) struct Candidates {
    digests: [[u8; TAG_LENGTH]; MAX_DIGESTS],
    /// How many of `digests` were read.
    count: usize,
    /// How many parts held something.
    offered: usize,
    /// How many parts there were.
    parts: usize,
}

impl Candidates {
    pub(crate) const fn new() -> Self {
        Self { digests: [[0; TAG_LENGTH]; MAX_DIGESTS], count: 0, offered: 0, parts: 0 }
    }

    /// Reads all lines of the header as one comma-separated list, which RFC 9110 section 5.3 makes of them.
    pub(crate) fn read<'h>(&mut self, lines: impl IntoIterator<Item = &'h [u8]>) -> Result<(), VerifyError> {
        for line in lines {
            self.line(line)?;
        }
        match self {
            Self { parts: 0, .. } => Err(VerifyError::Missing),
            Self { offered: 0, .. } => Err(VerifyError::Empty),
            Self { count: 0, .. } => Err(VerifyError::NoDigest),
            _ => Ok(()),
        }
    }

    pub(crate) fn digests(&self) -> &[[u8; TAG_LENGTH]] {
        &self.digests[..self.count]
    }

    fn line(&mut self, mut line: &[u8]) -> Result<(), VerifyError> {
        // As Cronofy writes it: a digest, and the comma where the digest ends. Found without a search.
        while let Some((text, [b',', rest @ ..])) = line.split_at_checked(TEXT_LENGTH)
            && let Some(digest) = decode(text)
        {
            self.parts += 1;
            self.offered += 1;
            self.keep(digest)?;
            line = rest;
        }
        if !line.contains(&b',') {
            return self.part(line);
        }
        line.split(|&byte| byte == b',').try_for_each(|part| self.part(part))
    }

    fn part(&mut self, part: &[u8]) -> Result<(), VerifyError> {
        self.parts += 1;
        // Cronofy writes no space; RFC 9110 section 5.6.1 allows it to whoever joins two lines.
        let part = part.trim_ascii();
        if !part.is_empty() {
            self.offered += 1;
        }
        if self.parts > MAX_PARTS {
            return Err(VerifyError::TooMany);
        }
        decode(part).map_or(Ok(()), |digest| self.keep(digest))
    }

    fn keep(&mut self, digest: [u8; TAG_LENGTH]) -> Result<(), VerifyError> {
        *self.digests.get_mut(self.count).ok_or(VerifyError::TooMany)? = digest;
        self.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "QuGlxxssNDaxUjd6RY4wxGf+5KDrmobMmjkGQPtB3WQ=";

    fn read(lines: &[&str]) -> (Result<(), VerifyError>, Candidates) {
        let mut candidates = Candidates::new();
        let result = candidates.read(lines.iter().map(|line| line.as_bytes()));
        (result, candidates)
    }

    #[test]
    fn s26_a_thousand_commas_are_refused_fast() {
        for header in [",".repeat(1000), "A,".repeat(1000), format!("{DIGEST},").repeat(1000)] {
            let (result, candidates) = read(&[&header]);
            assert_eq!(result, Err(VerifyError::TooMany));
            assert!(candidates.parts <= MAX_PARTS + 1, "looked at {} parts", candidates.parts);
            assert!(candidates.count <= MAX_DIGESTS, "decoded {} parts", candidates.count);
        }
    }

    #[test]
    fn s26_the_bounds_hold_over_all_lines_together() {
        assert_eq!(read(&[DIGEST; MAX_DIGESTS + 1]).0, Err(VerifyError::TooMany));
        let (result, candidates) = read(&[&format!("{}{DIGEST}", "A,".repeat(20))]);
        assert_eq!((result, candidates.digests().len()), (Ok(()), 1), "what is no digest does not count");
        assert_eq!(read(&[""; MAX_PARTS + 1]).0, Err(VerifyError::TooMany));
        let (result, candidates) = read(&[DIGEST; MAX_DIGESTS]);
        assert_eq!((result, candidates.digests().len()), (Ok(()), MAX_DIGESTS));
        assert_eq!(read(&[&",".repeat(MAX_PARTS - 1)]).0, Err(VerifyError::Empty));
    }

    #[test]
    fn s27_missing_empty_and_undecodable_are_told_apart() {
        assert_eq!(read(&[]).0, Err(VerifyError::Missing));
        for empty in ["", " ", ",", " ,\t, "] {
            assert_eq!(read(&[empty]).0, Err(VerifyError::Empty), "{empty:?}");
        }
        for none in ["something-else", "=", &DIGEST[..43], &format!("{DIGEST}="), &DIGEST.replace('+', "-")] {
            assert_eq!(read(&[none]).0, Err(VerifyError::NoDigest), "{none:?}");
        }
    }

    #[test]
    fn spaces_and_empty_parts_are_of_no_account() {
        for header in [
            format!("{DIGEST},{DIGEST}"),
            format!("{DIGEST}, {DIGEST}"),
            format!("\t{DIGEST} ,, {DIGEST},"),
            format!("something-else,{DIGEST},A,{DIGEST}"),
        ] {
            let (result, candidates) = read(&[&header]);
            assert_eq!((result, candidates.digests().len()), (Ok(()), 2), "{header:?}");
        }
    }
}
