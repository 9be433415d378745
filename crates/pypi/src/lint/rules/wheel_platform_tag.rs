//! The platforms in the file name are ones that the index accepts.
//!
//! Its errors concern everybody: no installer on another machine can tell from such a tag whether
//! the wheel works there.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::tags::is_accepted;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_PLATFORM_TAG)],
    spec: "Platform compatibility tags, Platform Tag",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let refused = wheel.file_name.platforms.iter().filter(|platform| !is_accepted(platform));
    let problem = |platform| {
        let message = format!("the index takes no wheel for the platform `{platform}`");
        let help = "for Linux name the C library, as `manylinux_2_17_x86_64` does";
        Diagnostic::new(&codes::WHEEL_PLATFORM_TAG, message).help(help)
    };
    refused.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn the_index_accepts_the_platforms() {
        let check = |platform: &str, expected: &[&str]| {
            let draft = Draft::tagged(&format!("cp39-abi3-{platform}"));
            assert_eq!(draft.codes(), expected, "{platform}");
        };
        check("manylinux_2_17_x86_64", &[]);
        check("macosx_11_0_arm64.win_amd64", &[]);
        check("linux_x86_64", &["WHEEL-PLATFORM-TAG"]);
        check("macosx_11_3_arm64", &["WHEEL-PLATFORM-TAG"]);
        check("linux_ppc64.linux_x86_64.win32", &["WHEEL-PLATFORM-TAG", "WHEEL-PLATFORM-TAG"]);
    }
}
