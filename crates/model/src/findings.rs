//! Findings of one kind, made until there are enough and counted from then on.

use std::collections::BTreeMap;

use crate::limits::MAX_FINDINGS_OF_A_KIND;
use crate::{Code, Diagnostic, Severity};

/// A list of problems in which each kind (code and severity) is told
/// [`MAX_FINDINGS_OF_A_KIND`] times at most; the last of a kind says how many more there are.
///
/// A problem is only made while it will be told, so that a file with a million defects costs a
/// million counts and not a million texts.
#[derive(Debug, Default)]
pub struct Findings {
    told: Vec<Diagnostic>,
    kinds: BTreeMap<(&'static str, Severity), Kind>,
}

/// How often a kind was found, and where its last one is in the list.
#[derive(Debug, Default)]
struct Kind {
    found: usize,
    last: usize,
}

impl Findings {
    /// No problem.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error or a warning of `code`, as its declaration says: `make` is called while there
    /// is space for it.
    pub fn add(&mut self, code: &'static Code, make: impl FnOnce() -> Diagnostic) {
        self.add_as(code, code.severity, make);
    }

    /// The same for a problem whose severity is not that of its code.
    pub fn add_as(
        &mut self,
        code: &'static Code,
        severity: Severity,
        make: impl FnOnce() -> Diagnostic,
    ) {
        let kind = self.kinds.entry((code.name, severity)).or_default();
        kind.found += 1;
        if kind.found <= MAX_FINDINGS_OF_A_KIND {
            kind.last = self.told.len();
            self.told.push(make());
        }
    }

    /// Adds a problem that was made already.
    pub fn push(&mut self, problem: Diagnostic) {
        self.add_as(problem.code, problem.severity, || problem);
    }

    /// Adds several that were made already.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = Diagnostic>) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }

    /// The problems in the order in which they were found.
    #[must_use]
    pub fn finish(self) -> Vec<Diagnostic> {
        let Self { mut told, kinds } = self;
        for kind in kinds.into_values() {
            let more = kind.found.saturating_sub(MAX_FINDINGS_OF_A_KIND);
            if more > 0
                && let Some(last) = told.get_mut(kind.last)
            {
                last.message.push_str(&format!(" (and {} more)", grouped(more)));
            }
        }
        told
    }
}

/// `4194203` as `4,194,203`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Class;

    static A: Code = Code { name: "a", class: Class::Invalid, severity: Severity::Error };
    static B: Code = Code { name: "b", class: Class::Invalid, severity: Severity::Warning };

    #[test]
    fn findings_of_one_kind_are_made_up_to_the_limit_and_counted_after_it() {
        let mut made = 0;
        let mut findings = Findings::new();
        for _ in 0..4_194_303 {
            findings.add(&A, || {
                made += 1;
                Diagnostic::new(&A, "x")
            });
        }
        findings.push(Diagnostic::new(&B, "y"));
        let told = findings.finish();
        assert_eq!((made, told.len()), (MAX_FINDINGS_OF_A_KIND, MAX_FINDINGS_OF_A_KIND + 1));
        assert_eq!(told[MAX_FINDINGS_OF_A_KIND - 1].message, "x (and 4,194,203 more)");
        assert_eq!(told[MAX_FINDINGS_OF_A_KIND].message, "y");
    }

    #[test]
    fn a_few_findings_stay_as_they_are_and_in_their_order() {
        let mut findings = Findings::new();
        findings.extend([Diagnostic::new(&B, "1"), Diagnostic::new(&A, "2")]);
        findings.push(Diagnostic::warning(&A, "3"));
        let messages: Vec<String> = findings.finish().into_iter().map(|one| one.message).collect();
        assert_eq!(messages, ["1", "2", "3"]);
    }

    #[test]
    fn large_numbers_are_grouped() {
        let check = |number, expected: &str| assert_eq!(grouped(number), expected);
        check(1, "1");
        check(999, "999");
        check(1_000, "1,000");
        check(12_345, "12,345");
        check(4_194_203, "4,194,203");
    }
}
