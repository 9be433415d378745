//! The five platforms, and what each tool calls them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An operating system and a processor, spelled as in the names of released files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// Linux on x86_64.
    LinuxAmd64,
    /// Linux on aarch64.
    LinuxArm64,
    /// macOS on x86_64.
    DarwinAmd64,
    /// macOS on Apple silicon.
    DarwinArm64,
    /// Windows on x86_64.
    WindowsAmd64,
}

/// A platform that no format here can be built for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64")]
pub struct UnknownPlatform(pub String);

impl Platform {
    /// All platforms, in the order in which people see them.
    pub const ALL: [Self; 5] = [
        Self::LinuxAmd64,
        Self::LinuxArm64,
        Self::DarwinAmd64,
        Self::DarwinArm64,
        Self::WindowsAmd64,
    ];

    /// The platforms that container images and Linux wheels are made for.
    pub const LINUX: [Self; 2] = [Self::LinuxAmd64, Self::LinuxArm64];

    /// The spelling in files, flags and configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LinuxAmd64 => "linux-amd64",
            Self::LinuxArm64 => "linux-arm64",
            Self::DarwinAmd64 => "darwin-amd64",
            Self::DarwinArm64 => "darwin-arm64",
            Self::WindowsAmd64 => "windows-amd64",
        }
    }

    /// Go's name of the operating system; OCI uses the same (image-spec, "platform").
    #[must_use]
    pub fn os(self) -> &'static str {
        match self {
            Self::LinuxAmd64 | Self::LinuxArm64 => "linux",
            Self::DarwinAmd64 | Self::DarwinArm64 => "darwin",
            Self::WindowsAmd64 => "windows",
        }
    }

    /// Go's name of the processor; OCI uses the same.
    #[must_use]
    pub fn arch(self) -> &'static str {
        match self {
            Self::LinuxAmd64 | Self::DarwinAmd64 | Self::WindowsAmd64 => "amd64",
            Self::LinuxArm64 | Self::DarwinArm64 => "arm64",
        }
    }

    /// The Rust target of a static executable: musl on Linux, the GNU ABI on Windows.
    #[must_use]
    pub fn rust_target(self) -> &'static str {
        match self {
            Self::LinuxAmd64 => "x86_64-unknown-linux-musl",
            Self::LinuxArm64 => "aarch64-unknown-linux-musl",
            Self::DarwinAmd64 => "x86_64-apple-darwin",
            Self::DarwinArm64 => "aarch64-apple-darwin",
            Self::WindowsAmd64 => "x86_64-pc-windows-gnu",
        }
    }

    /// The platform as OCI writes it: `linux/amd64`.
    #[must_use]
    pub fn oci(self) -> String {
        format!("{}/{}", self.os(), self.arch())
    }

    /// What an executable's name ends in: `.exe` on Windows, else nothing.
    #[must_use]
    pub fn exe_suffix(self) -> &'static str {
        match self {
            Self::WindowsAmd64 => ".exe",
            _ => "",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Platform {
    type Err = UnknownPlatform;

    /// Reads `linux-amd64`, and OCI's `linux/amd64` as well.
    fn from_str(text: &str) -> Result<Self, UnknownPlatform> {
        let dashed = text.replacen('/', "-", 1);
        Self::ALL
            .into_iter()
            .find(|platform| platform.as_str() == dashed)
            .ok_or_else(|| UnknownPlatform(text.to_owned()))
    }
}
