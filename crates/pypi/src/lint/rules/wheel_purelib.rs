//! `WHEEL` says whether the files go to `purelib`, and machine code does not.
//!
//! Machine code in a wheel for any platform is a problem of its tags, and is reported as that.

use model::Diagnostic;

use super::wheel_machine_code::{is_for_any_platform, machine_code};
use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_PURELIB)],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let pure = wheel.wheel.get("Root-Is-Purelib").map(str::to_ascii_lowercase);
    let message = match pure.as_deref() {
        Some("true") if !is_for_any_platform(wheel) && machine_code(wheel).is_some() => {
            "`Root-Is-Purelib` is true, but it holds machine code"
        }
        Some("true" | "false") => return Vec::new(),
        _ => "`WHEEL` does not say whether `Root-Is-Purelib`",
    };
    vec![Diagnostic::new(&codes::WHEEL_PURELIB, message)]
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_root_is_pure_or_holds_machine_code() {
        let check = |draft: Draft, line: &str, expected: &[&str]| {
            let draft = draft.replace("Root-Is-Purelib: true\n", line);
            assert_eq!(draft.codes(), expected, "{line}");
        };
        let native = || {
            let draft = Draft::tagged("cp39-abi3-manylinux_2_17_x86_64");
            draft.with("demo_pkg/x.so", b"\x7fELF\x02\x01")
        };
        check(Draft::wheel(), "Root-Is-Purelib: True\n", &[]);
        check(Draft::wheel(), "Root-Is-Purelib: false\n", &[]);
        check(Draft::wheel(), "Root-Is-Purelib: yes\n", &["wheel-purelib"]);
        check(Draft::wheel(), "", &["wheel-purelib"]);
        check(native(), "Root-Is-Purelib: false\n", &[]);
        check(native(), "Root-Is-Purelib: true\n", &["wheel-purelib"]);
    }
}
