//! `Wheel-Version` is 1.x: installers must stop at a newer major version.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_FORMAT_VERSION)],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let version = wheel.wheel.get("Wheel-Version").unwrap_or_default();
    if version.starts_with("1.") {
        return Vec::new();
    }
    let message = format!("`Wheel-Version: {version}` is not 1");
    vec![Diagnostic::new(&codes::WHEEL_FORMAT_VERSION, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_major_version_is_one() {
        let check = |line: &str, expected: &[&str]| {
            let draft = Draft::wheel().replace("Wheel-Version: 1.0\n", line);
            assert_eq!(draft.codes(), expected, "{line}");
        };
        check("Wheel-Version: 1.9\n", &[]);
        check("Wheel-Version: 2.0\n", &["WHEEL-FORMAT-VERSION"]);
        check("Wheel-Version: 10.0\n", &["WHEEL-FORMAT-VERSION"]);
        check("Wheel-Version:\n", &["WHEEL-FORMAT-VERSION"]);
        check("", &["WHEEL-FORMAT-VERSION"]);
    }
}
