//! The metadata has the distribution's version, valid under PEP 440. Without one a file cannot be
//! read.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::name::pep440;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_VERSION)],
    spec: "Core metadata, Version",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let version = metadata.get("Version").unwrap_or_default();
    if pep440(version).is_some() {
        return Vec::new();
    }
    let message = format!("`{}` is not a PEP 440 version", shown(version));
    vec![Diagnostic::new(&codes::METADATA_VERSION, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, codes_replacing};

    #[test]
    fn the_version_is_valid() {
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(codes_replacing("\nVersion: 1.0\n", line), expected, "{line}");
        };
        check("\nVersion: 1.0rc1\n", &[]);
        check("\nVersion: 1!2.0.post3\n", &[]);
        check("\nVersion: one\n", &["METADATA-VERSION"]);
        check("\nVersion: 1.0-x_y+\n", &["METADATA-VERSION"]);
        check("\nVersion:\n", &["METADATA-VERSION"]);
        check("\n", &["METADATA-VERSION"]);
    }

    #[test]
    fn a_file_without_a_version_is_not_read_on() {
        let check = |draft: Draft| {
            let bare = draft.replace("\nVersion: 1.0.0rc1\n", "\n").header("Dynamic: Name");
            assert_eq!(bare.codes(), ["METADATA-VERSION"]);
        };
        check(Draft::wheel());
        check(Draft::sdist());
    }
}
