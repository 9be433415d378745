//! Every file is one that installers know what to do with: none is compiled bytecode, and those
//! below `.data` are in the folder of an install scheme.
//!
//! Both are found in one pass, so that problems are listed in the order of the files.

use model::{Diagnostic, Findings};

use crate::codes;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::WHEEL_BYTECODE),
        Reported::everybody(&codes::WHEEL_DATA_SCHEME),
    ],
    spec: "Binary distribution format, File contents",
    looks_at: LooksAt::Wheel(check),
};

/// Folders below `{name}-{version}.data`.
const DATA_SCHEMES: [&str; 5] = ["purelib", "platlib", "headers", "scripts", "data"];

/// The `.data` folder, with a slash at its end; it is called as the `.dist-info` folder is.
pub(super) fn data_folder(wheel: &Wheel) -> String {
    format!("{}/", wheel.dist_info).replace(".dist-info/", ".data/")
}

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let data = data_folder(wheel);
    let mut problems = Findings::new();
    for path in wheel.members.iter().map(|entry| entry.path.as_str()) {
        if path.ends_with(".pyc") || path.split('/').any(|part| part == "__pycache__") {
            let code = &codes::WHEEL_BYTECODE;
            problems.add(code, || Diagnostic::new(code, format!("`{path}` is compiled bytecode")));
        }
        let scheme = path.strip_prefix(&data).and_then(|rest| rest.split('/').next());
        if scheme.is_some_and(|scheme| !DATA_SCHEMES.contains(&scheme)) {
            let code = &codes::WHEEL_DATA_SCHEME;
            problems.add(code, || {
                Diagnostic::new(code, format!("`{path}` is in no folder that installers know"))
            });
        }
    }
    problems.finish()
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::Draft;

    #[test]
    fn installers_know_what_to_do_with_every_file() {
        let check = |path: &str, expected: &[&str]| {
            assert_eq!(Draft::wheel().with(path, "x").codes(), expected, "{path}");
        };
        check("demo_pkg/data.txt", &[]);
        check("demo_pkg-1.0.0rc1.data/scripts/run", &[]);
        check("demo_pkg-1.0.0rc1.data/data/share/x", &[]);
        check("demo_pkg/__pycache__/a.pyc", &["wheel-bytecode"]);
        check("demo_pkg/a.pyc", &["wheel-bytecode"]);
        check("demo_pkg-1.0.0rc1.data/elsewhere/x", &["WHEEL-DATA-SCHEME"]);
        check("demo_pkg-1.0.0rc1.data/x", &["WHEEL-DATA-SCHEME"]);
        check("demo_pkg-1.0.0rc1.data/x/a.pyc", &["wheel-bytecode", "WHEEL-DATA-SCHEME"]);
    }
}
