//! Where each tool is: named, cached, on `PATH` at exactly the right version, or fetched now.

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
use crate::pins::{Origin, Pins, Row, Source, Tool};
use crate::prerequisites::{Prerequisite, Python, find_python};
use crate::run::{RunOptions, run};
use crate::rust::{RustToolchain, Rustup};

/// What a person may say about tools.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolboxOptions {
    /// `--tool NAME=PATH`: use this one, whatever its version.
    pub overrides: BTreeMap<Tool, PathBuf>,
    /// `--offline`: fetch nothing.
    pub offline: bool,
}

/// A tool that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolPath {
    /// Which one.
    pub tool: Tool,
    /// Its executable.
    pub program: PathBuf,
    /// Its version, as it says itself; the row's where it is the row's. `unknown` for a named
    /// tool that does not say.
    pub version: String,
    /// How it came to be used.
    pub whence: Whence,
}

/// How a tool came to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whence {
    /// Fetched by us, its download's hash checked.
    Cache,
    /// Found on `PATH`, of exactly the row's version.
    Path,
    /// Named by `--tool`.
    Named,
}

/// All tools, over one cache.
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
    /// A toolbox over `cache`. `progress` is told what takes a while; its `Display` is the line
    /// for stderr.
    ///
    /// # Errors
    /// When the built-in table is broken.
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

    /// The cache it fills.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// The table it goes by.
    #[must_use]
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Whether nothing is fetched: `--offline`, or decided by [`Toolbox::attempt`].
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    /// Where `tool` is, fetched if need be. In order: `--tool`; the cache; `PATH`, when the version
    /// is exactly the row's; the row's sources.
    ///
    /// # Errors
    /// When there is no row for this machine, the cache lacks it and we are offline, no source
    /// serves it, or its hash is not the row's.
    pub fn path(&self, tool: Tool) -> Result<ToolPath, ToolError> {
        if let Some(path) = self.options.overrides.get(&tool) {
            return self.named(tool, path);
        }
        let row = self.row(tool)?;
        if let Some(found) = self.cached(row) {
            return Ok(found);
        }
        if let Some(found) = self.on_path(row) {
            let why = "its version is exactly the pinned one";
            (self.progress)(&Event::Using { tool, path: &found.program, why });
            return Ok(found);
        }
        let what = format!("{tool} {}", row.version);
        if self.is_offline() {
            return Err(ToolError::Offline { what, root: self.cache.paths().root.clone() });
        }
        self.install(row, &what)
    }

    /// The Rust toolchain `version` (the pinned one when `None`) with the libraries of `targets`.
    ///
    /// # Errors
    /// When rustup is missing or fails, the pinned version is not what is served, or it is not in
    /// the cache and we are offline.
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
                    .row(*tool)
                    .is_ok_and(|row| self.cached(row).is_some() || self.on_path(row).is_some())
        })
    }

    /// Whether the Rust toolchain with `targets` could be had without a network.
    #[must_use]
    pub fn has_rust(&self, version: Option<&str>, targets: &[String]) -> bool {
        self.rustup().has(version.unwrap_or(&self.pins.rust.version), targets)
    }

    /// Does `work`, which may look something up and is told whether it is offline. When it fails
    /// for want of a network while every one of `tools` is here, `work` is done once more offline;
    /// when that succeeds, this toolbox stays offline for good.
    ///
    /// # Errors
    /// Those of `work`: the first when the second fails too.
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

    /// What must be on this machine to fetch those of `tools` that are not here yet.
    #[must_use]
    pub fn fetched_through(&self, tools: &[Tool]) -> BTreeSet<Prerequisite> {
        let absent = tools.iter().filter(|tool| !self.has_all(&[**tool]));
        let rows = absent.filter_map(|tool| self.row(*tool).ok());
        let needed = |row: &Row| match row.sources.first().map(|source| &source.origin) {
            Some(Origin::Pypi { .. }) | None => vec![Prerequisite::Python],
            Some(Origin::Npm { .. }) => vec![Prerequisite::Node, Prerequisite::Python],
            Some(Origin::Crate { .. }) => {
                vec![Prerequisite::CCompiler, Prerequisite::Rust, Prerequisite::Python]
            }
        };
        rows.flat_map(needed).collect()
    }

    /// Whether `tool` is compiled here, which takes the Rust toolchain.
    #[must_use]
    pub fn is_compiled(&self, tool: Tool) -> bool {
        let sources = self.row(tool).map(|row| row.sources.as_slice()).unwrap_or_default();
        sources.iter().any(|source| matches!(source.origin, Origin::Crate { .. }))
    }

    /// The Python that fetches, unpacks, and runs uv's builds unless another is named.
    ///
    /// # Errors
    /// When the machine has none that will do.
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

    fn row(&self, tool: Tool) -> Result<&Row, ToolError> {
        self.platform.and_then(|platform| self.pins.row(tool, platform)).ok_or_else(|| {
            let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
            let machine = self.platform.map_or_else(|| format!("{os} {arch}"), |p| p.to_string());
            ToolError::NoRow { tool, machine }
        })
    }

    fn named(&self, tool: Tool, path: &Path) -> Result<ToolPath, ToolError> {
        let program = std::path::absolute(path).map_err(ToolError::io(path, "read"))?;
        if !is_executable(&program) {
            return Err(ToolError::BadOverride { tool, path: path.to_owned() });
        }
        (self.progress)(&Event::Using { tool, path: &program, why: "`--tool` names it" });
        let version = said_version(tool, &program).unwrap_or_else(|| "unknown".to_owned());
        Ok(ToolPath { tool, program, version, whence: Whence::Named })
    }

    fn cached(&self, row: &Row) -> Option<ToolPath> {
        row.sources
            .iter()
            .map(|source| self.place(row, source).join(program_of(row, source)))
            .find(|program| is_executable(program))
            .map(|program| self.found(row, program, Whence::Cache))
    }

    fn on_path(&self, row: &Row) -> Option<ToolPath> {
        let program = find_on_path(row.tool.as_str(), &self.search)?;
        let same = said_version(row.tool, &program).is_some_and(|said| said == row.version);
        same.then(|| self.found(row, program, Whence::Path))
    }

    fn found(&self, row: &Row, program: PathBuf, whence: Whence) -> ToolPath {
        ToolPath { tool: row.tool, program, version: row.version.clone(), whence }
    }

    fn place(&self, row: &Row, source: &Source) -> PathBuf {
        self.cache.paths().tool(row.tool.as_str(), &row.version, &source.digest)
    }
}

/// The version that the program says it has, without a leading `v` or `go` and without build
/// metadata; `None` when it does not say.
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

/// A compiled tool's name ends as this machine's executables do.
fn program_of(row: &Row, source: &Source) -> PathBuf {
    let suffix = if row.platform.is_none() { std::env::consts::EXE_SUFFIX } else { "" };
    PathBuf::from(format!("{}{suffix}", source.program))
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod fakes;
#[cfg(test)]
#[cfg(unix)]
mod tests;
