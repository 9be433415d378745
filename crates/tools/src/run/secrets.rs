//! Keeps the secrets that a command was given out of what is shown of its output.

use std::borrow::Cow;

/// The lines of a command's secrets.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Those of variables with these values.
    pub(super) fn of(variables: &[(&str, &str)]) -> Self {
        let lines = variables.iter().flat_map(|(_, value)| value.lines());
        let lines = lines.filter(|line| !line.trim().is_empty());
        let mut lines: Vec<String> = lines.map(str::to_owned).collect();
        // The longest first: one may be a part of another.
        lines.sort_by_key(|line| std::cmp::Reverse(line.len()));
        Self(lines)
    }

    /// `text` without them.
    pub(super) fn hidden<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut text = Cow::Borrowed(text);
        for line in self.0.iter().filter(|line| !line.is_empty()) {
            if text.contains(line.as_str()) {
                text = Cow::Owned(text.replace(line.as_str(), "***"));
            }
        }
        text
    }
}
