//! The wheel has a valid file name, and a `.dist-info` folder that says what it is.
//!
//! What is wrong with the archive itself has codes of the archive's reader.

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::WHEEL_NAME),
        Reported::everybody(&codes::WHEEL_METADATA_MISSING),
        Reported::everybody(&codes::WHEEL_WHEEL_MISSING),
        Reported::everybody(&codes::WHEEL_TAGS),
    ],
    spec: "Binary distribution format, File Format",
    looks_at: LooksAt::Reading,
};

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn a_wheel_says_what_it_is() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let wheel = Draft::wheel;
        check(wheel(), &[]);
        check(wheel().named("demo_pkg-1.0.0rc1.whl"), &["WHEEL-NAME"]);
        check(wheel().named("demo_pkg-one-py3-none-any.whl"), &["WHEEL-NAME"]);
        check(wheel().named("demo_pkg-1.0.0rc1-x1-py3-none-any.whl"), &["WHEEL-NAME"]);
        check(wheel().without("/METADATA"), &["WHEEL-METADATA-MISSING"]);
        check(wheel().without("/WHEEL"), &["WHEEL-WHEEL-MISSING"]);
        let many = vec!["a"; 1001].join(".");
        check(wheel().replace("Tag: py3", &format!("Tag: {many}")), &["WHEEL-TAGS"]);
    }
}
