//! The four formats a package is released in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One of the four formats; its spelling is also the name of its folder in `dist/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Wheels and sdists for a Python package index.
    Pypi,
    /// Container images as an OCI layout.
    Oci,
    /// Helm charts.
    Helm,
    /// Static executables.
    Binary,
}

impl Format {
    /// All formats, in the order in which people see them.
    pub const ALL: [Self; 4] = [Self::Pypi, Self::Oci, Self::Helm, Self::Binary];

    /// The spelling in files, flags and folder names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pypi => "pypi",
            Self::Oci => "oci",
            Self::Helm => "helm",
            Self::Binary => "binary",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| format!("`{text}` is none of `pypi`, `oci`, `helm`, `binary`"))
    }
}
