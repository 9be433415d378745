//! There is a description for the project's page, after the headers or as a field of old.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_DESCRIPTION)],
    spec: "Core metadata, Description",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let described = !metadata.description.trim().is_empty()
        || metadata.get("Description").is_some_and(|text| !text.trim().is_empty());
    if described {
        return Vec::new();
    }
    let message = "the metadata has no description for the index to show";
    vec![Diagnostic::new(&codes::METADATA_DESCRIPTION, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_of_metadata;

    #[test]
    fn there_is_a_description() {
        let check = |rest: &str, expected: &[&str]| {
            let headers = "Metadata-Version: 2.1\nName: a\nVersion: 1\nSummary: s\n";
            assert_eq!(codes_of_metadata(&format!("{headers}{rest}")), expected, "{rest:?}");
        };
        check("\nText.\n", &[]);
        check("Description: Text.\n", &[]);
        check("", &["metadata-description"]);
        check("\n \n\t\n", &["metadata-description"]);
        check("Description:\n", &["metadata-description"]);
    }
}
