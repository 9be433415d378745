//! The tables of a configuration, with the values that could be read and their offsets.

#![allow(
    missing_docs,
    reason = "a field is the key of its name, which the table of keys describes"
)]

use std::collections::BTreeMap;

use format::{PackageTable, Value, Values};
use manifests::At;
use model::collect_by_insertion;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::whole;
use crate::keys::Keys;

/// `[release]`.
#[derive(Debug, Default)]
pub struct ReleaseTable {
    pub tag: Option<At<String>>,
    pub version: Option<At<String>>,
    pub registry: Option<At<String>>,
    pub charts: Option<At<String>>,
    pub repository: Option<At<String>>,
    pub max_legs: Option<At<i64>>,
    pub out: Option<At<String>>,
}

/// The tables of a configuration; those of packages that have a name.
pub(crate) fn root(root: &DeTable<'_>, keys: Keys<'_>) -> (ReleaseTable, Vec<PackageTable>) {
    let own = root.get("release").and_then(|value| value.get_ref().as_table());
    let own = own.map(release).unwrap_or_default();
    let packages = packages(root).filter_map(|item| match item.get_ref() {
        DeValue::Table(table) => package(table, item.span().start, keys),
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
        out: text(table, "out"),
    }
}

/// `[release] submodules.ignore`, as far as it can be read.
pub(crate) fn ignored_submodules(root: &DeTable<'_>) -> Vec<String> {
    let release = root.get("release").and_then(|value| value.get_ref().as_table());
    let submodules = release
        .and_then(|table| table.get("submodules"))
        .and_then(|value| value.get_ref().as_table());
    let listed = submodules
        .and_then(|table| table.get("ignore"))
        .and_then(|value| value.get_ref().as_array());
    listed.into_iter().flat_map(|items| items.iter()).filter_map(|it| owned(it.get_ref())).collect()
}

/// A package; nothing when it lacks a name, without which nothing can be said about it.
fn package(table: &DeTable<'_>, offset: usize, keys: Keys<'_>) -> Option<PackageTable> {
    let inner = |key: &'static str| {
        let value = table.get(key)?;
        Some((key, values(value.get_ref().as_table()?, value.span().start)))
    };
    Some(PackageTable {
        offset,
        name: text(table, "name")?,
        version: text(table, "version"),
        description: text(table, "description"),
        license: text(table, "license"),
        formats: collect_by_insertion(keys.formats.iter().filter_map(|key| inner(key.name))),
    })
}

/// The values of a format's table that have a type which some key may have.
fn values(table: &DeTable<'_>, offset: usize) -> Values {
    let entry = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = name.get_ref();
        Some((name.clone().into_owned(), item(value)?))
    };
    Values::new(offset, collect_by_insertion(table.iter().filter_map(entry)))
}

fn item(value: &Spanned<DeValue<'_>>) -> Option<At<Value>> {
    let found = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.clone().into_owned()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        number @ DeValue::Integer(_) => Value::Whole(whole(number)?),
        DeValue::Array(items) => Value::List(items.iter().filter_map(item).collect()),
        DeValue::Table(table) => Value::Variables(variables(table)),
        _ => return None,
    };
    Some(At::new(found, value.span().start))
}

fn variables(table: &DeTable<'_>) -> BTreeMap<String, String> {
    let pair = |(name, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = name.get_ref();
        Some((name.clone().into_owned(), owned(value.get_ref())?))
    };
    collect_by_insertion(table.iter().filter_map(pair))
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
