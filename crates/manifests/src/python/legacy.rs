//! Manifests from before `pyproject.toml`: `setup.cfg`, and the `PKG-INFO` of an unpacked sdist.

use super::pyproject::VersionSource;
use crate::document::one_line;
use crate::{Located, Source};

/// What a legacy manifest says.
#[derive(Debug, Default)]
pub(super) struct Legacy {
    pub(super) name: Option<Located>,
    pub(super) version: Option<Located>,
    pub(super) version_source: Option<VersionSource>,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) requires_python: Option<String>,
}

/// `setup.cfg`: `[metadata]` and `[options]`, one value a line (setuptools, "declarative config").
pub(super) fn setup_cfg(source: &Source) -> Legacy {
    let mut legacy = Legacy::default();
    let mut section = "";
    let mut root = None;
    let mut in_package_dir = false;
    for (offset, line) in lines(source) {
        let indented = line.starts_with([' ', '\t']);
        let text = line.trim();
        if text.is_empty() || text.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = text.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
            section = name.trim();
            continue;
        }
        let Some((key, value)) = text.split_once(['=', ':']) else { continue };
        let (key, value) = (key.trim(), value.trim());
        if indented {
            if in_package_dir && key.is_empty() {
                root = Some(value.to_owned());
            }
            continue;
        }
        in_package_dir = section == "options" && matches!(key, "package_dir" | "package-dir");
        let located = || Located { text: value.to_owned(), location: source.location(offset) };
        match (section, key) {
            ("metadata", "name") => legacy.name = Some(located()),
            ("metadata", "version") => version(&mut legacy, value, located()),
            ("metadata", "description") => legacy.description = Some(one_line(value)),
            ("metadata", "license") => legacy.license = Some(one_line(value)),
            ("options", "python_requires") => legacy.requires_python = Some(one_line(value)),
            _ => {}
        }
    }
    if let Some(VersionSource::Attribute { roots, .. }) = &mut legacy.version_source {
        roots.extend(root);
    }
    legacy
}

/// `PKG-INFO`: the headers of core metadata, up to the first empty line.
pub(super) fn pkg_info(source: &Source) -> Legacy {
    let mut legacy = Legacy::default();
    for (offset, line) in lines(source) {
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let Some((key, value)) = line.split_once(": ") else { continue };
        let located =
            || Located { text: value.trim().to_owned(), location: source.location(offset) };
        let text = || Some(one_line(value)).filter(|text| text != "UNKNOWN");
        match key {
            "Name" => legacy.name = Some(located()),
            "Version" => legacy.version = Some(located()),
            "Summary" => legacy.description = text(),
            "License-Expression" => legacy.license = text(),
            "Requires-Python" => legacy.requires_python = text(),
            _ => {}
        }
    }
    legacy
}

fn version(legacy: &mut Legacy, value: &str, located: Located) {
    if let Some(path) = value.strip_prefix("attr:") {
        let path = path.trim().to_owned();
        legacy.version_source = Some(VersionSource::Attribute { path, roots: Vec::new() });
    } else if let Some(path) = value.strip_prefix("file:") {
        legacy.version_source = Some(VersionSource::WholeFile(path.trim().to_owned()));
    } else if !value.is_empty() {
        legacy.version = Some(located);
    }
}

fn lines(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    source.text.split_inclusive('\n').map(move |line| {
        let start = offset;
        offset += line.len();
        (start, line)
    })
}
