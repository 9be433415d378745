//! `Import-Name` and `Import-Namespace` are names that Python can import.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_IMPORT_NAME)],
    spec: "Core metadata, Import-Name; PEP 794",
    looks_at: LooksAt::Metadata(check),
};

/// Words that name nothing in Python (3.14, "Keywords").
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for field in ["Import-Name", "Import-Namespace"] {
        let bad = metadata.all(field).filter(|text| !is_import(text));
        problems.extend(bad.map(|text| {
            let message = format!("`{field}: {}` cannot be imported", shown(text));
            let help = "write a dotted name, perhaps with `; private` after it";
            Diagnostic::new(&codes::METADATA_IMPORT_NAME, message).help(help)
        }));
    }
    problems
}

/// A dotted name, perhaps marked as private; an empty one says that there is nothing to import.
fn is_import(text: &str) -> bool {
    let (name, mark) = match text.split_once(';') {
        Some((name, mark)) => (name.trim_end(), Some(mark.trim_start())),
        None => (text, None),
    };
    let alone = name.is_empty() && mark.is_none();
    (alone || name.split('.').all(is_identifier)) && mark.is_none_or(|mark| mark == "private")
}

fn is_identifier(part: &str) -> bool {
    let first = part.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    first && part.chars().all(|c| c.is_alphanumeric() || c == '_') && !KEYWORDS.contains(&part)
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_replacing;

    #[test]
    fn import_names_are_dotted_identifiers() {
        let check = |value: &str, good: bool| {
            for field in ["Import-Name", "Import-Namespace"] {
                let lines = format!("Metadata-Version: 2.5\n{field}: {value}\n");
                let codes = codes_replacing("Metadata-Version: 2.4\n", &lines);
                let expected: &[&str] = if good { &[] } else { &["METADATA-IMPORT-NAME"] };
                assert_eq!(codes, expected, "{field}: {value}");
            }
        };
        check("a", true);
        check("_a.b2.ä", true);
        check("a.b ; private", true);
        check("a;private", true);
        check("", true);
        check("a-b", false);
        check("1a", false);
        check("a..b", false);
        check("a.class", false);
        check("a; public", false);
        check("; private", false);
        check("a b", false);
    }
}
