//! There is one `.dist-info` folder, called as the file name says. Without exactly one, a wheel
//! cannot be read.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_DIST_INFO)],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let expected = wheel.file_name.dist_info();
    if wheel.dist_info == expected {
        return Vec::new();
    }
    let message = format!("its folder is `{}`, not `{expected}`", wheel.dist_info);
    vec![Diagnostic::new(&codes::WHEEL_DIST_INFO, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO};

    #[test]
    fn there_is_one_folder_and_it_is_named_after_the_file() {
        let check = |draft: Draft, expected: &[&str]| assert_eq!(draft.codes(), expected);
        let wheel = Draft::wheel;
        check(wheel(), &[]);
        check(wheel().replace(INFO, "other-1.0.dist-info"), &["WHEEL-DIST-INFO"]);
        check(wheel().replace(INFO, "Demo_Pkg-1.0.0rc1.dist-info"), &["WHEEL-DIST-INFO"]);
        check(wheel().with("b-1.dist-info/METADATA", "x"), &["WHEEL-DIST-INFO"]);
        check(wheel().replace(INFO, "demo_pkg-1.0.0rc1.info"), &["WHEEL-DIST-INFO"]);
    }
}
