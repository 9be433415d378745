//! Checksum lists as GNU coreutils writes and reads them (`sha256sum -c`): one
//! `<64 hex digits>  <name>` a line. A name with a backslash or a line break is escaped, and its
//! line starts with a backslash.

use std::collections::BTreeMap;

use crate::codes;
use model::limits::MAX_TEXT_BYTES;
use model::{Diagnostic, Digest, Location, collect_by_insertion};

/// Renders a list, in byte order of names.
#[must_use]
pub fn render<P: AsRef<str>>(entries: &[(P, Digest)]) -> String {
    let sorted = by_name(entries);
    sorted.into_iter().map(|(path, digest)| line(path, digest)).collect()
}

fn by_name<P: AsRef<str>>(entries: &[(P, Digest)]) -> BTreeMap<&str, &Digest> {
    collect_by_insertion(entries.iter().map(|(path, digest)| (path.as_ref(), digest)))
}

/// Reads a list. Text and binary marks (`  ` and ` *`) mean the same. Every line must end in a
/// newline, so that a list that was cut off is noticed.
///
/// # Errors
/// `checksums-syntax` with the line, for another spelling, an empty name, or a name listed twice.
pub fn parse(text: &str) -> Result<Vec<(String, Digest)>, Diagnostic> {
    if text.len() as u64 > MAX_TEXT_BYTES {
        let problem = Diagnostic::new(&codes::CHECKSUMS_SYNTAX, "the list is longer than 16 MiB");
        return Err(problem.help("a list of digests holds a line a file"));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        let message = "the last line does not end in a newline: the list was cut off";
        let help = "take the list again from where it was published";
        return Err(Diagnostic::new(&codes::CHECKSUMS_SYNTAX, message).help(help));
    }
    let mut seen = BTreeMap::new();
    let mut entries = Vec::new();
    for (index, line) in text.split_terminator('\n').enumerate() {
        let number = index + 1;
        let wrong = |message: String| {
            let location = Location { file: String::new(), line: number, column: 0 };
            let help = match line.ends_with('\r') {
                true => "write the list with plain line ends (LF), not those of Windows (CR LF)",
                false => "a line is 64 lower-case hex digits, two spaces and a path",
            };
            let problem =
                Diagnostic::new(&codes::CHECKSUMS_SYNTAX, format!("line {number}: {message}"));
            Err(Diagnostic { location: Some(location), ..problem.help(help) })
        };
        let (path, digest) = match read_line(line) {
            Ok(entry) => entry,
            Err(message) => return wrong(message),
        };
        if let Some(first) = seen.insert(path.clone(), number) {
            return wrong(format!("`{path}` stands on line {first} already"));
        }
        entries.push((path, digest));
    }
    Ok(entries)
}

/// What differs between a list and the files that are there: `checksums-mismatch`,
/// `checksums-missing` (listed, not there) and `checksums-unlisted` (there, not listed).
#[must_use]
pub fn compare(listed: &[(String, Digest)], found: &BTreeMap<String, Digest>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let wanted = by_name(listed);
    for (path, expected) in &wanted {
        let problem = match found.get(*path) {
            Some(digest) if digest == *expected => continue,
            Some(digest) => Diagnostic::new(
                &codes::CHECKSUMS_MISMATCH,
                format!("`{path}` should be {expected} and is {digest}"),
            ),
            None => {
                Diagnostic::new(&codes::CHECKSUMS_MISSING, format!("`{path}` is listed, not there"))
            }
        };
        problems.push(problem.at(Location::file(*path)));
    }
    for path in found.keys().filter(|path| !wanted.contains_key(path.as_str())) {
        let problem =
            Diagnostic::new(&codes::CHECKSUMS_UNLISTED, format!("`{path}` is not listed"));
        problems.push(problem.at(Location::file(path)));
    }
    problems
}

fn line(path: &str, digest: &Digest) -> String {
    let hex = digest.hex();
    if path.contains(['\\', '\n', '\r']) {
        let escaped = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        format!("\\{hex}  {escaped}\n")
    } else {
        format!("{hex}  {path}\n")
    }
}

fn read_line(line: &str) -> Result<(String, Digest), String> {
    let (escaped, rest) = match line.strip_prefix('\\') {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let (hex, name) = rest.split_once(' ').ok_or("it holds no space")?;
    let digest = Digest::from_hex(hex).map_err(|_| "it does not start with a SHA-256 digest")?;
    let name = name
        .strip_prefix([' ', '*'])
        .ok_or("between digest and name stand two spaces, or a space and `*`")?;
    let path = if escaped { unescape(name)? } else { name.to_owned() };
    if path.is_empty() {
        return Err("the name is empty".to_owned());
    }
    if path.contains('\0') || (!escaped && path.contains('\r')) {
        return Err("the name holds a control character that must be escaped".to_owned());
    }
    Ok((path, digest))
}

fn unescape(name: &str) -> Result<String, String> {
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
            _ => return Err("a backslash in it is followed by none of `\\`, `n`, `r`".to_owned()),
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn check(path: &str, expected: &str) {
        let entries = [(path.to_owned(), Digest::of(b""))];
        let text = render(&entries);
        assert_eq!(text, expected.replace("HEX", EMPTY), "{path:?}");
        assert_eq!(parse(&text).unwrap(), entries, "{path:?}");
    }

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        check("pypi/a.whl", "HEX  pypi/a.whl\n");
        check(" leading and  inner", "HEX   leading and  inner\n");
        check("*star", "HEX  *star\n");
        check("back\\slash", "\\HEX  back\\\\slash\n");
        check("line\nbreak\r", "\\HEX  line\\nbreak\\r\n");
        check("ü", "HEX  ü\n");
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn lines_stand_in_byte_order_of_their_names() {
        let digest = Digest::of(b"");
        let text = render(&[("b", digest), ("a/z", digest), ("B", digest), ("a-b", digest)]);
        let names: Vec<&str> = text.lines().map(|line| &line[66..]).collect();
        assert_eq!(names, ["B", "a-b", "a/z", "b"]);
    }

    #[test]
    fn the_mark_of_binary_mode_is_read() {
        let entries = parse(&format!("{EMPTY} *a\n")).unwrap();
        assert_eq!(entries, [("a".to_owned(), Digest::of(b""))]);
    }

    #[test]
    fn any_other_line_is_refused_and_named() {
        let upper = EMPTY.to_uppercase();
        let cases = [
            "\n".to_owned(),
            format!("{EMPTY}  a"),
            format!("{EMPTY}  \n"),
            format!("{EMPTY} a\n"),
            format!("{EMPTY}\ta\n"),
            format!("{EMPTY}\n"),
            format!("{upper}  a\n"),
            format!(" {EMPTY}  a\n"),
            format!("{EMPTY}0  a\n"),
            format!("\\{EMPTY}  a\\x\n"),
            format!("\\{EMPTY}  a\\\n"),
            format!("{EMPTY}  a\r\n"),
            format!("{EMPTY}  a\n{EMPTY}  a\n"),
            format!("SHA256 (a) = {EMPTY}\n"),
            "# comment\n".to_owned(),
        ];
        for text in cases {
            assert_eq!(parse(&text).unwrap_err().code.to_string(), "checksums-syntax", "{text:?}");
        }
        let windows = parse(&format!("{EMPTY}  a\r\n")).unwrap_err();
        assert!(windows.help.unwrap().contains("Windows"));
        let second = parse(&format!("{EMPTY}  a\nb\n")).unwrap_err();
        assert_eq!(second.location.unwrap().line, 2);
    }

    #[test]
    fn what_differs_from_the_list_is_named() {
        let listed = ["a", "b", "c"].map(|path| (path.to_owned(), Digest::of(path.as_bytes())));
        let found = BTreeMap::from([
            ("a".to_owned(), Digest::of(b"a")),
            ("b".to_owned(), Digest::of(b"other")),
            ("d".to_owned(), Digest::of(b"d")),
        ]);
        let codes: Vec<String> = compare(&listed, &found)
            .into_iter()
            .map(|problem| format!("{} {}", problem.code, problem.location.unwrap().file))
            .collect();
        assert_eq!(codes, ["checksums-mismatch b", "checksums-missing c", "checksums-unlisted d"]);
    }
}
