//! The Rust toolchain: an exact version, in our own `RUSTUP_HOME`, installed by the user's rustup,
//! which is never changed (`--no-self-update`; without it a private `RUSTUP_HOME` replaced rustup
//! itself) and whose own toolchains are not used.

use std::fs;
use std::path::{Path, PathBuf};

use model::Invocation;
use serde::Deserialize;

use crate::cache::{Cache, remove_folder};
use crate::environment::search_path;
use crate::error::ToolError;
use crate::event::Event;
use crate::host::{find_on_path, is_executable};
use crate::pins::RustPin;
use crate::run::{RunError, RunOptions, run};

/// A toolchain of our cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RustToolchain {
    /// Its exact version: what `RUSTUP_TOOLCHAIN` names.
    pub version: String,
    /// cargo itself, not rustup's proxy.
    pub cargo: PathBuf,
    /// rustc itself.
    pub rustc: PathBuf,
    /// The toolchain's folder.
    pub sysroot: PathBuf,
    /// Our `RUSTUP_HOME`.
    pub rustup_home: PathBuf,
    /// The compiler's commit, 40 hex digits.
    pub commit: String,
}

/// Which toolchain builds a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolchainChoice {
    /// The exact version or dated channel.
    pub version: String,
    /// A note for the user if the tree requests something else.
    pub note: Option<String>,
}

/// Chooses from the text of a tree's `rust-toolchain.toml` or `rust-toolchain`, in either of its
/// two forms (rustup book, "The toolchain file"). An exact version (`1.88.0`) or dated channel
/// (`nightly-2026-05-01`) is used; for a moving channel `pinned` is, with a note.
#[must_use]
pub fn choose_toolchain(text: Option<&str>, pinned: &str) -> ToolchainChoice {
    let channel = text.and_then(channel_of);
    match channel {
        Some(channel) if is_fixed(&channel) => ToolchainChoice { version: channel, note: None },
        Some(channel) => {
            let channel: String = channel.chars().take(80).collect();
            let note = format!("the tree asks for Rust `{channel}`, which moves: using {pinned}");
            ToolchainChoice { version: pinned.to_owned(), note: Some(note) }
        }
        None => ToolchainChoice { version: pinned.to_owned(), note: None },
    }
}

/// What the cache has of a toolchain, and how to get the rest.
pub(crate) struct Rustup<'a> {
    pub(crate) cache: &'a Cache,
    pub(crate) pin: &'a RustPin,
    pub(crate) offline: bool,
    pub(crate) tell: &'a dyn Fn(&Event<'_>),
}

impl Rustup<'_> {
    /// The toolchain `version` with the libraries of `targets`; fetches what is missing.
    pub(crate) fn toolchain(
        &self,
        version: &str,
        targets: &[String],
    ) -> Result<RustToolchain, ToolError> {
        if !is_fixed(version) {
            return Err(ToolError::Missing {
                what: format!("an exact Rust version in `{version}`"),
            });
        }
        let what = format!("Rust {version}");
        let lock = self.cache.lock(&format!("rust-{version}"), || {
            (self.tell)(&Event::Waiting { what: &what });
        })?;
        let lacking: Vec<String> = targets
            .iter()
            .filter(|target| !self.mark(version, target).is_file())
            .cloned()
            .collect();
        let fresh = !self.mark(version, "toolchain").is_file();
        if fresh || !lacking.is_empty() {
            self.fetch(version, fresh, &lacking)?;
        }
        let found = self.find(version)?;
        drop(lock);
        Ok(found)
    }

    /// Whether nothing of it has to be fetched.
    pub(crate) fn has(&self, version: &str, targets: &[String]) -> bool {
        let names = targets.iter().map(String::as_str).chain(["toolchain"]);
        names.into_iter().all(|name| self.mark(version, name).is_file())
    }

    fn fetch(&self, version: &str, fresh: bool, lacking: &[String]) -> Result<(), ToolError> {
        if self.offline {
            let mut what = format!("Rust {version}");
            if !lacking.is_empty() {
                what = format!("{what} for {}", lacking.join(", "));
            }
            return Err(ToolError::Offline { what, root: self.cache.paths().root.clone() });
        }
        let rustup = find_on_path("rustup", &search_path(&[])).ok_or_else(|| {
            let (program, line) = ("rustup".to_owned(), "rustup toolchain install".to_owned());
            ToolError::Run(RunError::NotFound { program, line })
        })?;
        (self.tell)(&Event::Rust { version, targets: lacking });
        if fresh && let Ok(half) = self.sysroot(version) {
            remove_folder(&half)?;
        }
        let home = self.cache.paths().rustup();
        run(
            &install_invocation(&rustup, &home, version, lacking),
            &mut RunOptions {
                network: true,
                logs: Some(self.cache.logs()),
                ..RunOptions::default()
            },
        )?;
        self.check_pin(version)?;
        for name in lacking.iter().map(String::as_str).chain(["toolchain"]) {
            let mark = self.mark(version, name);
            let parent = mark.parent().unwrap_or(&mark);
            fs::create_dir_all(parent).map_err(ToolError::io(parent, "written"))?;
            fs::write(&mark, "").map_err(ToolError::io(&mark, "written"))?;
        }
        Ok(())
    }

    /// A pinned version must have the pinned manifest; for another exact version rustup is trusted.
    fn check_pin(&self, version: &str) -> Result<(), ToolError> {
        if version != self.pin.version {
            return Ok(());
        }
        let sysroot = self.sysroot(version)?;
        let name = sysroot.file_name().unwrap_or_default();
        let record = self.cache.paths().rustup().join("update-hashes").join(name);
        let found = fs::read_to_string(&record).map_err(ToolError::io(&record, "read"))?;
        self.compare("manifest", &self.pin.manifest, found.trim())
    }

    fn find(&self, version: &str) -> Result<RustToolchain, ToolError> {
        let sysroot = self.sysroot(version)?;
        let program = |name: &str| {
            let path = sysroot.join("bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
            let what = path.display().to_string();
            if is_executable(&path) { Ok(path) } else { Err(ToolError::Missing { what }) }
        };
        let (cargo, rustc) = (program("cargo")?, program("rustc")?);
        let ask = Invocation::new(rustc.to_string_lossy(), ["-vV"]);
        let output = run(&ask, &mut RunOptions::default())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let commit = text.lines().find_map(|line| line.strip_prefix("commit-hash: "));
        let commit = commit.unwrap_or("unknown").to_owned();
        if version == self.pin.version {
            self.compare("commit", &self.pin.commit, &commit)?;
        }
        let rustup_home = self.cache.paths().rustup();
        Ok(RustToolchain {
            version: version.to_owned(),
            cargo,
            rustc,
            sysroot,
            rustup_home,
            commit,
        })
    }

    fn compare(&self, what: &'static str, expected: &str, found: &str) -> Result<(), ToolError> {
        if expected == found {
            return Ok(());
        }
        let version = self.pin.version.clone();
        let (expected, found) = (expected.to_owned(), found.chars().take(80).collect());
        Err(ToolError::WrongToolchain { version, what, expected, found })
    }

    /// The toolchain's folder: `1.95.0-<this machine's target>`.
    fn sysroot(&self, version: &str) -> Result<PathBuf, ToolError> {
        let folder = self.cache.paths().rustup().join("toolchains");
        let start = format!("{version}-");
        let entries = fs::read_dir(&folder).map_err(ToolError::io(&folder, "read"))?;
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&start))
            })
            .collect();
        found.sort();
        let what = folder.join(version).display().to_string();
        found.into_iter().next().ok_or(ToolError::Missing { what })
    }

    /// A file that exists once rustup has succeeded: folders alone may be a partial toolchain.
    fn mark(&self, version: &str, name: &str) -> PathBuf {
        self.cache.paths().rustup().join("complete").join(version).join(name)
    }
}

/// rustup's command line: only our `RUSTUP_HOME`, only this version, no update of rustup.
fn install_invocation(rustup: &Path, home: &Path, version: &str, targets: &[String]) -> Invocation {
    let fixed = ["toolchain", "install", version, "--no-self-update", "--profile", "minimal"];
    let targets = targets.iter().flat_map(|target| ["--target", target.as_str()]);
    Invocation::new(rustup.to_string_lossy(), fixed.into_iter().chain(targets))
        .env("RUSTUP_HOME", home.to_string_lossy())
        .env("RUSTUP_TOOLCHAIN", version)
}

fn channel_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct File {
        toolchain: Option<Section>,
    }
    #[derive(Deserialize)]
    struct Section {
        channel: Option<String>,
    }
    if let Ok(file) = toml::from_str::<File>(text) {
        return file.toolchain?.channel;
    }
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let only = lines.next()?;
    lines.next().is_none().then(|| only.to_owned())
}

fn is_fixed(channel: &str) -> bool {
    let digits = |text: &str, most: usize| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit())
    };
    let (parts, dated) = match channel.split_once('-') {
        Some(("nightly" | "beta", date)) => (date.split('-').collect::<Vec<_>>(), true),
        Some(_) => return false,
        None => (channel.split('.').collect(), false),
    };
    let widths = if dated { [4, 2, 2] } else { [9, 9, 9] };
    parts.len() == 3 && parts.iter().zip(widths).all(|(part, most)| digits(part, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_version_is_honoured_and_a_moving_one_gets_the_pinned() {
        let check = |text: Option<&str>, version: &str, noted: bool| {
            let choice = choose_toolchain(text, "1.95.0");
            assert_eq!(
                (choice.version.as_str(), choice.note.is_some()),
                (version, noted),
                "{text:?}"
            );
        };
        check(None, "1.95.0", false);
        check(Some("[toolchain]\nchannel = \"1.88.0\"\ncomponents = []\n"), "1.88.0", false);
        check(Some("[toolchain]\nchannel = \"stable\"\n"), "1.95.0", true);
        check(Some("[toolchain]\nchannel = \"1.88\"\n"), "1.95.0", true);
        check(Some("[toolchain]\nprofile = \"minimal\"\n"), "1.95.0", false);
        check(Some("nightly-2026-05-01\n"), "nightly-2026-05-01", false);
        check(Some("stable\n"), "1.95.0", true);
        check(Some("../../evil"), "1.95.0", true);
        check(Some("1.88.0-x86_64-pc-windows-msvc"), "1.95.0", true);
        check(Some("nightly-../../../x"), "1.95.0", true);
        check(Some(""), "1.95.0", false);
    }

    #[test]
    fn rustup_is_never_updated_and_always_told_its_home_and_toolchain() {
        let targets = ["x86_64-unknown-linux-musl".to_owned()];
        let line =
            install_invocation(Path::new("rustup"), Path::new("/c/rustup"), "1.95.0", &targets);
        assert_eq!(
            line.shell_line(),
            "env RUSTUP_HOME=/c/rustup RUSTUP_TOOLCHAIN=1.95.0 rustup toolchain install 1.95.0 \
             --no-self-update --profile minimal --target x86_64-unknown-linux-musl"
        );
    }
}
