//! What a build leaves for `seal`: the plan, and what became of each of its units.

use std::collections::BTreeMap;

use components::Licenses;
use format::Builds;
use model::{
    Artifact, DiagnosticRecord, Manifest, Plan, ReleaseFacts, Signing, ToolUse, UnitRecord,
};
use serde::{Deserialize, Serialize};

/// `build.json` in an unsealed `dist/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Always [`Record::SCHEMA`].
    pub schema: String,
    /// What was to be built.
    pub plan: Plan,
    /// Where the sources came from.
    pub source: ReleaseFacts,
    /// What became of each unit, in the plan's order.
    pub units: Vec<UnitRecord>,
    /// What the plan and its units warn of, in order, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<DiagnosticRecord>,
    /// What was built, sorted by path.
    pub artifacts: Vec<Artifact>,
    /// External tools that took part, sorted by name.
    pub tools: Vec<ToolUse>,
    /// The text of `Cargo.lock` by package, for the checksums in SBOMs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub locks: BTreeMap<String, String>,
    /// The licences of crates by package, for SBOMs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub licenses: BTreeMap<String, Licenses>,
}

impl Record {
    /// The schema that this version of the program writes and reads.
    pub const SCHEMA: &str = "package-actions/build/1";
    /// Its name in `dist/`.
    pub const FILE: &str = "build.json";

    /// Reads a record, and the specs in its plan by the formats that they are of.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(json: &[u8], formats: &[&dyn Builds]) -> Result<Self, serde_json::Error> {
        let mut record: Self = serde_json::from_slice(json)?;
        for package in &mut record.plan.packages {
            formats.iter().for_each(|format| format.read_spec(package));
        }
        Ok(record)
    }

    /// The manifest that this build makes, before any document is written.
    #[must_use]
    pub fn manifest(&self, signing: Signing) -> Manifest {
        Manifest {
            source: self.source.clone(),
            plan: self.plan.digest(),
            signing,
            units: self.units.clone(),
            warnings: self.warnings.clone(),
            artifacts: self.artifacts.clone(),
            tools: self.tools.clone(),
            ..Manifest::new(generator(), self.plan.release.clone())
        }
    }
}

/// This program.
#[must_use]
pub fn generator() -> ToolUse {
    ToolUse {
        name: "package-actions".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        digest: None,
    }
}

/// Puts a manifest's lists in the order that it must have.
pub fn put_in_order(manifest: &mut Manifest) {
    manifest.artifacts.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    manifest.documents.sort_by(|a, b| a.file.path.cmp(&b.file.path));
}
