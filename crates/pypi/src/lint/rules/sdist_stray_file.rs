//! A source distribution holds sources, not what a build made of them.

use archive::Entry;
use model::{Diagnostic, Findings};

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::SDIST_STRAY_FILE)],
    spec: "Source distribution format, Source distribution file format",
    looks_at: LooksAt::Sdist(check),
};

fn check(sdist: &Sdist) -> Vec<Diagnostic> {
    let code = &codes::SDIST_STRAY_FILE;
    let mut problems = Findings::new();
    for Entry { path, .. } in sdist.members.iter().filter(|entry| is_built(&entry.path)) {
        let message = || format!("`{path}` is a product of a build, not a source");
        problems.add(code, || Diagnostic::new(code, message()));
    }
    problems.finish()
}

fn is_built(path: &str) -> bool {
    path.ends_with(".pyc")
        || path.ends_with(".whl")
        || path.split('/').any(|part| part == "__pycache__")
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, TOP};

    #[test]
    fn no_product_of_a_build_is_among_the_sources() {
        let check = |path: &str, expected: &[&str]| {
            let draft = Draft::sdist().with(&format!("{TOP}/{path}"), "");
            assert_eq!(draft.codes(), expected, "{path}");
        };
        check("src/demo_pkg/a.py", &[]);
        check("tests/data/wheel.txt", &[]);
        check("dist/old.whl", &["sdist-stray-file"]);
        check("src/a.pyc", &["sdist-stray-file"]);
        check("src/__pycache__/a.txt", &["sdist-stray-file"]);
        check("src/__pycache__/a.pyc", &["sdist-stray-file"]);
    }
}
