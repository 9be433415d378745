//! There is a `pyproject.toml`, which says how it is built.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::SDIST_PYPROJECT_MISSING)],
    spec: "Source distribution format, Source distribution file format",
    looks_at: LooksAt::Sdist(check),
};

fn check(sdist: &Sdist) -> Vec<Diagnostic> {
    if sdist.member("pyproject.toml").is_some() {
        return Vec::new();
    }
    vec![Diagnostic::new(&codes::SDIST_PYPROJECT_MISSING, "the sdist has no `pyproject.toml`")]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn there_is_a_pyproject_file_in_the_top_folder() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let sdist = Draft::sdist;
        check(sdist(), &[]);
        check(sdist().without("/pyproject.toml"), &["sdist-pyproject-missing"]);
        check(sdist().replace("/pyproject.toml", "/setup.py"), &["sdist-pyproject-missing"]);
        let below = sdist().replace("/pyproject.toml", "/a/pyproject.toml");
        check(below, &["sdist-pyproject-missing"]);
    }
}
