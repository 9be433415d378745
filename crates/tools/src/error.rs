//! Why a tool is not available.

use std::io;
use std::path::{Path, PathBuf};

use model::{Code, Diagnostic, Digest};

use crate::codes;
use crate::pins::{PinsError, Tool};
use crate::run::RunError;

/// Why a tool is not available.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// The table of tools is invalid.
    #[error(transparent)]
    Pins(#[from] PinsError),
    /// The tool is not pinned for this machine.
    #[error("`{tool}` is not pinned for this machine ({machine})")]
    NotPinned {
        /// Which tool.
        tool: Tool,
        /// The machine, as `linux-arm64`.
        machine: String,
    },
    /// `--tool NAME=PATH` does not name an executable.
    #[error("`{}`, named by `--tool {tool}=…`, is not an executable file", path.display())]
    BadOverride {
        /// Which tool.
        tool: Tool,
        /// The path that was given.
        path: PathBuf,
    },
    /// Offline, and the cache does not have it.
    #[error("`{what}` is not in the cache `{}`, and nothing is fetched offline", root.display())]
    Offline {
        /// The tool and version.
        what: String,
        /// The cache.
        root: PathBuf,
    },
    /// No source served it.
    #[error("`{what}` could not be fetched")]
    Fetch {
        /// The tool and version.
        what: String,
        /// Why the last source failed.
        source: Box<ToolError>,
    },
    /// A download is not the pinned one.
    #[error("`{file}` has sha256 {found}, not the pinned {expected}")]
    WrongHash {
        /// The downloaded file's name.
        file: String,
        /// The pinned digest.
        expected: Digest,
        /// The file's.
        found: Digest,
    },
    /// A client wrote no file, or an unpacked tool has no executable.
    #[error("`{what}` is missing after it was fetched")]
    Missing {
        /// The file that should be there.
        what: String,
    },
    /// A toolchain is not the pinned one.
    #[error("Rust {version} has {what} `{found}`, not the pinned `{expected}`")]
    WrongToolchain {
        /// Its version.
        version: String,
        /// What differs: the manifest or the compiler's commit.
        what: &'static str,
        /// The pinned value.
        expected: String,
        /// The value found.
        found: String,
    },
    /// A required program is missing.
    #[error("{}", .0.message)]
    Prerequisite(Box<Diagnostic>),
    /// A command failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The folder that was named for the cache cannot be one.
    #[error("the cache cannot be at `{}`: that is a file, or below one", folder.display())]
    BelowFile {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the cache could not be read or written.
    #[error("`{}` could not be {verb}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What failed: `read`, `written`, `removed`.
        verb: &'static str,
        /// The error of the system.
        source: io::Error,
    },
}

impl ToolError {
    /// The error as a diagnostic, with its code and what to do.
    #[must_use]
    pub fn problem(&self) -> Diagnostic {
        let problem = |code: &'static Code| Diagnostic::new(code, self.to_string());
        match self {
            _ if self.is_no_room() => {
                let message = format!("the cache's disk is full: {self}");
                let problem = Diagnostic::new(&codes::CACHE_FULL, message);
                self.with_context(problem.help(codes::MAKE_ROOM))
            }
            Self::Pins(_) => problem(&codes::TOOL_TABLE),
            Self::NotPinned { tool, .. } => problem(&codes::TOOL_NOT_PINNED)
                .help(format!("install it yourself and give `--tool {tool}=PATH`")),
            Self::BadOverride { tool, .. } => problem(&codes::TOOL_OVERRIDE)
                .help(format!("give the path of an executable `{tool}`, or leave `--tool` out")),
            Self::Offline { .. } => problem(&codes::TOOL_OFFLINE)
                .help("run once without `--offline`, or name another cache with `--cache-dir`"),
            Self::Fetch { what, source } => {
                let tool = what.split(' ').next().unwrap_or(what);
                let cause = source.problem();
                let message = format!("`{what}` could not be fetched: {}", cause.message);
                let help = cause.help.unwrap_or_else(|| {
                    format!("check the network and the index, or give `--tool {tool}=PATH`")
                });
                let problem = Diagnostic::new(&codes::TOOL_FETCH, message).help(help);
                self.with_context(problem)
            }
            Self::WrongHash { .. } | Self::WrongToolchain { .. } => problem(&codes::TOOL_HASH)
                .help("the index serves other bytes than the pinned ones; nothing was installed"),
            Self::Missing { .. } => problem(&codes::TOOL_MISSING),
            Self::Prerequisite(problem) => (**problem).clone(),
            Self::Run(error) => error.problem(),
            Self::BelowFile { .. } => {
                problem(&codes::CACHE_BELOW_FILE).help("name another folder with `--cache-dir`")
            }
            Self::Io { .. } => problem(&codes::CACHE_IO)
                .help("check the cache folder's permissions and space, or give `--cache-dir`"),
        }
    }

    /// Whether no server could be reached: then another attempt with everything cached may succeed.
    #[must_use]
    pub fn is_no_network(&self) -> bool {
        match self {
            Self::Run(error) => error.is_no_network(),
            Self::Fetch { source, .. } => source.is_no_network(),
            _ => false,
        }
    }

    /// Whether a disk had no room left.
    #[must_use]
    pub fn is_no_room(&self) -> bool {
        match self {
            Self::Run(error) => error.is_no_room(),
            Self::Fetch { source, .. } => source.is_no_room(),
            Self::Io { source, .. } => source.kind() == io::ErrorKind::StorageFull,
            _ => false,
        }
    }

    /// `problem`, with the command that failed, if one did, and its log.
    fn with_context(&self, problem: Diagnostic) -> Diagnostic {
        match self {
            Self::Run(error) => error.with_context(problem),
            Self::Fetch { source, .. } => source.with_context(problem),
            _ => problem,
        }
    }

    /// The relevant line of many.
    pub(crate) fn no_network_words(&self) -> String {
        match self {
            Self::Run(error) => error.no_network_words(),
            Self::Fetch { source, .. } => source.no_network_words(),
            other => other.to_string(),
        }
    }

    /// For `map_err`: a file system error at `path`.
    pub(crate) fn io(path: &Path, verb: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, verb, source }
    }
}
