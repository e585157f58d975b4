//! `FIDELITY.md`, written from the ledger.

use std::fmt::Write as _;
use std::{env, fs};

use super::{Counts, Group, Ledger, Operation, Rule, Trust};
use crate::routes;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/FIDELITY.md");

#[test]
fn fidelity_md_is_what_the_code_says() {
    let text = markdown(&Ledger::of(routes::served().operations));
    if env::var_os("UPDATE_FIDELITY").is_some() {
        fs::write(FILE, &text).expect("FIDELITY.md can be written");
    }
    let file = fs::read_to_string(FILE).unwrap_or_default();
    let differs = text.lines().zip(file.lines()).find(|(ours, theirs)| ours != theirs);
    assert!(
        text.lines().eq(file.lines()),
        "\n\nFIDELITY.md is not what the rules in the code say. Renew it and commit it with them:\n\n    \
         UPDATE_FIDELITY=1 cargo test -p cronofy-sandbox --lib ledger\n\n\
         First difference, code against file: {differs:#?}\n"
    );
}

const OPENING: &str = "\
# How far the sandbox can be trusted

<!-- Written from the rules beside each endpoint. To change it, change them, and then:
     UPDATE_FIDELITY=1 cargo test -p cronofy-sandbox --lib ledger -->

Does Cronofy answer like this? For every rule, this says how that is known. It is what this project found out, and no
statement of Cronofy Limited.

| trust | meaning | source |
|---|---|---|
| documented | Cronofy's documentation says so, or an RFC that it refers to | a path below `docs.cronofy.com/developers/`, the title of a guide, `changelog.cronofy.com`, or a section of an RFC |
| observed | an official client, its tests or a sample application shows it | the client |
| guessed | no source says it: a client should not depend on it | why it was chosen |

The documentation was read from stored copies, many of them without the end of the page, and where they end, from a
connector of 2017 that restates it. So \"guessed\" means that no source was found, not that there is none. A running sandbox gives the same as JSON: `GET /_sandbox/fidelity`.
Headers that begin with `Cronofy-Sandbox`, and paths that begin with `/_sandbox/`, are the sandbox's own.
";

fn markdown(ledger: &Ledger) -> String {
    let Counts { documented, observed, guessed } = ledger.rules;
    let mut text = format!(
        "{OPENING}\n{} rules in {} calls: {documented} documented, {observed} observed, {guessed} guessed.\n",
        documented + observed + guessed,
        ledger.operations.len(),
    );
    text.push_str("\n## At a glance\n");
    let groups = ledger.groups.iter().map(|group| (group.name.to_owned(), group.rules));
    let calls = ledger.operations.iter().map(|operation| (format!("`{}`", operation.name), operation.rules));
    let row = |(name, rules): (String, &[Rule])| {
        let Counts { documented, observed, guessed } = Counts::of(rules);
        [name, documented.to_string(), observed.to_string(), guessed.to_string()]
    };
    table(&mut text, ["rules for", "documented", "observed", "guessed"], groups.chain(calls).map(row));
    text.push_str("\n## What holds for many calls\n");
    for Group { name, rules } in ledger.groups {
        section(&mut text, name, rules);
    }
    text.push_str("\n## Call by call\n");
    for Operation { name, rules } in &ledger.operations {
        section(&mut text, &format!("`{name}`"), rules);
    }
    text.push_str(
        "\n## Calls of Cronofy that are not served\n\nThey answer 404 with the error `not_served`.\n",
    );
    table(
        &mut text,
        ["call", "why"],
        ledger.calls_not_served.iter().map(|absent| [format!("`{}`", absent.name), absent.why.to_owned()]),
    );
    text.push_str("\n## Behaviour of Cronofy that is not there\n");
    table(
        &mut text,
        ["what", "why"],
        ledger.behaviour_not_there.iter().map(|absent| [absent.name.to_owned(), absent.why.to_owned()]),
    );
    text
}

fn section(text: &mut String, title: &str, rules: &[Rule]) {
    // Writing to a string cannot fail.
    let _ = write!(text, "\n### {title}\n");
    let row = |rule: &Rule| [rule.what.to_owned(), trust(rule.trust).to_owned(), rule.source.to_owned()];
    table(text, ["rule", "trust", "source"], rules.iter().map(row));
}

fn table<const N: usize>(text: &mut String, head: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    let _ = write!(text, "\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let cells = row.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

fn trust(trust: Trust) -> &'static str {
    match trust {
        Trust::Documented => "documented",
        Trust::Observed => "observed",
        Trust::Guessed => "guessed",
    }
}
