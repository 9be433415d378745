//! SBOMs name no folder of the machine that built the wheel, as cargo's references do.

use model::Diagnostic;

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_LOCAL_PATH)],
    spec: "PEP 770",
    looks_at: LooksAt::Wheel(check),
};

/// How a reference to a crate in a folder starts (Cargo, Package ID Specifications).
const LOCAL: &[u8] = b"path+file:///";

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (path, bytes) in wheel.sboms() {
        if bytes.windows(LOCAL.len()).any(|window| window == LOCAL) {
            let message = format!("`{path}` names a folder of the machine it was built on");
            problems.push(Diagnostic::new(&codes::WHEEL_LOCAL_PATH, message));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO};

    #[test]
    fn sboms_name_no_local_folder() {
        let check = |path: &str, text: &str, expected: &[&str]| {
            let draft = Draft::wheel().with(path, text);
            assert_eq!(draft.codes(), expected, "{path}: {text}");
        };
        let sbom = format!("{INFO}/sboms/a.json");
        let local = r#"{"bom-ref": "path+file:///home/x#a@1"}"#;
        check(&sbom, local, &["wheel-local-path"]);
        check(&sbom, r#"{"bom-ref": "registry+https://a.example#a@1"}"#, &[]);
        check("demo_pkg/a.json", local, &[]);
    }
}
