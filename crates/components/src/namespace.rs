//! A document's name for itself (SPDX 2.3, 6.5): unique per document, the same for the same bytes.

use model::Digest;

/// The namespace of a document called `name` whose rendering without a namespace is `text`.
pub(crate) fn namespace(name: &str, text: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' })
        .take(MAX_NAME_CHARS)
        .collect();
    format!("https://spdx.org/spdxdocs/{safe}-{}", Digest::of(text.as_bytes()).hex())
}

const MAX_NAME_CHARS: usize = 200;
