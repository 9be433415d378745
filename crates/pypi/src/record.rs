//! `RECORD`: the list of a wheel's files with their hashes (PEP 376 and 427; a CSV file).
//!
//! Knows lines and hashes; which lines a wheel must have stands in `lint`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::Digest;

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

/// Reads the lines; nothing when a quote is left open or a line has no three fields.
#[must_use]
pub(crate) fn parse(text: &str) -> Option<Vec<RecordLine>> {
    let mut lines = Vec::new();
    for fields in csv(text)? {
        let mut fields = fields.into_iter();
        match (fields.next(), fields.next(), fields.next(), fields.next()) {
            (Some(path), Some(hash), Some(size), None) => {
                lines.push(RecordLine { path, hash, size });
            }
            _ => return None,
        }
    }
    Some(lines)
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

/// Rows of RFC 4180, blank lines skipped.
fn csv(text: &str) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            (true, '"') => quoted = false,
            (true, _) => field.push(c),
            (false, '"') if field.is_empty() => quoted = true,
            (false, ',') => row.push(std::mem::take(&mut field)),
            (false, '\r') if chars.peek() == Some(&'\n') => {}
            (false, '\n') => {
                end_row(&mut rows, &mut row, &mut field);
            }
            (false, _) => field.push(c),
        }
    }
    if quoted {
        return None;
    }
    end_row(&mut rows, &mut row, &mut field);
    Some(rows)
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, field: &mut String) {
    if row.is_empty() && field.is_empty() {
        return;
    }
    row.push(std::mem::take(field));
    rows.push(std::mem::take(row));
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for text in ["a", "a,b", "a,b,c,d", "\"a,b,c", "\"a\nb"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse("\n\n"), Some(Vec::new()));
    }
}
