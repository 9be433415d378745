//! Names of extras are valid, and no two of them are equal once they are normalized.

use std::collections::BTreeSet;

use model::{Diagnostic, normalized_python_name};

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;
use crate::name::is_name;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::METADATA_EXTRA)],
    spec: "Core metadata, Provides-Extra",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut extras = BTreeSet::new();
    for extra in metadata.all("Provides-Extra") {
        if !is_name(extra) {
            let message = format!("`{}` cannot name an extra", shown(extra));
            problems.push(Diagnostic::new(&codes::METADATA_EXTRA, message));
        } else if !extras.insert(normalized_python_name(extra)) {
            let message = format!("the extra `{extra}` appears twice");
            problems.push(Diagnostic::new(&codes::METADATA_EXTRA, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn extras_have_valid_names_of_their_own() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Provides-Extra: a-b\nProvides-Extra: c", &[]);
        check("Provides-Extra: ä", &["METADATA-EXTRA"]);
        check("Provides-Extra:", &["METADATA-EXTRA"]);
        check("Provides-Extra: a-b\nProvides-Extra: a_b", &["METADATA-EXTRA"]);
        check("Provides-Extra: a\nProvides-Extra: A", &["METADATA-EXTRA"]);
    }
}
