//! `cronofy sandbox` as a test uses it: read one line, talk HTTP, stop it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

struct Served {
    child: Child,
    // Held, so that the program never writes to a closed pipe.
    _stdout: BufReader<ChildStdout>,
    ready: serde_json::Value,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cronofy"))
            .arg("sandbox")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        Self { ready: serde_json::from_str(&line).unwrap(), child, _stdout: stdout }
    }

    fn get(&self, path_and_query: &str) -> String {
        let authority = self.ready["api_url"].as_str().unwrap().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(authority).unwrap();
        write!(stream, "GET {path_and_query} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal by name, and waits for the end.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let kill = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let mut hints = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut hints).unwrap();
        (self.child.wait().unwrap().code(), hints)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already where it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_first_line_tells_all_that_a_test_needs() {
    let served = Served::start(&[]);
    let ready = &served.ready;
    assert_eq!(ready["ready"], true);
    for text in ["api_url", "app_url", "client_id", "client_secret"] {
        assert!(ready[text].as_str().is_some_and(|text| !text.is_empty()), "{text}");
    }
    for list in ["users", "rooms", "service_accounts"] {
        assert!(ready[list].as_array().is_some_and(|list| !list.is_empty()), "{list}");
    }
    assert!(ready["service_account"]["email"].is_string());
    assert!(ready["organizational_unit"]["sub"].is_string());
    assert!(ready["api_url"].as_str().unwrap().starts_with("http://127.0.0.1:"));

    let health = served.get("/_sandbox/health");
    assert!(health.starts_with("HTTP/1.1 200 "), "{health}");
}

#[test]
fn the_same_seed_makes_the_same_world() {
    let (one, two) = (Served::start(&["--seed", "7"]), Served::start(&["--seed", "7"]));
    for same in ["client_id", "client_secret", "users"] {
        assert_eq!(one.ready[same], two.ready[same], "{same}");
    }
    let other = Served::start(&["--seed", "8"]);
    assert_ne!(one.ready["client_id"], other.ready["client_id"]);
}

#[test]
fn auto_consent_redirects_at_once() {
    for consent in ["auto", "ada@orchard.example"] {
        let served = Served::start(&["--auto-consent", consent]);
        let answer = served.get(&format!(
            "/oauth/authorize?response_type=code&client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&scope=read_events&state=s",
            served.ready["client_id"].as_str().unwrap()
        ));
        assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
        assert!(answer.contains("http://127.0.0.1:1/cb?code="), "{answer}");
    }
}

#[cfg(unix)]
#[test]
fn it_ends_well_when_it_is_told_to_stop() {
    for signal in ["TERM", "INT"] {
        let served = Served::start(&[]);
        let url = served.ready["api_url"].as_str().unwrap().to_owned();
        let secret = served.ready["client_secret"].as_str().unwrap().to_owned();
        let (code, hints) = served.stop(signal);
        assert_eq!(code, Some(0), "{signal}");
        assert!(hints.contains(&url) && hints.ends_with("stopped\n"), "{hints}");
        assert!(!hints.contains(&secret));
    }
}

#[cfg(unix)]
#[test]
fn every_request_is_a_line_unless_nobody_wants_them() {
    for (arguments, lines) in [(&[][..], 1), (&["--quiet"][..], 0)] {
        let served = Served::start(arguments);
        served.get("/v1/userinfo?state=hush-hush-hush");
        // What is done to the sandbox itself is none of the application's requests.
        served.get("/_sandbox/health");
        let (_, said) = served.stop("TERM");
        let told: Vec<&str> = said.lines().filter(|line| line.contains("  GET    ")).collect();
        assert_eq!(told.len(), lines, "{said}");
        assert!(told.iter().all(|line| line.contains("/v1/userinfo ") && line.contains(" 401 ")), "{said}");
        assert!(told.iter().all(|line| line.ends_with(" ms  no Authorization: Bearer header")), "{said}");
        assert!(!said.contains("hush") && !said.contains('\x1b') && said.ends_with("stopped\n"), "{said}");
    }
}

#[test]
fn a_port_that_is_taken_is_a_failure() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let output =
        Command::new(env!("CARGO_BIN_EXE_cronofy")).args(["sandbox", "--listen", &address]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with(&format!("error: the sandbox does not serve at {address}\n  why:  ")), "{said}");
    assert!(said.contains("\n  next: cronofy sandbox --listen 127.0.0.1:0\n"), "{said}");
}

#[test]
fn other_machines_are_not_served() {
    let output = Command::new(env!("CARGO_BIN_EXE_cronofy"))
        .args(["sandbox", "--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("0.0.0.0 is not a loopback address"), "{said}");
    assert!(said.contains("\n  next: cronofy sandbox --listen 127.0.0.1:0\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn other_machines_are_served_when_it_is_said_in_so_many_words() {
    let arguments =
        ["--listen", "0.0.0.0:0", "--listen-beyond-loopback", "--public-url", "http://sandbox.test:8080/"];
    let served = Served::start(&arguments);
    assert_eq!(served.ready["api_url"], "http://sandbox.test:8080");
    let (code, hints) = served.stop("TERM");
    assert_eq!(code, Some(0));
    assert!(hints.starts_with("!!! Other machines reach this sandbox"), "{hints}");
}

#[cfg(unix)]
#[test]
fn a_scenario_is_read_from_a_file() {
    let folder = std::env::temp_dir().join(format!("cronofy-scenario-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("world.toml");
    let user = "[[users]]\nemail = \"ida@elsewhere.io\"\nname = \"Ida\"\nprovider = \"google\"\n";
    std::fs::write(&file, user).unwrap();
    let served = Served::start(&["--scenario", file.to_str().unwrap()]);
    assert!(served.ready["users"].to_string().contains("ida@elsewhere.io"));
    let (_, hints) = served.stop("TERM");
    assert!(hints.contains("warning: ") && hints.contains("ida@elsewhere.io could be somebody's"), "{hints}");
    std::fs::write(&file, user.replace("google", "gogle")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cronofy"))
        .args(["sandbox", "--scenario", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("world.toml: line 4, column 12: unknown value `gogle`: did you mean `google`?"),
        "{said}"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn s32_callbacks_go_to_hosts_that_are_named_and_never_to_some() {
    let sandbox =
        Served::start(&["--callback-host", "host.docker.internal", "--callback-host", "172.17.0.1"]);
    assert!(sandbox.get("/_sandbox/health").contains("ok"));
    let output = Command::new(env!("CARGO_BIN_EXE_cronofy"))
        .args(["sandbox", "--callback-host", "169.254.169.254"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("callbacks cannot be allowed to \"169.254.169.254\": it is link-local"), "{said}");
    assert!(said.contains("\n  next: cronofy sandbox --callback-host host.docker.internal\n"), "{said}");
}
