//! The vendor's own examples, with the place each was published at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails, and its helpers with it")]

use cronofy_webhook::{ClientSecret, Verifier, VerifyError, sign, sign_all};

const BODY: &[u8] = br#"{"example":"well-known"}"#;

const VECTORS: [(&str, &str); 5] = [
    // developers/push-notifications/authentication
    ("CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID", "5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0="),
    // developers/push-notifications/authentication, the second active secret (as others quote the page)
    ("CRN_nGlYDFXwfSXgB9rvGNBJyfE454GGPtWIbNuPwr", "BmQmWVuZ70ILWjr1CAt5oC7YOolgnku4WZtlrKfx/6k="),
    // cronofy/cronofy-ruby: spec/lib/cronofy/client_spec.rb; cronofy/cronofy-csharp has the same
    ("pDY0Oi7TJSP2hfNmZNkm5", "6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c="),
    // cronofy/cronofy-php: tests/CronofyTest.php
    ("clientSecret", "QuGlxxssNDaxUjd6RY4wxGf+5KDrmobMmjkGQPtB3WQ="),
    // cronofy/cronofy-node: test/index.spec.js
    ("aPPwd-ASDFAsdfasdfasdfsadfasdfASDFSADF_asdfasdfasdf", "0g6bhIumRlRffctPXuASSl3u6AXOxnYRw+hiTp7IvTg="),
];

fn secret(text: &str) -> ClientSecret {
    ClientSecret::new(text).unwrap()
}

#[track_caller]
fn verdict(text: &str, header: &str) -> Result<(), VerifyError> {
    Verifier::new(&secret(text)).verify(BODY, header.as_bytes()).map(|verified| {
        assert_eq!(verified.bytes(), BODY);
    })
}

#[test]
fn published_digests_verify_and_are_what_we_sign() {
    for (text, digest) in VECTORS {
        assert_eq!(verdict(text, digest), Ok(()), "{digest}");
        assert_eq!(sign(&secret(text), BODY), digest);
    }
}

#[test]
fn no_secret_takes_the_digest_of_another() {
    for (text, _) in VECTORS {
        for (_, digest) in VECTORS.iter().filter(|(other, _)| *other != text) {
            assert_eq!(verdict(text, digest), Err(VerifyError::Mismatch));
        }
    }
}

/// developers/push-notifications/authentication: both secrets active, one comma and no space between.
#[test]
fn the_published_pair_verifies_with_either_secret() {
    let [(first, one), (second, other), ..] = VECTORS;
    let header = format!("{one},{other}");
    assert_eq!(sign_all([&secret(first), &secret(second)], BODY), header);
    assert_eq!(verdict(first, &header), Ok(()));
    assert_eq!(verdict(second, &header), Ok(()));
}

/// cronofy/cronofy-ruby: `spec/lib/cronofy/client_spec.rb`
#[test]
fn a_published_digest_before_something_else() {
    let header = "6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c=,something-else";
    assert_eq!(verdict("pDY0Oi7TJSP2hfNmZNkm5", header), Ok(()));
    assert_eq!(
        verdict("pDY0Oi7TJSP2hfNmZNkm5", "something-else,something-else2"),
        Err(VerifyError::NoDigest)
    );
}

/// cronofy/cronofy-node: `test/index.spec.js`
#[test]
fn a_published_digest_between_others() {
    let [text, mine, other] = [
        "aPPwd-ASDFAsdfasdfasdfsadfasdfASDFSADF_asdfasdfasdf",
        "0g6bhIumRlRffctPXuASSl3u6AXOxnYRw+hiTp7IvTg=",
        "38ArsN7+J/O8joGsgirVEdV16a/+eb+5QgHGIiuv4hk=",
    ];
    assert_eq!(verdict(text, &format!("something-else,{mine},{other}")), Ok(()));
    assert_eq!(verdict(text, &format!("something-else,{other}")), Err(VerifyError::Mismatch));
}

#[test]
fn s26_the_last_of_six_digests_counts() {
    let header =
        format!("{}6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c=", format!("{},", VECTORS[0].1).repeat(5));
    assert_eq!(verdict("pDY0Oi7TJSP2hfNmZNkm5", &header), Ok(()));
}

/// developers/push-notifications/authentication: one digest per active secret, joined by a comma.
#[test]
fn while_a_secret_is_replaced_either_side_may_be_ahead() {
    let [old, new, other] = ["old", "new", "other"].map(secret);
    let both = Verifier::new(&new).with_secret(&old).unwrap();
    let header = sign_all([&old, &new], BODY);
    assert_eq!(header, format!("{},{}", sign(&old, BODY), sign(&new, BODY)));
    for verifier in [&both, &Verifier::new(&old), &Verifier::new(&new)] {
        assert!(verifier.verify(BODY, header.as_bytes()).is_ok());
    }
    for signer in [&old, &new] {
        assert!(both.verify(BODY, sign(signer, BODY).as_bytes()).is_ok());
    }
    assert!(both.verify(BODY, sign(&other, BODY).as_bytes()).is_err());
}

#[test]
fn s26_the_ninth_secret_is_refused() {
    let secrets: Vec<_> = (0..8).map(|number| secret(&number.to_string())).collect();
    let mut verifier = Verifier::new(&secrets[0]);
    for secret in &secrets[1..] {
        verifier = verifier.with_secret(secret).unwrap();
    }
    for secret in &secrets {
        assert!(verifier.verify(BODY, sign(secret, BODY).as_bytes()).is_ok());
    }
    assert_eq!(format!("{verifier:?}"), "Verifier { secrets: 8, .. }");
    let error = verifier.with_secret(&secret("ninth")).unwrap_err();
    assert_eq!(error.to_string(), "a verifier holds at most 8 secrets");
}

#[test]
fn s27_without_a_header_nothing_verifies() {
    let verifier = Verifier::new(&secret("s"));
    let verdict = |headers: &[&[u8]]| verifier.verify_headers(BODY, headers.iter().copied()).unwrap_err();
    assert_eq!(verdict(&[]), VerifyError::Missing);
    assert_eq!(verdict(&[b""]), VerifyError::Empty);
    assert_eq!(verdict(&[b"", b" , "]), VerifyError::Empty);
    assert_eq!(verdict(&[b"\xFF"]), VerifyError::NoDigest);
}

#[test]
fn digests_in_several_header_lines_are_one_list() {
    let [mine, other] = ["mine", "other"].map(secret);
    let verifier = Verifier::new(&mine);
    let [good, bad] = [&mine, &other].map(|secret| sign(secret, BODY));
    for lines in [[&good, &bad], [&bad, &good]] {
        assert!(verifier.verify_headers(BODY, lines.map(String::as_bytes)).is_ok());
    }
    assert!(verifier.verify_headers(BODY, [bad.as_bytes(), bad.as_bytes()]).is_err());
}

#[test]
fn a_verifier_is_shared_between_threads_and_shows_no_secret() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let verifier = Verifier::new(&secret("canary"));
    shared(&verifier);
    assert_eq!(format!("{verifier:?}"), "Verifier { secrets: 1, .. }");
}
