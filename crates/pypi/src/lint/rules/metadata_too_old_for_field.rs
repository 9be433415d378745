//! The fields of PEP 639 and PEP 794 are used from the metadata version on that brought them.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_TOO_OLD_FOR_FIELD)],
    spec: "PEP 639, Core Metadata; PEP 794",
    looks_at: LooksAt::Metadata(check),
};

/// Fields, and the version that brought them.
const FIELDS: [(&str, (u32, u32)); 4] = [
    ("License-Expression", (2, 4)),
    ("License-File", (2, 4)),
    ("Import-Name", (2, 5)),
    ("Import-Namespace", (2, 5)),
];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let own = metadata.format_version();
    let too_old = |(field, since): &(&str, (u32, u32))| {
        metadata.get(field).is_some() && own.is_none_or(|version| version < *since)
    };
    let Some((field, (major, minor))) = FIELDS.into_iter().find(too_old) else { return Vec::new() };
    let message = format!("`{field}` needs metadata version {major}.{minor}");
    // Backends wrote License-File under older versions for years, and the index lets it pass.
    let severity = if field == "License-File" { Diagnostic::warning } else { Diagnostic::new };
    vec![severity(&codes::METADATA_TOO_OLD_FOR_FIELD, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_of_metadata;

    #[test]
    fn new_fields_need_new_metadata() {
        let check = |version: &str, fields: &str, expected: &[&str]| {
            let text = format!(
                "Metadata-Version: {version}\nName: a\nVersion: 1\nSummary: s\n{fields}\n\nText.\n"
            );
            assert_eq!(codes_of_metadata(&text), expected, "{text}");
        };
        let expression = "License-Expression: MIT";
        check("2.4", "License-Expression: MIT\nLicense-File: LICENSE", &[]);
        check("2.5", expression, &[]);
        check("2.5", "Import-Name: a\nImport-Namespace: b", &[]);
        check("2.4", "Import-Name: a", &["METADATA-TOO-OLD-FOR-FIELD"]);
        check("2.4", "Import-Namespace: a", &["METADATA-TOO-OLD-FOR-FIELD"]);
        check("2.3", "License: MIT", &[]);
        check("2.3", expression, &["METADATA-TOO-OLD-FOR-FIELD"]);
        check("1.2", "License-File: A\nLicense-Expression: MIT", &["METADATA-TOO-OLD-FOR-FIELD"]);
        check("2.1", "License-File: LICENSE", &["metadata-too-old-for-field"]);
        check("x", expression, &["METADATA-FORMAT-VERSION", "METADATA-TOO-OLD-FOR-FIELD"]);
    }
}
