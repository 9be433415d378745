//! What must be on the machine before work starts, because tools are fetched through it.

use std::path::{Path, PathBuf};

use model::{Diagnostic, Diagnostics, Invocation};

use crate::codes;
use crate::environment::search_path;
use crate::host::find_on_path;
use crate::run::{RunError, RunOptions, run};

/// A program that the machine must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Prerequisite {
    /// git: the files of the tree, and the time of its commit.
    Git,
    /// A C compiler: Rust build scripts and procedural macros are linked with it.
    CCompiler,
    /// cargo 1.95 or newer, installed by rustup.
    Rust,
    /// Node.js with npm.
    Node,
    /// Python 3.11 or newer with pip and venv.
    Python,
}

/// A Python interpreter that can download and unpack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Python {
    /// The interpreter's path.
    pub program: PathBuf,
    /// Its version: major, minor.
    pub version: (u32, u32),
}

/// The oldest supported cargo: the workspace's `rust-version`.
const CARGO_FLOOR: (u32, u32) = (1, 95);
/// The oldest supported Python: that of Debian 12.
const PYTHON_FLOOR: (u32, u32) = (3, 11);
/// Tried in this order; the plain name first, because the user chose what it means.
const PYTHONS: &[&str] =
    &["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];

impl Prerequisite {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Git, Self::CCompiler, Self::Rust, Self::Node, Self::Python];
}

/// Diagnostics for all of `wanted` that are missing, with what to install.
#[must_use]
pub fn prerequisites(wanted: &[Prerequisite]) -> Diagnostics {
    prerequisites_in(wanted, &search_path(&[]))
}

/// The first Python on `PATH` that is new enough and has pip and venv.
///
/// # Errors
/// A diagnostic that says what to install.
pub fn find_python() -> Result<Python, Box<Diagnostic>> {
    find_python_in(&search_path(&[]))
}

fn prerequisites_in(wanted: &[Prerequisite], search: &str) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for prerequisite in wanted {
        match prerequisite {
            Prerequisite::Git => problems.extend(missing(search, &["git"], "install git")),
            Prerequisite::CCompiler => {
                let help = "install a C compiler, such as Debian's `build-essential`";
                if ["cc", "gcc", "clang"].iter().all(|name| find_on_path(name, search).is_none()) {
                    problems.extend(missing(search, &["cc"], help));
                }
            }
            Prerequisite::Rust => problems.extend(rust_problem(search)),
            Prerequisite::Node => {
                let help = "install Node.js with npm, such as Debian's `nodejs` and `npm`";
                problems.extend(missing(search, &["node", "npm"], help));
            }
            Prerequisite::Python => {
                problems.extend(find_python_in(search).err().map(|problem| *problem));
            }
        }
    }
    problems
}

fn find_python_in(search: &str) -> Result<Python, Box<Diagnostic>> {
    let mut found = Vec::new();
    for name in PYTHONS {
        let Some(program) = find_on_path(name, search) else { continue };
        match ask_python(&program) {
            Ok((version, lacking)) if version >= PYTHON_FLOOR && lacking.is_empty() => {
                return Ok(Python { program, version });
            }
            Ok(((major, minor), lacking)) => {
                let lacking =
                    if lacking.is_empty() { String::new() } else { format!(" without {lacking}") };
                found.push(format!("`{}` is {major}.{minor}{lacking}", program.display()));
            }
            Err(_) => found.push(format!("`{}` does not run", program.display())),
        }
    }
    let (major, minor) = PYTHON_FLOOR;
    let seen = if found.is_empty() { String::new() } else { format!(": {}", found.join(", ")) };
    let message = format!("Python {major}.{minor} or newer with pip and venv was not found{seen}");
    let help = "install it, such as Debian's `python3`, `python3-pip` and `python3-venv`";
    Err(Box::new(Diagnostic::new(&codes::PREREQUISITE_MISSING, message).help(help)))
}

/// The version, and which of pip and venv are missing. `ensurepip` is the part of venv that Debian
/// packages separately.
fn ask_python(program: &Path) -> Result<((u32, u32), String), RunError> {
    const QUESTION: &str = "import sys, importlib.util as u; print(*sys.version_info[:2]); \
        print(*[n for n, m in (('pip', 'pip'), ('venv', 'ensurepip')) if not u.find_spec(m)])";
    let program = program.to_string_lossy().into_owned();
    let output =
        run(&Invocation::new(program, ["-I", "-c", QUESTION]), &mut RunOptions::default())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut lines = text.lines();
    let mut numbers = lines.next().unwrap_or_default().split(' ').map(|n| n.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Ok((version, lines.next().unwrap_or_default().replace(' ', " and ")))
}

fn rust_problem(search: &str) -> Option<Diagnostic> {
    let (major, minor) = CARGO_FLOOR;
    let help = "install Rust with rustup, or run `rustup update`";
    let cargo = match find_on_path("cargo", search) {
        Some(cargo) if find_on_path("rustup", search).is_some() => cargo,
        Some(_) => {
            let message =
                "cargo was not installed by rustup, which is needed for the target libraries";
            return Some(Diagnostic::new(&codes::PREREQUISITE_MISSING, message).help(help));
        }
        None => return missing(search, &["cargo"], help),
    };
    let invocation = Invocation::new(cargo.to_string_lossy(), ["--version"]);
    let text = match run(&invocation, &mut RunOptions::default()) {
        Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
        Err(error) => return Some(error.problem().help(help)),
    };
    let version = text.split(' ').nth(1).unwrap_or_default();
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (found < CARGO_FLOOR).then(|| {
        let message = format!("cargo {major}.{minor} or newer is needed, `{version}` was found");
        Diagnostic::new(&codes::PREREQUISITE_MISSING, message).help(help)
    })
}

fn missing(search: &str, names: &[&str], help: &str) -> Option<Diagnostic> {
    let name = names.iter().find(|name| find_on_path(name, search).is_none())?;
    let message = format!("`{name}` was not found on `PATH`");
    Some(Diagnostic::new(&codes::PREREQUISITE_MISSING, message).help(help))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::toolbox::fakes::Fakes;

    #[test]
    fn an_empty_machine_is_told_everything_at_once() {
        let empty = Fakes::new("prerequisites-empty");
        let problems = prerequisites_in(&Prerequisite::ALL, &empty.search());
        let texts: Vec<String> = problems.0.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 5, "{texts:#?}");
        for (text, name) in texts.iter().zip(["git", "`cc`", "`cargo`", "`node`", "Python 3.11"]) {
            assert!(text.contains(name) && text.contains("help: install"), "{text}");
        }
    }

    #[test]
    fn an_old_or_maimed_program_is_named_with_what_was_found() {
        let fakes = Fakes::new("prerequisites-old");
        fakes.program("python3", "printf '3 9\\n\\n'");
        fakes.program("python3.12", "printf '3 12\\npip venv\\n'");
        fakes.program("cargo", "echo 'cargo 1.80.1 (x)'");
        fakes.program("rustup", "");
        let search = fakes.search();
        let python = find_python_in(&search).unwrap_err().to_string();
        assert!(
            python.contains("/python3` is 3.9") && python.contains("3.12 without pip and venv")
        );
        let rust = rust_problem(&search).unwrap().to_string();
        assert!(rust.contains("`1.80.1` was found"), "{rust}");
    }

    #[test]
    fn the_first_python_that_will_do_is_taken() {
        let fakes = Fakes::new("prerequisites-good");
        fakes.program("python3", "printf '3 9\\n\\n'");
        fakes.program("python3.13", "printf '3 13\\n\\n'");
        assert_eq!(find_python_in(&fakes.search()).unwrap().version, (3, 13));
    }
}
