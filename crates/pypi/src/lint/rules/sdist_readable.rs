//! The source distribution has a `PKG-INFO`, and its links lead to files of its own.
//!
//! What is wrong with the archive itself has codes of the archive's reader. Links have their cases
//! beside `read_sdist`, which resolves them.

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::SDIST_PKG_INFO_MISSING),
        Reported::everybody(&codes::SDIST_LINK),
    ],
    spec: "Source distribution format, Source distribution file format",
    looks_at: LooksAt::Reading,
};

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn a_source_distribution_says_what_it_is() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        check(Draft::sdist(), &[]);
        check(Draft::sdist().without("/PKG-INFO"), &["SDIST-PKG-INFO-MISSING"]);
        check(Draft::sdist().replace("/PKG-INFO", "/a/PKG-INFO"), &["SDIST-PKG-INFO-MISSING"]);
    }
}
