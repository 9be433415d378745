//! The tools of one build: asked for by name, fetched when first needed, remembered for the
//! manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use format::Data;
use model::{Diagnostic, Invocation, ToolUse};
use tools::{
    Cache, Engine, Output, Prerequisite, RunError, RunOptions, RustToolchain, Tool, ToolError,
    ToolOrigin, ToolboxOptions,
};

use crate::codes;
use crate::disk;
use crate::options::{Failure, Options};
use crate::progress::{Event, Progress};

/// Fetches, finds and runs tools.
pub(crate) struct Toolbox {
    pinned: tools::Toolbox,
    progress: Arc<dyn Progress>,
    used: Mutex<BTreeSet<ToolUse>>,
    /// Toolchains that are known to be there, by version.
    rust: Mutex<BTreeMap<String, (BTreeSet<String>, RustToolchain)>>,
    /// What trees asked for that they do not get; each is told once.
    told: Mutex<BTreeSet<String>>,
    /// The client of the container engine that `--tool` names.
    named_engine: Option<PathBuf>,
    /// The engine, once it was asked; or why there is none.
    found_engine: OnceLock<Result<Engine, String>>,
}

impl Toolbox {
    /// The tools that `options` name, over the cache that it names.
    ///
    /// # Errors
    /// When there is no cache, or an option names no tool.
    pub(crate) fn open(options: &Options, progress: &Arc<dyn Progress>) -> Result<Self, Failure> {
        let root = options.cache.clone().or_else(tools::default_cache_root).ok_or_else(|| {
            Diagnostic::new(&codes::CACHE_UNKNOWN, "the environment names no folder for caches")
                .help("set `PACKAGE_ACTIONS_CACHE`, or give `--cache-dir`")
        })?;
        let cache = Cache::open(&root).map_err(|error| Failure::of_call(error.problem()))?;
        let mut overrides = BTreeMap::new();
        for (name, path) in options.tools.iter().filter(|(name, _)| *name != format::ENGINE) {
            let tool: Tool = name.parse().map_err(|error: tools::UnknownTool| {
                let problem = Diagnostic::new(&codes::USAGE_TOOL, error.to_string());
                let known = Tool::ALL.iter().map(|tool| tool.as_str()).chain([format::ENGINE]);
                Failure::usage(problem.help(format::suggest(&error.0, known)))
            })?;
            if tool.is_data() {
                let message = format!("`{tool}` is data that images get, and no program");
                let help = "put another file in its place with `files` of the image";
                let problem = Diagnostic::new(&codes::USAGE_TOOL, message);
                return Err(Failure::usage(problem.help(help)));
            }
            overrides.insert(tool, path.clone());
        }
        let (listener, told) = (Arc::clone(progress), Mutex::new(BTreeSet::new()));
        let tell = move |event: &tools::Event<'_>| {
            let note = event.to_string();
            // Each unit asks for its tools again; that says nothing new.
            let is_new = told.lock().unwrap_or_else(PoisonError::into_inner).insert(note.clone());
            if is_new {
                listener.event(&Event::Note(&note));
            }
        };
        let named_engine = options.tools.get(format::ENGINE).cloned();
        let offline = options.offline.then(|| Err(ENGINE_OFFLINE.to_owned()));
        let options = ToolboxOptions { overrides, offline: options.offline };
        let pinned = tools::Toolbox::new(cache, options, tell).map_err(|error| error.problem())?;
        Ok(Self {
            pinned,
            progress: Arc::clone(progress),
            used: Mutex::default(),
            rust: Mutex::default(),
            told: Mutex::default(),
            named_engine,
            found_engine: offline.map_or_else(OnceLock::new, OnceLock::from),
        })
    }

    /// The tool called `name`, fetched if need be.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, Unavailable> {
        if name == "python" {
            return Ok(self.pinned.python()?.program.clone());
        }
        if name == format::ENGINE {
            return self.engine().map(|engine| engine.program.clone());
        }
        let tool: Tool = name.parse().map_err(|error: tools::UnknownTool| {
            Unavailable::Broken(Diagnostic::new(&codes::USAGE_TOOL, error.to_string()))
        })?;
        let found = self.pinned.path(tool).map_err(|error| match Unavailable::from(error) {
            Unavailable::Broken(problem) if tool.is_data() => {
                Unavailable::Broken(data_missing(problem))
            }
            other => other,
        })?;
        let pin = tools::host_platform().and_then(|host| self.pinned.pins().pin(tool, host));
        let fetched = pin.filter(|_| found.origin == ToolOrigin::Cache);
        let digest = fetched.and_then(|pin| pin.sources.first()).map(|source| source.digest);
        self.remember(name, &found.version, digest);
        Ok(found.program)
    }

    /// The data called `name`, fetched if need be.
    pub(crate) fn data(&self, name: &str) -> Result<Data, Unavailable> {
        let file = self.path(name)?;
        let pin = tools::host_platform().zip(name.parse::<Tool>().ok());
        let pin = pin.and_then(|(host, tool)| self.pinned.pins().pin(tool, host));
        let source = pin.and_then(|pin| Some((pin, pin.sources.first()?)));
        let Some((pin, source)) = source else {
            let message = format!("`{name}` is not pinned for this machine");
            return Err(Unavailable::NotHere(message));
        };
        let folder = file.ancestors().nth(source.program.split('/').count()).unwrap_or(&file);
        Ok(Data {
            name: name.to_owned(),
            version: pin.version.clone(),
            digest: source.digest,
            files: disk::files(folder)
                .map_err(|error| Unavailable::Broken(disk::cannot("read", folder, &error)))?,
        })
    }

    /// The variables that a build by the container engine needs.
    pub(crate) fn engine_env(&self) -> Result<BTreeMap<String, String>, Unavailable> {
        let builder = self.engine()?.builder.map(|name| ("BUILDX_BUILDER", name));
        let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(builder.into_iter().map(pair).collect())
    }

    fn engine(&self) -> Result<&Engine, Unavailable> {
        let found = self.found_engine.get_or_init(|| {
            let found = tools::find_engine(self.named_engine.as_deref())?;
            self.remember(format::ENGINE, &found.version, None);
            self.remember("docker-buildx", &found.buildx, None);
            if let Some(builder) = found.builder {
                let note =
                    format!("the engine's own builder writes no OCI layouts: `{builder}` does");
                self.progress.event(&Event::Note(&note));
            }
            Ok(found)
        });
        found.as_ref().map_err(|reason| Unavailable::NotHere(reason.clone()))
    }

    /// The exact version of Rust for a tree with this toolchain file.
    pub(crate) fn rust_version(&self, channel_file: Option<&str>) -> String {
        let choice = tools::choose_toolchain(channel_file, &self.pinned.pins().rust.version);
        if let Some(note) = choice.note {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.insert(note.clone()) {
                self.progress.event(&Event::Note(&note));
            }
        }
        choice.version
    }

    /// The Rust toolchain `version` with the libraries of `targets`, fetched if need be.
    pub(crate) fn rust(
        &self,
        version: &str,
        targets: &BTreeSet<&str>,
    ) -> Result<RustToolchain, Unavailable> {
        let mut known = self.rust.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((have, rust)) = known.get(version)
            && targets.iter().all(|target| have.contains(*target))
        {
            return Ok(rust.clone());
        }
        let list: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        let rust = self.pinned.rust(Some(version), &list)?;
        self.remember("rust", &rust.version, None);
        let empty = || (BTreeSet::new(), rust.clone());
        known.entry(version.to_owned()).or_insert_with(empty).0.extend(list);
        Ok(rust)
    }

    /// Whether that toolchain is here already.
    pub(crate) fn has_rust(&self, version: &str, targets: &BTreeSet<&str>) -> bool {
        let targets: Vec<String> = targets.iter().map(|target| (*target).to_owned()).collect();
        self.pinned.has_rust(Some(version), &targets)
    }

    /// What must be on this machine to fetch those of `names` that are not here yet.
    pub(crate) fn fetched_through(&self, names: &BTreeSet<&str>) -> BTreeSet<Prerequisite> {
        if self.is_offline() {
            return BTreeSet::new();
        }
        self.pinned.fetched_through(&tools_of(names.iter().copied()))
    }

    /// Whether the tool called `name` is compiled here.
    pub(crate) fn is_compiled(&self, name: &str) -> bool {
        name.parse().is_ok_and(|tool| self.pinned.is_compiled(tool))
    }

    /// Does `work`, which is told whether it is offline; once more offline when it failed for want
    /// of a network, and `names` and everything else are cached.
    pub(crate) fn attempt<T>(
        &self,
        names: &[&str],
        work: impl FnMut(bool) -> Result<T, ToolError>,
    ) -> Result<T, ToolError> {
        self.pinned.attempt(&tools_of(names.iter().copied()), work)
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, invocation: &Invocation, offline: bool) -> Result<Output, RunError> {
        self.logged(invocation, RunOptions { network: !offline, ..RunOptions::default() })
    }

    /// Runs a command that checks something and reaches nothing; where it says no, or cannot be
    /// run, gives all that it said.
    pub(crate) fn check(&self, invocation: &Invocation) -> Result<(), Diagnostic> {
        /// More than that of a check helps nobody.
        const MAX_SAID: usize = 256 << 10;
        let (mut said, mut errors) = (String::new(), String::new());
        // Which of two streams comes first is chance.
        let mut log = |line: tools::Line<'_>| {
            let to = if line.stream == tools::Stream::Out { &mut said } else { &mut errors };
            if to.len() < MAX_SAID {
                to.push_str(line.text);
                to.push('\n');
            }
        };
        let options = RunOptions { log: Some(&mut log), ..RunOptions::default() };
        self.logged(invocation, options).map(drop).map_err(|error| {
            let mut words = error.reason(invocation);
            said.push_str(&errors);
            if matches!(error, RunError::Failed { .. }) && !said.trim().is_empty() {
                let first = words.lines().next().unwrap_or_default().trim_end_matches(':');
                words = format!("{first}:\n{}", said.trim_end());
            }
            error.with_context(Diagnostic::new(&tools::codes::COMMAND_FAILED, words))
        })
    }

    /// Runs a command of the container engine's client, with `secrets` in its environment alone.
    pub(crate) fn run_engine(
        &self,
        invocation: &Invocation,
        secrets: &[(&str, &str)],
    ) -> Result<Output, RunError> {
        let options = RunOptions { network: true, engine: true, secrets, ..RunOptions::default() };
        self.logged(invocation, options)
    }

    /// Runs a command that talks to a server, with `secrets` in its environment alone. Another
    /// status than 0 is no error here.
    pub(crate) fn ask(
        &self,
        invocation: &Invocation,
        secrets: &[(&str, &str)],
    ) -> Result<(bool, String), RunError> {
        let options = RunOptions { network: true, secrets, ..RunOptions::default() };
        match self.logged(invocation, options) {
            Ok(output) => Ok((true, output.stderr)),
            Err(RunError::Failed { tail, .. }) => Ok((false, tail)),
            Err(other) => Err(other),
        }
    }

    /// Runs a command; all that it prints is told, and kept in a log.
    fn logged(&self, invocation: &Invocation, options: RunOptions<'_>) -> Result<Output, RunError> {
        self.progress.event(&Event::Command(&invocation.shell_line()));
        let RunOptions { log: mut listener, .. } = options;
        let mut log = |line: tools::Line<'_>| {
            self.progress.event(&Event::Said(line.text));
            if let Some(listener) = listener.as_mut() {
                listener(line);
            }
        };
        let logs = Some(self.cache().logs());
        let mut options = RunOptions { log: Some(&mut log), logs, ..options };
        tools::run(invocation, &mut options)
    }

    /// Whether nothing may be fetched.
    pub(crate) fn is_offline(&self) -> bool {
        self.pinned.is_offline()
    }

    /// Where caches lie.
    pub(crate) fn cache(&self) -> &Cache {
        self.pinned.cache()
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

/// A daemon fetches what it likes; nobody can tell it not to.
const ENGINE_OFFLINE: &str = "a container engine may fetch, and nothing is fetched offline";

/// Why a tool is not there.
#[derive(Debug)]
pub(crate) enum Unavailable {
    /// There is none for this machine: what needs it is *not built here*.
    NotHere(String),
    /// It should be there and could not be had.
    Broken(Diagnostic),
}

impl From<ToolError> for Unavailable {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::NotPinned { .. } => Self::NotHere(error.to_string()),
            other => Self::Broken(other.problem()),
        }
    }
}

/// A problem with data that an image would have: what to do if it is not wanted.
fn data_missing(problem: Diagnostic) -> Diagnostic {
    // What this one advises, `--tool`, is for programs.
    let is_fetch = *problem.code == tools::codes::TOOL_FETCH;
    let help = problem.help.clone().filter(|_| !is_fetch);
    let help = help.unwrap_or_else(|| "check the network and the index".to_owned());
    problem.help(format!(
        "{help}; or set `base = \"none\"` for images that need no certificate authorities and time \
         zones"
    ))
}

/// The tools among `names`; the machine's own are none.
fn tools_of<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Tool> {
    names.filter_map(|name| name.parse().ok()).collect()
}

/// A path as commands take it.
pub(crate) fn text(path: &Path) -> String {
    path.display().to_string()
}
