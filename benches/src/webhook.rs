//! Verifying a callback: header text and body to a verdict.
//!
//! The limit is the compression of as many SHA-256 blocks as an HMAC with a prepared key has to compress.

use cronofy_webhook::{Verifier, sign};

use crate::inputs::{CLIENT_SECRET, client_secret};
use crate::{Case, Group, Runner, each};

/// What Cronofy posts for most changes.
pub const B120: Group = Group { name: "webhook 120 B", cases: &cases::<120>() };
/// A delegation callback with all its fields.
pub const KIB1: Group = Group { name: "webhook 1 KiB", cases: &cases::<1024>() };
/// Larger than any that is documented.
pub const KIB64: Group = Group { name: "webhook 64 KiB", cases: &cases::<{ 64 * 1024 }>() };
/// The usual limit of a web framework.
pub const MIB1: Group = Group { name: "webhook 1 MiB", cases: &cases::<{ 1024 * 1024 }>() };

const fn cases<const BYTES: usize>() -> [Case; 5 + cfg!(feature = "peers") as usize] {
    [
        Case { name: "limit", prepare: compression::<BYTES> },
        Case { name: "ours", prepare: ours::<BYTES> },
        Case { name: "ours, 3 digests", prepare: ours_three_digests::<BYTES> },
        Case { name: "hmac + base64", prepare: hmac_and_base64::<BYTES> },
        Case { name: "ring + base64", prepare: ring_and_base64::<BYTES> },
        #[cfg(feature = "peers")]
        Case { name: "aws-lc-rs + base64", prepare: aws_lc_and_base64::<BYTES> },
    ]
}

fn body<const BYTES: usize>() -> Vec<u8> {
    br#"{"notification":{"type":"change"}}"#.iter().copied().cycle().take(BYTES).collect()
}

fn compression<const BYTES: usize>() -> Runner {
    // The body with its padding, and the one block of the outer hash.
    let blocks = vec![[b'x'; 64]; (BYTES + 9).div_ceil(64) + 1];
    let mut state = [1; 8];
    each(move || {
        sha2::block_api::compress256(&mut state, &blocks);
        state[0]
    })
}

fn ours<const BYTES: usize>() -> Runner {
    verify(body::<BYTES>(), str::to_owned)
}

fn ours_three_digests<const BYTES: usize>() -> Runner {
    // The right one last, which makes no difference to a verifier in constant time.
    let other = sign(&client_secret(), b"another body");
    verify(body::<BYTES>(), move |header| format!("{other},{other},{header}"))
}

fn verify(body: Vec<u8>, header: impl Fn(&str) -> String) -> Runner {
    let verifier = Verifier::new(&client_secret());
    let header = header(&sign(&client_secret(), &body));
    verifier.verify(&body, header.as_bytes()).expect("signed with the same secret");
    each(move || verifier.verify(&body, header.as_bytes()).is_ok())
}

/// The way that the documentation of `hmac` shows, with the key prepared.
fn hmac_and_base64<const BYTES: usize>() -> Runner {
    use hmac::{Hmac, KeyInit, Mac};
    let key = Hmac::<sha2::Sha256>::new_from_slice(CLIENT_SECRET.as_bytes()).expect("any length is a key");
    decoding(move |body, digest| key.clone().chain_update(body).verify_slice(digest).is_ok(), body::<BYTES>())
}

fn ring_and_base64<const BYTES: usize>() -> Runner {
    use ring::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
    decoding(move |body, digest| hmac::verify(&key, body, digest).is_ok(), body::<BYTES>())
}

#[cfg(feature = "peers")]
fn aws_lc_and_base64<const BYTES: usize>() -> Runner {
    use aws_lc_rs::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
    decoding(move |body, digest| hmac::verify(&key, body, digest).is_ok(), body::<BYTES>())
}

/// A header with one value, decoded into a buffer on the stack.
fn decoding(verify: impl Fn(&[u8], &[u8]) -> bool + 'static, body: Vec<u8>) -> Runner {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let header = sign(&client_secret(), &body);
    let verdict = move || {
        let mut digest = [0; 33];
        let length = BASE64_STANDARD.decode_slice(&header, &mut digest);
        length.is_ok_and(|length| verify(&body, &digest[..length]))
    };
    assert!(verdict(), "signed with the same secret");
    each(verdict)
}
