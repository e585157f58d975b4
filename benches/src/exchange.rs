//! A code exchange without the network: from code to request, from answer to tokens.

use std::hint::black_box;

use bytes::Bytes;
use cronofy_auth_core::types::DataCenter;
use cronofy_auth_core::{Body, Endpoint};
use http::HeaderValue;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::inputs::{NOW, TOKEN_RESPONSE, TOKEN_URL, app, token_exchange};
use crate::request::http_request;
use crate::response::read_owned;
use crate::{Case, Group, Runner, each};

/// Request and answer together, each in the types of `http`.
pub const EXCHANGE: Group = Group {
    name: "exchange",
    cases: &[
        Case { name: "limit", prepare: http_and_serde },
        Case { name: "ours", prepare: ours },
        Case { name: "http alone", prepare: http_alone },
        #[cfg(feature = "peers")]
        Case { name: "oauth2", prepare: oauth2 },
    ],
};

fn answer<B: From<&'static [u8]>>() -> http::Response<B> {
    let mut answer = http::Response::new(B::from(TOKEN_RESPONSE));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}

fn http_and_serde() -> Runner {
    each(|| {
        // Looked at where they stand: moving them out of here would count as work.
        black_box(&http_request(TOKEN_URL));
        black_box(&read_owned(answer::<Bytes>().body()));
    })
}

fn ours() -> Runner {
    let mut exchange = token_exchange(&app(DataCenter::Us));
    each(move || {
        black_box(&exchange.request());
        black_box(&exchange.read(answer(), NOW));
    })
}

/// The head of the request and what is around the answer, with nothing to send and nothing to read, as cheap as
/// `http` has them.
fn http_alone() -> Runner {
    each(|| {
        let mut request = http::Request::new(Body::default());
        *request.method_mut() = http::Method::POST;
        *request.uri_mut() = TOKEN_URL.to_owned().try_into().expect("the constant is a URL");
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        black_box(&request);
        black_box(&answer::<Bytes>());
    })
}

#[cfg(feature = "peers")]
fn oauth2() -> Runner {
    use oauth2::AuthorizationCode;
    let client = oauth2_client();
    let exchange = move || {
        client.exchange_code(AuthorizationCode::new(crate::inputs::CODE.to_owned())).request(&|request| {
            black_box::<oauth2::HttpRequest>(request);
            Ok::<_, std::convert::Infallible>(answer::<Vec<u8>>())
        })
    };
    exchange().expect("the constant is valid");
    each(exchange)
}

#[cfg(feature = "peers")]
pub use oauth2_answer::client as oauth2_client;

/// What a user of `oauth2` has to write so as not to lose what Cronofy says besides.
#[cfg(feature = "peers")]
pub mod oauth2_answer {
    use oauth2::basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
    };
    use oauth2::{
        AuthType, AuthUrl, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
        RedirectUrl, StandardRevocableToken, StandardTokenResponse, TokenUrl,
    };

    use crate::inputs;
    use crate::response::OwnedProfile;

    /// Cronofy's own members.
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    pub struct Extra {
        account_id: String,
        sub: String,
        linking_profile: OwnedProfile,
    }

    impl ExtraTokenFields for Extra {}

    /// The answer.
    pub type Answer = StandardTokenResponse<Extra, BasicTokenType>;

    type Ready = Client<
        BasicErrorResponse,
        Answer,
        BasicTokenIntrospectionResponse,
        StandardRevocableToken,
        BasicRevocationErrorResponse,
        EndpointSet,
        EndpointNotSet,
        EndpointNotSet,
        EndpointNotSet,
        EndpointSet,
    >;

    /// A client made once and kept.
    pub fn client() -> Ready {
        const CHECKED: &str = "the constant is a URL";
        Client::new(ClientId::new(inputs::CLIENT_ID.to_owned()))
            .set_client_secret(ClientSecret::new(inputs::CLIENT_SECRET.to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::new(inputs::AUTHORIZE_URL.to_owned()).expect(CHECKED))
            .set_token_uri(TokenUrl::new(inputs::TOKEN_URL.to_owned()).expect(CHECKED))
            .set_redirect_uri(RedirectUrl::new(inputs::REDIRECT_URI.to_owned()).expect(CHECKED))
    }
}
