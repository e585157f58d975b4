//! `SUPPORTED.md`, held against the code.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

struct Row {
    number: u32,
    call: String,
    made_by: String,
}

impl Row {
    /// The types that make the call; none, if there is the reason why it is left out.
    fn types(&self) -> impl Iterator<Item = &str> {
        self.made_by.split(", ").filter_map(|path| path.strip_prefix('`')?.strip_suffix('`'))
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(folder().join("SUPPORTED.md")).unwrap();
    let mut rows = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, call, made_by, source, read, _] = cells[..] else { continue };
        if let Ok(number) = number.parse() {
            assert!(!made_by.is_empty() && !source.is_empty() && read.len() == "2026-11".len(), "{line}");
            rows.push(Row { number, call: call.replace('`', ""), made_by: made_by.to_owned() });
        }
    }
    rows
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The file of a folder that declares a type or function, and its text.
fn declaring(krate: &Path, module: &str, name: &str) -> Option<String> {
    let words = ["struct {} ", "struct {}(", "struct {}<", "fn {}("]
        .map(|word| format!("pub {}", word.replace("{}", name)));
    sources(&krate.join("src").join(module)).iter().find_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        words.iter().any(|word| text.contains(word)).then_some(text)
    })
}

#[test]
fn every_row_of_the_inventory_is_there_once() {
    let numbers: Vec<u32> = rows().iter().map(|row| row.number).collect();
    let distinct: BTreeSet<u32> = numbers.iter().copied().collect();
    assert_eq!((numbers.len(), distinct), (61, (1..=61).collect()));
}

#[test]
fn every_type_exists_and_its_file_names_the_call() {
    for row in rows() {
        let named = row.call.split(" and ").map(|call| {
            let (method, rest) = call.split_once(' ').unwrap();
            let endpoint = rest.split([',', '?']).next().unwrap();
            format!("`{method} {}", endpoint.split_once("/{").map_or(endpoint, |(before, _)| before))
        });
        let named: Vec<String> = named.collect();
        for path in row.types() {
            let (krate, path) = match path.strip_prefix("cronofy_auth_core::") {
                Some(path) => (folder().join("../cronofy-auth-core"), path),
                None => (folder(), path),
            };
            let (module, name) = path.rsplit_once("::").unwrap();
            let text = declaring(&krate, module, name).unwrap_or_else(|| panic!("{path} is nowhere"));
            let says_so = named.iter().any(|named| text.contains(named));
            assert!(says_so, "{path} does not say that it is {}: {named:?}", row.call);
        }
    }
}

/// The types that a source makes calls of, however the implementation is written.
fn calls(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code: Vec<&str> = code.flat_map(str::split_whitespace).collect();
    let named = |rest: &str| {
        let path =
            rest.split(|letter: char| letter != ':' && letter != '_' && !letter.is_alphanumeric()).next();
        path.unwrap().rsplit("::").next().unwrap().to_owned()
    };
    code.join(" ").split("Endpoint for ").skip(1).map(named).collect()
}

#[test]
fn calls_are_seen_whatever_their_parameters_are() {
    for text in [
        "impl Endpoint for Call {",
        "impl<T> cronofy_auth_core::Endpoint for Call<T> {",
        "impl<T: Into<U>, U> Endpoint\n    for super::Call<T, U>\nwhere\n    U: Clone,\n{",
        "impl<\n    First: Endpoint,\n    const N: usize,\n> Endpoint for Call<First, N>\n{",
    ] {
        assert_eq!(calls(text), ["Call"], "{text}");
    }
    assert!(calls("/// An Endpoint for all.\nstruct Call;").is_empty());
}

#[test]
fn every_call_has_its_row() {
    let rows = rows();
    let named: BTreeSet<&str> = rows.iter().flat_map(Row::types).collect();
    for file in sources(&folder().join("src")) {
        let module = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        // `Raw` is no call of its own.
        if module == "src" {
            continue;
        }
        for name in calls(&fs::read_to_string(&file).unwrap()) {
            let call = format!("{module}::{name}");
            assert!(named.contains(call.as_str()), "{call} has no row");
        }
    }
}
