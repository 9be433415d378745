//! `entry_points.txt` is well-formed, commands have names that are safe as file names, and every
//! entry refers to an object.

use model::{Diagnostic, Findings, Severity};

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::everybody(&codes::WHEEL_ENTRY_POINTS)],
    spec: "Entry points specification, Data model",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let code = &codes::WHEEL_ENTRY_POINTS;
    let Some(groups) = &wheel.entry_points else {
        return vec![Diagnostic::new(code, "`entry_points.txt` is not well-formed")];
    };
    let mut problems = Findings::new();
    for (group, entries) in groups {
        let command = matches!(group.as_str(), "console_scripts" | "gui_scripts");
        for (name, value) in entries {
            if command && !is_command(name) {
                let message = || format!("`{}` cannot name a command", shown(name));
                problems.add(code, || Diagnostic::new(code, message()));
            } else if !is_reference(value, command) {
                let (name, value) = (shown(name), shown(value));
                let message = || format!("`{name} = {value}` points at no object");
                let make = || Diagnostic::warning(code, message());
                problems.add_as(code, Severity::Warning, make);
            }
        }
    }
    problems.finish()
}

/// An installer makes a file of this name in the folder of scripts, which it must not leave.
fn is_command(name: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    name.chars().all(in_name) && !name.chars().all(|c| c == '.')
}

/// `module.path:object.path`, with extras of old; a command needs the object.
fn is_reference(value: &str, command: bool) -> bool {
    let bare = value.split('[').next().unwrap_or_default().trim();
    let dotted = |text: &str| {
        text.split('.').all(|part| {
            !part.is_empty()
                && !part.starts_with(|c: char| c.is_ascii_digit())
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    };
    match bare.split_once(':') {
        Some((module, object)) => dotted(module.trim()) && dotted(object.trim()),
        None => !command && dotted(bare),
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO};

    #[test]
    fn entry_points_are_well_formed_and_refer_to_objects() {
        let check = |text: &str, expected: &[&str]| {
            let draft = Draft::wheel().with(&format!("{INFO}/entry_points.txt"), text);
            assert_eq!(draft.codes(), expected, "{text}");
        };
        check("", &[]);
        check("[console_scripts]\nrun-it = demo_pkg:main\n", &[]);
        check("[console_scripts]\nrun = demo_pkg.a : main.b [extra]\n", &[]);
        check("[plugins]\nany name = demo_pkg\n", &[]);
        check("[console_scripts\n", &["WHEEL-ENTRY-POINTS"]);
        check("[console_scripts]\n../evil = demo_pkg:main\n", &["WHEEL-ENTRY-POINTS"]);
        check("[gui_scripts]\n.. = demo_pkg:main\n", &["WHEEL-ENTRY-POINTS"]);
        check("[console_scripts]\nrun = demo_pkg\n", &["wheel-entry-points"]);
        check("[plugins]\na = demo_pkg:1\n", &["wheel-entry-points"]);
        check("[plugins]\na = demo..pkg\n", &["wheel-entry-points"]);
    }
}
