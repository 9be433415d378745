//! Downloads the file of a source with the source's ordinary client.
//!
//! Each command is data before it runs. The user's settings decide which server the client uses;
//! the hash decides whether the download is accepted.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Diagnostic, Invocation};

use crate::codes;
use crate::environment::search_path;
use crate::error::ToolError;
use crate::host::find_on_path;
use crate::logs::Logs;
use crate::pins::{Origin, Source};
use crate::prerequisites::Python;
use crate::run::{RunOptions, run};
use crate::rust::RustToolchain;

/// pip's download of `source`, a wheel, into `folder`, whose `requirements.txt` pins the hash. The
/// platform is that of the wheel, so that pip accepts the file on any machine.
pub(crate) fn pip_invocation(python: &Python, source: &Source, folder: &Path) -> Invocation {
    let mut args: Vec<String> = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-cache-dir",
        "--no-deps",
        "--require-hashes",
        "--only-binary=:all:",
    ]
    .map(str::to_owned)
    .into();
    for platform in wheel_platforms(&source.file) {
        args.extend(["--platform".to_owned(), platform.to_owned()]);
    }
    args.extend(["--dest".to_owned(), text(folder)]);
    args.extend(["--requirement".to_owned(), text(&folder.join(REQUIREMENTS))]);
    Invocation::new(text(&python.program), args)
}

/// npm's download of a package's tarball into `folder`.
pub(crate) fn npm_invocation(npm: &Path, package: &str, folder: &Path) -> Invocation {
    let args = [
        "pack",
        "--loglevel=error",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
    ];
    let last = [
        "--cache".to_owned(),
        text(&folder.join("npm-cache")),
        "--pack-destination".to_owned(),
        text(folder),
        package.to_owned(),
    ];
    Invocation::new(text(npm), args.map(str::to_owned).into_iter().chain(last)).dir(text(folder))
}

/// cargo's download of a crate into its `CARGO_HOME`: `cargo info` downloads only the package
/// itself, and cargo checks it against its index.
pub(crate) fn crate_invocation(rust: &RustToolchain, home: &Path, package: &str) -> Invocation {
    cargo(rust, home).dir(text(home)).args(["info", "--quiet", "--color=never", package])
}

/// The compilation of a checked and unpacked crate into `root`. Its `Cargo.lock`, which is covered
/// by the hash of the crate, has the hashes of all dependencies.
pub(crate) fn install_invocation(
    rust: &RustToolchain,
    home: &Path,
    source: &Path,
    root: &Path,
) -> Invocation {
    let target = text(&root.with_file_name("target"));
    cargo(rust, home).dir(text(source)).args([
        "install",
        "--quiet",
        "--locked",
        "--no-track",
        "--path",
        &text(source),
        "--root",
        &text(root),
        "--target-dir",
        &target,
    ])
}

/// Downloads a wheel.
pub(crate) fn pip(
    python: &Python,
    source: &Source,
    folder: &Path,
    logs: &Logs,
) -> Result<PathBuf, ToolError> {
    let Origin::Pypi { name, version } = &source.origin else {
        return Err(ToolError::Missing { what: source.file.clone() });
    };
    let line = format!("{name}=={version} --hash=sha256:{}\n", source.digest.hex());
    let list = folder.join(REQUIREMENTS);
    fs::write(&list, line).map_err(ToolError::io(&list, "written"))?;
    fetch(&pip_invocation(python, source, folder), logs)?;
    existing(folder.join(&source.file))
}

/// Downloads an npm package.
pub(crate) fn npm(
    package: &str,
    source: &Source,
    folder: &Path,
    logs: &Logs,
) -> Result<PathBuf, ToolError> {
    let npm = find_on_path("npm", &search_path(&[])).ok_or_else(|| {
        let problem =
            Diagnostic::new(&codes::PREREQUISITE_MISSING, "`npm` was not found on `PATH`");
        ToolError::Prerequisite(Box::new(problem.help("install Node.js with npm")))
    })?;
    fetch(&npm_invocation(&npm, package, folder), logs)?;
    existing(folder.join(&source.file))
}

/// Downloads a crate.
pub(crate) fn crates(
    rust: &RustToolchain,
    home: &Path,
    package: &str,
    source: &Source,
    logs: &Logs,
) -> Result<PathBuf, ToolError> {
    fs::create_dir_all(home).map_err(ToolError::io(home, "written"))?;
    fetch(&crate_invocation(rust, home, package), logs)?;
    let registries = home.join("registry").join("cache");
    let mut folders: Vec<PathBuf> = fs::read_dir(&registries)
        .map_err(ToolError::io(&registries, "read"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join(&source.file)))
        .filter(|file| file.is_file())
        .collect();
    folders.sort();
    folders.into_iter().next().ok_or_else(|| ToolError::Missing { what: source.file.clone() })
}

/// Compiles an unpacked crate.
pub(crate) fn compile(
    rust: &RustToolchain,
    home: &Path,
    source: &Path,
    root: &Path,
    logs: &Logs,
) -> Result<(), ToolError> {
    fetch(&install_invocation(rust, home, source, root), logs)
}

const REQUIREMENTS: &str = "requirements.txt";

/// The platform tags of a wheel's file name (binary distribution format, "File name convention").
fn wheel_platforms(file: &str) -> impl Iterator<Item = &str> {
    let stem = file.strip_suffix(".whl").unwrap_or(file);
    stem.rsplit('-').next().unwrap_or_default().split('.')
}

fn fetch(invocation: &Invocation, logs: &Logs) -> Result<(), ToolError> {
    run(invocation, &mut RunOptions { network: true, logs: Some(logs), ..RunOptions::default() })?;
    Ok(())
}

fn existing(file: PathBuf) -> Result<PathBuf, ToolError> {
    if file.is_file() {
        return Ok(file);
    }
    Err(ToolError::Missing { what: file.display().to_string() })
}

struct Cargo(Invocation);

impl Cargo {
    fn dir(self, dir: String) -> Self {
        Self(self.0.dir(dir))
    }

    fn args<'a>(mut self, args: impl IntoIterator<Item = &'a str>) -> Invocation {
        self.0.args.extend(args.into_iter().map(str::to_owned));
        self.0
    }
}

fn cargo(rust: &RustToolchain, home: &Path) -> Cargo {
    let none: [String; 0] = [];
    let invocation = Invocation::new(text(&rust.cargo), none)
        .env("CARGO_HOME", text(home))
        .env("RUSTUP_HOME", text(&rust.rustup_home))
        .env("RUSTUP_TOOLCHAIN", rust.version.clone())
        .env("RUSTC", text(&rust.rustc));
    Cargo(invocation)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pins::{Pins, Tool};
    use model::Platform;

    #[test]
    fn pip_is_asked_for_exactly_the_pinned_file() {
        let pins = Pins::embedded().unwrap();
        let pin = pins.pin(Tool::Uv, Platform::LinuxAmd64).unwrap();
        let python = Python { program: PathBuf::from("/usr/bin/python3"), version: (3, 11) };
        let line = pip_invocation(&python, &pin.sources[0], Path::new("/d")).shell_line();
        assert_eq!(
            line,
            "/usr/bin/python3 -m pip download --quiet --no-input --disable-pip-version-check \
             --no-cache-dir --no-deps --require-hashes --only-binary=:all: \
             --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
             --dest /d --requirement /d/requirements.txt"
        );
    }
}
