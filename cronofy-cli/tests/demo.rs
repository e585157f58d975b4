//! The demo as a person and a program type it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::process::{Command, Output};

const FLOWS: [&str; 18] = [
    "individual",
    "individual_denied",
    "refresh",
    "refresh_rotated",
    "revoke_token",
    "revoke_sub",
    "revoke_profile",
    "business",
    "enterprise_single",
    "enterprise_batch",
    "enterprise_callback_error",
    "enterprise_revoke_cascade",
    "organization",
    "organization_event_as_member",
    "free_busy_individual",
    "free_busy_enterprise",
    "free_busy_invitation",
    "free_busy_availability",
];

fn cronofy(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cronofy")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn every_flow_goes_well_over_both_transports() {
    let output = cronofy(&["demo", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{report:#}");
    assert_eq!(text(&output.stderr), "");

    let flows = report["flows"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    for flow in flows {
        let name = flow["flow"].as_str().unwrap();
        assert_eq!(flow["ok"], true, "{flow}");
        assert!(!flow["detail"].as_str().unwrap().is_empty(), "{flow}");
        // A denial brings no code, so there is nothing to send.
        assert_eq!(flow["http_requests"].as_u64().unwrap() > 0, name != "individual_denied", "{flow}");
        let members: BTreeSet<_> = flow.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, BTreeSet::from(["detail", "flow", "http_requests", "ok", "transport"]));
        assert!(seen.insert((name, flow["transport"].as_str().unwrap())), "twice: {flow}");
    }
    let due: BTreeSet<_> = FLOWS.iter().flat_map(|flow| [(*flow, "hyper"), (*flow, "ureq")]).collect();
    assert_eq!(seen, due);
    assert_eq!(report.as_object().unwrap().len(), 1);
    assert_eq!(text(&output.stdout).lines().count(), 1);
}

#[test]
fn one_transport_alone() {
    for transport in ["hyper", "ureq"] {
        let output = cronofy(&["demo", "--json", "--transport", transport]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let flows = report["flows"].as_array().unwrap();
        assert_eq!(flows.len(), FLOWS.len());
        assert!(flows.iter().all(|flow| flow["transport"] == transport), "{report:#}");
    }
}

#[test]
fn what_people_read_has_no_secret_and_no_colour() {
    let output = cronofy(&["demo"]);
    assert!(output.status.success());
    let story = text(&output.stdout);
    for flow in FLOWS {
        assert!(story.contains(&format!("/{}  {flow}: ", FLOWS.len())), "{flow}");
    }
    assert_eq!(story.matches("line for line the same as over hyper").count(), FLOWS.len());
    assert!(story.contains(&format!("All {} runs went as they should", 2 * FLOWS.len())), "{story}");
    assert!(!story.contains('\x1b'), "no colour away from a terminal");
    // Secrets, tokens, codes and states are what runs on that long; words do not.
    let long = story.split(|character: char| !character.is_ascii_alphanumeric()).find(|word| word.len() > 15);
    assert_eq!(long, None);
    assert!(!story.contains("CRN_"));
    let wide = story.lines().find(|line| line.chars().count() > 132);
    assert_eq!(wide, None, "no line is too wide to read");
}

#[test]
fn usage_errors() {
    for arguments in [
        &[][..],
        &["dmeo"],
        &["demo", "--transport", "carrier-pigeon"],
        &["demo", "--jsno"],
        &["sandbox", "--listen", "0.0.0.0:0"],
        &["sandbox", "--listen", "somewhere"],
        &["sandbox", "--seed", "x"],
        &["sandbox", "--auto-consent", "nobody@nowhere.example"],
    ] {
        let output = cronofy(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_lists_the_exit_codes() {
    for arguments in [&["--help"][..], &["demo", "--help"], &["sandbox", "--help"]] {
        let output = cronofy(arguments);
        assert!(output.status.success());
        let help = text(&output.stdout);
        assert!(
            help.contains("  0  all went as asked\n  1  something failed\n  2  the command line"),
            "{help}"
        );
    }
}

/// Processes are killed at random, and the sandbox sees every mailbox authorized once.
#[test]
fn a_roll_out_survives_its_processes() {
    let output = cronofy(&["demo", "rollout", "--mailboxes", "60", "--kill", "--json"]);
    assert!(output.status.success(), "{}{}", text(&output.stderr), text(&output.stdout));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let members: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    let mut promised = [
        "mailboxes",
        "authorized",
        "failed",
        "kills",
        "requests",
        "redeemed_twice",
        "token_reuse",
        "rate_limited",
        "seconds_simulated",
        "bound_seconds",
    ];
    promised.sort_unstable();
    assert_eq!(members, promised);
    assert_eq!((&report["mailboxes"], &report["authorized"]), (&60.into(), &60.into()));
    for none in ["failed", "redeemed_twice", "token_reuse", "rate_limited"] {
        assert_eq!(report[none], 0, "{report}");
    }
    assert!(report["kills"].as_u64().unwrap() > 0 && report["requests"].as_u64().unwrap() >= 62, "{report}");
}

/// By the sandbox's clock, at Cronofy's own limits: as fast as these allow, and not one request too many.
#[test]
fn a_roll_out_takes_as_long_as_the_limits_allow() {
    let output = cronofy(&["demo", "rollout", "--mailboxes", "60"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(told.contains("Every mailbox was authorized once: 62 requests"), "{told}");
    assert!(text(&output.stderr).contains("60 of 60 authorized"));
}

#[test]
fn a_roll_out_that_makes_no_sense_is_refused() {
    let nowhere = &["--kill", "--postgres"];
    for arguments in
        [&["--mailboxes", "0"][..], &["--processes", "2"], &["--postgres", "postgres://x"], nowhere]
    {
        let output = cronofy(&[&["demo", "rollout"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
