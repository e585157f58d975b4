//! Writing an authorize URL of six parameters.

use cronofy_auth_core::authorize::IndividualConnect;
use cronofy_auth_core::types::DataCenter;

use crate::inputs::{
    AUTHORIZE_URL, CLIENT_ID, REDIRECT_URI, SCOPES, STATE, app, redirect_uri, scopes, state,
};
use crate::{Case, Group, Runner, each};

/// `response_type`, `client_id`, `redirect_uri`, `scope`, `state`, `avoid_linking`.
pub const URL: Group = Group {
    name: "authorize URL",
    cases: &[
        Case { name: "limit", prepare: by_hand },
        Case { name: "ours", prepare: ours },
        Case { name: "ours, with what to keep", prepare: ours_with_pending },
        Case { name: "percent-encoding + format!", prepare: formatted },
        #[cfg(feature = "peers")]
        Case { name: "oauth2", prepare: oauth2 },
    ],
};

/// Everything about the URL is known in advance but its values: one table, one allocation of the right size.
fn by_hand() -> Runner {
    const UNRESERVED: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0_u8;
        while byte < 128 {
            table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
            byte += 1;
        }
        table
    };
    fn push(url: &mut Vec<u8>, value: &str) {
        for &byte in value.as_bytes() {
            if UNRESERVED[usize::from(byte)] {
                url.push(byte);
            } else {
                let digit = |nibble: u8| b"0123456789ABCDEF"[usize::from(nibble)];
                url.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    let scope = SCOPES.join(" ");
    let write = move || {
        let mut url = Vec::with_capacity(380);
        url.extend_from_slice(AUTHORIZE_URL.as_bytes());
        url.extend_from_slice(b"?response_type=code&client_id=");
        push(&mut url, CLIENT_ID);
        url.extend_from_slice(b"&redirect_uri=");
        push(&mut url, REDIRECT_URI);
        url.extend_from_slice(b"&scope=");
        push(&mut url, &scope);
        url.extend_from_slice(b"&state=");
        push(&mut url, STATE);
        url.extend_from_slice(b"&avoid_linking=true");
        String::from_utf8(url).expect("all of it is ASCII")
    };
    assert_eq!(write().len(), 338);
    assert_eq!(write(), connect().url(&app(DataCenter::Us), &state()));
    each(write)
}

fn connect() -> IndividualConnect {
    IndividualConnect::new(redirect_uri(), scopes()).expect("there are scopes").avoid_linking()
}

fn ours() -> Runner {
    let (app, connect, state) = (app(DataCenter::Us), connect(), state());
    each(move || connect.url(&app, &state))
}

fn ours_with_pending() -> Runner {
    let (app, connect, state) = (app(DataCenter::Us), connect(), state());
    each(move || connect.authorize(&app, state.clone(), crate::inputs::NOW))
}

/// What one writes without thinking of it.
fn formatted() -> Runner {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let scope = SCOPES.join(" ");
    each(move || {
        let encoded = |text| utf8_percent_encode(text, RESERVED);
        format!(
            "{AUTHORIZE_URL}?response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&avoid_linking=true",
            encoded(CLIENT_ID),
            encoded(REDIRECT_URI),
            encoded(&scope),
            encoded(STATE),
        )
    })
}

#[cfg(feature = "peers")]
fn oauth2() -> Runner {
    use oauth2::{CsrfToken, Scope};
    let client = crate::exchange::oauth2_client();
    each(move || {
        client
            .authorize_url(|| CsrfToken::new(STATE.to_owned()))
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("avoid_linking", "true")
            .url()
    })
}
