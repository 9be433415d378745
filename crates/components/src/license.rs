//! Licences: what authors wrote, as an SPDX expression or not at all.

use spdx::{Expression, ParseMode};

/// The SPDX expression that `text` is, in the spelling of SPDX 2.3; nothing when it is none.
///
/// Cargo's older `MIT/Apache-2.0` is read as `MIT OR Apache-2.0`. An expression that refers to a
/// licence of its own (`LicenseRef-…`) is none here: its text would have to be in the document.
#[must_use]
pub fn license_expression(text: &str) -> Option<String> {
    if text.len() > MAX_LICENSE_BYTES {
        return None;
    }
    let spaced = text.replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let text = words.join(" ");
    // The parser calls itself for each parenthesis.
    let depth = text.matches('(').count();
    if text.is_empty() || depth > MAX_PARENTHESES || text.contains("Ref-") {
        return None;
    }
    Expression::parse_mode(&text, ParseMode::STRICT).ok().map(|_| text)
}

/// Longer than any expression seen; a licence's whole text is longer.
const MAX_LICENSE_BYTES: usize = 1_024;
const MAX_PARENTHESES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = license_expression(text).unwrap_or("-".to_owned());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn only_spdx_expressions_are_licences() {
        check("MIT", "MIT");
        check("MIT/Apache-2.0", "MIT OR Apache-2.0");
        check("(MIT OR Apache-2.0)  AND Unicode-3.0", "(MIT OR Apache-2.0) AND Unicode-3.0");
        check("Apache-2.0 WITH LLVM-exception", "Apache-2.0 WITH LLVM-exception");
        check("GPL-3.0-or-later", "GPL-3.0-or-later");
        check("Apache License 2.0", "-");
        check("LicenseRef-Proprietary", "-");
        check("DocumentRef-a:LicenseRef-b", "-");
        check("MIT OR", "-");
        check("", "-");
        check("UNKNOWN", "-");
        check(&"(".repeat(100_000), "-");
        check(&"(".repeat(1_000), "-");
    }
}
