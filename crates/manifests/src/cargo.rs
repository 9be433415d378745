//! `Cargo.toml`: the package, its binaries, its workspace, and what PyO3 is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use model::{Diagnostic, collect_by_insertion};
use toml::de::{DeTable, DeValue};

use crate::document::{is, located, one_line, parse, table, text, texts, value};
use crate::path::join;
use crate::{CargoAnswer, Located, Manifests, Source};

mod lock;
mod metadata;
mod workspace;

pub use lock::{CargoLock, CargoLockError, LockedDependency, LockedPackage};
pub use metadata::{CargoMetadata, CargoMetadataError, MetadataPackage};

/// What one `Cargo.toml` says.
#[derive(Debug, Default)]
pub struct CargoToml {
    /// `[package]`.
    pub package: Option<CargoPackage>,
    /// `[workspace]`.
    pub workspace: Option<CargoWorkspace>,
}

/// `[package]`.
#[derive(Debug, Default)]
pub struct CargoPackage {
    /// `name`.
    pub name: String,
    /// `version`.
    pub version: Inherited<Located>,
    /// `description`, on one line.
    pub description: Inherited<String>,
    /// `license`: an SPDX expression.
    pub license: Inherited<String>,
    /// `repository`: a web address.
    pub repository: Inherited<String>,
    /// `rust-version`: the lowest release of Rust.
    pub rust_version: Inherited<String>,
    /// `default-run`: the binary that `cargo run` takes.
    pub default_run: Option<String>,
    bins: Vec<DeclaredBin>,
    /// Whether `src/main.rs` and `src/bin/` count.
    finds_bins: bool,
    /// `package.workspace`.
    workspace: Option<String>,
    /// Features asked of PyO3.
    pyo3: Vec<String>,
    /// Whether PyO3's features come from the workspace too.
    pyo3_inherits: bool,
    features: BTreeMap<String, Vec<String>>,
    /// Dependencies that are features too.
    optional: BTreeSet<String>,
}

/// `[[bin]]`.
#[derive(Debug)]
struct DeclaredBin {
    name: String,
    path: Option<String>,
    /// `required-features`.
    required: Vec<String>,
}

/// `[workspace]`.
#[derive(Debug, Default)]
pub struct CargoWorkspace {
    exclude: Vec<String>,
    version: Option<Located>,
    description: Option<String>,
    license: Option<String>,
    repository: Option<String>,
    rust_version: Option<String>,
    pyo3: Vec<String>,
}

/// A key of `[package]` that may say `workspace = true`.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Inherited<T> {
    /// The package's own value.
    Own(T),
    /// The workspace's value.
    Workspace,
    /// The key is missing.
    #[default]
    Missing,
}

/// The lowest Python of the stable ABI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Abi3 {
    /// Not the stable ABI.
    No,
    /// The stable ABI, from the interpreter that builds it on.
    Unversioned,
    /// The stable ABI from this Python on, such as `3.9`.
    From(String),
}

impl CargoToml {
    /// Reads a manifest by itself: what it inherits stays open.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn parse(source: &Source) -> Result<Self, Diagnostic> {
        Ok(Self::read(&parse(source)?, source))
    }

    fn read(document: &DeTable<'_>, source: &Source) -> Self {
        let package = table(document, &["package"]).and_then(|_| package(document, source));
        let workspace = table(document, &["workspace"]).map(|_| CargoWorkspace {
            exclude: texts(document, &["workspace", "exclude"]),
            version: located(document, &["workspace", "package", "version"], source),
            description: text(document, &["workspace", "package", "description"]).map(one_line),
            license: text(document, &["workspace", "package", "license"]).map(one_line),
            repository: text(document, &["workspace", "package", "repository"]).map(one_line),
            rust_version: text(document, &["workspace", "package", "rust-version"]).map(one_line),
            pyo3: texts(document, &["workspace", "dependencies", "pyo3", "features"]),
        });
        Self { package, workspace }
    }
}

impl CargoPackage {
    /// Whether a plain build makes the binary, without features asked for.
    #[must_use]
    pub fn is_plain_bin(&self, name: &str) -> bool {
        self.required_features(name).is_empty()
    }

    /// The features without which the binary is not built.
    #[must_use]
    pub fn required_features(&self, name: &str) -> &[String] {
        let bin = self.bins.iter().find(|bin| bin.name == name);
        bin.map_or(&[], |bin| bin.required.as_slice())
    }

    /// The names of its features.
    pub fn features(&self) -> impl Iterator<Item = &str> {
        self.features.keys().chain(&self.optional).map(String::as_str)
    }

    /// What PyO3 is asked for, with the features that the build turns on.
    #[must_use]
    pub fn abi3(&self, workspace: Option<&CargoWorkspace>, asked: &[String]) -> Abi3 {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        found.extend(self.pyo3.iter().map(String::as_str));
        if self.pyo3_inherits {
            found.extend(workspace.into_iter().flat_map(|w| w.pyo3.iter().map(String::as_str)));
        }
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = asked.iter().map(String::as_str).collect();
        open.push("default");
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            let of_pyo3 = name.strip_prefix("pyo3/").or_else(|| name.strip_prefix("pyo3?/"));
            found.extend(of_pyo3);
            open.extend(self.features.get(name).into_iter().flatten().map(String::as_str));
        }
        // PyO3's features include each other upwards, so the lowest one holds.
        let minor = |name: &str| name.strip_prefix("abi3-py3")?.parse::<u32>().ok();
        match found.iter().filter_map(|name| minor(name)).min() {
            Some(minor) => Abi3::From(format!("3.{minor}")),
            None if found.contains("abi3") => Abi3::Unversioned,
            None => Abi3::No,
        }
    }
}

impl Manifests<'_> {
    /// The `Cargo.toml` at `path`; nothing when nothing is there.
    ///
    /// # Errors
    /// When it is not a text, or not TOML.
    pub fn cargo(&self, path: &str) -> Result<Option<Rc<CargoToml>>, Diagnostic> {
        if let Some(known) = self.cargo.borrow().get(path) {
            return known.clone();
        }
        let read = || -> CargoAnswer {
            let Some(source) = self.text(path)? else { return Ok(None) };
            Ok(Some(Rc::new(CargoToml::parse(&source)?)))
        };
        let found = read();
        self.cargo.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// Names of the binary targets of the package in `folder`, sorted. Where `sought` is among the
    /// first, the others are not looked for.
    ///
    /// # Errors
    /// When `src/main.rs` is not a file.
    pub fn cargo_bins(
        &self,
        folder: &str,
        package: &CargoPackage,
        sought: Option<&str>,
    ) -> Result<Vec<String>, Diagnostic> {
        let mut bins: BTreeSet<String> =
            collect_by_insertion(package.bins.iter().map(|bin| bin.name.clone()));
        let covered = |path: &str| package.bins.iter().any(|b| b.path.as_deref() == Some(path));
        if package.finds_bins {
            // A `[[bin]]` without a path may mean `src/main.rs`.
            let taken = covered("src/main.rs") || package.bins.iter().any(|b| b.path.is_none());
            if !taken && self.is_file(&join(folder, "src/main.rs"))? {
                bins.insert(package.name.clone());
            }
        }
        if package.finds_bins && !sought.is_some_and(|name| bins.contains(name)) {
            let inside = join(folder, "src/bin");
            for file in self.bin_folder(&inside) {
                let name = file.get(inside.len() + 1..).unwrap_or_default();
                if covered(&format!("src/bin/{name}")) {
                    continue;
                }
                let name = name.strip_suffix("/main.rs").or_else(|| name.strip_suffix(".rs"));
                bins.extend(name.filter(|name| !name.contains('/')).map(str::to_owned));
            }
        }
        Ok(bins.into_iter().collect())
    }

    fn bin_folder(&self, folder: &str) -> &[String] {
        match self.folder(folder) {
            Ok(()) => self.below(folder),
            Err(_) => &[],
        }
    }
}

fn package(document: &DeTable<'_>, source: &Source) -> Option<CargoPackage> {
    let at = |key: &'static str| ["package", key];
    let inherits = |key: &'static str| is(document, &["package", key, "workspace"], true);
    let own_text = |key: &'static str| match text(document, &at(key)) {
        Some(text) => Inherited::Own(one_line(text)),
        None if inherits(key) => Inherited::Workspace,
        None => Inherited::Missing,
    };
    let version = match located(document, &at("version"), source) {
        Some(version) => Inherited::Own(version),
        None if inherits("version") => Inherited::Workspace,
        None => Inherited::Missing,
    };
    Some(CargoPackage {
        name: text(document, &at("name"))?.to_owned(),
        version,
        description: own_text("description"),
        license: own_text("license"),
        repository: own_text("repository"),
        rust_version: own_text("rust-version"),
        default_run: text(document, &at("default-run")).map(str::to_owned),
        bins: declared_bins(document),
        finds_bins: !is(document, &at("autobins"), false),
        workspace: text(document, &at("workspace")).map(str::to_owned),
        pyo3: texts(document, &["dependencies", "pyo3", "features"]),
        pyo3_inherits: is(document, &["dependencies", "pyo3", "workspace"], true),
        features: features(document),
        optional: optional(document),
    })
}

/// Optional dependencies, of every platform.
fn optional(document: &DeTable<'_>) -> BTreeSet<String> {
    let targets = table(document, &["target"]).into_iter().flat_map(|targets| targets.iter());
    let targets = targets.filter_map(|(_, target)| target.get_ref().as_table());
    let names = ["dependencies", "build-dependencies"];
    let tables = std::iter::once(document).chain(targets);
    let tables = tables.flat_map(|of| names.iter().filter_map(|name| table(of, &[*name])));
    let mut found = BTreeSet::new();
    for (name, dependency) in tables.flat_map(|table| table.iter()) {
        if dependency.get_ref().as_table().is_some_and(|table| is(table, &["optional"], true)) {
            found.insert(name.get_ref().clone().into_owned());
        }
    }
    found
}

fn declared_bins(document: &DeTable<'_>) -> Vec<DeclaredBin> {
    let bins = value(document, &["bin"]).and_then(|value| value.get_ref().as_array());
    bins.into_iter()
        .flat_map(|array| array.iter())
        .filter_map(|bin| {
            let bin = bin.get_ref().as_table()?;
            Some(DeclaredBin {
                name: text(bin, &["name"])?.to_owned(),
                path: text(bin, &["path"]).map(str::to_owned),
                required: texts(bin, &["required-features"]),
            })
        })
        .collect()
}

fn features(document: &DeTable<'_>) -> BTreeMap<String, Vec<String>> {
    let features = table(document, &["features"]);
    let list = |value: &DeValue<'_>| -> Vec<String> {
        let items = value.as_array().into_iter().flat_map(|array| array.iter());
        items.filter_map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
    };
    let features = features.into_iter().flat_map(|table| table.iter());
    collect_by_insertion(
        features.map(|(name, value)| (name.get_ref().clone().into_owned(), list(value.get_ref()))),
    )
}
