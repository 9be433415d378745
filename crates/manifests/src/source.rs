//! Texts of the tree, and values with where they are written in them.
//!
//! Knows nothing of what the text means.

use model::{Code, Diagnostic, Location};

/// A text, its path, and where its lines start.
#[derive(Debug)]
pub struct Source {
    /// Path in the tree.
    pub file: String,
    /// The whole text.
    pub text: String,
    /// Offset of each line's first byte.
    lines: Vec<usize>,
}

/// A value and the offset of its first byte in its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Bytes before it.
    pub offset: usize,
}

/// A text and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text.
    pub text: String,
    /// Where it starts.
    pub location: Location,
}

impl Source {
    /// The text of `file`.
    #[must_use]
    pub fn new(file: impl Into<String>, text: String) -> Self {
        let after_newlines = text.match_indices('\n').map(|(newline, _)| newline + 1);
        let lines = std::iter::once(0).chain(after_newlines).collect();
        Self { file: file.into(), text, lines }
    }

    /// Line and column of byte `offset`: the same as [`Location::at`], without counting lines each
    /// time.
    #[must_use]
    pub fn location(&self, offset: usize) -> Location {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).unwrap_or(&0);
        let before = self.text.as_bytes().get(*start..offset.min(self.text.len()));
        // Continuation bytes of UTF-8 do not start a character.
        let starts = |byte: &&u8| **byte & 0xC0 != 0x80;
        let column = before.unwrap_or_default().iter().filter(starts).count() + 1;
        Location { file: self.file.clone(), line, column }
    }

    /// An error at `offset`.
    pub fn error(
        &self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, message).at(self.location(offset))
    }

    /// A warning at `offset`.
    pub fn warning(
        &self,
        offset: usize,
        code: &'static Code,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::warning(code, message).at(self.location(offset))
    }
}

impl<T> At<T> {
    /// A value at `offset`.
    pub fn new(value: T, offset: usize) -> Self {
        Self { value, offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_one_that_counting_from_the_start_gives() {
        let text = "a\r\nßb\n\n日本";
        let source = Source::new("f", text.to_owned());
        for (offset, _) in text.char_indices().chain([(text.len(), 'x'), (99, 'x')]) {
            assert_eq!(source.location(offset), Location::at("f", text, offset), "offset {offset}");
        }
    }
}
