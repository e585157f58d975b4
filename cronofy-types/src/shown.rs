//! Somebody else's text in a message of ours.

use core::fmt::{self, Write};

/// The most characters of it that are shown.
const LIMIT: usize = 128;

/// Text from the network, fit for a log line or a terminal: control characters are escaped, and it is cut
/// after 128 characters.
///
/// ```
/// use cronofy_types::Shown;
///
/// assert_eq!(Shown("a\u{1b}[31m").to_string(), "a\\u{1b}[31m");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars().take(LIMIT) {
            if character.is_control() || turns_the_line(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        if self.0.chars().nth(LIMIT).is_some() { f.write_char('…') } else { Ok(()) }
    }
}

/// Characters that change the direction of what follows, and so what a line seems to say.
pub(crate) fn turns_the_line(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_odd_text() {
        assert_eq!(Shown(&"é".repeat(200)).to_string(), "é".repeat(128) + "…");
        assert_eq!(Shown("a\u{202e}b\n").to_string(), "a\\u{202e}b\\n");
    }
}
