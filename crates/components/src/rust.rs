//! Rust: what cargo-auditable leaves in executables, and what cargo knows besides.

use model::limits::MAX_JSON_BYTES;
use model::{Budget, Code, Diagnostic};
use serde::Deserialize;

use crate::codes;
use crate::limits::{self, MAX_COMPONENTS, MAX_EDGES, at_most};
use crate::{Component, Contents, Link, Supplier, purl, supplier};

mod licenses;
mod lock;

pub use licenses::{CrateVersion, Licenses, add_licenses};
pub use lock::{add_checksums, cargo_lock};

/// A crate, as cargo-auditable lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `local`, `git`, or a registry's name.
    pub source: String,
    /// Whether it is inside, or only built others.
    #[serde(default)]
    pub kind: CrateKind,
    /// Positions in the list of the crates that it needs.
    #[serde(default)]
    pub dependencies: Vec<usize>,
    /// Whether it is the one that was built.
    #[serde(default)]
    pub root: bool,
}

/// What a crate was needed for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CrateKind {
    /// It is inside.
    #[default]
    Runtime,
    /// It ran while others were built: build scripts, macros.
    Build,
}

/// What is inside of a Rust executable: the JSON of cargo-auditable (already unpacked).
///
/// # Errors
/// `sbom-rust` when it cannot be read, and as [`crates`].
pub fn cargo_audit(json: &[u8]) -> Result<Contents, Diagnostic> {
    if json.len() as u64 > MAX_JSON_BYTES {
        return Err(wrong("the list of crates is too long"));
    }
    let audit: Audit = serde_json::from_slice(json)
        .map_err(|error| wrong(format!("the list of crates cannot be read: {error}")))?;
    crates(&audit.packages)
}

/// What is inside of a Rust executable. Crates that only built others are not inside and are left
/// out.
///
/// # Errors
/// `sbom-rust` when a crate needs one that is not in the list, or for too many.
pub fn crates(list: &[Crate]) -> Result<Contents, Diagnostic> {
    at_most(MAX_COMPONENTS, list.len(), CODE, "crates")?;
    let edges = list.iter().map(|one| one.dependencies.len()).sum();
    at_most(MAX_EDGES, edges, CODE, "edges")?;
    let text: usize = list.iter().map(|one| one.name.len() + one.version.len()).sum();
    let budget = Budget::of((text + edges) as u64);
    let inside = |one: &Crate| match one.kind {
        CrateKind::Runtime => Some(purl::cargo(&one.name, &one.version)),
        CrateKind::Build => None,
    };
    let purls: Vec<Option<String>> = list.iter().map(inside).collect();
    let mut contents = Contents::default();
    for (one, own) in list.iter().zip(&purls) {
        let Some(own) = own else { continue };
        let from = (!one.root).then_some(own.as_str());
        for index in &one.dependencies {
            let to =
                purls.get(*index).ok_or_else(|| wrong("it names a crate that is not there"))?;
            if let Some(to) = to {
                limits::edge(&budget, from, to).map_err(|e| e.problem("the list of crates"))?;
                contents.join(from, Link::DependsOn, to);
            }
        }
        if !one.root {
            limits::component(&budget, own).map_err(|e| e.problem("the list of crates"))?;
            contents.add(own, one.component());
        }
    }
    Ok(contents)
}

#[derive(Deserialize)]
struct Audit {
    packages: Vec<Crate>,
}

impl Crate {
    fn component(&self) -> Component {
        let (supplier, comment) = match self.source.as_str() {
            "local" => (Supplier::Publisher, ""),
            "git" => (Supplier::Unknown, "from a git repository that is not recorded"),
            // Whatever else it says names a registry.
            _ => (Supplier::named(supplier::CRATES), ""),
        };
        Component {
            name: self.name.clone(),
            version: self.version.clone(),
            supplier,
            comment: comment.to_owned(),
            ..Component::default()
        }
    }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(CODE, message)
}

const CODE: &Code = &codes::SBOM_RUST;

#[cfg(test)]
mod tests;
