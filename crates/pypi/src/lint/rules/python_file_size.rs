//! The file is no larger than what the public index accepts by default.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::PYTHON_FILE_SIZE)],
    spec: "PyPI, File size limit",
    looks_at: LooksAt::Bytes(check),
};

/// Bytes of one file that the public index accepts unless a project has asked for more.
const MAX_UPLOAD_BYTES: usize = 100_000_000;

fn check(bytes: &[u8]) -> Vec<Diagnostic> {
    if bytes.len() <= MAX_UPLOAD_BYTES {
        return Vec::new();
    }
    let message = format!("the file has {} bytes; a project may upload 100 MB", bytes.len());
    let help = "ask the index for a larger limit, or ship less";
    vec![Diagnostic::new(&codes::PYTHON_FILE_SIZE, message).help(help)]
}

#[cfg(test)]
mod tests {
    use super::MAX_UPLOAD_BYTES;
    use crate::lint::drafts::codes;

    #[test]
    fn a_file_fits_the_default_limit() {
        let check = |bytes: usize, expected: &[&str]| {
            assert_eq!(codes(&super::check(&vec![0; bytes])), expected, "{bytes}");
        };
        check(0, &[]);
        check(MAX_UPLOAD_BYTES, &[]);
        check(MAX_UPLOAD_BYTES + 1, &["python-file-size"]);
    }
}
