//! The metadata says its version, and it is one that the index accepts.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_FORMAT_VERSION)],
    spec: "Core metadata, Metadata-Version",
    looks_at: LooksAt::Metadata(check),
};

const VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let message = match metadata.get("Metadata-Version") {
        Some(version) if VERSIONS.contains(&version) => return Vec::new(),
        Some(version) => format!("metadata version `{version}` is not one that the index takes"),
        None => "the metadata has no `Metadata-Version`".to_owned(),
    };
    vec![Diagnostic::new(&codes::METADATA_FORMAT_VERSION, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_replacing;

    #[test]
    fn the_version_is_one_that_the_index_accepts() {
        let check = |line: &str, expected: &[&str]| {
            let codes = codes_replacing("Metadata-Version: 2.4\n", line);
            assert_eq!(codes, expected, "{line}");
        };
        check("Metadata-Version: 1.0\n", &[]);
        check("Metadata-Version: 2.1\n", &[]);
        check("Metadata-Version: 2.5\n", &[]);
        check("Metadata-Version: 2.0\n", &["METADATA-FORMAT-VERSION"]);
        check("Metadata-Version: 2.6\n", &["METADATA-FORMAT-VERSION"]);
        check("Metadata-Version: two\n", &["METADATA-FORMAT-VERSION"]);
        check("Metadata-Version:\n", &["METADATA-FORMAT-VERSION"]);
        check("", &["METADATA-FORMAT-VERSION"]);
    }
}
