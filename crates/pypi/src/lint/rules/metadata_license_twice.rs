//! The licence is given as `License-Expression` or as the older `License`, not as both.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_LICENSE_TWICE)],
    spec: "Core metadata, License",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let old = metadata.get("License").is_some_and(|text| !text.is_empty());
    if !old || metadata.get("License-Expression").is_none() {
        return Vec::new();
    }
    let message = "the metadata has both `License` and `License-Expression`";
    vec![Diagnostic::new(&codes::METADATA_LICENSE_TWICE, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn the_licence_is_given_once() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("License: MIT", &[]);
        check("License-Expression: MIT", &[]);
        check("License:\nLicense-Expression: MIT", &[]);
        check("License: MIT\nLicense-Expression: MIT", &["METADATA-LICENSE-TWICE"]);
        check("License-Expression: MIT\nLicense: UNKNOWN", &["METADATA-LICENSE-TWICE"]);
    }
}
