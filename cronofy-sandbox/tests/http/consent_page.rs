//! The page itself.

use crate::support::*;

#[test]
fn it_is_plain_html_that_a_keyboard_and_a_phone_can_use() {
    let sandbox = start();
    let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for part in [
        "<html lang=\"en\">",
        "name=\"viewport\"",
        "<title>",
        "<fieldset>",
        "<legend>",
        "<label>",
        "this is not Cronofy",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(
        !page.body.contains("<script") && !page.body.contains(" onclick") && !page.body.contains(" onsubmit")
    );
    assert!(
        page.body.contains("value=\"allow\">Allow")
            && page.body.contains("value=\"deny\" formnovalidate>Deny")
    );
}

#[test]
fn s18_it_cannot_be_framed_kept_or_made_to_run_anything() {
    let sandbox = start();
    let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[]));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("form-action"), "it would stop the redirect after the form");
    assert_eq!(page.header("x-frame-options"), Some("DENY"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
}

#[test]
fn everything_from_the_request_is_escaped() {
    let sandbox = start();
    let evil = "\"><script>alert(1)</script>";
    let pages = [
        target(&sandbox, INDIVIDUAL, &[("state", evil), ("x", evil)]),
        target(&sandbox, INDIVIDUAL, &[("provider_name", evil)]),
        format!(
            "/oauth/authorize?response_type=code&client_id={}&redirect_uri=http://a.example/'%22%3E%3Cb&scope=read_write&state='%3E%3Cb%3E",
            sandbox.client_id()
        ),
    ];
    for target in pages {
        let page = browse(&sandbox, &target);
        assert!(!page.body.contains("<script") && !page.body.contains("<b>"), "{}", page.body);
    }
}

#[test]
fn the_form_goes_back_to_the_same_request() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);
    let page = browse(&sandbox, &target).body;
    assert!(page.contains(&format!("action=\"{}\"", target.replace('&', "&amp;"))));
}

#[test]
fn a_form_that_cannot_be_followed_is_shown_again() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[("scope", "free_busy_write")]);
    for fields in [
        &[][..],
        &[("decision", "maybe"), ("account", "ada@orchard.example")],
        &[("decision", "allow")],
        &[("decision", "allow"), ("account", "nobody@orchard.example")],
        &[("decision", "allow"), ("account", "pear-room@orchard.example")],
        &[("decision", "allow"), ("account", "ada@fruitmail.example"), ("access", "free_busy")],
    ] {
        let page = decide(&sandbox, &target, fields).refused(400);
        assert!(page.body.contains("role=\"alert\"") && page.body.contains("<form"), "{fields:?}");
    }
}

#[test]
fn a_form_from_another_site_is_refused() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);
    let press = |site: &str| {
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", site)];
        send(sandbox.app_url(), "POST", &target, &headers, b"decision=allow&account=ada%40orchard.example")
    };
    // Every other port of this machine is the same site.
    for site in ["cross-site", "same-site"] {
        press(site).refused(403);
    }
    press("same-origin").is(303);
}

#[test]
fn a_verified_application_is_not_warned_about() {
    let sandbox = builder().verified([REDIRECT_URI]).start_blocking().expect("a sandbox starts");
    let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(200);
    assert!(!page.body.contains("not verified"));
}

#[test]
fn every_mode_has_its_accounts() {
    let sandbox = start();
    let business =
        browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[("delegated_scope", "read_only")])).is(200).body;
    assert!(business.contains("bram@orchard.example") && !business.contains("kit@webmail.example"));
    let more = [("scope", BOTH_SCOPES), ("delegated_scope", "read_write")];
    let enterprise = browse(&sandbox, &target(&sandbox, ENTERPRISE, &more)).is(200).body;
    assert!(
        enterprise.contains("admin@harbourdental.example")
            && !enterprise.contains("ines@harbourdental.example")
    );
    let more = [("scope", "organizational_unit_scheduler")];
    let organization = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &more)).is(200).body;
    assert!(organization.contains("admin@orchard.example") && !organization.contains("cleo@orchard.example"));
}

#[test]
fn a_provider_can_be_chosen_first_and_the_request_stays_the_same() {
    let sandbox = start();
    let page = browse(&sandbox, &target(&sandbox, INDIVIDUAL, &[])).is(200).body;
    let link = page.split("href=\"").skip(1).find_map(|rest| {
        let (href, rest) = rest.split_once('"')?;
        rest.starts_with(">Office 365<").then(|| href.replace("&amp;", "&"))
    });
    let link = link.expect("a link for Office 365");
    let narrowed = browse(&sandbox, &link).is(200).body;
    assert!(narrowed.contains("ines@harbourdental.example") && !narrowed.contains("ada@orchard.example"));
    assert!(narrowed.contains("aria-current=\"true\">Office 365<"), "{narrowed}");
    assert!(narrowed.contains(">iCloud<"), "another one can be chosen from here");
    let allow = [("decision", "allow"), ("account", "ines@harbourdental.example")];
    let back = decide(&sandbox, &link, &allow);
    assert_eq!(back.param("state"), browse_param(&target(&sandbox, INDIVIDUAL, &[]), "state"));
    assert!(back.param("code").is_some());
}

/// The value of a parameter of a target.
fn browse_param(target: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(&format!("http://127.0.0.1{target}")).expect("a target");
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn an_administrator_has_no_provider_to_choose() {
    let sandbox = start();
    let more = [("scope", BOTH_SCOPES), ("delegated_scope", "read_write")];
    let page = browse(&sandbox, &target(&sandbox, ENTERPRISE, &more)).is(200).body;
    assert!(!page.contains("<nav"));
}

#[test]
fn who_closes_the_page_sends_nothing_back() {
    let sandbox = start();
    let target = target(&sandbox, INDIVIDUAL, &[]);
    assert!(browse(&sandbox, &target).body.contains("value=\"close\" formnovalidate>Close"));
    let closed = decide(&sandbox, &target, &[("decision", "close")]).is(200);
    assert_eq!(closed.header("location"), None);
    assert!(closed.body.contains("hears nothing") && !closed.body.contains("<form"));
}
