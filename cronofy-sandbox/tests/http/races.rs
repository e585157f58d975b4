//! Many callers at the same moment.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use cronofy_sandbox::{RefreshMode, Sandbox};

use crate::support::*;

const CALLERS: usize = 16;

/// Runs `call` on that many threads at once.
fn together<T: Send>(call: impl Fn() -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(CALLERS);
    let (barrier, call) = (&barrier, &call);
    thread::scope(|scope| {
        let one = || {
            barrier.wait();
            call()
        };
        let callers: Vec<_> = (0..CALLERS).map(|_| scope.spawn(one)).collect();
        callers.into_iter().map(|caller| caller.join().expect("no caller panics")).collect()
    })
}

fn refresh_together(sandbox: &Sandbox) -> (Vec<Connected>, usize) {
    let tokens = connect_user(sandbox, "ada@orchard.example");
    let answers = together(|| refresh(sandbox, tokens.text("refresh_token")));
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    let losers = lost.len();
    for answer in lost {
        answer.oauth_error("invalid_grant");
    }
    (won.into_iter().map(|answer| Connected(answer.json())).collect(), losers)
}

#[test]
fn s16_of_many_redemptions_of_a_code_one_wins() {
    let sandbox = start();
    let code = allow(&sandbox, &target(&sandbox, INDIVIDUAL, &[]), "ada@orchard.example");
    let answers = together(|| exchange(&sandbox, &code));
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 200) {
        answer.oauth_error("invalid_grant");
    }
}

#[test]
fn of_many_strictly_rotating_refreshes_one_wins() {
    let sandbox =
        builder().refresh_mode(RefreshMode::RotateStrict).start_blocking().expect("a sandbox starts");
    let (won, losers) = refresh_together(&sandbox);
    assert_eq!((won.len(), losers), (1, CALLERS - 1));
    refresh(&sandbox, won[0].text("refresh_token")).is(200);
}

#[test]
fn within_a_grace_window_all_refreshes_get_the_same_new_token() {
    let mode = RefreshMode::RotateWithGrace(Duration::from_secs(30));
    let sandbox = builder().refresh_mode(mode).start_blocking().expect("a sandbox starts");
    let (won, losers) = refresh_together(&sandbox);
    assert_eq!((won.len(), losers), (CALLERS, 0));
    let tokens: BTreeSet<&str> = won.iter().map(|tokens| tokens.text("refresh_token")).collect();
    assert_eq!(tokens.len(), 1);
}
