//! The version in the file name is that of the metadata, in its normal form.
//!
//! How it is spelled matters only where it is the right one.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::name::pep440;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::WHEEL_NAME_VERSION),
        Reported::everybody(&codes::WHEEL_VERSION_SPELLING),
    ],
    spec: "Binary distribution format, Escaping and Unicode",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let spelled = &wheel.file_name.version;
    match (pep440(spelled), pep440(&wheel.version)) {
        (Some(named), Some(inside)) if !named.same_as(&inside) => {
            let message =
                format!("its file name says version `{spelled}`, its metadata `{}`", wheel.version);
            vec![Diagnostic::new(&codes::WHEEL_NAME_VERSION, message)]
        }
        (Some(named), _) if named.pep440().is_ok_and(|normal| normal != *spelled) => {
            let message = format!("`{spelled}` in its file name is not in normal form");
            vec![Diagnostic::new(&codes::WHEEL_VERSION_SPELLING, message)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_file_name_has_the_version_in_normal_form() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let wheel = Draft::wheel;
        check(wheel().replace("\nVersion: 1.0.0rc1", "\nVersion: 1.0.0.RC1"), &[]);
        check(wheel().replace("\nVersion: 1.0.0rc1", "\nVersion: 1.0.1"), &["WHEEL-NAME-VERSION"]);
        check(
            wheel().named("demo_pkg-1.0.0.RC1-py3-none-any.whl"),
            &["WHEEL-VERSION-SPELLING", "WHEEL-DIST-INFO"],
        );
        check(
            wheel().named("demo_pkg-2.0-py3-none-any.whl"),
            &["WHEEL-NAME-VERSION", "WHEEL-DIST-INFO"],
        );
    }
}
