//! What a token manager says of itself.

use std::error::Error;
use std::fmt::{Debug, Write as _};

use cronofy_auth_core::types::{Redirect, Sub};
use cronofy_sandbox::Fault;
use cronofy_store::{GrantId, Outcome};

use crate::Make;
use crate::bench::{Bench, Heard};
use crate::faulty::StoreFault;

/// Everything that was said.
#[derive(Default)]
struct Said(String);

impl Said {
    fn debug(&mut self, what: impl Debug) {
        writeln!(self.0, "{what:?} {what:#?}").unwrap();
    }

    fn error(&mut self, error: &dyn Error) {
        self.debug(error);
        writeln!(self.0, "{error}").unwrap();
        if let Some(source) = error.source() {
            self.error(source);
        }
    }
}

const KNOWN: &str =
    r#"{"access_token":"canary-access","refresh_token":"canary-refresh","expires_in":3600,"sub":"acc_1"}"#;
const NAMELESS: &str =
    r#"{"access_token":"canary-access","refresh_token":"canary-refresh","expires_in":3600}"#;
const ECHO: &str =
    r#"{"error":"invalid_request","access_token":"canary-access","refresh_token":"canary-refresh"}"#;
const TORN: &str =
    r#"{"access_token":"canary-access","refresh_token":["canary-refresh"],"expires_in":"canary-access"}"#;

/// No error and no `Debug` output shows a token, a code, a `state` or the client secret: not of what goes well, nor of
/// what fails at the server, in its answer or in the store.
pub fn no_error_and_no_debug_output_shows_a_secret(make: Make<'_>) {
    let bench = Bench::new(make);
    let process = bench.process();
    let heard = Heard::of(&*process);
    let mut said = Said::default();
    let back = |state: &str| Redirect::from_url(&format!("/back?code=canary-code&state={state}")).unwrap();

    let (pending, _, state) = bench.browser("canary-state");
    said.debug(&pending);
    process.begin(pending.clone()).unwrap();
    said.error(&process.begin(pending).unwrap_err());
    for (status, body) in [(400, ECHO), (500, ECHO), (200, TORN)] {
        let (pending, _, state) = bench.browser(&format!("canary-{status}"));
        process.begin(pending).unwrap();
        bench.wire.answer(status, body);
        match process.complete_redirect(back(state.as_str()), &state) {
            Ok(outcome) => said.debug(outcome),
            Err(error) => said.error(&error),
        }
    }
    bench.wire.answer(200, KNOWN);
    bench.store.fail(StoreFault::Full);
    said.error(&process.complete_redirect(back("canary-state"), &state).unwrap_err());
    bench.store.heal();
    process.settled();
    let outcome = process.complete_redirect(back("canary-state"), &state).unwrap();
    said.debug(&outcome);
    let Outcome::Granted(id) = outcome else { panic!("{outcome:?}") };

    let (pending, _, state) = bench.browser("canary-unit");
    process.begin(pending).unwrap();
    bench.wire.answer(200, NAMELESS);
    said.error(&process.complete_redirect(back("canary-unit"), &state).unwrap_err());
    process.settled();

    said.debug(bench.grant(&id));
    for (status, body) in [(400, ECHO), (500, ECHO), (200, TORN)] {
        bench.wire.answer(status, body);
        said.error(&process.refresh_now(&id).unwrap_err());
    }
    bench.wire.answer(200, KNOWN);
    bench.store.fail(StoreFault::Full);
    said.error(&process.refresh_now(&id).unwrap_err());
    bench.store.heal();
    process.settled();
    said.debug(process.userinfo(&id));
    bench.sandbox.fault(Fault::on("POST /oauth/token/revoke").status(500)).unwrap();
    said.error(&process.revoke(&id).unwrap_err());
    let nobody = GrantId::new(&bench.app, Sub::new("acc_2").unwrap());
    said.error(&process.refresh_now(&nobody).unwrap_err());
    said.debug(&process);
    said.debug(heard.all());

    for part in ["Unsaved", "Unnamed", "Refused", "TokenSet", "TokenManager", "NotTold"] {
        assert!(said.0.contains(part), "the search is worth nothing: no {part} in {}", said.0);
    }
    for secret in ["canary", bench.sandbox.client_secret()] {
        let at = said.0.find(secret).map(|at| &said.0[at.saturating_sub(200)..at]);
        assert_eq!(at, None, "{secret} comes after this");
    }
}
