//! Identifiers, codes, tokens and secrets in the shapes that Cronofy documents.
//!
//! One generator serves both wishes: repeatable (keyed by a seed) and unique (keyed by the operating system).
//! Identifiers of the seeded world depend on the key and their own name only, so they do not change with the
//! order of requests; everything issued later counts upwards.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::ledger::{Rule, documented, observed};

pub(crate) const RULES: &[Rule] = &[
    documented("Accounts are `acc_` and 24 hexadecimal digits", "api/identity/account"),
    observed(
        "Service accounts are `ser_`, application calendars `apc_`, with as many",
        "Cronofy .NET 1.12, in its tests",
    ),
    documented(
        "Resources of an Organizational Unit are `res_`, with as many",
        "api-alpha/organizational-unit-resources",
    ),
    observed(
        "Profiles are `pro_` and 16 characters; calendars `cal_`, those of the profile, and more",
        "cronofy-ruby 0.41 and Cronofy .NET 1.12, in their tests",
    ),
    documented("Channels are `chn_` and 24 hexadecimal digits", "api/push-notifications/create-channel"),
    documented("Codes have 32 ASCII characters", "api/enterprise-connect/request-authorization"),
    documented(
        "Access and refresh tokens have 32 ASCII characters, as in every example",
        "api/authorization/request-token",
    ),
    documented("Client secrets begin with `CRN_`", "push-notifications/authentication"),
];

/// The source of everything that must be hard to guess, or repeatable, or both.
pub(crate) struct Ids {
    key: [u8; 32],
    issued: AtomicU64,
}

impl Ids {
    /// The same identifiers in every sandbox with this seed.
    pub(crate) fn from_seed(seed: u64) -> Self {
        let mut key = Sha256::new();
        key.update(b"cronofy-sandbox seed");
        key.update(seed.to_be_bytes());
        Self { key: key.finalize().into(), issued: AtomicU64::new(0) }
    }

    /// The same for a tenant: what it gives out is worth nothing to its parent and to other tenants.
    pub(crate) fn of_tenant(&self, tenant: &str) -> Self {
        Self { key: self.block(&["tenant\0", tenant], 0), issued: AtomicU64::new(0) }
    }

    /// Identifiers that no other sandbox has.
    pub(crate) fn unique() -> io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self { key, issued: AtomicU64::new(0) })
    }

    /// `prefix` and 24 hexadecimal digits, always the same for one `name`: `acc_`, `ser_`, `apc_`, `res_`.
    pub(crate) fn record(&self, prefix: &str, name: &str) -> String {
        use fmt::Write as _;
        let digest = self.block(&[prefix, "\0", name], 0);
        digest[..12].iter().fold(prefix.to_owned(), |mut id, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(id, "{byte:02x}");
            id
        })
    }

    /// `prefix` and `length` letters and digits, always the same for one `name`: `pro_`, `cal_`, `CRN_`.
    pub(crate) fn named(&self, prefix: &str, name: &str, length: usize) -> String {
        self.text(prefix, &[prefix, "\0", name], length)
    }

    /// A new authorization code.
    pub(crate) fn code(&self) -> String {
        self.next("code", 32)
    }

    /// A new access, refresh or link token.
    pub(crate) fn token(&self) -> String {
        self.next("token", 32)
    }

    /// A new client secret.
    pub(crate) fn client_secret(&self) -> String {
        format!("CRN_{}", self.next("secret", 38))
    }

    /// A new value of `length` letters and digits.
    pub(crate) fn next(&self, kind: &str, length: usize) -> String {
        let number = self.issued.fetch_add(1, Ordering::Relaxed).to_string();
        self.text("", &["issued\0", kind, "\0", &number], length)
    }

    /// How many values were issued one after the other.
    pub(crate) fn issued(&self) -> u64 {
        self.issued.load(Ordering::Relaxed)
    }

    /// Issues what comes after the first `issued` again.
    pub(crate) fn return_to(&self, issued: u64) {
        self.issued.store(issued, Ordering::Relaxed);
    }

    /// A number from 0 up to 1, always the same for one `name` and `number`.
    pub(crate) fn fraction(&self, name: &str, number: u64) -> f64 {
        let block = self.block(&["fraction\0", name, "\0", &number.to_string()], 0);
        let high = u32::from_be_bytes([block[0], block[1], block[2], block[3]]);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }

    /// Random bytes, always the same for one `name` and `number`.
    pub(crate) fn bytes(&self, name: &str, number: u64, length: usize) -> Vec<u8> {
        let number = number.to_string();
        let label = ["bytes\0", name, "\0", &number];
        (0_u32..).flat_map(|block| self.block(&label, block)).take(length).collect()
    }

    /// `prefix` and `length` letters and digits, always the same for one `label`.
    fn text(&self, prefix: &str, label: &[&str], length: usize) -> String {
        let letters = (0_u32..)
            .flat_map(|number| self.block(label, number))
            // 248 is the largest multiple of 62 in a byte: without it some letters would be likelier.
            .filter(|byte| *byte < 248)
            .map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]))
            .take(length);
        let mut text = String::with_capacity(prefix.len() + length);
        text.push_str(prefix);
        text.extend(letters);
        text
    }

    fn block(&self, label: &[&str], number: u32) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(self.key);
        digest.update(number.to_be_bytes());
        for part in label {
            digest.update(part.as_bytes());
        }
        digest.finalize().into()
    }
}

impl fmt::Debug for Ids {
    /// Without the key: it foretells every token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ids").finish_non_exhaustive()
    }
}

const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_another_differs() {
        let (one, same, other) = (Ids::from_seed(7), Ids::from_seed(7), Ids::from_seed(8));
        assert_eq!(one.token(), same.token());
        assert_eq!(one.record("acc_", "a"), same.record("acc_", "a"));
        assert_ne!(one.token(), other.token());
        assert_ne!(one.record("acc_", "a"), one.record("acc_", "b"));
    }

    #[test]
    fn shapes_are_those_of_the_documentation() {
        let ids = Ids::unique().expect("the operating system has randomness");
        assert_eq!(ids.record("acc_", "a").len(), 28);
        assert_eq!(ids.code().len(), 32);
        assert_eq!(ids.token().len(), 32);
        assert!(ids.client_secret().starts_with("CRN_"));
        assert_eq!(ids.named("pro_", "a", 16).len(), 20);
    }
}
