//! `RECORD`: the list of a wheel's files with their hashes (PEP 376 and 427; a CSV file).
//!
//! Knows lines and hashes; which lines a wheel must have stands in `lint`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Budget, Digest, Exhausted};

use crate::lines::has_odd_line_break;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordLine {
    /// Path in the wheel.
    pub path: String,
    /// `sha256=…`; empty for RECORD itself.
    pub hash: String,
    /// Length in bytes, as written; may be empty.
    pub size: String,
}

/// Reads the lines; nothing when a quote is left open, a line has not three fields, or there is a
/// line break that not every reader sees, or a NUL, which Python before 3.11 does not read. Every
/// line is taken from `budget`.
pub(crate) fn parse(text: &str, budget: &Budget) -> Result<Option<Vec<RecordLine>>, Exhausted> {
    if has_odd_line_break(text) || text.contains('\0') {
        return Ok(None);
    }
    let mut reader =
        Reader { budget, lines: Vec::new(), fields: Default::default(), at: 0, has_quote: false };
    let readable = reader.read(text)?;
    Ok(readable.then_some(reader.lines))
}

/// The line for a file of these bytes.
#[must_use]
pub(crate) fn line(path: &str, bytes: &[u8]) -> RecordLine {
    RecordLine {
        path: path.to_owned(),
        hash: hash(&Digest::of(bytes)),
        size: bytes.len().to_string(),
    }
}

/// The file's text, with a line for RECORD itself, which stands at `own_path`, at the end.
#[must_use]
pub(crate) fn render(lines: &[RecordLine], own_path: &str) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&format!("{},{},{}\n", quoted(&line.path), line.hash, line.size));
    }
    text.push_str(&format!("{},,\n", quoted(own_path)));
    text
}

/// `sha256=` and the digest in URL-safe base64 without padding.
#[must_use]
pub(crate) fn hash(digest: &Digest) -> String {
    format!("sha256={}", URL_SAFE_NO_PAD.encode(digest.raw()))
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Rows of three fields (RFC 4180), blank lines skipped.
struct Reader<'b> {
    budget: &'b Budget,
    lines: Vec<RecordLine>,
    /// Those of the line that is being read, and the position of the last one that was begun.
    fields: [String; 3],
    at: usize,
    /// Whether the line holds a quote: `""` is an empty field, not a blank line.
    has_quote: bool,
}

impl Reader<'_> {
    /// Whether all of `text` could be read.
    fn read(&mut self, text: &str) -> Result<bool, Exhausted> {
        let mut quoted = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if !quoted && c == '\n' {
                if !self.end()? {
                    return Ok(false);
                }
                continue;
            }
            let Some(field) = self.fields.get_mut(self.at) else { return Ok(false) };
            match (quoted, c) {
                (true, '"') if chars.peek() == Some(&'"') => {
                    chars.next();
                    field.push('"');
                }
                (true, '"') => quoted = false,
                // Installers read line by line, and lose the break.
                (true, '\n' | '\r') => return Ok(false),
                (true, _) => field.push(c),
                (false, '"') if field.is_empty() => {
                    quoted = true;
                    self.has_quote = true;
                }
                (false, ',') => self.at += 1,
                (false, '\r') if chars.peek() == Some(&'\n') => {}
                (false, _) => field.push(c),
            }
        }
        Ok(!quoted && self.end()?)
    }

    /// Ends a line; `false` when it has too few fields, or too many.
    fn end(&mut self) -> Result<bool, Exhausted> {
        if self.at == 0 && !self.has_quote && self.fields.iter().all(String::is_empty) {
            return Ok(true);
        }
        if self.at != 2 {
            return Ok(false);
        }
        let text: usize = self.fields.iter().map(String::len).sum();
        self.budget.spend_len(text + size_of::<RecordLine>())?;
        let [path, hash, size] = std::mem::take(&mut self.fields);
        self.lines.push(RecordLine { path, hash, size });
        self.at = 0;
        self.has_quote = false;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Vec<RecordLine>> {
        super::parse(text, &Budget::of(0)).unwrap()
    }

    #[test]
    fn lines_cost_what_they_take_in_memory_and_not_what_they_take_in_the_file() {
        let lines = |count: usize, line: &str| {
            super::parse(&line.repeat(count), &Budget::limited(100_000)).map(drop)
        };
        assert_eq!(lines(1_000, ",,\n"), Ok(()));
        assert_eq!(lines(2_000, ",,\n"), Err(Exhausted { limit: 100_000 }));
        assert_eq!(lines(2_000, "a,b,c\r\n"), Err(Exhausted { limit: 100_000 }));
        assert_eq!(lines(50_000, "\n"), Ok(()), "blank lines are nothing");
        assert_eq!(lines(50_000, ","), Ok(()), "a line of too many fields ends the reading");
    }

    #[test]
    fn a_line_break_that_not_every_reader_sees_is_refused() {
        for odd in ["\r", "\u{b}", "\u{c}", "\u{85}", "\u{2028}"] {
            assert_eq!(parse(&format!("a,,{odd}b,,\n")), None, "{odd:?}");
            assert_eq!(parse(&format!("\"a{odd}b\",,\n")), None, "{odd:?}");
        }
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let lines = [line("a/b.py", b""), line("with,comma \"x\".py", b"ab")];
        let text = render(&lines, "d.dist-info/RECORD");
        assert_eq!(
            text,
            "a/b.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n\
             \"with,comma \"\"x\"\".py\",sha256=-44g_C5MPySMYMOb1lLz-KwbLRtHciVcJpZBQ8N8xgM,2\n\
             d.dist-info/RECORD,,\n"
                .replace("-44g_C5MPySMYMOb1lLz-KwbLRtHciVcJpZBQ8N8xgM", &lines[1].hash[7..])
        );
        let read = parse(&text).unwrap();
        assert_eq!(read[..2], lines);
        assert_eq!(read[2].path, "d.dist-info/RECORD");
        assert_eq!(parse(&text.replace('\n', "\r\n")), Some(read));
    }

    #[test]
    fn a_malformed_record_is_refused() {
        let broken = ["a\0,b,1", "\"a\nb\",c,1", "\"a\r\nb\",c,1", "\"\""];
        for text in ["a", "a,b", "a,b,c,d", "\"a,b,c", "\"a\nb"].into_iter().chain(broken) {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse("\n\n"), Some(Vec::new()));
    }
}
