//! Keys, and an envelope by itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![cfg(feature = "sealing")]

use std::fs;

use cronofy_store::seal::{Key, KeyError, Keys, Place, Seal, SealError};

fn key(number: u8) -> Key {
    Key::from_bytes([number; 32])
}

#[test]
fn keys_are_read_from_text_and_files_and_never_shown() {
    let one = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let two = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    fs::write(&file, format!("# the new one\n{two}\n\n  {one}  \n")).unwrap();
    let keys = Keys::from_file(&file).unwrap();
    let shown = format!("{:?} {:?}", Seal::new(keys), key(2));
    assert!(shown.contains(&key(1).id().to_string()) && shown.contains(&key(2).id().to_string()));
    assert!(!shown.contains(&one[..8]) && !shown.contains("1, 1"), "{shown}");

    let refused = |text: &str| Keys::from_base64(text).unwrap_err().to_string();
    assert_eq!(refused("\n# nothing\n"), "there is no key in the text");
    assert_eq!(refused("\ncanary!"), "line 2 is no key in base64");
    assert_eq!(refused(&format!("{one}\nQUJD")), "line 2 is a key of 3 bytes; it has to be 32");
    let missing = Keys::from_file(folder.path().join("none")).unwrap_err();
    assert!(matches!(missing, KeyError::File { .. }));
    assert!(missing.to_string().ends_with("none cannot be read"), "{missing}");
}

#[test]
fn an_envelope_opens_in_its_place_alone() {
    let seal = Seal::new(Keys::new(key(1)));
    let row: [&[u8]; 2] = [b"us", b"acc_1"];
    let place = Place { table: "t", column: "c", row: &row, generation: 3, beside: &[b"x"] };
    let cell = seal.seal(b"plain", &place).unwrap();
    assert_eq!(cell.len(), 1 + 8 + 24 + 5 + 16);
    assert_eq!(seal.open(&cell, &place).unwrap().as_slice(), b"plain");
    assert_ne!(seal.seal(b"plain", &place).unwrap(), cell, "no nonce comes twice");
    for other in [
        Place { table: "tc", column: "", ..place },
        Place { column: "d", ..place },
        Place { row: &row[..1], ..place },
        Place { row: &[b"usacc_1"], ..place },
        Place { generation: 2, ..place },
        Place { beside: &[], ..place },
        Place { beside: &[b"x", b""], ..place },
    ] {
        assert_eq!(seal.open(&cell, &other).unwrap_err(), SealError::NotAuthentic, "{other:?}");
    }
    for short in 0..33 {
        assert_eq!(seal.open(&cell[..short], &place).unwrap_err(), SealError::NoEnvelope, "{short}");
    }
    let error = seal.open(&[2; 99], &place).unwrap_err();
    assert_eq!(error.to_string(), "it is no envelope of a known version");
}
