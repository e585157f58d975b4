//! Building a token request.

use cronofy_auth_core::Endpoint;
use cronofy_auth_core::types::DataCenter;

use crate::inputs::{CLIENT_ID, CLIENT_SECRET, CODE, REDIRECT_URI, TOKEN_URL, app, token_exchange};
use crate::{Case, Group, Runner, each};

/// `POST /oauth/token` with a code.
pub const TOKEN_REQUEST: Group = Group {
    name: "token request",
    cases: &[
        Case { name: "limit", prepare: http_and_serde },
        Case { name: "body by hand", prepare: by_hand },
        Case { name: "body by serde_json", prepare: serde },
        Case { name: "ours", prepare: ours },
        #[cfg(feature = "peers")]
        Case { name: "oauth2", prepare: oauth2 },
    ],
};

/// The members of the body, as `serde_json` writes them.
#[derive(Clone, Copy, serde::Serialize)]
pub struct RequestBody {
    client_id: &'static str,
    client_secret: &'static str,
    grant_type: &'static str,
    code: &'static str,
    redirect_uri: &'static str,
}

/// The members of the body.
pub const BODY: RequestBody = RequestBody {
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    grant_type: "authorization_code",
    code: CODE,
    redirect_uri: REDIRECT_URI,
};

/// What the work comes to for whoever has no library for it but those two.
pub fn http_request(url: &str) -> http::Request<Vec<u8>> {
    http::Request::post(url)
        .header("accept", "application/json")
        .header("content-type", "application/json; charset=utf-8")
        .body(serde_json::to_vec(&BODY).expect("strings are JSON"))
        .expect("the constants are valid")
}

fn http_and_serde() -> Runner {
    each(|| http_request(TOKEN_URL))
}

/// Only where no value needs an escape.
fn by_hand() -> Runner {
    each(|| {
        let mut body = String::with_capacity(256);
        for (name, value) in [
            ("{\"client_id\":\"", CLIENT_ID),
            ("\",\"client_secret\":\"", CLIENT_SECRET),
            ("\",\"grant_type\":\"", "authorization_code"),
            ("\",\"code\":\"", CODE),
            ("\",\"redirect_uri\":\"", REDIRECT_URI),
        ] {
            body.push_str(name);
            body.push_str(value);
        }
        body.push_str("\"}");
        body
    })
}

fn serde() -> Runner {
    each(|| serde_json::to_vec(&BODY))
}

fn ours() -> Runner {
    let exchange = token_exchange(&app(DataCenter::Us));
    each(move || exchange.request())
}

#[cfg(feature = "peers")]
fn oauth2() -> Runner {
    /// Takes the request and gives nothing back.
    #[derive(Debug)]
    struct Unanswered;

    impl std::fmt::Display for Unanswered {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("unanswered")
        }
    }

    impl std::error::Error for Unanswered {}

    let client = crate::exchange::oauth2_client();
    each(move || {
        client.exchange_code(oauth2::AuthorizationCode::new(CODE.to_owned())).request(&|request| {
            std::hint::black_box::<oauth2::HttpRequest>(request);
            Err(Unanswered)
        })
    })
}
