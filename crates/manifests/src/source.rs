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
    /// Characters before each block of [`BLOCK`] bytes, so that a column on a very long line is
    /// counted from a place nearby. Empty for a text without such a line.
    blocks: Vec<usize>,
}

/// Bytes of a block: counting the characters of one takes less than a microsecond.
const BLOCK: usize = 4_096;

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
        let lines: Vec<usize> = std::iter::once(0).chain(after_newlines).collect();
        let ends = lines.iter().skip(1).copied().chain([text.len()]);
        let has_long_line = lines.iter().zip(ends).any(|(start, end)| end - start > BLOCK);
        let mut before = 0;
        let mut blocks = Vec::new();
        for block in text.as_bytes().chunks(BLOCK).filter(|_| has_long_line) {
            blocks.push(before);
            before += characters(block);
        }
        Self { file: file.into(), text, lines, blocks }
    }

    /// Line and column of byte `offset`: the same as [`Location::at`], without counting lines each
    /// time.
    #[must_use]
    pub fn location(&self, offset: usize) -> Location {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.lines.get(index)).unwrap_or(&0);
        let end = offset.min(self.text.len());
        let before = match self.text.as_bytes().get(*start..end) {
            Some(line) if line.len() <= BLOCK => characters(line),
            _ => self.characters_before(end).saturating_sub(self.characters_before(*start)),
        };
        let column = before + 1;
        Location { file: self.file.clone(), line, column }
    }

    /// Characters that start before byte `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let Some(before) = self.blocks.get(block) else {
            // The end of a text that fills its last block.
            let (last, start) = (self.blocks.last(), offset.saturating_sub(BLOCK));
            let rest = self.text.as_bytes().get(start..offset).unwrap_or_default();
            return last.copied().unwrap_or_default() + characters(rest);
        };
        let rest = self.text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        before + characters(rest)
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

/// Characters that start in these bytes of a text: continuation bytes of UTF-8 start none.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
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

    #[test]
    fn a_place_on_a_very_long_line_is_the_same_as_on_a_short_one() {
        for filler in ["x", "ß", "日本\n"] {
            for bytes in [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 7] {
                let mut text = filler.repeat(bytes / filler.len());
                text.push_str(&"y".repeat(bytes - text.len()));
                let source = Source::new("f", text.clone());
                let near = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, bytes - 1, bytes, bytes + 1];
                for offset in near.into_iter().filter(|offset| text.is_char_boundary(*offset)) {
                    let expected = Location::at("f", &text, offset);
                    assert_eq!(source.location(offset), expected, "{filler:?} {bytes} {offset}");
                }
                assert_eq!(source.location(bytes + 1), Location::at("f", &text, bytes + 1));
            }
        }
    }

    #[test]
    fn no_more_than_a_block_is_counted_for_a_place() {
        // What is counted per place does not grow with the line: a block and what is left over.
        let source = Source::new("f", "x".repeat(10 * BLOCK));
        assert_eq!(source.blocks.len(), 10);
        assert!(source.blocks.windows(2).all(|pair| pair[1] - pair[0] == BLOCK));
    }
}
