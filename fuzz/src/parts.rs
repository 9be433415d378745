//! Several files in one input, in a form that a fuzzer can take apart and a person can read: a line
//! `== PATH` before the content of each.

use std::collections::BTreeMap;

use archive::Entry;
use model::MemoryTree;

const MARK: &[u8] = b"== ";

/// The files in their order. What stands before the first line is left out, and so is a file whose
/// path is not UTF-8. A final line break belongs to the mark after it.
pub(crate) fn parts(bytes: &[u8]) -> Vec<(String, &[u8])> {
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|at| *at == 0 || bytes.get(at - 1) == Some(&b'\n'))
        .filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(MARK)))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let pieces = starts.iter().zip(ends).filter_map(|(start, end)| bytes.get(start + 3..end));
    let part = |piece: &'_ [u8]| {
        let end = piece.iter().position(|byte| *byte == b'\n').unwrap_or(piece.len());
        String::from_utf8(piece.get(..end)?.to_vec()).ok().map(|path| (path, end + 1))
    };
    let split = pieces.filter_map(|piece| {
        let (path, start) = part(piece)?;
        Some((path, piece.get(start..).unwrap_or_default()))
    });
    split.collect()
}

/// The same as entries of an archive.
pub(crate) fn entries(bytes: &[u8]) -> Vec<Entry> {
    let entry = |(path, content): (String, &[u8])| Entry::new(path, content);
    parts(bytes).into_iter().map(entry).collect()
}

/// The same by path; of several with one path the last.
pub(crate) fn by_path(bytes: &[u8]) -> BTreeMap<String, &[u8]> {
    parts(bytes).into_iter().collect()
}

/// The same as a repository, without files that are not text.
pub(crate) fn tree(bytes: &[u8]) -> MemoryTree {
    let text = |(path, content): (String, &[u8])| {
        Some((path, std::str::from_utf8(content).ok()?.to_owned()))
    };
    MemoryTree::new(parts(bytes).into_iter().filter_map(text))
}

/// An input of these files.
pub(crate) fn join(files: &[(&str, &str)]) -> Vec<u8> {
    files.iter().map(|(path, text)| format!("== {path}\n{text}")).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_their_marks() {
        let check = |bytes: &[u8], expected: &[(&str, &[u8])]| {
            let found = parts(bytes);
            let found: Vec<(&str, &[u8])> =
                found.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
            assert_eq!(found, expected);
        };
        check(b"", &[]);
        check(b"nothing", &[]);
        check(b"== a", &[("a", b"")]);
        check(b"x\n== a\n1\n== b\n\0\xff", &[("a", b"1\n"), ("b", b"\0\xff")]);
        check(b"== a\nx == b\n", &[("a", b"x == b\n")]);
        check(&join(&[("a", "1\n"), ("b/c", "")]), &[("a", b"1\n"), ("b/c", b"")]);
    }
}
