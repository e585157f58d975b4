//! What holds for every body, every header and every order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, and its helpers with it")]

use cronofy_webhook::{ClientSecret, Notification, Verified, Verifier, fingerprint, sign};
use proptest::prelude::*;
use proptest::sample::Index;

fn secret(text: &str) -> ClientSecret {
    ClientSecret::new(text).unwrap()
}

/// One way to alter bytes, so that they are others.
#[derive(Debug, Clone)]
enum Mutation {
    FlipBit(Index, u8),
    CutBefore(Index),
    CutAfter(Index),
    Prepend(u8),
    Append(u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Mutation::FlipBit(at, bit)),
        any::<Index>().prop_map(Mutation::CutBefore),
        any::<Index>().prop_map(Mutation::CutAfter),
        any::<u8>().prop_map(Mutation::Prepend),
        any::<u8>().prop_map(Mutation::Append),
    ]
}

impl Mutation {
    /// `bytes` must not be empty.
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut mutated = bytes.to_vec();
        match self {
            Self::FlipBit(at, bit) => mutated[at.index(bytes.len())] ^= 1 << bit,
            Self::CutBefore(at) => drop(mutated.drain(..=at.index(bytes.len()))),
            Self::CutAfter(at) => mutated.truncate(at.index(bytes.len())),
            Self::Prepend(byte) => mutated.insert(0, *byte),
            Self::Append(byte) => mutated.push(*byte),
        }
        mutated
    }
}

proptest! {
    #[test]
    fn s24_any_bytes_verify_and_come_back_as_they_were(body: Vec<u8>) {
        let secret = secret("s");
        let header = sign(&secret, &body);
        let verified = Verifier::new(&secret).verify(&body, header.as_bytes()).unwrap();
        prop_assert_eq!(verified.bytes(), &body[..]);
    }

    #[test]
    fn s25_a_mutated_body_never_verifies(
        body in prop::collection::vec(any::<u8>(), 1..300),
        mutation in mutation(),
    ) {
        let secret = secret("s");
        let header = sign(&secret, &body);
        let mutated = mutation.apply(&body);
        prop_assert_ne!(&mutated, &body);
        prop_assert!(Verifier::new(&secret).verify(&mutated, header.as_bytes()).is_err());
    }

    #[test]
    fn s25_a_mutated_digest_never_verifies(
        body in prop::collection::vec(any::<u8>(), 0..300),
        mutation in mutation(),
    ) {
        let secret = secret("s");
        let mutated = mutation.apply(sign(&secret, &body).as_bytes());
        // Around a digest, spaces and commas are of no account.
        let blank = |byte: u8| byte == b',' || byte.is_ascii_whitespace();
        prop_assume!(!matches!(mutation, Mutation::Prepend(byte) | Mutation::Append(byte) if blank(byte)));
        prop_assert!(Verifier::new(&secret).verify(&body, &mutated).is_err());
    }

    #[test]
    fn s26_several_secrets_and_digests_verify_if_and_only_if_one_matches(
        body: Vec<u8>,
        ours in prop::sample::subsequence((0..12u8).collect::<Vec<_>>(), 1..=8).prop_shuffle(),
        theirs in prop::sample::subsequence((0..12u8).collect::<Vec<_>>(), 1..=8).prop_shuffle(),
        separators in prop::collection::vec(prop::sample::select(vec![",", ", ", " ,\t", ",,"]), 8),
        lines in any::<Index>(),
    ) {
        let made = |number: &u8| secret(&format!("secret {number}"));
        let verifier = ours[1..].iter().fold(Verifier::new(&made(&ours[0])), |verifier, number| {
            verifier.with_secret(&made(number)).unwrap()
        });
        let digests: Vec<String> = theirs.iter().map(|number| sign(&made(number), &body)).collect();
        let matches = ours.iter().any(|number| theirs.contains(number));

        let header: String = digests.iter().zip(separators).flat_map(|(digest, after)| [digest, after]).collect();
        prop_assert_eq!(verifier.verify(&body, header.as_bytes()).is_ok(), matches);

        let (first, second) = digests.split_at(lines.index(digests.len()));
        let lines = [first.join(","), second.join(",")];
        let lines = lines.iter().map(String::as_bytes);
        prop_assert_eq!(verifier.verify_headers(&body, lines).is_ok(), matches);
    }

    #[test]
    fn s31_no_header_panics(
        body: Vec<u8>,
        headers in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..12),
    ) {
        let verifier = Verifier::new(&secret("s"));
        prop_assert!(verifier.verify_headers(&body, headers.iter().map(Vec::as_slice)).is_err());
    }

    #[test]
    fn s31_no_header_of_the_right_characters_panics(header in "[A-Za-z0-9+/=, \\x00\t]{0,400}") {
        let verifier = Verifier::new(&secret("s"));
        prop_assert!(verifier.verify(b"body", header.as_bytes()).is_err());
    }

    #[test]
    fn s31_no_verified_body_panics(body: Vec<u8>) {
        let _ = Notification::parse(&Verified::vouched_for_elsewhere(&body));
    }

    #[test]
    fn unknown_types_and_members_survive(kind in "[a-z_]{1,20}", member in "x[a-z]{0,9}", value: u64) {
        let body = format!(
            r#"{{"{member}":{value},"notification":{{"type":"{kind}","{member}":{value}}},
                "channel":{{"channel_id":"chn_1","{member}":{value}}}}}"#
        );
        let notification = Notification::parse(&Verified::vouched_for_elsewhere(body.as_bytes())).unwrap();
        prop_assert_eq!(notification.kind.as_str(), kind);
        let channel = notification.channel.unwrap();
        for kept in [&notification.extra, &notification.beside, &channel.extra] {
            prop_assert_eq!(kept.get(&member).and_then(serde_json::Value::as_u64), Some(value));
        }
    }

    #[test]
    fn s29_repeated_deliveries_share_a_fingerprint_and_altered_ones_do_not(
        body in prop::collection::vec(any::<u8>(), 1..300),
        mutation in mutation(),
    ) {
        let of = |body: &[u8]| fingerprint(&Verified::vouched_for_elsewhere(body));
        prop_assert_eq!(of(&body), of(&body.clone()));
        prop_assert_ne!(of(&body), of(&mutation.apply(&body)));
    }
}
