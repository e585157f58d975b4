//! Over ureq: the transport, and an agent as it comes.

use cronofy_auth_core::token::{CodeOrigin, TokenExchange};
use cronofy_auth_core::{Endpoint, drive_blocking};
use cronofy_transport_ureq::{Roots, UreqTransport};

use super::{app, token_url};
use crate::Runner;
use crate::inputs::{code, redirect_uri};
use crate::request::http_request;
use crate::response::read_owned;

pub(super) fn bare() -> Runner {
    let agent = ureq::Agent::new_with_defaults();
    let url = token_url();
    crate::each(move || {
        let answer = agent.run(http_request(&url)).expect("the server answers");
        read_owned(&answer.into_body().read_to_vec().expect("the server answers"))
    })
}

pub(super) fn ours() -> Runner {
    // No authorities: nothing here is TLS, and reading them takes longer than everything else.
    let transport =
        UreqTransport::builder().roots(Roots::Only(Vec::new())).build().expect("TLS without roots");
    let (app, code, origin) = (app(), code(), CodeOrigin::Redirect(redirect_uri()));
    crate::each(move || {
        let exchange = TokenExchange::new(app.clone(), code.clone(), origin.clone());
        drive_blocking(&transport, exchange.call()).expect("the server answers")
    })
}
