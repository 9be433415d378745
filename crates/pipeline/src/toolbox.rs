//! The tools of one build: asked for by name, fetched when first needed, remembered for the manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Invocation, Problem, ToolUse};
use tools::{Cache, RunOptions, RustToolchain, Tool, ToolError, Toolbox, ToolboxOptions, Whence};

use crate::options::Options;
use crate::progress::{Event, Progress};

/// Fetches, finds and runs tools.
pub(crate) struct Bench {
    toolbox: Toolbox,
    progress: Arc<dyn Progress>,
    used: Mutex<BTreeSet<ToolUse>>,
}

impl Bench {
    /// The tools that `options` name, over the cache that it names.
    ///
    /// # Errors
    /// When there is no cache, or an option names no tool.
    pub(crate) fn open(options: &Options, progress: &Arc<dyn Progress>) -> Result<Self, Problem> {
        let root = options.cache.clone().or_else(tools::default_cache_root).ok_or_else(|| {
            Problem::error("cache-unknown", "the environment names no folder for caches")
                .help("set `PACKAGE_ACTIONS_CACHE`, or give `--cache-dir`")
        })?;
        let cache = Cache::open(&root).map_err(|error| error.problem())?;
        let mut overrides = BTreeMap::new();
        for (name, path) in &options.tools {
            let tool: Tool = name.parse().map_err(|error: tools::UnknownTool| {
                Problem::error("usage-tool", error.to_string())
            })?;
            overrides.insert(tool, path.clone());
        }
        let listener = Arc::clone(progress);
        let tell = move |event: &tools::Event<'_>| listener.event(&Event::Note(&event.to_string()));
        let options = ToolboxOptions { overrides, offline: options.offline };
        let toolbox = Toolbox::new(cache, options, tell).map_err(|error| error.problem())?;
        Ok(Self { toolbox, progress: Arc::clone(progress), used: Mutex::default() })
    }

    /// The tool called `name`, fetched if need be.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, Lack> {
        if name == "python" {
            return Ok(self.toolbox.python()?.program.clone());
        }
        let tool: Tool = name.parse().map_err(|error: tools::UnknownTool| {
            Lack::Broken(Problem::error("usage-tool", error.to_string()))
        })?;
        let found = self.toolbox.path(tool)?;
        let row = tools::host_platform().and_then(|host| self.toolbox.pins().row(tool, host));
        let fetched = row.filter(|_| found.whence == Whence::Cache);
        let digest = fetched.and_then(|row| row.sources.first()).map(|source| source.digest);
        self.remember(name, &found.version, digest);
        Ok(found.program)
    }

    /// The Rust toolchain that a tree asks for, with the libraries of `targets`.
    pub(crate) fn rust(
        &self,
        channel_file: Option<&str>,
        targets: &[&str],
    ) -> Result<RustToolchain, Lack> {
        let choice = tools::choose_toolchain(channel_file, &self.toolbox.pins().rust.version);
        if let Some(note) = &choice.note {
            self.progress.event(&Event::Note(note));
        }
        let targets: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        let rust = self.toolbox.rust(Some(&choice.version), &targets)?;
        self.remember("rust", &rust.version, None);
        Ok(rust)
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, invocation: &Invocation) -> Result<(), Problem> {
        self.progress.event(&Event::Command(&invocation.shell_line()));
        let network = !self.toolbox.is_offline();
        let mut options = RunOptions { network, log: None };
        tools::run(invocation, &mut options).map(|_| ()).map_err(|error| error.problem())
    }

    /// Whether nothing may be fetched.
    pub(crate) fn is_offline(&self) -> bool {
        self.toolbox.is_offline()
    }

    /// Where caches lie.
    pub(crate) fn cache(&self) -> &Cache {
        self.toolbox.cache()
    }

    /// All tools that took part, sorted.
    pub(crate) fn used(&self) -> Vec<ToolUse> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn remember(&self, name: &str, version: &str, digest: Option<model::Digest>) {
        let tool = ToolUse { name: name.to_owned(), version: version.to_owned(), digest };
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(tool);
    }
}

/// Why a tool is not there.
#[derive(Debug)]
pub(crate) enum Lack {
    /// There is none for this machine: what needs it is *not built here*.
    NotHere(String),
    /// It should be there and could not be had.
    Broken(Problem),
}

impl From<ToolError> for Lack {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::NoRow { .. } => Self::NotHere(error.to_string()),
            other => Self::Broken(other.problem()),
        }
    }
}

/// A path as commands take it.
pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}
