//! The metadata names the distribution, with a valid name. Without one a file cannot be read.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::name::is_name;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_NAME)],
    spec: "Core metadata, Name",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let name = metadata.get("Name").unwrap_or_default();
    if is_name(name) {
        return Vec::new();
    }
    let message = format!("`{}` cannot name a distribution", shown(name));
    vec![Diagnostic::new(&codes::METADATA_NAME, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, codes_replacing};

    #[test]
    fn the_name_is_valid() {
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(codes_replacing("Name: a\n", line), expected, "{line}");
        };
        check("Name: A.b_c-1\n", &[]);
        check("Name: -a\n", &["METADATA-NAME"]);
        check("Name: a.\n", &["METADATA-NAME"]);
        check("Name: ä\n", &["METADATA-NAME"]);
        check("Name: a b\n", &["METADATA-NAME"]);
        check("Name:\n", &["METADATA-NAME"]);
        check("", &["METADATA-NAME"]);
    }

    #[test]
    fn a_file_without_a_name_is_not_read_on() {
        let check = |draft: Draft| {
            let nameless = draft.replace("\nName: demo-pkg\n", "\n").header("Dynamic: Name");
            assert_eq!(nameless.codes(), ["METADATA-NAME"]);
        };
        check(Draft::wheel());
        check(Draft::sdist());
    }
}
