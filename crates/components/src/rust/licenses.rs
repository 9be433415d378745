//! The licences that crates' authors wrote, as cargo reports them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Contents, purl};

/// What each crate's author wrote as its licence.
pub type Licenses = BTreeMap<CrateVersion, String>;

/// A version of a crate; `name version` as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CrateVersion {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Adds licences to crates that are there already and have none, and adds no crate.
pub fn add_licenses(contents: &mut Contents, licenses: &Licenses) {
    for (CrateVersion { name, version }, license) in licenses {
        let component = contents.components.get_mut(&purl::cargo(name, version));
        if let Some(component) = component.filter(|component| component.license.is_empty()) {
            component.license.clone_from(license);
        }
    }
}

impl fmt::Display for CrateVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

impl FromStr for CrateVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, version) =
            text.split_once(' ').ok_or_else(|| format!("`{text}` is not a crate and a version"))?;
        Ok(Self { name: name.to_owned(), version: version.to_owned() })
    }
}

impl TryFrom<String> for CrateVersion {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<CrateVersion> for String {
    fn from(version: CrateVersion) -> Self {
        version.to_string()
    }
}
