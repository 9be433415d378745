//! Manifests from before `pyproject.toml`: `setup.cfg`, and the `PKG-INFO` of an unpacked sdist.

use super::dynamic::{Attribute, VersionSource};
use super::tool::VersionTool;
use crate::document::one_line;
use crate::{Located, Source};

/// What a legacy manifest says.
#[derive(Debug, Default)]
pub(super) struct Legacy {
    pub(super) name: Option<Located>,
    pub(super) version: Option<Located>,
    pub(super) version_source: Option<VersionSource>,
    /// Who makes the version out of git.
    pub(super) version_tool: Option<VersionTool>,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) requires_python: Option<String>,
}

impl Legacy {
    /// Whether the version is somewhere else.
    pub(super) fn is_dynamic(&self) -> bool {
        self.version_source.is_some() || self.version_tool.is_some()
    }
}

/// `setup.cfg`: `[metadata]` and `[options]`, one value a line (setuptools, "declarative config").
pub(super) fn setup_cfg(source: &Source) -> Legacy {
    let mut legacy = Legacy::default();
    let mut section = "";
    let (mut roots, mut packages) = (Vec::new(), Vec::new());
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
            match (in_package_dir, key) {
                (true, "") => roots.push(value.to_owned()),
                (true, package) => packages.push((package.to_owned(), value.to_owned())),
                (false, _) => {}
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
            ("options.packages.find", "where") => roots.push(value.to_owned()),
            ("options", "python_requires") => legacy.requires_python = Some(one_line(value)),
            _ => {}
        }
    }
    if let Some(VersionSource::Attribute(attribute)) = &mut legacy.version_source {
        attribute.roots.extend(roots);
        attribute.packages.extend(packages);
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
        let attribute = Attribute { path, tuples: true, ..Attribute::default() };
        legacy.version_source = Some(VersionSource::Attribute(attribute));
    } else if let Some(path) = value.strip_prefix("file:") {
        let first = path.split(',').next().unwrap_or_default();
        legacy.version_source = Some(VersionSource::WholeFile(first.trim().to_owned()));
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
