//! The values as they are written, each with its offset, by table of the file. A value of a wrong
//! type is absent here: `check` has reported it.

#![allow(
    missing_docs,
    reason = "a field is the key of its name, which the table of keys describes"
)]

use std::collections::BTreeMap;

use manifests::At;
use model::{Platform, collect_by_insertion};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::whole;

/// `[release]`.
#[derive(Debug, Default)]
pub struct ReleaseTable {
    pub tag: Option<At<String>>,
    pub version: Option<At<String>>,
    pub registry: Option<At<String>>,
    pub charts: Option<At<String>>,
    pub repository: Option<At<String>>,
    pub max_legs: Option<At<i64>>,
}

/// `[[package]]`.
#[derive(Debug)]
pub struct PackageTable {
    /// Where the table starts.
    pub offset: usize,
    pub name: At<String>,
    pub version: Option<At<String>>,
    pub description: Option<At<String>>,
    pub license: Option<At<String>>,
    pub python: Option<PythonTable>,
    pub image: Option<ImageTable>,
    pub binary: Option<BinaryTable>,
    pub chart: Option<ChartTable>,
}

/// `python = { … }`.
#[derive(Debug)]
pub struct PythonTable {
    pub path: Option<At<String>>,
    pub meta: Option<At<String>>,
    pub kind: Option<At<String>>,
    pub platforms: Option<At<Vec<At<Platform>>>>,
    pub pythons: Option<At<Vec<At<String>>>>,
    pub env: BTreeMap<String, String>,
    pub repack: Option<bool>,
    pub requires_python: Option<At<String>>,
}

/// `image = { … }`.
#[derive(Debug)]
pub struct ImageTable {
    pub offset: usize,
    pub from: Option<At<String>>,
    pub dockerfile: Option<At<String>>,
    pub context: Option<At<String>>,
    pub target: Option<At<String>>,
    pub build_args: Option<At<BTreeMap<String, String>>>,
    pub secrets: Option<At<Vec<At<String>>>>,
    pub from_release: Option<At<Vec<At<String>>>>,
    pub name: Option<At<String>>,
    pub user: Option<At<String>>,
    pub ports: Option<At<Vec<At<u16>>>>,
    pub entrypoint: Option<At<Vec<At<String>>>>,
    pub healthcheck: Option<At<Vec<At<String>>>>,
    pub env: Option<At<BTreeMap<String, String>>>,
    pub platforms: Option<At<Vec<At<Platform>>>>,
}

/// `binary = { … }`.
#[derive(Debug)]
pub struct BinaryTable {
    pub go: Option<At<String>>,
    pub rust: Option<At<String>>,
    pub bin: Option<At<String>>,
    pub name: Option<At<String>>,
    pub platforms: Option<At<Vec<At<Platform>>>>,
    pub env: BTreeMap<String, String>,
}

/// `chart = { … }`.
#[derive(Debug)]
pub struct ChartTable {
    pub path: Option<At<String>>,
    pub app_version: Option<At<String>>,
}

/// The tables of a configuration; those of packages that have a name.
pub(crate) fn root(root: &DeTable<'_>) -> (ReleaseTable, Vec<PackageTable>) {
    let own = root.get("release").and_then(|value| value.get_ref().as_table());
    let own = own.map(release).unwrap_or_default();
    let packages = packages(root).filter_map(|item| match item.get_ref() {
        DeValue::Table(table) => package(table, item.span().start),
        _ => None,
    });
    (own, packages.collect())
}

/// The items of `package`.
pub(crate) fn packages<'t, 'i>(
    root: &'t DeTable<'i>,
) -> impl Iterator<Item = &'t Spanned<DeValue<'i>>> {
    let packages = root.get("package").and_then(|value| value.get_ref().as_array());
    packages.into_iter().flat_map(|packages| packages.iter())
}

fn release(table: &DeTable<'_>) -> ReleaseTable {
    ReleaseTable {
        tag: text(table, "tag"),
        version: text(table, "version"),
        registry: text(table, "registry"),
        charts: text(table, "charts"),
        repository: text(table, "repository"),
        max_legs: get(table, "max-legs", whole),
    }
}

/// A package; nothing when it lacks a name, without which nothing can be said about it.
fn package(table: &DeTable<'_>, offset: usize) -> Option<PackageTable> {
    let inner = |name: &str| {
        let value = table.get(name)?;
        Some((value.get_ref().as_table()?, value.span().start))
    };
    Some(PackageTable {
        offset,
        name: text(table, "name")?,
        version: text(table, "version"),
        description: text(table, "description"),
        license: text(table, "license"),
        python: inner("python").map(|(table, _)| python(table)),
        image: inner("image").map(|(table, offset)| image(table, offset)),
        binary: inner("binary").map(|(table, _)| binary(table)),
        chart: inner("chart").map(|(table, _)| ChartTable {
            path: text(table, "path"),
            app_version: text(table, "app-version"),
        }),
    })
}

fn python(table: &DeTable<'_>) -> PythonTable {
    PythonTable {
        path: text(table, "path"),
        meta: text(table, "meta"),
        kind: text(table, "kind"),
        platforms: list(table, "platforms", platform),
        pythons: list(table, "pythons", owned),
        env: variables(table, "env").map(|at| at.value).unwrap_or_default(),
        repack: table.get("repack").and_then(|value| value.get_ref().as_bool()),
        requires_python: text(table, "requires-python"),
    }
}

fn image(table: &DeTable<'_>, offset: usize) -> ImageTable {
    let user = |value: &DeValue<'_>| owned(value).or_else(|| Some(whole(value)?.to_string()));
    ImageTable {
        offset,
        from: text(table, "from"),
        dockerfile: text(table, "dockerfile"),
        context: text(table, "context"),
        target: text(table, "target"),
        build_args: variables(table, "build-args"),
        secrets: list(table, "secrets", owned),
        from_release: list(table, "from-release", owned),
        name: text(table, "name"),
        user: get(table, "user", user),
        ports: list(table, "ports", |value| u16::try_from(whole(value)?).ok()),
        entrypoint: list(table, "entrypoint", owned),
        healthcheck: list(table, "healthcheck", owned),
        env: variables(table, "env"),
        platforms: list(table, "platforms", platform),
    }
}

fn binary(table: &DeTable<'_>) -> BinaryTable {
    BinaryTable {
        go: text(table, "go"),
        rust: text(table, "rust"),
        bin: text(table, "bin"),
        name: text(table, "name"),
        platforms: list(table, "platforms", platform),
        env: variables(table, "env").map(|at| at.value).unwrap_or_default(),
    }
}

fn get<T>(
    table: &DeTable<'_>,
    name: &str,
    read: impl FnOnce(&DeValue<'_>) -> Option<T>,
) -> Option<At<T>> {
    let value = table.get(name)?;
    Some(At::new(read(value.get_ref())?, value.span().start))
}

fn text(table: &DeTable<'_>, name: &str) -> Option<At<String>> {
    get(table, name, owned)
}

fn owned(value: &DeValue<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn platform(value: &DeValue<'_>) -> Option<Platform> {
    value.as_str()?.parse().ok()
}

/// The items that could be read.
fn list<T>(
    table: &DeTable<'_>,
    name: &str,
    read: impl Fn(&DeValue<'_>) -> Option<T>,
) -> Option<At<Vec<At<T>>>> {
    get(table, name, |value| {
        let item =
            |item: &Spanned<DeValue<'_>>| Some(At::new(read(item.get_ref())?, item.span().start));
        Some(value.as_array()?.iter().filter_map(item).collect())
    })
}

fn variables(table: &DeTable<'_>, name: &str) -> Option<At<BTreeMap<String, String>>> {
    get(table, name, |value| {
        let pair = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = name.get_ref();
            Some((name.clone().into_owned(), owned(value.get_ref())?))
        };
        Some(collect_by_insertion(value.as_table()?.iter().filter_map(pair)))
    })
}
