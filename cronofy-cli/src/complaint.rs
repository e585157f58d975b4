//! What a person is told when a command cannot do its work, and how the program then ends.

use std::fmt;
use std::process::ExitCode;

/// How the program ends. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went as asked.
    Success = 0,
    /// Something failed.
    Failure = 1,
    /// The command line cannot be understood, or asks for what is never done.
    Usage = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do its work: what, why, and what to do next.
#[derive(Debug)]
pub struct Complaint {
    /// What did not happen.
    pub what: String,
    /// Why not.
    pub why: String,
    /// What to type next.
    pub next: String,
    /// How the program ends.
    pub exit: Exit,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.what)?;
        writeln!(f, "  why:  {}", self.why)?;
        writeln!(f, "  next: {}", self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines() {
        let complaint = Complaint {
            what: "nothing was served".to_owned(),
            why: "the port is taken".to_owned(),
            next: "cronofy sandbox --listen 127.0.0.1:0".to_owned(),
            exit: Exit::Failure,
        };
        assert_eq!(
            complaint.to_string(),
            "error: nothing was served\n  why:  the port is taken\n  next: cronofy sandbox --listen 127.0.0.1:0\n"
        );
    }
}
