//! Lists of checksums, read as `sha256sum --check` reads them (GNU coreutils 9, `digest.c`).

use std::collections::BTreeMap;

use crate::codes;
use model::limits::MAX_TEXT_BYTES;
use model::{Diagnostic, Digest, Location, Severity};

/// A line of a list: a file, and the digest that it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path as the list spells it, without `./` at its start.
    pub path: String,
    /// Its SHA-256.
    pub digest: Digest,
}

/// What a list says, and what of it says nothing.
#[derive(Debug, Default)]
pub struct Reading {
    /// Its proper lines, in their order. A file that is listed twice stands here twice.
    pub listed: Vec<Listed>,
    /// A warning for each line that is no checksum; empty lines and comments (`#`) are neither.
    pub improper: Vec<Diagnostic>,
}

/// Reads the lines that `sha256sum --check` reads: text and binary marks, one space alone (the
/// reversed form of BSD), `SHA256 (name) = digest`, digits of either case, escaped names, line ends
/// of Windows, a last line without a newline.
///
/// # Errors
/// `checksums-syntax` for a text that is too long, or holds no proper line at all.
pub fn read(text: &str) -> Result<Reading, Diagnostic> {
    if text.len() as u64 > MAX_TEXT_BYTES {
        let problem = Diagnostic::new(&codes::CHECKSUMS_SYNTAX, "the list is longer than 16 MiB");
        return Err(problem.help("a list of checksums holds one line for each file"));
    }
    let mut reading = Reading::default();
    let mut spacing = None;
    for (index, line) in text.split_terminator('\n').enumerate() {
        if line.starts_with('#') {
            continue;
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.is_empty() {
            continue;
        }
        match read_line(line, &mut spacing) {
            Ok((path, digest)) => {
                let path = without_dot(path);
                reading.listed.push(Listed { path, digest });
            }
            Err(why) => {
                let number = index + 1;
                let message = format!("line {number} is not a checksum: {why}");
                let location = Location { file: String::new(), line: number, column: 0 };
                let problem = Diagnostic::warning(&codes::CHECKSUMS_SYNTAX, message);
                let problem = problem.help("a line is 64 hex digits, two spaces and a path");
                reading.improper.push(Diagnostic { location: Some(location), ..problem });
            }
        }
    }
    if reading.listed.is_empty() {
        let message = "the list holds no line that is a SHA-256 checksum";
        let help = "write one with `sha256sum FILE…` or `package-actions checksums`";
        return Err(Diagnostic::new(&codes::CHECKSUMS_SYNTAX, message).help(help));
    }
    Ok(reading)
}

/// The files of a list of which every line counts.
///
/// # Errors
/// `checksums-syntax` with the line, for a line that is no checksum or a name listed twice; and as
/// [`read`], but a list may be empty.
pub fn parse(text: &str) -> Result<Vec<Listed>, Diagnostic> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let reading = read(text)?;
    if let Some(problem) = reading.improper.into_iter().next() {
        return Err(as_error(problem));
    }
    let mut seen = BTreeMap::new();
    for listed in &reading.listed {
        if seen.insert(&listed.path, ()).is_some() {
            let message = format!("`{}` is listed twice", listed.path);
            return Err(Diagnostic::new(&codes::CHECKSUMS_SYNTAX, message));
        }
    }
    Ok(reading.listed)
}

/// A warning of [`read`] as the error that it is where every line counts.
#[must_use]
pub fn as_error(problem: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Error, ..problem }
}

/// What stands between digest and name. Only the first line decides: a list may not mix them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spacing {
    /// A space, and a space or `*`.
    Standard,
    /// One space; what follows is the name.
    Reversed,
}

fn read_line(line: &str, spacing: &mut Option<Spacing>) -> Result<(String, Digest), &'static str> {
    let line = line.trim_start_matches(BLANK);
    let (escaped, rest) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (hex, name) = match tagged(rest) {
        Some(tagged) => tagged?,
        None => plain(rest, spacing)?,
    };
    // `Digest` takes lower case only.
    let digest = Digest::from_hex(&hex.to_ascii_lowercase())
        .map_err(|_| "it has no SHA-256 digest of 64 hex digits")?;
    let path = if escaped { unescape(name)? } else { name.to_owned() };
    if path.contains('\0') {
        return Err("the name holds a NUL");
    }
    Ok((path, digest))
}

/// What separates the parts of a line.
const BLANK: [char; 2] = [' ', '\t'];

/// `SHA256 (name) = digest` of `--tag` and BSD, and OpenSSL's `SHA256(name)= digest`.
fn tagged(line: &str) -> Option<Result<(&str, &str), &'static str>> {
    let rest = line.strip_prefix("SHA256")?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix('(')?;
    let Some((name, after)) = rest.rsplit_once(')') else {
        return Some(Err("`(` is not closed"));
    };
    let after = after.trim_start_matches(BLANK);
    let Some(hex) = after.strip_prefix('=') else {
        return Some(Err("`=` and a digest do not follow the name"));
    };
    Some(Ok((hex.trim_start_matches(BLANK), name)))
}

fn plain<'l>(
    line: &'l str,
    spacing: &mut Option<Spacing>,
) -> Result<(&'l str, &'l str), &'static str> {
    let (hex, rest) = line.split_once(BLANK).ok_or("it has no digest and name with a space")?;
    if Digest::from_hex(&hex.to_ascii_lowercase()).is_err() {
        return Err("it does not start with a SHA-256 digest of 64 hex digits");
    }
    if rest.is_empty() {
        return Err("the name is empty");
    }
    let name = rest.strip_prefix([' ', '*']).filter(|name| !name.is_empty());
    match (*spacing, name) {
        (Some(Spacing::Standard), None) => {
            Err("between digest and name are neither two spaces nor a space and `*`")
        }
        (None | Some(Spacing::Standard), Some(name)) => {
            *spacing = Some(Spacing::Standard);
            Ok((hex, name))
        }
        (None | Some(Spacing::Reversed), _) => {
            *spacing = Some(Spacing::Reversed);
            Ok((hex, rest))
        }
    }
}

fn unescape(name: &str) -> Result<String, &'static str> {
    let mut path = String::with_capacity(name.len());
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            path.push(c);
            continue;
        }
        match chars.next() {
            Some('\\') => path.push('\\'),
            Some('n') => path.push('\n'),
            Some('r') => path.push('\r'),
            _ => return Err("a backslash in the name is followed by none of `\\`, `n`, `r`"),
        }
    }
    Ok(path)
}

/// `./a` and `.//a` are `a`: `find` and shells write names so.
fn without_dot(path: String) -> String {
    let mut rest = path.as_str();
    while let Some(below) = rest.strip_prefix("./") {
        rest = below.trim_start_matches('/');
    }
    if rest.is_empty() || rest.len() == path.len() { path } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// The names and the count of improper lines in a list; `HEX` stands for a digest.
    fn check(list: &str, names: &[&str], improper: usize) {
        let text = list.replace("HEX", EMPTY).replace("UPPER", &EMPTY.to_uppercase());
        let reading = read(&text).unwrap_or_default();
        let found: Vec<&str> = reading.listed.iter().map(|one| one.path.as_str()).collect();
        assert_eq!((found.as_slice(), reading.improper.len()), (names, improper), "{list:?}");
        assert!(reading.listed.iter().all(|one| one.digest == Digest::of(b"")), "{list:?}");
        let whole = improper == 0 && !names.is_empty();
        let twice = names.len() > 1 && names.first() == names.last();
        assert_eq!(parse(&text).is_ok(), whole && !twice, "{list:?}");
    }

    #[test]
    fn a_list_is_read_as_sha256sum_reads_it() {
        check("HEX  a\n", &["a"], 0);
        check("HEX *a\n", &["a"], 0);
        check("HEX  ./a\nHEX  .//b/./c\n", &["a", "b/./c"], 0);
        check("HEX  a\r\nHEX  b\r\n", &["a", "b"], 0);
        check("UPPER  a\n", &["a"], 0);
        check("HEX  a", &["a"], 0);
        check(" \tHEX  a\n", &["a"], 0);
        check("HEX\t a\n", &["a"], 0);
        check("HEX   a b \n", &[" a b "], 0);
        check("SHA256 (a) = HEX\n", &["a"], 0);
        check("SHA256 (a (1).txt) = UPPER\r\n", &["a (1).txt"], 0);
        check("SHA256(a)= HEX\n", &["a"], 0);
        check("\\HEX  a\\nb\\\\c\\r\n", &["a\nb\\c\r"], 0);
        check("\\SHA256 (a\\nb) = HEX\n", &["a\nb"], 0);
        check("HEX a\nHEX *b\nHEX  c\n", &["a", "*b", " c"], 0);
        check("# made by hand\n\nHEX  a\n\r\n", &["a"], 0);
        check("HEX  a\nHEX *a\n", &["a", "a"], 0);
    }

    #[test]
    fn a_line_that_is_no_checksum_is_told_and_the_others_count() {
        check("nothing\nHEX  a\n", &["a"], 1);
        check("HEX  a\nHEX b\n", &["a"], 1);
        check("HEX  a\nSHA512 (b) = HEX\n", &["a"], 1);
        check("HEX  a\nsha256 (b) = HEX\nSHA256 (b) : HEX\nSHA256 (b = HEX\n", &["a"], 3);
        check("HEX  a\nHEX0  b\nHEX\nHEX \n", &["a"], 3);
        check("HEX  a\n\\HEX  b\\x\n\\HEX  b\\\n", &["a"], 2);
    }

    #[test]
    fn a_list_without_a_checksum_is_refused() {
        for text in ["\n", "# a\n", "a  b\n", "\u{feff}HEX  a\n", "md5  a\n"] {
            check(text, &[], 0);
            let problem = read(text).unwrap_err();
            assert_eq!(problem.code.to_string(), "checksums-syntax", "{text:?}");
        }
        assert_eq!(parse("").unwrap(), []);
        assert!(read("").is_err());
        let problem = parse(&format!("{EMPTY}  a\nb\n")).unwrap_err();
        assert_eq!(problem.location.unwrap().line, 2);
    }
}
