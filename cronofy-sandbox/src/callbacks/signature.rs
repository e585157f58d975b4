//! `Cronofy-HMAC-SHA256`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// One digest per active secret, joined by a comma without a space.
pub(super) fn signature(body: &[u8], secrets: &[String]) -> String {
    let digests = secrets.iter().filter_map(|secret| {
        // HMAC takes keys of any length; the error type is for algorithms that do not.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        mac.update(body);
        Some(STANDARD.encode(mac.finalize().into_bytes()))
    });
    digests.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// docs: push-notifications/authentication, and the SDKs of Ruby and PHP.
    #[test]
    fn signatures_are_those_of_the_published_examples() {
        let secrets = ["CRN_NggYusqPGLxwjw5FHOJYOqSrTPNXy8WQf14OID", "pDY0Oi7TJSP2hfNmZNkm5", "clientSecret"];
        assert_eq!(
            signature(br#"{"example":"well-known"}"#, &secrets.map(str::to_owned)),
            "5DxentQi5YSXODEzTVv06sRwJ3pULIz1KrYv20qxEK0=,6r2/HjBkqymGegX0wOfifieeUXbbHwtV/LohHS+jv6c=,\
             QuGlxxssNDaxUjd6RY4wxGf+5KDrmobMmjkGQPtB3WQ="
        );
    }
}
