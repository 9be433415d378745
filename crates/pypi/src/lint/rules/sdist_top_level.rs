//! All is in one folder, called after the normalized name and version. Without exactly one, a
//! source distribution cannot be read.

use model::Diagnostic;

use super::sdist_name::normal;
use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::SDIST_TOP_LEVEL)],
    spec: "Source distribution format, Source distribution file format",
    looks_at: LooksAt::Sdist(check),
};

fn check(sdist: &Sdist) -> Vec<Diagnostic> {
    let Some(expected) = normal(sdist).filter(|expected| *expected != sdist.top) else {
        return Vec::new();
    };
    let message = format!("its folder is `{}`, not `{expected}`", sdist.top);
    vec![Diagnostic::warning(&codes::SDIST_TOP_LEVEL, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, TOP};

    #[test]
    fn there_is_one_folder_and_it_is_named_after_the_distribution() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let sdist = Draft::sdist;
        check(sdist(), &[]);
        check(sdist().replace(TOP, "demo-pkg-1.0.0rc1"), &["sdist-top-level"]);
        check(sdist().replace(TOP, "other"), &["sdist-top-level"]);
        check(sdist().with("other/file", ""), &["SDIST-TOP-LEVEL"]);
        check(sdist().with("file", ""), &["SDIST-TOP-LEVEL"]);
    }
}
