//! Whether an executable is what its name says.

use model::{Diagnostic, Platform};

use crate::codes;
use crate::executable::{Executable, Kind};

/// What differs between an executable and the platform it is released for.
#[must_use]
pub fn check(executable: &Executable, platform: Platform) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if executable.platform != Some(platform) {
        let message =
            format!("expected an executable for `{platform}`, found {}", executable.machine);
        problems.push(
            Diagnostic::new(&codes::BINARY_PLATFORM, message)
                .help("build it for this platform, or name it after the platform that it is for"),
        );
    }
    if !executable.is_program {
        let message = format!("expected a program, found a library: {}", executable.machine);
        problems.push(Diagnostic::new(&codes::BINARY_NOT_A_PROGRAM, message));
    }
    if !executable.is_static {
        problems.push(not_static(executable));
    }
    problems
}

fn not_static(executable: &Executable) -> Diagnostic {
    let mut found = Vec::new();
    if let Some(interpreter) = &executable.interpreter {
        found.push(format!("the loader `{interpreter}`"));
    }
    found.extend(executable.needed.iter().map(|name| format!("`{name}`")));
    let (expected, help) = match executable.kind {
        Kind::Elf => ("a static executable", "Go: `CGO_ENABLED=0`; Rust: a musl target"),
        _ => ("no library but the system's own", "link the others statically"),
    };
    let message = format!("expected {expected}, found one that needs {}", found.join(", "));
    Diagnostic::new(&codes::BINARY_NOT_STATIC, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_codes(executable: &Executable, platform: Platform, expected: &[&str]) {
        let problems = check(executable, platform);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code.name).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn what_differs_is_named_with_what_was_found() {
        let mut executable = Executable {
            kind: Kind::Elf,
            platform: Some(Platform::LinuxAmd64),
            machine: "ELF 64-bit x86-64 (linux)".into(),
            is_program: true,
            is_static: true,
            is_stripped: true,
            interpreter: None,
            needed: Vec::new(),
        };
        check_codes(&executable, Platform::LinuxAmd64, &[]);
        check_codes(&executable, Platform::LinuxArm64, &["binary-platform"]);
        executable.is_static = false;
        executable.is_program = false;
        executable.interpreter = Some("/lib64/ld-linux-x86-64.so.2".into());
        executable.needed = vec!["libc.so.6".into()];
        let codes = ["binary-not-a-program", "binary-not-static"];
        check_codes(&executable, Platform::LinuxAmd64, &codes);
        let said = check(&executable, Platform::LinuxAmd64).pop().unwrap().message;
        assert!(said.contains("ld-linux-x86-64.so.2") && said.contains("libc.so.6"), "{said}");
    }
}
