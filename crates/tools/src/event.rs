//! Progress events for the user, one line on stderr each.

use std::fmt;
use std::path::Path;

use crate::pins::Tool;

/// Something that takes a while, or that the user should know. `Display` is the line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A tool is about to be downloaded.
    Fetching {
        /// Which one.
        tool: Tool,
        /// Its exact version.
        version: &'a str,
        /// Its source: `pypi:uv==0.13.9`.
        from: &'a str,
        /// The size of the download in bytes.
        bytes: u64,
    },
    /// A tool is about to be compiled from its checked source.
    Compiling {
        /// Which one.
        tool: Tool,
        /// Its exact version.
        version: &'a str,
    },
    /// A source failed; the next one is tried.
    NextSource {
        /// Which tool.
        tool: Tool,
        /// Why the source failed.
        reason: &'a str,
    },
    /// A tool that is not from our cache is used.
    Using {
        /// Which one.
        tool: Tool,
        /// Its path.
        path: &'a Path,
        /// Why: it was named by `--tool`, or its version is exactly the pinned one.
        why: &'a str,
    },
    /// rustup is about to fetch a toolchain or target libraries into our cache.
    Rust {
        /// The toolchain's exact version.
        version: &'a str,
        /// The targets whose libraries are fetched.
        targets: &'a [String],
    },
    /// Another process is installing the same tool; we wait for it.
    Waiting {
        /// What it is.
        what: &'a str,
    },
    /// There is no network, and the cache has everything that is needed.
    Offline {
        /// The request that failed, and how.
        reason: &'a str,
    },
    /// Something is done differently from what the tree requests.
    Note(&'a str),
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetching { tool, version, from, bytes } => {
                write!(f, "fetching {tool} {version} ({}, {from})", size(*bytes))
            }
            Self::Compiling { tool, version } => write!(f, "compiling {tool} {version}"),
            Self::NextSource { tool, reason } => {
                write!(f, "trying the next source of {tool}: {reason}")
            }
            Self::Using { tool, path, why } => {
                write!(f, "using {tool} at `{}`: {why}", path.display())
            }
            Self::Rust { version, targets: [] } => {
                write!(f, "fetching Rust {version} through rustup")
            }
            Self::Rust { version, targets } => {
                write!(f, "fetching Rust {version} through rustup, for {}", targets.join(", "))
            }
            Self::Waiting { what } => write!(f, "waiting for another process to install {what}"),
            Self::Offline { reason } => {
                write!(f, "continuing offline, the cache has every tool ({reason})")
            }
            Self::Note(text) => f.write_str(text),
        }
    }
}

fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        return format!("{} kB", bytes.div_ceil(1000));
    }
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fetch_says_what_which_version_how_much_and_from_where() {
        let event = Event::Fetching {
            tool: Tool::Uv,
            version: "0.13.9",
            from: "pypi:uv==0.13.9",
            bytes: 17_606_939,
        };
        assert_eq!(event.to_string(), "fetching uv 0.13.9 (17.6 MB, pypi:uv==0.13.9)");
    }
}
