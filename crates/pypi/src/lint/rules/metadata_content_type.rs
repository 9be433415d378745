//! The description's content type is one that the index renders.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_CONTENT_TYPE)],
    spec: "Core metadata, Description-Content-Type",
    looks_at: LooksAt::Metadata(check),
};

const TYPES: [&str; 3] = ["text/plain", "text/x-rst", "text/markdown"];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let Some(text) = metadata.get("Description-Content-Type") else { return Vec::new() };
    let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if TYPES.contains(&kind.as_str()) {
        return Vec::new();
    }
    let message = format!("`Description-Content-Type: {}` is unknown", shown(text));
    vec![Diagnostic::new(&codes::METADATA_CONTENT_TYPE, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn the_description_is_plain_text_or_markup_that_the_index_renders() {
        let check = |value: &str, expected: &[&str]| {
            let codes = codes_with(&format!("Description-Content-Type: {value}"));
            assert_eq!(codes, expected, "{value}");
        };
        check("text/plain", &[]);
        check("Text/X-RST", &[]);
        check("text/markdown; charset=UTF-8; variant=GFM", &[]);
        check("text/html", &["METADATA-CONTENT-TYPE"]);
        check("markdown", &["METADATA-CONTENT-TYPE"]);
        check("", &["METADATA-CONTENT-TYPE"]);
    }
}
