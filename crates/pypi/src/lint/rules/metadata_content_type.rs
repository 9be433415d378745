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

/// The variants of Markdown that the index renders.
const VARIANTS: [&str; 2] = ["GFM", "CommonMark"];

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let Some(text) = metadata.get("Description-Content-Type") else { return Vec::new() };
    let (kind, parameters) = text.split_once(';').unwrap_or((text, ""));
    let kind = kind.trim().to_ascii_lowercase();
    let parameter = |name: &str| {
        let named = |pair: &str| {
            let (key, value) = pair.split_once('=')?;
            let same = key.trim().eq_ignore_ascii_case(name);
            same.then(|| value.trim().trim_matches('"').to_owned())
        };
        parameters.split(';').find_map(named)
    };
    let charset = parameter("charset").filter(|charset| charset != "UTF-8");
    let variant = parameter("variant").filter(|variant| !VARIANTS.contains(&variant.as_str()));
    let (why, help) = if !TYPES.contains(&kind.as_str()) {
        ("is unknown", "write `text/plain`, `text/x-rst` or `text/markdown`")
    } else if charset.is_some() {
        ("names another charset than `UTF-8`", "leave it out, or write `charset=UTF-8`")
    } else if kind == "text/markdown" && variant.is_some() {
        ("names an unknown variant", "leave it out, or write `variant=GFM` or `variant=CommonMark`")
    } else {
        return Vec::new();
    };
    let message = format!("`Description-Content-Type: {}` {why}", shown(text));
    vec![Diagnostic::new(&codes::METADATA_CONTENT_TYPE, message).help(help)]
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
        check("text/markdown;variant=CommonMark;Charset=\"UTF-8\"", &[]);
        check("text/plain; variant=other", &[]);
        check("text/markdown; charset=latin-1", &["METADATA-CONTENT-TYPE"]);
        check("text/x-rst; charset=utf-8", &["METADATA-CONTENT-TYPE"]);
        check("text/markdown; variant=gfm", &["METADATA-CONTENT-TYPE"]);
        check("text/markdown; charset=UTF-8; variant=Pandoc", &["METADATA-CONTENT-TYPE"]);
        check("text/html", &["METADATA-CONTENT-TYPE"]);
        check("markdown", &["METADATA-CONTENT-TYPE"]);
        check("", &["METADATA-CONTENT-TYPE"]);
    }
}
