//! `Requires-Python` is a version specifier: installers choose the file by it.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::requirement::is_specifier_set;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_REQUIRES_PYTHON)],
    spec: "Core metadata, Requires-Python",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let Some(text) = metadata.get("Requires-Python").filter(|text| !is_specifier_set(text)) else {
        return Vec::new();
    };
    let message = format!("`Requires-Python: {}` is not a version specifier", shown(text));
    vec![Diagnostic::new(&codes::METADATA_REQUIRES_PYTHON, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn the_python_versions_are_a_specifier() {
        let check = |value: &str, expected: &[&str]| {
            assert_eq!(codes_with(&format!("Requires-Python: {value}")), expected, "{value}");
        };
        check(">=3.9", &[]);
        check(">=3.9,<4,!=3.10.*", &[]);
        check("3.9", &["METADATA-REQUIRES-PYTHON"]);
        check("=>3.9", &["METADATA-REQUIRES-PYTHON"]);
        check("python 3", &["METADATA-REQUIRES-PYTHON"]);
    }
}
