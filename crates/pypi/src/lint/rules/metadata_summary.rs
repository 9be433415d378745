//! There is a summary, of one line and at most 512 characters.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_SUMMARY)],
    spec: "Core metadata, Summary",
    looks_at: LooksAt::Metadata(check),
};

/// Characters that the public index accepts.
const MAX_CHARS: usize = 512;

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let code = &codes::METADATA_SUMMARY;
    match metadata.get("Summary") {
        Some(text) if text.chars().count() > MAX_CHARS => {
            vec![Diagnostic::new(code, "the summary is longer than 512 characters")]
        }
        Some(text) if text.contains('\n') => {
            vec![Diagnostic::new(code, "the summary has more than one line")]
        }
        Some(text) if !text.is_empty() => Vec::new(),
        _ => vec![Diagnostic::warning(code, "the metadata has no `Summary`")],
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_replacing;

    #[test]
    fn the_summary_is_one_short_line() {
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(codes_replacing("Summary: s\n", line), expected, "{line}");
        };
        check("Summary: A short text.", &[]);
        check(&format!("Summary: {}", "ß".repeat(512)), &[]);
        check(&format!("Summary: {}", "s".repeat(513)), &["METADATA-SUMMARY"]);
        check("Summary: a\n b", &["METADATA-SUMMARY"]);
        check("Summary:", &["metadata-summary"]);
        check("", &["metadata-summary"]);
    }
}
