//! The metadata is of version 2.2 or newer, which says what a build may still change.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::sdist::Sdist;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::SDIST_METADATA_VERSION)],
    spec: "Source distribution format, Source distribution file format",
    looks_at: LooksAt::Sdist(check),
};

fn check(sdist: &Sdist) -> Vec<Diagnostic> {
    if sdist.metadata.format_version().is_none_or(|version| version >= (2, 2)) {
        return Vec::new();
    }
    let message = "its metadata is older than 2.2, so nobody can rely on it before a build";
    vec![Diagnostic::new(&codes::SDIST_METADATA_VERSION, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_metadata_can_be_relied_on_without_a_build() {
        let check = |version: &str, expected: &[&str]| {
            let plain = Draft::sdist().replace("License-Expression: MIT\n", "");
            let plain = plain.replace("License-File: LICENSE\n", "");
            let draft = plain.replace("Metadata-Version: 2.4", version);
            assert_eq!(draft.codes(), expected, "{version}");
        };
        check("Metadata-Version: 2.2", &[]);
        check("Metadata-Version: 2.5", &[]);
        check("Metadata-Version: 2.1", &["sdist-metadata-version"]);
        check("Metadata-Version: 1.0", &["sdist-metadata-version"]);
        check("Metadata-Version: two", &["METADATA-FORMAT-VERSION"]);
    }
}
