//! Colours for terminals.

/// Colours, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// For files, pipes, and people who ask for it by `NO_COLOR`.
    Plain,
    /// For a terminal.
    Colour,
}

impl Paint {
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrapped("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrapped("2", text)
    }

    pub(crate) fn verdict(self, ok: bool, text: &str) -> String {
        if ok { self.green(text) } else { self.red(text) }
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.wrapped("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrapped("33", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.wrapped("1;31", text)
    }

    fn wrapped(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}
