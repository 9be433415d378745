//! Units: package x format x platform, the smallest pieces that are built.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Format, Platform, Recipe};

/// `package/format` or `package/format/platform`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub String);

/// One piece of work of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its name.
    pub id: UnitId,
    /// The package it belongs to.
    pub package: String,
    /// The format it is in.
    pub format: Format,
    /// The platform it is for; absent when it serves all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// How it comes about.
    pub recipe: Recipe,
    /// The version, spelled as this format spells it.
    pub version: String,
    /// Units whose artifacts it is made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<UnitId>,
    /// Paths in `dist/` that it will leave. A `*` stands for a part that only the build knows
    /// (a wheel's tags); an image names its layout's folder.
    pub files: Vec<String>,
}

impl UnitId {
    /// The unit of `package` in `format` for `platform`.
    #[must_use]
    pub fn new(package: &str, format: Format, platform: Option<Platform>) -> Self {
        Self(match platform {
            Some(platform) => format!("{package}/{format}/{platform}"),
            None => format!("{package}/{format}"),
        })
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
