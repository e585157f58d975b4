//! The sandbox's worlds, as TOML and as JSON.

use cronofy_sandbox::{Scenario, ScenarioError};

/// Any text is a scenario or is refused with a place in it. What is a scenario survives being written and read.
pub fn sandbox_scenario(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    judge(&text, Scenario::parse(&text));
    judge(&text, Scenario::from_json(text.as_bytes()));
}

fn judge(text: &str, read: Result<Scenario, ScenarioError>) {
    match read {
        Ok(scenario) => {
            let written = scenario.to_toml();
            let again = Scenario::parse(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
            assert_eq!(again.to_toml(), written);
            assert_eq!(again.warnings(), scenario.warnings());
        }
        Err(error) => {
            assert!(!error.message.is_empty());
            if let Some((line, column)) = error.position {
                // The end of a text is a place, too.
                assert!(line <= text.split('\n').count() && column <= text.len() + 1, "{error}");
            }
        }
    }
}
