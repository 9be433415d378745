//! The file is called after the normalized name and version. A name of another form is not read.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::name::{normalize_for_files, pep440};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::SDIST_NAME)],
    spec: "Source distribution format, Source distribution file name",
    looks_at: LooksAt::Sdist(check),
};

/// `{name}-{version}`, both normalized; nothing when the version is not valid.
pub(super) fn normal(sdist: &Sdist) -> Option<String> {
    let version = pep440(&sdist.version)?.pep440().ok()?;
    Some(format!("{}-{version}", normalize_for_files(&sdist.name)))
}

fn check(sdist: &Sdist) -> Vec<Diagnostic> {
    let found = format!("{}-{}", sdist.file_name.distribution, sdist.file_name.version);
    let Some(expected) = normal(sdist).filter(|expected| *expected != found) else {
        return Vec::new();
    };
    let message = format!("the file must be called `{expected}.tar.gz`");
    vec![Diagnostic::new(&codes::SDIST_NAME, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_file_is_named_after_the_distribution() {
        let check = |name: &str, expected: &[&str]| {
            assert_eq!(Draft::sdist().named(name).codes(), expected, "{name}");
        };
        check("demo_pkg-1.0.0rc1.tar.gz", &[]);
        check("demo-pkg-1.0.0rc1.tar.gz", &["SDIST-NAME"]);
        check("demo_pkg-1.0.0.rc1.tar.gz", &["SDIST-NAME"]);
        check("demo_pkg-1.0.tar.gz", &["SDIST-NAME"]);
        check("demo_pkg-1.0.0rc1.zip", &["SDIST-NAME"]);
        check("demo_pkg.tar.gz", &["SDIST-NAME"]);
    }

    #[test]
    fn a_version_that_is_not_valid_is_the_only_problem() {
        let draft = Draft::sdist().replace("\nVersion: 1.0.0rc1", "\nVersion: one");
        assert_eq!(draft.named("other-2.tar.gz").codes(), ["METADATA-VERSION"]);
    }
}
