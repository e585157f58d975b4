//! Base64 of one digest: RFC 4648 section 4, strict, 44 characters for 32 bytes and nothing else.
//!
//! By hand, since the one length makes it short and half as expensive as a decoder for any length, and it
//! leaves a crate out of the tree. What is decoded is public, so it need not take constant time.

use crate::key::TAG_LENGTH;

/// 32 bytes in padded base64: ten full groups, and a last one of two bytes.
pub(crate) const TEXT_LENGTH: usize = 44;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// In [`VALUES`]: not in the alphabet. Above every value, so that one survives a bitwise or.
const NONE: u8 = 0x80;

/// The value of every byte.
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        values[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    values
};

pub(crate) fn encode(digest: &[u8; TAG_LENGTH]) -> String {
    let mut text = String::with_capacity(TEXT_LENGTH);
    for group in digest.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let value = bits >> (18 - 6 * place) & 63;
            text.push(if place <= group.len() { char::from(ALPHABET[value as usize]) } else { '=' });
        }
    }
    text
}

/// Nothing if the text has another length, a character outside of the alphabet, no padding, or bits in its
/// last character that belong to no byte.
pub(crate) fn decode(text: &[u8]) -> Option<[u8; TAG_LENGTH]> {
    let text: &[u8; TEXT_LENGTH] = text.try_into().ok()?;
    let (groups, _) = text.as_chunks::<4>();
    let [full @ .., [first, second, third, b'=']] = groups else { return None };
    let mut digest = [0; TAG_LENGTH];
    let (triples, rest) = digest.as_chunks_mut::<3>();
    let mut seen = 0;
    for (triple, group) in triples.iter_mut().zip(full) {
        let [_, bytes @ ..] = bits(group, &mut seen).to_be_bytes();
        *triple = bytes;
    }
    let last = bits(&[*first, *second, *third], &mut seen);
    let [.., high, low] = (last >> 2).to_be_bytes();
    rest.copy_from_slice(&[high, low]);
    (seen & NONE == 0 && last % 4 == 0).then_some(digest)
}

/// Six bits from every character; `seen` gathers their values, so that one look at it tells of them all.
fn bits<const N: usize>(group: &[u8; N], seen: &mut u8) -> u32 {
    group.iter().fold(0, |bits, &byte| {
        let value = VALUES[usize::from(byte)];
        *seen |= value;
        bits << 6 | u32::from(value)
    })
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use proptest::prelude::*;

    use super::*;

    fn by_the_crate(text: &[u8]) -> Option<[u8; TAG_LENGTH]> {
        BASE64_STANDARD.decode(text).ok()?.try_into().ok()
    }

    #[test]
    fn every_byte_at_every_place_is_judged_as_the_base64_crate_judges_it() {
        let digest: [u8; TAG_LENGTH] = core::array::from_fn(|at| u8::try_from(at * 7).unwrap());
        let text = encode(&digest).into_bytes();
        assert_eq!(decode(&text), Some(digest));
        for at in 0..TEXT_LENGTH {
            for byte in 0..=u8::MAX {
                let mut text = text.clone();
                text[at] = byte;
                assert_eq!(decode(&text), by_the_crate(&text), "{byte:#x} at {at}");
            }
        }
    }

    #[test]
    fn other_lengths_are_no_digest() {
        for length in (0..100).filter(|&length| length != TAG_LENGTH) {
            assert_eq!(decode(BASE64_STANDARD.encode(vec![7; length]).as_bytes()), None, "{length}");
        }
        assert_eq!(decode(BASE64_STANDARD.encode([7; TAG_LENGTH]).trim_end_matches('=').as_bytes()), None);
    }

    proptest! {
        #[test]
        fn encoding_and_decoding_are_inverses(digest: [u8; TAG_LENGTH]) {
            let text = encode(&digest);
            prop_assert_eq!(&text, &BASE64_STANDARD.encode(digest));
            prop_assert_eq!(decode(text.as_bytes()), Some(digest));
        }

        #[test]
        fn any_text_is_judged_as_the_base64_crate_judges_it(text in "[A-Za-z0-9+/=]{43,45}") {
            prop_assert_eq!(decode(text.as_bytes()), by_the_crate(text.as_bytes()));
        }
    }
}
