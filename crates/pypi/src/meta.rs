//! Meta packages: a wheel and a source distribution that hold nothing but exact requirements.
//!
//! Written here, byte for byte, from the plan's values; no backend runs. The source distribution
//! brings its own backend of a few lines, so that it builds without an index.

use crate::PythonKind;
use archive::Entry;
use model::{Diagnostic, Package, Release, normalized_python_name};

use crate::PythonSpec;
use crate::codes;
use crate::metadata::Metadata;
use crate::name::{is_name, pep440};
use crate::requirement::is_specifier_set;
use crate::units::{stem, version};
use crate::{sdist, wheel};

/// File name and bytes of the wheel and of the source distribution of a meta package. Metadata
/// 2.4; times are `epoch`, in seconds since 1970.
///
/// # Errors
/// `python-name`, `python-version`, `python-requires` for values that metadata cannot hold;
/// `python-not-meta` when the package is of another kind.
pub fn meta_package(
    package: &Package,
    release: &Release,
    epoch: u64,
) -> Result<Vec<(String, Vec<u8>)>, Diagnostic> {
    let not_meta = || {
        let message = format!("`{}` is not a meta package", package.name.escape_debug());
        Diagnostic::new(&codes::PYTHON_NOT_META, message)
    };
    let spec = package.spec::<PythonSpec>().ok_or_else(not_meta)?;
    let PythonKind::Meta { members } = &spec.kind else { return Err(not_meta()) };
    let stem = stem(spec)?;
    let mut metadata = Metadata::default();
    metadata.push("Metadata-Version", "2.4");
    metadata.push("Name", spec.name.as_str());
    metadata.push("Version", version(spec)?);
    let summary = one_line(&package.description);
    if !summary.is_empty() {
        metadata.push("Summary", summary.as_str());
    }
    if !package.license.is_empty() {
        metadata.push("License-Expression", one_line(&package.license));
    }
    if !release.repository.is_empty() {
        metadata.push("Project-URL", format!("Repository, {}", one_line(&release.repository)));
    }
    if !spec.requires_python.is_empty() {
        if !is_specifier_set(&spec.requires_python) {
            let message =
                format!("`{}` is not a version specifier", one_line(&spec.requires_python));
            return Err(Diagnostic::new(&codes::PYTHON_REQUIRES, message));
        }
        metadata.push("Requires-Python", one_line(&spec.requires_python));
    }
    for pin in pins(members)? {
        metadata.push("Requires-Dist", pin);
    }
    metadata.push("Description-Content-Type", "text/markdown");
    metadata.description = description(&spec.name, &summary, members);
    let info = metadata.render();
    Ok(vec![
        (format!("{stem}-py3-none-any.whl"), wheel_bytes(&stem, &info, epoch)?),
        (format!("{stem}.tar.gz"), sdist_bytes(&stem, &info, epoch)?),
    ])
}

const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: package-actions\nRoot-Is-Purelib: true\n\
                     Tag: py3-none-any\n";

const PYPROJECT: &str = "[build-system]\nrequires = []\nbuild-backend = \"meta_backend\"\n\
                         backend-path = [\".\"]\n";

const BACKEND: &str = include_str!("meta/backend.py");

fn wheel_bytes(stem: &str, info: &str, epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let dist_info = format!("{stem}.dist-info");
    let members = vec![
        Entry::new(format!("{dist_info}/METADATA"), info),
        Entry::new(format!("{dist_info}/WHEEL"), WHEEL),
    ];
    wheel::pack(members, &dist_info, epoch)
}

/// `PKG-INFO` has the wheel's `METADATA`; the backend copies it.
fn sdist_bytes(stem: &str, info: &str, epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let members = [
        Entry::new(format!("{stem}/PKG-INFO"), info),
        Entry::new(format!("{stem}/meta_backend.py"), BACKEND),
        Entry::new(format!("{stem}/pyproject.toml"), PYPROJECT),
    ];
    sdist::pack(&members, epoch)
}

/// `name==version` of each member, sorted by normal name.
fn pins(members: &[(String, String)]) -> Result<Vec<String>, Diagnostic> {
    let mut pins = Vec::new();
    for (name, text) in members {
        let version = pep440(text).and_then(|version| version.pep440().ok());
        match version {
            Some(version) if is_name(name) => {
                pins.push(format!("{}=={version}", normalized_python_name(name)))
            }
            _ => {
                let message = format!(
                    "`{}=={}` is not a valid requirement",
                    name.escape_debug(),
                    text.escape_debug()
                );
                return Err(Diagnostic::new(&codes::PYTHON_REQUIRES, message));
            }
        }
    }
    pins.sort();
    pins.dedup();
    Ok(pins)
}

fn description(name: &str, summary: &str, members: &[(String, String)]) -> String {
    let mut text = format!("# {name}\n\n");
    if !summary.is_empty() {
        text.push_str(&format!("{summary}\n\n"));
    }
    text.push_str("This package holds no code of its own. It installs:\n\n");
    for (member, version) in members {
        text.push_str(&format!("- `{member}` {version}\n"));
    }
    text
}

/// Text without line breaks, which would start another header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
