//! `Dynamic` names no field that must be known before a build.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_DYNAMIC)],
    spec: "Core metadata, Dynamic",
    looks_at: LooksAt::Metadata(check),
};

/// The only fields that a build must not leave open (PEP 643), in lower case.
const NEVER_DYNAMIC: [&str; 3] = ["name", "version", "metadata-version"];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let never = |field: &&str| NEVER_DYNAMIC.contains(&field.to_ascii_lowercase().as_str());
    let problem = |field: &str| {
        Diagnostic::new(&codes::METADATA_DYNAMIC, format!("`{field}` may never be dynamic"))
    };
    metadata.all("Dynamic").filter(never).map(problem).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn name_and_version_are_never_dynamic() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Dynamic: Summary\nDynamic: Requires-Dist", &[]);
        check("Dynamic: Version", &["METADATA-DYNAMIC"]);
        check("Dynamic: metadata-VERSION", &["METADATA-DYNAMIC"]);
        check("Dynamic: Version\nDynamic: Name", &["METADATA-DYNAMIC", "METADATA-DYNAMIC"]);
    }
}
