//! Reads a packaged chart from its bytes.

use std::collections::BTreeMap;

use archive::{Entry, gzip, tar};
use model::{Budget, Code, Diagnostic, Location, Severity, Version};

use crate::codes;
use crate::images::{self, ImageReference};
use crate::limits::{MAX_CHART_BYTES, MAX_FILE_BYTES};
use crate::metadata::{self, ChartLock, ChartMetadata, Dependency};
use crate::units;

/// A packaged chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The contents of `Chart.yaml`.
    pub metadata: ChartMetadata,
    /// The contents of `Chart.lock`.
    pub lock: Option<ChartLock>,
    /// The charts in `charts/`.
    pub subcharts: Vec<Subchart>,
    /// Images that `values.yaml` names; images that templates compose are not included.
    pub images: Vec<ImageReference>,
    /// Its files in order, with paths relative to the chart's folder.
    pub files: Vec<Entry>,
}

/// A chart inside a chart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subchart {
    /// Its own name.
    pub name: String,
    /// Its version, as written.
    pub version: String,
    /// Its folder or archive: `charts/db` or `charts/db-1.2.0.tgz`.
    pub path: String,
}

/// Reads a packaged chart and compares its contents with its name.
///
/// # Errors
/// If the bytes are not such an archive, have links, unsafe paths or more than Helm loads, or if
/// name, folder and `Chart.yaml` disagree. Locations are `file_name`, then paths inside it.
pub fn read_chart(file_name: &str, bytes: &[u8]) -> Result<Chart, Diagnostic> {
    let inside = |problem| below(problem, |file| format!("{file_name}:{file}"));
    let (folder, files) = unpack(file_name, bytes)?;
    let budget = Budget::of(bytes.len() as u64);
    budget.unpack(content(&files));
    let text = required_text(&files, "Chart.yaml").map_err(inside)?;
    let metadata = metadata::metadata_within("Chart.yaml", text, &budget).map_err(inside)?;
    let base = file_name.rsplit('/').next().unwrap_or(file_name);
    let differs = |what: &str, found: &str, expected: &str| {
        let message = format!("{what} is `{found}`, but its `Chart.yaml` has `{expected}`");
        Err(Diagnostic::new(&codes::CHART_NAME_DIFFERS, message).at(Location::file(file_name)))
    };
    if folder != metadata.name {
        return differs("the folder inside", &folder, &metadata.name);
    }
    let strict = Version::parse(&metadata.version).ok();
    let semver = strict.as_ref().and_then(|version| version.semver().ok());
    if semver != Some(metadata.version.as_str()) {
        let message = format!("`{}` is not a valid SemVer version", metadata.version);
        return Err(inside(
            Diagnostic::new(&codes::CHART_VERSION, message).at(Location::file("Chart.yaml")),
        ));
    }
    let expected = units::file_name(&metadata.name, &metadata.version);
    if base != expected {
        return differs("the file's name", base, &expected);
    }
    let lock = lock_within(&files, &budget).map_err(inside)?.map(|(_, lock)| lock);
    let subcharts = subcharts_within(&files, &budget).map_err(inside)?;
    if let Some(problem) = schema_problem(&files).filter(is_error) {
        return Err(inside(problem));
    }
    let values = optional_text(&files, "values.yaml").map_err(inside)?.unwrap_or_default();
    let images = images::in_values(values, &budget).map_err(inside)?;
    Ok(Chart { metadata, lock, subcharts, images, files })
}

fn is_error(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Error
}

/// The lock of a chart and its file's name: `Chart.lock`, or Helm 2's own.
pub(crate) fn lock(files: &[Entry]) -> Result<Option<(&'static str, ChartLock)>, Diagnostic> {
    lock_within(files, &Budget::of(content(files)))
}

fn lock_within(
    files: &[Entry],
    budget: &Budget,
) -> Result<Option<(&'static str, ChartLock)>, Diagnostic> {
    for name in ["Chart.lock", "requirements.lock"] {
        if let Some(text) = optional_text(files, name)? {
            return Ok(metadata::lock_within(name, text, budget)?.map(|lock| (name, lock)));
        }
    }
    Ok(None)
}

/// Whether Helm reads the file at `path` of a chart itself.
pub(crate) fn is_of_helm(path: &str) -> bool {
    const FILES: [&str; 6] = [
        "Chart.yaml",
        "Chart.lock",
        "values.yaml",
        "values.schema.json",
        "requirements.yaml",
        "requirements.lock",
    ];
    FILES.contains(&path)
}

/// Whether Helm unpacks a file with this path in a chart's folder.
pub(crate) fn is_unpackable(path: &str) -> bool {
    let drive = path.as_bytes().get(1..3) == Some(b":/");
    // Helm splits names at backslashes, and takes every `..` at the start for the folder above.
    !path.contains('\\')
        && !path.starts_with("..")
        && !drive
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Two files that are the same on case-insensitive file systems, as on macOS and Windows.
pub(crate) fn twins(files: &[Entry]) -> Option<(&str, &str)> {
    let mut seen = BTreeMap::new();
    files.iter().find_map(|file| {
        let first = seen.insert(file.path.to_lowercase(), file.path.as_str());
        first.map(|first| (first, file.path.as_str()))
    })
}

/// What is wrong with the schema of values of the chart or a subchart: an error where Helm does not
/// pack it.
pub(crate) fn schema_problem(files: &[Entry]) -> Option<Diagnostic> {
    let is_schema = |path: &str| path.rsplit('/').next() == Some("values.schema.json");
    let at_a_root = |path: &str| !path.contains('/') || path.starts_with("charts/");
    files.iter().filter(|file| at_a_root(&file.path) && is_schema(&file.path)).find_map(|file| {
        let bytes = file.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&file.bytes);
        let (severity, why) = match serde_json::from_slice::<serde_json::Value>(bytes) {
            Ok(schema) if schema.is_object() || schema.is_boolean() => return None,
            Ok(_) => (Severity::Warning, "it is neither an object nor a boolean".to_owned()),
            Err(error) => (Severity::Error, error.to_string()),
        };
        let message = format!("the values' schema is not a valid JSON schema: {why}");
        let problem = Diagnostic::new(&codes::CHART_SCHEMA, message);
        Some(Diagnostic { severity, ..problem.at(Location::file(&file.path)) })
    })
}

/// The charts below `charts/`, sorted by path. Helm skips what starts with `_` or `.`, and
/// provenance files.
pub(crate) fn subcharts(files: &[Entry]) -> Result<Vec<Subchart>, Diagnostic> {
    subcharts_within(files, &Budget::of(content(files)))
}

/// The same in an artifact of this `budget`, which all subcharts share.
fn subcharts_within(files: &[Entry], budget: &Budget) -> Result<Vec<Subchart>, Diagnostic> {
    let mut manifests: BTreeMap<String, Option<ChartMetadata>> = BTreeMap::new();
    for file in files {
        let Some(below) = file.path.strip_prefix("charts/") else { continue };
        if below.starts_with(['_', '.']) || below.ends_with(".prov") {
            continue;
        }
        match below.split_once('/') {
            Some((folder, rest)) => {
                let found = manifests.entry(format!("charts/{folder}")).or_default();
                if rest == "Chart.yaml" {
                    let text = text(file)?;
                    *found = Some(metadata::metadata_within(&file.path, text, budget)?);
                }
            }
            None if below.ends_with(".tgz") => {
                let packed = packed_metadata(&file.path, &file.bytes, budget)?;
                manifests.insert(file.path.clone(), Some(packed));
            }
            None => {
                manifests.insert(file.path.clone(), None);
            }
        }
    }
    let read = |(path, metadata): (String, Option<ChartMetadata>)| match metadata {
        Some(metadata) => Ok(Subchart { name: metadata.name, version: metadata.version, path }),
        None => Err(Diagnostic::new(&codes::CHART_SUBCHART, "is in `charts/` but is not a chart")
            .at(Location::file(path))
            .help("Helm refuses it: move it out, or drop it in `.helmignore`")),
    };
    manifests.into_iter().map(read).collect()
}

/// The dependencies that a chart declares: in Helm 2's own file where that lists any, else in
/// `Chart.yaml`.
pub(crate) fn declared(files: &[Entry], metadata: &ChartMetadata) -> Vec<Dependency> {
    let old = files.iter().find(|file| file.path == "requirements.yaml");
    let text = old.and_then(|file| std::str::from_utf8(&file.bytes).ok()).unwrap_or_default();
    let root = metadata::mapping("requirements.yaml", text).ok();
    let listed = root.filter(|root| root.get("dependencies").is_some());
    listed.map_or_else(|| metadata.dependencies.clone(), |root| metadata::dependencies(&root))
}

/// The same diagnostic with a prefix before its file's path.
pub(crate) fn below(mut problem: Diagnostic, path: impl Fn(&str) -> String) -> Diagnostic {
    if let Some(place) = &mut problem.location {
        place.file = path(&place.file);
    }
    problem
}

fn packed_metadata(path: &str, bytes: &[u8], budget: &Budget) -> Result<ChartMetadata, Diagnostic> {
    let packed = gzip::read_nested(bytes, budget).map_err(|error| error.problem(path))?;
    let (_, files) = files_of(path, &packed)?;
    let inside = |problem| below(problem, |file| format!("{path}:{file}"));
    let text = required_text(&files, "Chart.yaml").map_err(inside)?;
    metadata::metadata_within("Chart.yaml", text, budget).map_err(inside)
}

/// Bytes of all files.
fn content(files: &[Entry]) -> u64 {
    files.iter().map(|file| file.bytes.len() as u64).sum()
}

/// The one folder of the archive, and the files in it.
pub(crate) fn unpack(file_name: &str, bytes: &[u8]) -> Result<(String, Vec<Entry>), Diagnostic> {
    let packed = gzip::read(bytes).map_err(|error| error.problem(file_name))?;
    files_of(file_name, &packed)
}

fn files_of(file_name: &str, packed: &[u8]) -> Result<(String, Vec<Entry>), Diagnostic> {
    let wrong = |code: &'static Code, message: String| {
        Err(Diagnostic::new(code, message).at(Location::file(file_name)))
    };
    let entries = tar::read(packed).map_err(|error| error.problem(file_name))?;
    let mut folder = None;
    let mut files = Vec::new();
    let mut total = 0_usize;
    for mut entry in entries {
        let Some((first, rest)) = entry.path.split_once('/') else {
            let message = format!("`{}` is outside of the chart's folder", entry.path);
            return wrong(&codes::CHART_LAYOUT, message);
        };
        if folder.get_or_insert_with(|| first.to_owned()) != first {
            return wrong(
                &codes::CHART_LAYOUT,
                format!("holds two folders, one of them `{first}`"),
            );
        }
        if !is_unpackable(rest) {
            return wrong(&codes::CHART_FILE_NAME, format!("`{rest}` cannot be unpacked by Helm"));
        }
        total = total.saturating_add(entry.bytes.len());
        if entry.bytes.len() > MAX_FILE_BYTES || total > MAX_CHART_BYTES {
            let message =
                format!("`{rest}` is above what Helm loads: 5 MiB a file, 100 MiB in all");
            return wrong(&codes::CHART_TOO_LARGE, message);
        }
        entry.path = rest.to_owned();
        files.push(entry);
    }
    if let Some((one, other)) = twins(&files)
        && (is_of_helm(one) || is_of_helm(other))
    {
        let message = format!("`{one}` and `{other}` differ only in upper and lower case");
        return wrong(&codes::CHART_FILE_TWIN, message);
    }
    match folder {
        Some(folder) => Ok((folder, files)),
        None => wrong(&codes::CHART_LAYOUT, "contains no file".to_owned()),
    }
}

fn required_text<'f>(files: &'f [Entry], path: &str) -> Result<&'f str, Diagnostic> {
    optional_text(files, path)?.ok_or_else(|| {
        Diagnostic::new(&codes::CHART_WITHOUT_MANIFEST, format!("contains no `{path}`"))
            .at(Location::file(path))
    })
}

fn optional_text<'f>(files: &'f [Entry], path: &str) -> Result<Option<&'f str>, Diagnostic> {
    files.iter().find(|file| file.path == path).map(text).transpose()
}

fn text(file: &Entry) -> Result<&str, Diagnostic> {
    std::str::from_utf8(&file.bytes).map_err(|_| {
        Diagnostic::new(&codes::CHART_NOT_UTF8, "is not UTF-8 text")
            .at(Location::file(file.path.clone()))
    })
}

#[cfg(test)]
mod tests;
