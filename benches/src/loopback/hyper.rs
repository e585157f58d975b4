//! Over hyper: the transport, and hyper-util's pooled client as it comes.

use bytes::Bytes;
use cronofy_auth_core::token::{CodeOrigin, TokenExchange};
use cronofy_auth_core::{Endpoint, drive};
use cronofy_transport_hyper::{HyperTransport, Roots};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use tokio::runtime::{Builder, Runtime};

use super::{app, token_url};
use crate::Runner;
use crate::inputs::{code, redirect_uri};
use crate::request::http_request;
use crate::response::read_owned;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("the operating system has what tokio wants")
}

pub(super) fn bare() -> Runner {
    let runtime = runtime();
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let url = token_url();
    Box::new(move |times| {
        runtime.block_on(async {
            for _ in 0..times {
                let request = http_request(&url).map(|body| Full::new(body.into()));
                let answer = client.request(request).await.expect("the server answers");
                let body = answer.into_body().collect().await.expect("the server answers").to_bytes();
                std::hint::black_box(read_owned(&body));
            }
        });
    })
}

pub(super) fn ours() -> Runner {
    let runtime = runtime();
    // No authorities: nothing here is TLS, and reading them takes longer than everything else.
    let transport =
        HyperTransport::builder().roots(Roots::Only(Vec::new())).build().expect("TLS without roots");
    let (app, code, origin) = (app(), code(), CodeOrigin::Redirect(redirect_uri()));
    Box::new(move |times| {
        runtime.block_on(async {
            for _ in 0..times {
                let exchange = TokenExchange::new(app.clone(), code.clone(), origin.clone());
                let tokens = drive(&transport, exchange.call()).await;
                std::hint::black_box(tokens.expect("the server answers"));
            }
        });
    })
}
