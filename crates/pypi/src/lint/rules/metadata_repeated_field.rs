//! A field that is not marked for multiple use appears once: readers differ in which one they take.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_REPEATED_FIELD)],
    spec: "Core metadata, fields without (multiple use)",
    looks_at: LooksAt::Metadata(check),
};

/// Fields that may appear only once.
const SINGLE: [&str; 15] = [
    "Metadata-Version",
    "Name",
    "Version",
    "Summary",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "Requires-Python",
];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let repeated = SINGLE.into_iter().filter(|field| metadata.all(field).nth(1).is_some());
    let problem = |field| {
        let message = format!("the metadata says `{field}` more than once");
        Diagnostic::new(&codes::METADATA_REPEATED_FIELD, message)
    };
    repeated.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, codes_with};

    #[test]
    fn a_single_field_appears_once() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Classifier: Topic :: Utilities\nClassifier: Typing :: Typed", &[]);
        check("Name: b", &["METADATA-REPEATED-FIELD"]);
        check("Name: a\nname: a", &["METADATA-REPEATED-FIELD"]);
        check("Version: 6.6.6", &["METADATA-REPEATED-FIELD"]);
        check("Author: a\nAuthor: b", &["METADATA-REPEATED-FIELD"]);
        check("Summary: t\nVersion: 2", &["METADATA-REPEATED-FIELD", "METADATA-REPEATED-FIELD"]);
        let twice = Draft::wheel().header("License-Expression: MIT");
        assert_eq!(twice.codes(), ["METADATA-REPEATED-FIELD"]);
    }
}
