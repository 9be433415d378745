//! SPDX licence expressions (SPDX 2.3, annex D; PEP 639): is this text one?
//!
//! The identifiers stand in two lists beside this file, SPDX 3.27. An identifier that is newer than
//! the lists is told apart from a text that breaks the grammar.

/// What is wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LicenseFault {
    /// It breaks the grammar.
    Grammar,
    /// It names a licence or exception that the lists do not hold.
    Unknown(String),
}

/// Characters of one expression.
const MAX_CHARS: usize = 10_000;

/// Parentheses in one another.
const MAX_DEPTH: usize = 32;

const LICENSES: &str = include_str!("licenses.txt");
const EXCEPTIONS: &str = include_str!("exceptions.txt");

/// Nothing when `text` is an expression.
pub(super) fn fault(text: &str) -> Option<LicenseFault> {
    if text.len() > MAX_CHARS {
        return Some(LicenseFault::Grammar);
    }
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { tokens: &tokens, unknown: None, depth: 0 };
    if !reader.expression() || !reader.tokens.is_empty() {
        return Some(LicenseFault::Grammar);
    }
    reader.unknown.map(LicenseFault::Unknown)
}

struct Reader<'a> {
    tokens: &'a [&'a str],
    unknown: Option<String>,
    depth: usize,
}

impl Reader<'_> {
    fn expression(&mut self) -> bool {
        if !self.term() {
            return false;
        }
        while self.word("and") || self.word("or") {
            if !self.term() {
                return false;
            }
        }
        true
    }

    fn term(&mut self) -> bool {
        if self.word("(") {
            self.depth += 1;
            let inside = self.depth <= MAX_DEPTH && self.expression();
            self.depth -= 1;
            return inside && self.word(")");
        }
        self.identifier(LICENSES, true)
            && (!self.word("with") || self.identifier(EXCEPTIONS, false))
    }

    fn identifier(&mut self, list: &str, license: bool) -> bool {
        let Some((first, rest)) = self.tokens.split_first() else { return false };
        let lower = first.to_ascii_lowercase();
        if matches!(lower.as_str(), "and" | "or" | "with" | "(" | ")") {
            return false;
        }
        self.tokens = rest;
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if let Some(own) = lower.strip_prefix("licenseref-").filter(|_| license) {
            return !own.is_empty() && own.chars().all(good);
        }
        let bare = if license { lower.strip_suffix('+').unwrap_or(&lower) } else { &lower };
        if bare.is_empty() || !bare.chars().all(good) {
            return false;
        }
        if !list.split_whitespace().any(|known| known.eq_ignore_ascii_case(bare)) {
            self.unknown.get_or_insert_with(|| (*first).to_owned());
        }
        true
    }

    fn word(&mut self, word: &str) -> bool {
        match self.tokens.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(word) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_judged() {
        let check = |text: &str, expected: Option<LicenseFault>| {
            assert_eq!(fault(text), expected, "{text:?}");
        };
        let good = [
            "MIT",
            "mit and (apache-2.0 OR bsd-2-clause)",
            "GPL-2.0+",
            "GPL-3.0-only WITH Classpath-Exception-2.0 OR BSD-3-Clause",
            "LicenseRef-Proprietary.1 AND (MIT)",
        ];
        for text in good {
            check(text, None);
        }
        let deep = format!("{}MIT{}", "(".repeat(99), ")".repeat(99));
        let bad = [
            "",
            "MIT Apache-2.0",
            "MIT AND",
            "OR MIT",
            "(MIT",
            "MIT)",
            "()",
            "MIT AND OR BSD-2-Clause",
            "MIT WITH",
            "LicenseRef-",
            "LicenseRef-a_b",
            "MIT/Apache-2.0",
            "The MIT License!",
            deep.as_str(),
        ];
        for text in bad {
            check(text, Some(LicenseFault::Grammar));
        }
        let unknown = |text: &str| Some(LicenseFault::Unknown(text.to_owned()));
        check("Use-it-after-midnight", unknown("Use-it-after-midnight"));
        check("MIT WITH MIT", unknown("MIT"));
    }
}
