//! `METADATA`, `WHEEL` and `PKG-INFO` are UTF-8 text of headers, of bounded length.

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_SYNTAX)],
    spec: "Core metadata",
    looks_at: LooksAt::Reading,
};

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO, TOP};

    #[test]
    fn metadata_files_are_text_of_headers() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        check(Draft::wheel().header("X-Own: anything"), &[]);
        check(Draft::wheel().replace("Summary: s", "no header"), &["METADATA-SYNTAX"]);
        check(Draft::wheel().replace("Generator: t", "no header"), &["METADATA-SYNTAX"]);
        let hidden = "Keywords: x\rRequires-Dist: evil @ https://a.example/evil.whl";
        check(Draft::wheel().header(hidden), &["METADATA-SYNTAX"]);
        check(Draft::sdist().header(hidden), &["METADATA-SYNTAX"]);
        check(Draft::wheel().replace("Generator: t", "Generator: t\rTag: a"), &["METADATA-SYNTAX"]);
        check(Draft::sdist().replace("Summary: s", "no header"), &["METADATA-SYNTAX"]);
        let wheel = Draft::wheel().without("/METADATA");
        check(wheel.with(&format!("{INFO}/METADATA"), b"\xff"), &["METADATA-SYNTAX"]);
        let sdist = Draft::sdist().without("/PKG-INFO");
        check(sdist.with(&format!("{TOP}/PKG-INFO"), b" folded: first"), &["METADATA-SYNTAX"]);
    }
}
