//! The written values, each with its offset. A value of a wrong type is simply absent here: it has
//! been told already.

use std::collections::BTreeMap;

use model::Platform;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::check::whole;
use crate::gathered;
use crate::source::At;

/// `[release]`.
#[derive(Debug, Default)]
pub(crate) struct WrittenRelease {
    pub(crate) tag: Option<At<String>>,
    pub(crate) version: Option<At<String>>,
    pub(crate) registry: Option<At<String>>,
    pub(crate) charts: Option<At<String>>,
    pub(crate) repository: Option<At<String>>,
    pub(crate) max_legs: Option<At<i64>>,
}

/// `[[package]]`.
#[derive(Debug)]
pub(crate) struct WrittenPackage {
    /// Where it starts.
    pub(crate) offset: usize,
    pub(crate) name: At<String>,
    pub(crate) version: Option<At<String>>,
    pub(crate) description: Option<At<String>>,
    pub(crate) license: Option<At<String>>,
    pub(crate) python: Option<WrittenPython>,
    pub(crate) image: Option<WrittenImage>,
    pub(crate) binary: Option<WrittenBinary>,
    pub(crate) chart: Option<WrittenChart>,
}

/// `python = { … }`.
#[derive(Debug)]
pub(crate) struct WrittenPython {
    pub(crate) path: Option<At<String>>,
    pub(crate) meta: Option<At<String>>,
    pub(crate) kind: Option<At<String>>,
    pub(crate) platforms: Option<At<Vec<At<Platform>>>>,
    pub(crate) pythons: Option<At<Vec<At<String>>>>,
    pub(crate) env: BTreeMap<String, String>,
    pub(crate) repack: Option<bool>,
    pub(crate) requires_python: Option<At<String>>,
}

/// `image = { … }`.
#[derive(Debug)]
pub(crate) struct WrittenImage {
    pub(crate) offset: usize,
    pub(crate) from: Option<At<String>>,
    pub(crate) dockerfile: Option<At<String>>,
    pub(crate) context: Option<At<String>>,
    pub(crate) target: Option<At<String>>,
    pub(crate) build_args: Option<At<BTreeMap<String, String>>>,
    pub(crate) secrets: Option<At<Vec<At<String>>>>,
    pub(crate) from_release: Option<At<Vec<At<String>>>>,
    pub(crate) name: Option<At<String>>,
    pub(crate) user: Option<At<String>>,
    pub(crate) ports: Option<At<Vec<At<u16>>>>,
    pub(crate) entrypoint: Option<At<Vec<At<String>>>>,
    pub(crate) healthcheck: Option<At<Vec<At<String>>>>,
    pub(crate) env: Option<At<BTreeMap<String, String>>>,
    pub(crate) platforms: Option<At<Vec<At<Platform>>>>,
}

/// `binary = { … }`.
#[derive(Debug)]
pub(crate) struct WrittenBinary {
    pub(crate) go: Option<At<String>>,
    pub(crate) rust: Option<At<String>>,
    pub(crate) bin: Option<At<String>>,
    pub(crate) name: Option<At<String>>,
    pub(crate) platforms: Option<At<Vec<At<Platform>>>>,
    pub(crate) env: BTreeMap<String, String>,
}

/// `chart = { … }`.
#[derive(Debug)]
pub(crate) struct WrittenChart {
    pub(crate) path: Option<At<String>>,
    pub(crate) app_version: Option<At<String>>,
}

pub(super) fn release(table: &DeTable<'_>) -> WrittenRelease {
    WrittenRelease {
        tag: text(table, "tag"),
        version: text(table, "version"),
        registry: text(table, "registry"),
        charts: text(table, "charts"),
        repository: text(table, "repository"),
        max_legs: get(table, "max-legs", whole),
    }
}

/// A package; nothing when it lacks a name, without which nothing can be said about it.
pub(super) fn package(table: &DeTable<'_>, offset: usize) -> Option<WrittenPackage> {
    let inner = |name: &str| {
        let value = table.get(name)?;
        Some((value.get_ref().as_table()?, value.span().start))
    };
    Some(WrittenPackage {
        offset,
        name: text(table, "name")?,
        version: text(table, "version"),
        description: text(table, "description"),
        license: text(table, "license"),
        python: inner("python").map(|(table, _)| python(table)),
        image: inner("image").map(|(table, offset)| image(table, offset)),
        binary: inner("binary").map(|(table, _)| binary(table)),
        chart: inner("chart").map(|(table, _)| WrittenChart {
            path: text(table, "path"),
            app_version: text(table, "app-version"),
        }),
    })
}

fn python(table: &DeTable<'_>) -> WrittenPython {
    WrittenPython {
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

fn image(table: &DeTable<'_>, offset: usize) -> WrittenImage {
    let user = |value: &DeValue<'_>| owned(value).or_else(|| Some(whole(value)?.to_string()));
    WrittenImage {
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

fn binary(table: &DeTable<'_>) -> WrittenBinary {
    WrittenBinary {
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
        Some(gathered(value.as_table()?.iter().filter_map(pair)))
    })
}
