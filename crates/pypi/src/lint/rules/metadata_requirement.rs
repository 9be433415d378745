//! Requirements are valid, and name a project of the index, not an address.
//!
//! Both are found in one pass, so that problems are listed in the order of the requirements.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::requirement::Requirement;

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::METADATA_REQUIREMENT),
        Reported::index(&codes::METADATA_DIRECT_URL),
    ],
    spec: "Dependency specifiers; Version specifiers, Direct references",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for field in ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"] {
        problems.extend(metadata.all(field).filter_map(|text| judge(field, text)));
    }
    problems
}

fn judge(field: &str, text: &str) -> Option<Diagnostic> {
    match Requirement::parse(text) {
        None => {
            let message = format!("`{field}: {}` is not a valid requirement", shown(text));
            Some(Diagnostic::new(&codes::METADATA_REQUIREMENT, message))
        }
        Some(Requirement { url: Some(_), name, .. }) => {
            let message = format!("`{name}` is required by its address: `{text}`");
            let help = "the index takes requirements by name and version only";
            Some(Diagnostic::new(&codes::METADATA_DIRECT_URL, message).help(help))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, codes_with};

    #[test]
    fn requirements_are_valid_and_have_no_address() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Requires-Dist: b>=1; extra == 'c'\nProvides-Extra: c", &[]);
        check("Provides-Dist: b\nObsoletes-Dist: c (<2)", &[]);
        check("Requires-Dist: b >> 1", &["METADATA-REQUIREMENT"]);
        check("Obsoletes-Dist: !!", &["METADATA-REQUIREMENT"]);
        check("Requires-Dist: b @ https://a.example/b.whl", &["METADATA-DIRECT-URL"]);
        check(
            "Requires-Dist: b @ https://a.example/b.whl\nRequires-Dist: c >> 1\nRequires-Dist: d",
            &["METADATA-DIRECT-URL", "METADATA-REQUIREMENT"],
        );
    }

    #[test]
    fn wheels_and_sdists_are_held_to_it() {
        let check = |draft: Draft| {
            let draft = draft.header("Requires-Dist: x >> 1\nRequires-Dist: x @ https://h.example");
            assert_eq!(draft.codes(), ["METADATA-REQUIREMENT", "METADATA-DIRECT-URL"]);
        };
        check(Draft::wheel());
        check(Draft::sdist());
    }
}
