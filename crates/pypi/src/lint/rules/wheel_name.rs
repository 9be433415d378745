//! The file name starts with the normalized name of the metadata.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::name::normalize_for_files;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_NAME_NOT_NORMAL)],
    spec: "Binary distribution format, Escaping and Unicode",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let found = &wheel.file_name.distribution;
    let expected = normalize_for_files(&wheel.name);
    if *found == expected {
        return Vec::new();
    }
    let message = format!("its file name must start with `{expected}`, not `{found}`");
    vec![Diagnostic::new(&codes::WHEEL_NAME_NOT_NORMAL, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_file_is_named_after_the_distribution() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        check(Draft::wheel().replace("Name: demo-pkg", "Name: Demo.Pkg"), &[]);
        check(Draft::wheel().replace("Name: demo-pkg", "Name: other"), &["WHEEL-NAME-NOT-NORMAL"]);
        let spelled = Draft::wheel().named("Demo.Pkg-1.0.0rc1-py3-none-any.whl");
        check(spelled, &["WHEEL-NAME-NOT-NORMAL", "WHEEL-DIST-INFO"]);
    }
}
