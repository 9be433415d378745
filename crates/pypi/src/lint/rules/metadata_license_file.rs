//! `License-File` is the path of one file, below the folder of licences.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_LICENSE_FILE)],
    spec: "Core metadata, License-File; PEP 639, Add License-File field",
    looks_at: LooksAt::Metadata(check),
};

/// Before 2.4 the field was not one of the metadata's, and backends wrote what they liked.
fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    if metadata.format_version().is_none_or(|version| version < (2, 4)) {
        return Vec::new();
    }
    let problem = |text: &str| {
        let why = if text.contains('*') {
            "is a pattern: the backend must write the paths that it matches"
        } else if text.contains("..") {
            "leaves the folder of licences"
        } else if text.starts_with('/') || text.get(1..2) == Some(":") {
            "is absolute"
        } else if text.contains('\\') {
            "holds a backslash"
        } else if text.is_empty() {
            "is empty"
        } else {
            return None;
        };
        let message = format!("`License-File: {}` {why}", shown(text));
        Some(Diagnostic::new(&codes::METADATA_LICENSE_FILE, message))
    };
    metadata.all("License-File").filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{codes_replacing, codes_with};

    #[test]
    fn a_licence_file_is_a_plain_path() {
        let check = |value: &str, expected: &[&str]| {
            assert_eq!(codes_with(&format!("License-File: {value}")), expected, "{value}");
        };
        check("LICENSE", &[]);
        check("a/b/COPYING.txt", &[]);
        for bad in ["a/*", "LICEN[CS]E*", "../LICENSE", "a/../b", "/LICENSE", "C:/a", "a\\b", ""] {
            check(bad, &["METADATA-LICENSE-FILE"]);
        }
    }

    #[test]
    fn older_metadata_may_say_what_it_likes() {
        let old = "Metadata-Version: 2.1\nLicense-File: a/*\n";
        let expected = ["metadata-too-old-for-field"];
        assert_eq!(codes_replacing("Metadata-Version: 2.4\n", old), expected);
    }
}
