//! Checksum lists as GNU coreutils writes and reads them (`sha256sum -c`): one
//! `<64 hex digits>  <name>` a line. A name with a backslash or a line break is escaped, and its
//! line starts with a backslash.

mod read;

use std::collections::BTreeMap;

use crate::codes;
use model::{Diagnostic, Digest, Location, collect_by_insertion};
use serde::Deserialize;

pub use read::{Listed, Reading, as_error, parse, read};

/// Which side of a comparison must be whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Each file that is listed must be there; others are ignored, as `sha256sum -c` does.
    #[default]
    Listed,
    /// Each file that is given must be listed; the rest of the list is ignored.
    Given,
    /// Both: the list and the files are the same set.
    Both,
}

/// Renders a list, in byte order of names.
#[must_use]
pub fn render<P: AsRef<str>>(entries: &[(P, Digest)]) -> String {
    let sorted = by_name(entries);
    sorted.into_iter().map(|(path, digest)| line(path, digest)).collect()
}

fn by_name<P: AsRef<str>>(entries: &[(P, Digest)]) -> BTreeMap<&str, &Digest> {
    collect_by_insertion(entries.iter().map(|(path, digest)| (path.as_ref(), digest)))
}

/// What differs between a list and the files that are there: `checksums-mismatch`, and as `scope`
/// says `checksums-missing` (listed, not there) and `checksums-unlisted` (there, not listed).
#[must_use]
pub fn compare(
    listed: &[Listed],
    found: &BTreeMap<String, Digest>,
    scope: Scope,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for Listed { path, digest: expected } in listed {
        let problem = match found.get(path) {
            Some(digest) if digest == expected => continue,
            Some(digest) => Diagnostic::new(
                &codes::CHECKSUMS_MISMATCH,
                format!("`{path}` should be {expected} and is {digest}"),
            ),
            None if scope == Scope::Given => continue,
            None => {
                let message = format!("`{path}` is listed, but is not there");
                Diagnostic::new(&codes::CHECKSUMS_MISSING, message)
            }
        };
        problems.push(problem.at(Location::file(path)));
    }
    if scope != Scope::Listed {
        let named: BTreeMap<&str, ()> =
            collect_by_insertion(listed.iter().map(|one| (one.path.as_str(), ())));
        for path in found.keys().filter(|path| !named.contains_key(path.as_str())) {
            let message = format!("`{path}` is not listed");
            let problem = Diagnostic::new(&codes::CHECKSUMS_UNLISTED, message);
            problems.push(problem.at(Location::file(path)));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn check(path: &str, expected: &str) {
        let text = render(&[(path, Digest::of(b""))]);
        assert_eq!(text, expected.replace("HEX", EMPTY), "{path:?}");
        let listed = Listed { path: path.to_owned(), digest: Digest::of(b"") };
        assert_eq!(parse(&text).unwrap(), [listed], "{path:?}");
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
    fn what_differs_is_named_on_the_side_that_must_be_whole() {
        let listed = ["a", "b", "c"]
            .map(|path| Listed { path: path.to_owned(), digest: Digest::of(path.as_bytes()) });
        let found = BTreeMap::from([
            ("a".to_owned(), Digest::of(b"a")),
            ("b".to_owned(), Digest::of(b"other")),
            ("d".to_owned(), Digest::of(b"d")),
        ]);
        let check = |scope, expected: &[&str]| {
            let codes: Vec<String> = compare(&listed, &found, scope)
                .into_iter()
                .map(|problem| format!("{} {}", problem.code, problem.location.unwrap().file))
                .collect();
            assert_eq!(codes, expected, "{scope:?}");
        };
        let (wrong, missing, unlisted) =
            ("checksums-mismatch b", "checksums-missing c", "checksums-unlisted d");
        check(Scope::Listed, &[wrong, missing]);
        check(Scope::Given, &[wrong, unlisted]);
        check(Scope::Both, &[wrong, missing, unlisted]);
    }
}
