//! An organization with as many people as are asked for.

use std::fmt::Write as _;

use cronofy_auth_core::types::{EmailAddress, InvalidValue};

/// The sandbox's world: people of one organization, with a service account.
pub(super) fn scenario(people: usize) -> String {
    let mut toml = "world = 'replace'\n\n[[organizations]]\ndomain = 'meadow.example'\nname = 'Meadow'\n\
                    provider = 'office365'\nadministrator = 'admin@meadow.example'\n\n\
                    [[users]]\nemail = 'admin@meadow.example'\nname = 'Admin'\n"
        .to_owned();
    for number in 0..people {
        // Writing to a text does not fail.
        let _ = writeln!(toml, "\n[[users]]\nemail = '{}'\nname = 'Person {number}'", address(number));
    }
    toml
}

/// Everybody whose mailbox is to be reached.
pub(super) fn addresses(people: usize) -> Result<Vec<EmailAddress>, InvalidValue> {
    (0..people).map(|number| EmailAddress::new(address(number))).collect()
}

fn address(number: usize) -> String {
    format!("person-{number}@meadow.example")
}
