//! The file to mail (RFC 5545; RFC 5546, sections 3.2.2 and 3.2.5): no more than calendars need.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendars::When;
use crate::state::{InviteReply, SmartInvite};

pub(super) struct File<'a> {
    pub(super) uid: &'a str,
    pub(super) now: Timestamp,
    pub(super) method: Method,
    pub(super) invite: &'a SmartInvite,
    /// Whom it is for.
    pub(super) to: &'a [InviteReply],
}

#[derive(Clone, Copy)]
pub(super) enum Method {
    Request,
    Cancel,
}

/// The longest line, in bytes, without its end.
const LONGEST: usize = 75;

impl File<'_> {
    pub(super) fn write(&self) -> String {
        let event = &self.invite.event;
        let (method, status) = match self.method {
            Method::Request => ("REQUEST", "CONFIRMED"),
            Method::Cancel => ("CANCEL", "CANCELLED"),
        };
        let (start, end) = match event.when {
            When::Timed { start, end } => (format!(":{}", time(start)), format!(":{}", time(end))),
            When::AllDay { start, end } => {
                let date = |date: Date| format!(";VALUE=DATE:{}", date.strftime("%Y%m%d"));
                (date(start), date(end))
            }
        };
        let organizer = self.invite.organizer.as_deref().unwrap_or("Cronofy sandbox");
        let mut lines = vec![
            "BEGIN:VCALENDAR".to_owned(),
            "VERSION:2.0".to_owned(),
            "PRODID:-//Cronofy sandbox//not Cronofy//EN".to_owned(),
            format!("METHOD:{method}"),
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}", self.uid),
            format!("DTSTAMP:{}", time(self.now)),
            format!("SEQUENCE:{}", self.invite.sequence),
            format!("STATUS:{status}"),
            format!("DTSTART{start}"),
            format!("DTEND{end}"),
            format!("SUMMARY:{}", text(&event.summary)),
        ];
        if !event.description.is_empty() {
            lines.push(format!("DESCRIPTION:{}", text(&event.description)));
        }
        let location = event.location.as_ref().and_then(|location| location.description.as_deref());
        lines.extend(location.map(|location| format!("LOCATION:{}", text(location))));
        lines.push(format!("ORGANIZER;CN=\"{}\":mailto:{}@invites.example", quoted(organizer), self.uid));
        lines.extend(self.to.iter().map(|recipient| {
            let status = match recipient.status {
                "accepted" => "ACCEPTED",
                "tentative" => "TENTATIVE",
                "declined" => "DECLINED",
                _ => "NEEDS-ACTION",
            };
            format!("ATTENDEE;PARTSTAT={status};RSVP=TRUE:mailto:{}", recipient.email)
        }));
        lines.extend(["END:VEVENT", "END:VCALENDAR"].map(str::to_owned));
        lines.iter().map(|line| folded(line)).collect()
    }
}

fn time(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Section 3.3.11.
fn text(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' => written.push_str("\\n"),
            '\\' | ';' | ',' => written.extend(['\\', character]),
            character if character.is_control() => {}
            character => written.push(character),
        }
    }
    written
}

/// The value of a parameter has no quotes in it (section 3.2).
fn quoted(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() && *character != '"').collect()
}

/// Section 3.1: what does not fit goes on in the next line, after a space.
fn folded(line: &str) -> String {
    let mut written = String::with_capacity(line.len() + 2);
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LONGEST {
            written.push_str("\r\n ");
            length = 1;
        }
        written.push(character);
        length += character.len_utf8();
    }
    written.push_str("\r\n");
    written
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_folded_line_is_short_and_unfolds(line in "\\PC{0,200}") {
            let folded = folded(&line);
            prop_assert!(folded.split("\r\n").all(|piece| piece.len() <= LONGEST));
            let unfolded = folded.replace("\r\n ", "");
            prop_assert_eq!(unfolded.strip_suffix("\r\n"), Some(line.as_str()));
        }

        #[test]
        fn a_text_cannot_end_its_line(said in any::<String>()) {
            let written = text(&said);
            prop_assert!(!written.chars().any(char::is_control));
            prop_assert!(!quoted(&said).contains('"'));
            // What is written is read again, but for what cannot be.
            let mut characters = written.chars();
            let mut read = String::new();
            while let Some(character) = characters.next() {
                read.push(match character {
                    '\\' => match characters.next() {
                        Some('n') => '\n',
                        Some(escaped) => escaped,
                        None => return Err(TestCaseError::fail("an escape of nothing")),
                    },
                    character => character,
                });
            }
            let kept = said.replace("\r\n", "\n");
            let kept: String = kept.chars().filter(|c| !c.is_control() || *c == '\n').collect();
            prop_assert_eq!(read, kept);
        }
    }
}
