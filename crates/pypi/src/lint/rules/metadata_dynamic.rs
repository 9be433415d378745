//! `Dynamic` names fields that there are, and none that must be known before a build.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_DYNAMIC)],
    spec: "Core metadata, Dynamic",
    looks_at: LooksAt::Metadata(check),
};

/// The only fields that a build must not leave open (PEP 643), in lower case.
const NEVER_DYNAMIC: [&str; 3] = ["name", "version", "metadata-version"];

/// The others, in lower case (core metadata 2.5).
const FIELDS: [&str; 29] = [
    "author",
    "author-email",
    "classifier",
    "description",
    "description-content-type",
    "download-url",
    "dynamic",
    "home-page",
    "import-name",
    "import-namespace",
    "keywords",
    "license",
    "license-expression",
    "license-file",
    "maintainer",
    "maintainer-email",
    "obsoletes",
    "obsoletes-dist",
    "platform",
    "project-url",
    "provides",
    "provides-dist",
    "provides-extra",
    "requires",
    "requires-dist",
    "requires-external",
    "requires-python",
    "summary",
    "supported-platform",
];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    metadata.all("Dynamic").filter_map(judge).collect()
}

fn judge(field: &str) -> Option<Diagnostic> {
    let lower = field.to_ascii_lowercase();
    let message = if NEVER_DYNAMIC.contains(&lower.as_str()) {
        format!("`{}` may never be dynamic", shown(field))
    } else if FIELDS.contains(&lower.as_str()) {
        return None;
    } else {
        format!("`Dynamic: {}` names no field of the metadata", shown(field))
    };
    Some(Diagnostic::new(&codes::METADATA_DYNAMIC, message))
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
        check("Dynamic: import-NAME\nDynamic: License-Expression", &[]);
        check("Dynamic: Foo", &["METADATA-DYNAMIC"]);
        check("Dynamic: Entry-Points", &["METADATA-DYNAMIC"]);
        check("Dynamic:", &["METADATA-DYNAMIC"]);
        check("Dynamic: Version", &["METADATA-DYNAMIC"]);
        check("Dynamic: metadata-VERSION", &["METADATA-DYNAMIC"]);
        check("Dynamic: Version\nDynamic: Name", &["METADATA-DYNAMIC", "METADATA-DYNAMIC"]);
    }
}
