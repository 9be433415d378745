//! An SBOM says one thing: no object in it has a key twice, of which readers take different ones.

use model::{Budget, Diagnostic, json};

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_SBOM)],
    spec: "PEP 770; RFC 8259, Objects",
    looks_at: LooksAt::Wheel(check),
};

/// Documents that are not JSON are in another format, which is not judged here.
fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let size = wheel.sboms().map(|(_, bytes)| bytes.len() as u64).sum();
    let budget = Budget::of(size);
    let ambiguous = |(path, bytes): (&str, &[u8])| {
        let why = json::ambiguity(bytes, &budget).and_then(json::Ambiguity::repeated)?;
        let message = format!("`{}` is read differently by different readers: {why}", shown(path));
        Some(Diagnostic::new(&codes::WHEEL_SBOM, message).help("write each key once"))
    };
    wheel.sboms().filter_map(ambiguous).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO};

    #[test]
    fn no_object_of_an_sbom_has_a_key_twice() {
        let check = |text: &str, expected: &[&str]| {
            let draft = Draft::wheel().with(&format!("{INFO}/sboms/a.json"), text);
            assert_eq!(draft.codes(), expected, "{text}");
        };
        check(r#"{"a": 1, "b": {"a": 2}}"#, &[]);
        check("<bom/>", &[]);
        check("", &[]);
        check(r#"{"a": 1, "a": 2}"#, &["WHEEL-SBOM"]);
        check(r#"{"x": [{"a": 1, "\u0061": 1}]}"#, &["WHEEL-SBOM"]);
    }
}
