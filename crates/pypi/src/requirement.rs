//! Dependency specifiers (PEP 508) and version specifiers (PEP 440): is this text one?
//!
//! Judges spelling alone and resolves nothing. Markers are read by the grammar, not evaluated.

use crate::name::{is_name, pep440};

/// What a requirement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The distribution's name, as written.
    pub name: String,
    /// The versions that fit, as written; empty when all do.
    pub specifier: String,
    /// The address after `@`, of a direct reference.
    pub url: Option<String>,
    /// What follows `;`, as written.
    pub marker: Option<String>,
}

/// Characters of one requirement; real ones with long markers are under 1,000.
const MAX_REQUIREMENT_CHARS: usize = 10_000;

/// White space of the grammar (PEP 508, "wsp"): no other character is.
const BLANKS: [char; 2] = [' ', '\t'];

/// Parentheses in one another in a marker.
const MAX_MARKER_DEPTH: usize = 32;

impl Requirement {
    /// Reads a `Requires-Dist` value; nothing when it is not well-formed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(BLANKS);
        if text.len() > MAX_REQUIREMENT_CHARS {
            return None;
        }
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let rest = text.trim_start_matches(in_name);
        let name = text.get(..text.len() - rest.len()).filter(|name| is_name(name))?;
        let rest = extras(rest.trim_start_matches(BLANKS))?.trim_start_matches(BLANKS);
        if let Some(address) = rest.strip_prefix('@') {
            // A marker is told from a `;` inside the address by the space before it.
            let (url, marker) = match address.trim_start_matches(BLANKS).split_once(" ;") {
                Some((url, marker)) => (url, Some(marker.trim_matches(BLANKS).to_owned())),
                None => (address, None),
            };
            let url = url.trim_matches(BLANKS);
            let whole = !url.is_empty() && !url.contains(char::is_whitespace);
            return (whole && marker.as_deref().is_none_or(is_marker)).then(|| Self {
                name: name.to_owned(),
                specifier: String::new(),
                url: Some(url.to_owned()),
                marker,
            });
        }
        let (specifier, marker) = match rest.split_once(';') {
            Some((specifier, marker)) => (specifier, Some(marker.trim_matches(BLANKS).to_owned())),
            None => (rest, None),
        };
        let specifier = specifier.trim_matches(BLANKS);
        let bare = match specifier.strip_prefix('(') {
            Some(inner) => inner.strip_suffix(')')?.trim_matches(BLANKS),
            None => specifier,
        };
        let printable = |c: char| matches!(c, '\t' | ' '..='~');
        if bare == "," || !bare.chars().all(printable) {
            return None;
        }
        let fits = is_specifier_set(bare) && marker.as_deref().is_none_or(is_marker);
        fits.then(|| Self { name: name.to_owned(), specifier: bare.to_owned(), url: None, marker })
    }
}

/// Whether `text` is a list of version clauses, such as `>=3.9,<4`; the empty one is.
#[must_use]
pub fn is_specifier_set(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_suffix(',').unwrap_or(text);
    text.is_empty() || text.split(',').all(|clause| is_specifier(clause.trim()))
}

fn is_specifier(clause: &str) -> bool {
    const OPERATORS: [&str; 8] = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"];
    let operator = OPERATORS.iter().find(|operator| clause.starts_with(**operator));
    let Some(operator) = operator else { return false };
    let version = clause.get(operator.len()..).unwrap_or_default().trim();
    match *operator {
        "===" => {
            let ends = |c: char| c.is_whitespace() || matches!(c, ';' | ')');
            !version.is_empty() && !version.contains(ends)
        }
        "==" | "!=" => match version.strip_suffix(".*") {
            Some(prefix) => is_release_prefix(prefix),
            None => pep440(version).is_some(),
        },
        // At least two release numbers, or there is nothing that could stay.
        "~=" => pep440(version).is_some() && !version.contains('+') && has_two_numbers(version),
        _ => pep440(version).is_some() && !version.contains('+'),
    }
}

/// Whether the release has a second number: `1.2`, but not `1.dev2`.
fn has_two_numbers(version: &str) -> bool {
    let release = version.rsplit('!').next().unwrap_or_default();
    let rest =
        release.trim_start_matches(['v', 'V']).trim_start_matches(|c: char| c.is_ascii_digit());
    rest.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `.*` may follow release numbers only, with an epoch before them at most.
fn is_release_prefix(prefix: &str) -> bool {
    let numbers = prefix.strip_prefix(['v', 'V']).unwrap_or(prefix);
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '!');
    pep440(prefix).is_some() && numbers.chars().all(numeric)
}

/// What follows a list of extras, or the whole text when there is none.
fn extras(text: &str) -> Option<&str> {
    let Some(inner) = text.strip_prefix('[') else { return Some(text) };
    let (list, rest) = inner.split_once(']')?;
    let good = list.trim_matches(BLANKS).is_empty()
        || list.split(',').all(|extra| is_name(extra.trim_matches(BLANKS)));
    good.then_some(rest)
}

/// Whether `text` is an environment marker.
#[must_use]
pub fn is_marker(text: &str) -> bool {
    tokens(text).is_some_and(|tokens| {
        let mut reader = Reader { tokens: &tokens, depth: 0 };
        reader.either() && reader.tokens.is_empty()
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Word(String),
    Operator,
    Text,
}

const VARIABLES: [&str; 14] = [
    "python_version",
    "python_full_version",
    "os_name",
    "sys_platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform_machine",
    "platform_python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
    "extras",
    "dependency_groups",
];

/// Old spellings that readers still take.
const OLD_VARIABLES: [&str; 6] = [
    "os.name",
    "sys.platform",
    "platform.version",
    "platform.machine",
    "platform.python_implementation",
    "python_implementation",
];

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(BLANKS);
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' | ')' => {
                tokens.push(if first == '(' { Token::Open } else { Token::Close });
                rest.get(1..)?
            }
            '"' | '\'' => {
                // A backslash would mean one thing to one reader and another to the next.
                let (text, after) = rest.get(1..)?.split_once(first)?;
                (!text.contains('\\')).then(|| tokens.push(Token::Text))?;
                after
            }
            '<' | '>' | '=' | '!' | '~' => {
                let after = rest.trim_start_matches(['<', '>', '=', '!', '~']);
                let operator = rest.get(..rest.len() - after.len())?;
                let known = ["<", "<=", "!=", "==", ">=", ">", "~=", "==="];
                known.contains(&operator).then(|| tokens.push(Token::Operator))?;
                after
            }
            c if c.is_ascii_alphabetic() => {
                let in_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
                let after = rest.trim_start_matches(in_word);
                tokens.push(Token::Word(rest.get(..rest.len() - after.len())?.to_owned()));
                after
            }
            _ => return None,
        }
        .trim_start_matches(BLANKS);
    }
    Some(tokens)
}

struct Reader<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Reader<'_> {
    fn either(&mut self) -> bool {
        self.list("or", Self::both)
    }

    fn both(&mut self) -> bool {
        self.list("and", Self::one)
    }

    fn list(&mut self, between: &str, part: fn(&mut Self) -> bool) -> bool {
        if !part(self) {
            return false;
        }
        while self.word(&[between]) {
            if !part(self) {
                return false;
            }
        }
        true
    }

    fn one(&mut self) -> bool {
        if self.tokens.first() != Some(&Token::Open) {
            return self.value() && self.operator() && self.value();
        }
        self.advance();
        self.depth += 1;
        let inside = self.depth <= MAX_MARKER_DEPTH && self.either();
        self.depth -= 1;
        let closed = self.tokens.first() == Some(&Token::Close);
        self.advance();
        inside && closed
    }

    fn value(&mut self) -> bool {
        if self.tokens.first() == Some(&Token::Text) {
            self.advance();
            return true;
        }
        self.word(&VARIABLES) || self.word(&OLD_VARIABLES)
    }

    fn operator(&mut self) -> bool {
        if self.tokens.first() == Some(&Token::Operator) {
            self.advance();
            return true;
        }
        self.word(&["in"]) || (self.word(&["not"]) && self.word(&["in"]))
    }

    fn word(&mut self, words: &[&str]) -> bool {
        let found =
            matches!(self.tokens.first(), Some(Token::Word(w)) if words.contains(&w.as_str()));
        if found {
            self.advance();
        }
        found
    }

    fn advance(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_read() {
        let check = |text: &str, name: &str, specifier: &str, url: Option<&str>| {
            let found = Requirement::parse(text).unwrap_or_else(|| panic!("{text} was refused"));
            assert_eq!(
                (found.name.as_str(), found.specifier.as_str()),
                (name, specifier),
                "{text}"
            );
            assert_eq!(found.url.as_deref(), url, "{text}");
        };
        check("requests", "requests", "", None);
        check("a[b, c] >= 1.0, < 2", "a", ">= 1.0, < 2", None);
        check("a[]==1.*", "a", "==1.*", None);
        check("name (>=3,<4)", "name", ">=3,<4", None);
        check("cpex<0.2,>=0.1.4", "cpex", "<0.2,>=0.1.4", None);
        check("a===weird_version", "a", "===weird_version", None);
        check("x ; python_version < '3.12' and (os_name == \"nt\" or extra == 'y')", "x", "", None);
        check("x; 'linux' in sys_platform or sys_platform not in 'a b'", "x", "", None);
        check("p @ https://h/x;y.whl ; extra == 'z'", "p", "", Some("https://h/x;y.whl"));
        check("p@file:///x", "p", "", Some("file:///x"));
    }

    #[test]
    fn what_is_no_requirement_is_refused() {
        let deep = format!("x; {}extra == 'a'{}", "(".repeat(99), ")".repeat(99));
        let cases = [
            "",
            "-x",
            "a b",
            "a >> 1",
            "a >=",
            "a >= one",
            "a ~= 1",
            "a ~= 1a1.dev1",
            "a ~= 1!1",
            "a,",
            "a (,)",
            "a\n",
            "a\u{a0}>= 1",
            "a >= 1,\u{a0}< 2",
            "a[b\u{a0}]",
            "a @ b\n",
            "a; os_name\n== 'x'",
            "a === b)",
            "a >= 1rc99999999999999999999",
            "a >= 1.*",
            "a == 1.dev0.*",
            "a != 2.0a1.*",
            "a == 1.2.post4.*",
            "a > 1+local",
            "a[b",
            "a[b c]",
            "a (>=1",
            "a @",
            "a @ http://x y",
            "a; nonsense == '1'",
            "a; os_name",
            "a; os_name == 'x",
            "a; os_name == 'x' and",
            "a; (os_name == 'x'",
            "a; os_name => 'x'",
            "a; os_name == 'C:\\'",
            "a; os_name not 'x'",
            "ä>=1",
            deep.as_str(),
        ];
        for text in cases {
            assert_eq!(Requirement::parse(text), None, "{text:?} was accepted");
        }
    }

    #[test]
    fn version_specifiers_are_judged() {
        for text in ["", ">=3.9", ">=3.9,<4", "~=3.9", "!=3.0.*", ">=3.9,", "==1!2.0"] {
            assert!(is_specifier_set(text), "{text} was refused");
        }
        for text in ["3.9", ">3.9 <4", "=>3", ">=3.9,,<4", "~=3", ">=three"] {
            assert!(!is_specifier_set(text), "{text} was accepted");
        }
    }
}
