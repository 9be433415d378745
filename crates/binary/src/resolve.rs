//! `binary`: a Go main package, or a binary target of a Cargo package.

mod golang;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::{BinarySource, BinarySpec};
use format::{
    Asked, Context, ManifestFacts, PackageTable, Part, ResolvedPackage, Values, check_spelling,
    suggest, unique,
};
use manifests::cargo::{CargoPackage, CargoToml};
use manifests::{At, Located, join};
use model::{Platform, file_name_problem};

use crate::codes;
pub(crate) use golang::check_platforms;

/// `binary = { … }` as it is written.
struct BinaryTable {
    go: Option<At<String>>,
    rust: Option<At<String>>,
    bin: Option<At<String>>,
    ldflags: Option<At<Vec<At<String>>>>,
    tags: Option<At<Vec<At<String>>>>,
    features: Option<At<Vec<At<String>>>>,
    default_features: Option<At<bool>>,
    name: Option<At<String>>,
    platforms: Option<At<Vec<At<Platform>>>>,
    env: BTreeMap<String, String>,
}

impl BinaryTable {
    fn of(values: &Values) -> Self {
        Self {
            go: values.text("go"),
            rust: values.text("rust"),
            bin: values.text("bin"),
            ldflags: values.text_or_texts("ldflags"),
            tags: values.texts("tags"),
            features: values.texts("features"),
            default_features: values.flag_at("default-features"),
            name: values.text("name"),
            platforms: values.platforms("platforms"),
            env: values.variables("env").map(|at| at.value).unwrap_or_default(),
        }
    }
}

/// The table, and what the manifests say.
struct BinaryPart {
    table: BinaryTable,
    cargo: Option<CargoFacts>,
}

/// Reads the table and the manifests that it names.
pub(crate) fn read(context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
    let table = BinaryTable::of(values);
    let cargo = cargo(context, &table);
    Box::new(BinaryPart { table, cargo })
}

impl Part for BinaryPart {
    fn manifest(&self) -> ManifestFacts<'_> {
        let Some(cargo) = &self.cargo else { return ManifestFacts::default() };
        ManifestFacts {
            version: cargo.version.as_ref(),
            description: cargo.description.as_deref(),
            license: cargo.license.as_deref(),
        }
    }

    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &Asked<'_>,
        package: &mut ResolvedPackage,
    ) {
        let binary = resolve(context, &self.table, self.cargo.as_ref(), asked);
        binary.into_iter().for_each(|binary| package.package.specs.set(binary));
    }
}

/// What the Cargo package's manifests say.
struct CargoFacts {
    version: Option<Located>,
    description: Option<String>,
    license: Option<String>,
    cargo: Rc<CargoToml>,
}

/// The facts of `rust = "…"`; nothing for Go, or after a problem.
fn cargo(context: &mut Context<'_, '_>, written: &BinaryTable) -> Option<CargoFacts> {
    let at = written.rust.as_ref()?;
    let path = context.path(at)?;
    let manifest = join(path, "Cargo.toml");
    let found = context.manifests.cargo(&manifest);
    let Some(cargo) = context.take(at.offset, found)? else {
        let folder = context.manifests.folder(path);
        if context.take(at.offset, folder).is_some() {
            context.error(
                at.offset,
                &manifests::codes::PATH_MISSING,
                format!("there is no file `{manifest}`"),
                "name the folder of a `Cargo.toml`",
            );
        }
        return None;
    };
    if cargo.package.is_none() {
        context.error(
            at.offset,
            &codes::BINARY_NO_PACKAGE,
            format!("`{manifest}` has no `[package]` with a name"),
            "name the folder of the workspace's member that has the binary",
        );
        return None;
    }
    let version = context.manifests.cargo_version(path);
    let version = context.take(at.offset, version)?;
    let texts = context.manifests.cargo_texts(path);
    let [description, license, _] = context.take(at.offset, texts)?;
    Some(CargoFacts { version, description, license, cargo })
}

/// Resolves `binary`.
fn resolve(
    context: &mut Context<'_, '_>,
    written: &BinaryTable,
    facts: Option<&CargoFacts>,
    asked: &Asked<'_>,
) -> Option<BinarySpec> {
    let Asked { package, versions, .. } = *asked;
    let name = written.name.as_ref().unwrap_or(&package.name);
    if let (Some(at), Some(why)) = (&written.name, file_name_problem(&name.value)) {
        let shown: String = at.value.chars().take(80).collect();
        context.error(
            at.offset,
            &codes::BINARY_NAME,
            format!("the name `{shown}` {why}"),
            "use ASCII letters and digits, with `-`, `_` and `.` between them",
        );
    }
    let platforms = match &written.platforms {
        Some(list) => list.value.iter().map(|at| at.value).collect(),
        None => Platform::ALL.to_vec(),
    };
    let platforms = unique(platforms);
    let (source, version) = match (&written.go, &written.rust) {
        (Some(path), _) => {
            context.without_effect(written.bin.as_ref(), "bin", "is for `rust`");
            context.without_effect(written.features.as_ref(), "features", "is for `rust`");
            let flag = written.default_features.as_ref();
            context.without_effect(flag, "default-features", "is for `rust`");
            let source = golang::resolve(context, written, path);
            (source, versions.resolve(context, package, None))
        }
        (None, Some(path)) => {
            context.without_effect(written.ldflags.as_ref(), "ldflags", "is for `go`");
            context.without_effect(written.tags.as_ref(), "tags", "is for `go`");
            let facts = facts?;
            let version = versions.resolve(context, package, facts.version.as_ref());
            (rust(context, package, written, path, facts), version)
        }
        (None, None) => return None,
    };
    let version = version?;
    check_spelling(context, package, "a binary", version.semver());
    Some(BinarySpec {
        name: name.value.clone(),
        version,
        source: source?,
        platforms,
        env: written.env.clone(),
    })
}

fn rust(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
    written: &BinaryTable,
    at: &At<String>,
    facts: &CargoFacts,
) -> Option<BinarySource> {
    let found = facts.cargo.package.as_ref()?;
    let sought = written.bin.as_ref().map(|bin| &bin.value).or(found.default_run.as_ref());
    let sought = sought.unwrap_or(&package.name.value);
    let bins = context.manifests.cargo_bins(&at.value, found, Some(sought));
    let bins = context.take(at.offset, bins)?;
    let bin = bin(context, package, written, at, found, &bins)?;
    let workspace = context.manifests.cargo_workspace(&at.value);
    let workspace = context.take(at.offset, workspace)?;
    let features = features(context, written, at, found, &bin)?;
    Some(BinarySource::Rust {
        path: at.value.clone(),
        workspace,
        package: found.name.clone(),
        bin,
        features,
        no_default_features: written.default_features.as_ref().is_some_and(|at| !at.value),
    })
}

/// The features that are asked for, and those that the binary requires.
fn features(
    context: &mut Context<'_, '_>,
    written: &BinaryTable,
    path: &At<String>,
    found: &CargoPackage,
    bin: &str,
) -> Option<Vec<String>> {
    let mut features: BTreeSet<String> = found.required_features(bin).iter().cloned().collect();
    let count = context.problems.0.len();
    for at in written.features.iter().flat_map(|list| &list.value) {
        let is_known = at.value == "default"
            || at.value.contains('/')
            || found.features().any(|known| known == at.value);
        if !is_known {
            let message = format!("`{}` has no feature `{}`", path.value, at.value);
            let help = suggest(&at.value, found.features());
            context.error(at.offset, &codes::BINARY_UNKNOWN_FEATURE, message, help);
        }
        features.insert(at.value.clone());
    }
    (context.problems.0.len() == count).then(|| features.into_iter().collect())
}

/// The binary target: the one named, the only one, Cargo's default, or the package's namesake.
fn bin(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
    written: &BinaryTable,
    path: &At<String>,
    found: &CargoPackage,
    bins: &[String],
) -> Option<String> {
    let has = |name: &str| bins.iter().any(|bin| bin == name);
    if let Some(at) = &written.bin {
        if !has(&at.value) {
            let help = suggest(&at.value, bins.iter().map(String::as_str));
            let message = format!("`{}` has no binary `{}`", path.value, at.value);
            context.error(at.offset, &codes::BINARY_UNKNOWN_BIN, message, help);
            return None;
        }
        return Some(at.value.clone());
    }
    let named = [found.default_run.as_ref(), Some(&package.name.value), Some(&found.name)];
    if let Some(name) = named.into_iter().flatten().find(|name| has(name)) {
        return Some(name.clone());
    }
    let plain: Vec<&String> = bins.iter().filter(|bin| found.is_plain_bin(bin)).collect();
    match plain.as_slice() {
        [only] => Some((*only).clone()),
        [] => {
            context.error(
                path.offset,
                &codes::BINARY_NO_BIN,
                format!("`{}` has no binary target", path.value),
                "add `src/main.rs` or a `[[bin]]` there, or name another package",
            );
            None
        }
        _ => {
            let names = bins.iter().map(|bin| format!("`{bin}`")).collect::<Vec<_>>();
            context.error(
                path.offset,
                &codes::BINARY_MANY_BINS,
                format!("`{}` has several binaries", path.value),
                format!("add `bin`, one of {}", names.join(", ")),
            );
            None
        }
    }
}
