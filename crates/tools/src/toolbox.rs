//! Finds each tool: named, cached, on `PATH` in exactly the pinned version, or fetched.

mod install;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{Invocation, Platform};

use crate::cache::Cache;
use crate::environment::search_path;
use crate::error::ToolError;
use crate::event::Event;
use crate::host::{find_on_path, host_platform, is_executable};
use crate::pins::{Origin, Pin, Pins, Source, Tool};
use crate::prerequisites::{Prerequisite, Python, find_python};
use crate::run::{RunOptions, run};
use crate::rust::{RustToolchain, Rustup};

/// What the user may choose about tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolboxOptions {
    /// `--tool NAME=PATH`: use this one, whatever its version.
    pub overrides: BTreeMap<Tool, PathBuf>,
    /// `--offline`: fetch nothing.
    pub offline: bool,
}

/// A tool that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPath {
    /// Which one.
    pub tool: Tool,
    /// Its executable.
    pub program: PathBuf,
    /// The version that it reports, or the pinned one. `unknown` for a named tool that reports
    /// none.
    pub version: String,
    /// How it was found.
    pub origin: ToolOrigin,
}

/// How a tool was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolOrigin {
    /// Fetched by us, with the hash of its download checked.
    Cache,
    /// Found on `PATH`, in exactly the pinned version.
    Path,
    /// Named by `--tool`.
    Named,
}

/// All tools, with one cache.
pub struct Toolbox {
    cache: Cache,
    pins: Pins,
    options: ToolboxOptions,
    platform: Option<Platform>,
    search: String,
    offline: AtomicBool,
    python: OnceLock<Python>,
    progress: Box<dyn Fn(&Event<'_>) + Send + Sync>,
}

impl Toolbox {
    /// A toolbox with `cache`. `progress` is called with what takes a while; the event's `Display`
    /// is the line for stderr.
    ///
    /// # Errors
    /// If the built-in table is invalid.
    pub fn new(
        cache: Cache,
        options: ToolboxOptions,
        progress: impl Fn(&Event<'_>) + Send + Sync + 'static,
    ) -> Result<Self, ToolError> {
        Ok(Self {
            cache,
            pins: Pins::embedded()?,
            offline: AtomicBool::new(options.offline),
            options,
            platform: host_platform(),
            search: search_path(&[]),
            python: OnceLock::new(),
            progress: Box::new(progress),
        })
    }

    /// Its cache.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Its table of pinned tools.
    #[must_use]
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Whether nothing is fetched: `--offline`, or decided by [`Toolbox::attempt`].
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    /// Finds `tool`, or fetches it. In order: `--tool`; the cache; `PATH`, if the version is
    /// exactly the pinned one; its sources.
    ///
    /// # Errors
    /// If the tool is not pinned for this machine, it is not in the cache and we are offline, no
    /// source serves it, or its hash is wrong.
    pub fn path(&self, tool: Tool) -> Result<ToolPath, ToolError> {
        if let Some(path) = self.options.overrides.get(&tool).filter(|_| !tool.is_data()) {
            return self.named(tool, path);
        }
        let pin = self.pin(tool)?;
        if let Some(found) = self.cached(pin) {
            return Ok(found);
        }
        if let Some(found) = self.on_path(pin) {
            let why = "its version is exactly the pinned one";
            (self.progress)(&Event::Using { tool, path: &found.program, why });
            return Ok(found);
        }
        let what = format!("{tool} {}", pin.version);
        if self.is_offline() {
            return Err(ToolError::Offline { what, root: self.cache.paths().root.clone() });
        }
        self.install(pin, &what)
    }

    /// The Rust toolchain `version` (the pinned one when `None`) with the libraries of `targets`.
    ///
    /// # Errors
    /// If rustup is missing or fails, it serves something else than the pinned version, or the
    /// toolchain is not in the cache and we are offline.
    pub fn rust(
        &self,
        version: Option<&str>,
        targets: &[String],
    ) -> Result<RustToolchain, ToolError> {
        self.rustup().toolchain(version.unwrap_or(&self.pins.rust.version), targets)
    }

    /// Whether each of `tools` could be had without a network.
    #[must_use]
    pub fn has_all(&self, tools: &[Tool]) -> bool {
        tools.iter().all(|tool| {
            self.options.overrides.contains_key(tool)
                || self
                    .pin(*tool)
                    .is_ok_and(|pin| self.cached(pin).is_some() || self.on_path(pin).is_some())
        })
    }

    /// Whether the Rust toolchain with `targets` could be had without a network.
    #[must_use]
    pub fn has_rust(&self, version: Option<&str>, targets: &[String]) -> bool {
        self.rustup().has(version.unwrap_or(&self.pins.rust.version), targets)
    }

    /// Does `work`, which may use the network and gets whether we are offline. If it fails because
    /// there is no network while all of `tools` are available, `work` is done once more offline; if
    /// that succeeds, this toolbox stays offline.
    ///
    /// # Errors
    /// Those of `work`: the first one if the second attempt fails too.
    pub fn attempt<T>(
        &self,
        tools: &[Tool],
        mut work: impl FnMut(bool) -> Result<T, ToolError>,
    ) -> Result<T, ToolError> {
        let first = match work(self.is_offline()) {
            Err(error) if error.is_no_network() && !self.is_offline() => error,
            other => return other,
        };
        if !self.has_all(tools) {
            return Err(first);
        }
        match work(true) {
            Ok(done) => {
                if !self.offline.swap(true, Ordering::Relaxed) {
                    (self.progress)(&Event::Offline { reason: &first.no_network_words() });
                }
                Ok(done)
            }
            Err(_) => Err(first),
        }
    }

    /// What must be on this machine to fetch those of `tools` that are not available yet.
    #[must_use]
    pub fn fetched_through(&self, tools: &[Tool]) -> BTreeSet<Prerequisite> {
        let absent = tools.iter().filter(|tool| !self.has_all(&[**tool]));
        let pins = absent.filter_map(|tool| self.pin(*tool).ok());
        let needed = |pin: &Pin| match pin.sources.first().map(|source| &source.origin) {
            Some(Origin::Pypi { .. }) | None => vec![Prerequisite::Python],
            Some(Origin::Npm { .. }) => vec![Prerequisite::Node, Prerequisite::Python],
            Some(Origin::Crate { .. }) => {
                vec![Prerequisite::CCompiler, Prerequisite::Rust, Prerequisite::Python]
            }
        };
        pins.flat_map(needed).collect()
    }

    /// Whether `tool` is compiled on this machine, which needs the Rust toolchain.
    #[must_use]
    pub fn is_compiled(&self, tool: Tool) -> bool {
        let sources = self.pin(tool).map(|pin| pin.sources.as_slice()).unwrap_or_default();
        sources.iter().any(|source| matches!(source.origin, Origin::Crate { .. }))
    }

    /// The Python that downloads, unpacks, and runs uv's builds by default.
    ///
    /// # Errors
    /// If the machine has no suitable one.
    pub fn python(&self) -> Result<&Python, ToolError> {
        if let Some(python) = self.python.get() {
            return Ok(python);
        }
        let found = find_python().map_err(ToolError::Prerequisite)?;
        Ok(self.python.get_or_init(|| found))
    }

    fn rustup(&self) -> Rustup<'_> {
        Rustup {
            cache: &self.cache,
            pin: &self.pins.rust,
            offline: self.is_offline(),
            tell: &*self.progress,
        }
    }

    fn pin(&self, tool: Tool) -> Result<&Pin, ToolError> {
        self.platform.and_then(|platform| self.pins.pin(tool, platform)).ok_or_else(|| {
            let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
            let machine = self.platform.map_or_else(|| format!("{os} {arch}"), |p| p.to_string());
            ToolError::NotPinned { tool, machine }
        })
    }

    fn named(&self, tool: Tool, path: &Path) -> Result<ToolPath, ToolError> {
        let program = std::path::absolute(path).map_err(ToolError::io(path, "read"))?;
        if !is_executable(&program) {
            return Err(ToolError::BadOverride { tool, path: path.to_owned() });
        }
        (self.progress)(&Event::Using { tool, path: &program, why: "`--tool` names it" });
        let version = said_version(tool, &program).unwrap_or_else(|| "unknown".to_owned());
        Ok(ToolPath { tool, program, version, origin: ToolOrigin::Named })
    }

    fn cached(&self, pin: &Pin) -> Option<ToolPath> {
        pin.sources
            .iter()
            .map(|source| self.folder(pin, source).join(program_of(pin, source)))
            .find(|program| is_there(pin, program))
            .map(|program| self.found(pin, program, ToolOrigin::Cache))
    }

    fn on_path(&self, pin: &Pin) -> Option<ToolPath> {
        if pin.tool.is_data() {
            return None;
        }
        let program = find_on_path(pin.tool.as_str(), &self.search)?;
        let same = said_version(pin.tool, &program).is_some_and(|said| said == pin.version);
        same.then(|| self.found(pin, program, ToolOrigin::Path))
    }

    fn found(&self, pin: &Pin, program: PathBuf, origin: ToolOrigin) -> ToolPath {
        ToolPath { tool: pin.tool, program, version: pin.version.clone(), origin }
    }

    fn folder(&self, pin: &Pin, source: &Source) -> PathBuf {
        self.cache.paths().tool(pin.tool.as_str(), &pin.version, &source.digest)
    }
}

/// The version that the program reports, without a leading `v` or `go` and without build metadata;
/// `None` if it reports none.
fn said_version(tool: Tool, program: &Path) -> Option<String> {
    let args = tool.version_args()?.iter().copied();
    let ask = Invocation::new(program.to_string_lossy(), args).env("GOTOOLCHAIN", "local");
    let output = run(&ask, &mut RunOptions::default()).ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers = |word: &str| {
        let word = word.trim_start_matches("go").trim_start_matches('v');
        let word = word.split_once('+').map_or(word, |(core, _)| core);
        word.starts_with(|c: char| c.is_ascii_digit()).then(|| word.to_owned())
    };
    text.lines().next()?.split_whitespace().find_map(numbers)
}

/// Whether a tool's executable is at `program`, or the file of data.
fn is_there(pin: &Pin, program: &Path) -> bool {
    if pin.tool.is_data() { program.is_file() } else { is_executable(program) }
}

/// The file name of a compiled tool, with the suffix of this machine's executables.
fn program_of(pin: &Pin, source: &Source) -> PathBuf {
    let compiled = pin.platform.is_none() && !pin.tool.is_data();
    let suffix = if compiled { std::env::consts::EXE_SUFFIX } else { "" };
    PathBuf::from(format!("{}{suffix}", source.program))
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod fakes;
#[cfg(test)]
#[cfg(unix)]
mod tests;
