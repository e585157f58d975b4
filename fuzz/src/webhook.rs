//! What somebody posts to a callback URL, and signs or does not.

use cronofy_api::smart_invites::{SmartInvite, SmartInviteCallback};
use cronofy_webhook::{
    Channel, ClientSecret, DelegationCallback, DelegationOutcome, Notification, NotificationKind, Verifier,
    VerifyError, sign, sign_all,
};

use crate::answers::written_and_read;
use crate::is_clean;

/// The lines of a signature header, over a body that is known.
///
/// It verifies if and only if one of the parts between commas is the digest that one of the secrets makes, except
/// that more parts than are accepted verify nothing.
pub fn webhook_header(data: &[u8]) {
    let (one, two) = (secret("one"), secret("two"));
    let verifier = Verifier::new(&one).with_secret(&two).unwrap();
    let body = br#"{"example":"well-known"}"#;
    let good = [sign(&one, body), sign(&two, body)];
    let lines: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
    let offered = lines
        .iter()
        .flat_map(|line| line.split(|&byte| byte == b','))
        .any(|part| good.iter().any(|good| part.trim_ascii() == good.as_bytes()));
    match verifier.verify_headers(body, lines.iter().copied()) {
        Ok(proof) => assert!(offered && proof.bytes() == body),
        Err(VerifyError::TooMany) => {}
        Err(error) => assert!(!offered, "{error}"),
    }
    assert_eq!(verifier.verify(body, data).is_ok(), verifier.verify_headers(body, [data]).is_ok());
}

/// A body, signed by us.
///
/// It verifies as it is and in no other form; then everything that reads verified bodies reads it or says why not.
pub fn webhook_body(data: &[u8]) {
    let (one, two) = (secret("one"), secret("two"));
    let header = sign_all([&two, &one], data);
    let verified = Verifier::new(&one).verify(data, header.as_bytes()).unwrap();
    assert_eq!(verified.bytes(), data);

    let mut changed = data.to_vec();
    match changed.len() {
        0 => changed.push(0),
        length => changed[length / 2] ^= 1,
    }
    assert_eq!(Verifier::new(&one).verify(&changed, header.as_bytes()).unwrap_err(), VerifyError::Mismatch);

    match DelegationCallback::parse(&verified) {
        Ok(callback) => match callback.outcome {
            DelegationOutcome::Granted(code) => assert!(!code.expose().is_empty()),
            DelegationOutcome::Failed(failure) => {
                assert!(!failure.error.is_empty() && is_clean(&failure.to_string()));
            }
        },
        Err(error) => assert!(error.to_string().len() < 120),
    }
    match Notification::parse(&verified) {
        Ok(notification) => {
            assert_eq!(NotificationKind::from(notification.kind.as_str()), notification.kind);
            assert_eq!(Notification::parse(&verified).unwrap(), notification);
            if let Some(channel) = &notification.channel {
                let written = serde_json::to_value(channel).unwrap();
                assert_eq!(&serde_json::from_value::<Channel>(written).unwrap(), channel);
            }
        }
        Err(error) => assert!(error.to_string().len() < 120),
    }
    match SmartInviteCallback::parse(&verified) {
        Ok(callback) => {
            written_and_read::<SmartInvite>(&callback.smart_invite);
            // Whoever reads both tells them apart.
            if let Ok(notification) = Notification::parse(&verified) {
                assert_eq!(notification.kind, callback.kind);
            }
        }
        Err(error) => assert!(error.to_string().len() < 120),
    }
}

fn secret(text: &str) -> ClientSecret {
    ClientSecret::new(text).unwrap()
}
