//! Core metadata: the headers of `METADATA` and `PKG-INFO`, and the `WHEEL` file's, which has the
//! same shape.
//!
//! Reads and writes the header form (PyPA core metadata specification, RFC 822 style, UTF-8). What
//! a value means or whether an index takes it stands in `lint`.

use model::{Budget, Diagnostic};

use crate::codes;
use crate::lines::has_lone_carriage_return;

/// Headers in their order, and what follows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Name and value of each header, continuation lines joined with a line break.
    pub headers: Vec<(String, String)>,
    /// The text after the headers: the description, from metadata 2.1 on.
    pub description: String,
}

/// Bytes of a metadata file at most: a long description is some 100 KB.
pub const MAX_METADATA_BYTES: usize = 16 << 20;

/// White space of a header (RFC 822, "LWSP-char"): no other character is cut off.
const BLANKS: [char; 2] = [' ', '\t'];

/// Headers at most: the largest real file, of a package with every extra, has about 700.
const MAX_HEADERS: usize = 20_000;

impl Metadata {
    /// Reads a metadata file; `place` names it in messages.
    ///
    /// # Errors
    /// When it is not UTF-8, too long, or contains a line that is not a header; also where other
    /// readers would see other headers: a byte order mark, or a carriage return without a line feed
    /// before the description.
    pub fn parse(bytes: &[u8], place: &str) -> Result<Self, Diagnostic> {
        Self::parse_within(bytes, place, &Budget::of(bytes.len() as u64))
    }

    /// The same for a file of an artifact, from whose `budget` headers and description are taken.
    ///
    /// # Errors
    /// As [`Metadata::parse`], and `too-much-work` at `place` when they exceed what is left.
    pub fn parse_within(bytes: &[u8], place: &str, budget: &Budget) -> Result<Self, Diagnostic> {
        let wrong =
            |why: &str| Diagnostic::new(&codes::METADATA_SYNTAX, format!("`{place}` {why}"));
        if bytes.len() > MAX_METADATA_BYTES {
            return Err(wrong("is longer than 16 MiB"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| wrong("is not UTF-8 text"))?;
        if text.starts_with('\u{feff}') {
            return Err(wrong("starts with a byte order mark, after which others see no header"));
        }
        let exhausted = budget.spend_len(text.len());
        exhausted.map_err(|exhausted| exhausted.problem(place))?;
        let mut metadata = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            let ended = rest.len() > line.len();
            let line = line.strip_suffix('\r').filter(|_| ended).unwrap_or(line);
            rest = after;
            if line.is_empty() {
                metadata.description = rest.to_owned();
                break;
            }
            if has_lone_carriage_return(line) {
                let why = "holds a carriage return inside of a line: others see two lines there";
                return Err(wrong(why).help("end lines with a line feed alone"));
            }
            metadata.take_line(line).map_err(wrong)?;
        }
        Ok(metadata)
    }

    /// The value of the first header called `name`, whatever its case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = |(key, _): &&(String, String)| key.eq_ignore_ascii_case(name);
        self.headers.iter().find(named).map(|(_, value)| value.as_str())
    }

    /// The values of all headers called `name`, in their order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = move |(key, value): &'a (String, String)| {
            key.eq_ignore_ascii_case(name).then_some(value.as_str())
        };
        self.headers.iter().filter_map(named)
    }

    /// The number in `Metadata-Version`, as (major, minor); nothing when there is none.
    #[must_use]
    pub fn format_version(&self) -> Option<(u32, u32)> {
        let (major, minor) = self.get("Metadata-Version")?.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    }

    /// Adds a header; line breaks in `value` become continuation lines when it is rendered.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.headers.push((name.to_owned(), value.into()));
    }

    /// The file's text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.headers {
            let value = value.replace('\n', "\n        ");
            text.push_str(&format!("{name}: {value}\n"));
        }
        if !self.description.is_empty() {
            text.push('\n');
            text.push_str(&self.description);
        }
        text
    }

    fn take_line(&mut self, line: &str) -> Result<(), &'static str> {
        if line.starts_with([' ', '\t']) {
            let (_, value) = self.headers.last_mut().ok_or("starts with a continuation line")?;
            value.push('\n');
            value.push_str(line.trim_matches(BLANKS));
            return Ok(());
        }
        let (name, value) = line.split_once(':').ok_or("contains a line that is not a header")?;
        let in_name = |c: char| c.is_ascii_graphic();
        if name.is_empty() || !name.chars().all(in_name) {
            return Err("contains a line that is not a header");
        }
        if self.headers.len() >= MAX_HEADERS {
            return Err("contains more than 20,000 headers");
        }
        if !is_plain(name, value.trim_matches(BLANKS)) {
            return Err("has a header by which others take the description for an encoded message");
        }
        self.push(name, value.trim_matches(BLANKS));
        Ok(())
    }
}

/// Whether the description stays the text that it is for a reader of mail, such as Python's.
fn is_plain(name: &str, value: &str) -> bool {
    let is = |text: &str| value.eq_ignore_ascii_case(text);
    if name.eq_ignore_ascii_case("Content-Transfer-Encoding") {
        return ["7bit", "8bit", "binary"].into_iter().any(is);
    }
    let starts = value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("text/"));
    !name.eq_ignore_ascii_case("Content-Type") || starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_description_are_read() {
        let text = "Metadata-Version: 2.4\r\nName: a\nLicense: first\n        second\nname: b\n\n\
                    # Hi\n\nx";
        let metadata = Metadata::parse(text.as_bytes(), "METADATA").unwrap();
        assert_eq!(metadata.get("Name"), Some("a"));
        assert_eq!(metadata.all("NAME").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(metadata.get("License"), Some("first\nsecond"));
        assert_eq!(metadata.description, "# Hi\n\nx");
        assert_eq!(metadata.format_version(), Some((2, 4)));
        let wide = Metadata::parse("a: \t\u{a0}b\u{a0} \n \u{a0}c".as_bytes(), "M").unwrap();
        assert_eq!(wide.get("a"), Some("\u{a0}b\u{a0}\n\u{a0}c"));
        let again = Metadata::parse(metadata.render().as_bytes(), "METADATA").unwrap();
        assert_eq!(again, metadata);
    }

    #[test]
    fn what_is_no_metadata_is_refused() {
        let check = |bytes: &[u8]| {
            let problem = Metadata::parse(bytes, "METADATA").unwrap_err();
            assert_eq!(problem.code.to_string(), "metadata-syntax", "{bytes:?}");
        };
        check(b"\xff\xfe");
        check(b" folded: first");
        check(b"no colon");
        check(b": empty");
        check("n\u{e4}me: x".as_bytes());
        check("a: b\n".repeat(MAX_HEADERS + 1).as_bytes());
        check("\u{feff}a: b".as_bytes());
        check(b"Keywords: x\rRequires-Dist: evil");
        check(b"a: b\r");
        check(b"a: b\r\r\nc: d\n");
        check(b"a: b\n  \rc: d\n");
        check(b"a: b\n\r\rc: d\n");
        check(b"Content-Transfer-Encoding: base64\n\nSGk=");
        check(b"content-transfer-encoding: quoted-printable");
        check(b"Content-Type: multipart/mixed; boundary=x");
        check(b"Content-Type: message/rfc822");
        assert!(Metadata::parse(b"Content-Type: Text/plain\n", "M").is_ok());
        assert!(Metadata::parse(b"Content-Transfer-Encoding: 8BIT\n", "M").is_ok());
        assert_eq!(Metadata::parse(b"", "M"), Ok(Metadata::default()));
        // In the description it is text for everybody.
        assert_eq!(Metadata::parse(b"a: b\n\nc\rd", "M").unwrap().description, "c\rd");
    }

    #[test]
    fn a_long_description_is_taken_from_the_budget_of_the_artifact() {
        let text = format!("a: b\n\n{}", "x".repeat(1_000));
        let parse = |limit| Metadata::parse_within(text.as_bytes(), "M", &Budget::limited(limit));
        assert!(parse(2_000).is_ok());
        let problem = parse(900).unwrap_err();
        assert_eq!(
            (problem.code.name, problem.location.unwrap().file.as_str()),
            ("too-much-work", "M")
        );
    }
}
