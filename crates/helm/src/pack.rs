//! From a chart's files to the `.tgz` that Helm installs.
//!
//! The layout is that of `helm package`: one folder named after the chart, regular files only, mode
//! 0644, Chart.yaml first. Unlike with Helm, `Chart.yaml` keeps its text except for the two
//! versions, subcharts keep their form, and the same files always give the same bytes.

use std::collections::BTreeSet;

use crate::ChartSpec;
use archive::{Entry, gzip, tar};
use model::{Code, Diagnostic, Location, Severity};

use crate::codes;
use crate::ignore::Ignore;
use crate::limits::{MAX_CHART_BYTES, MAX_FILE_BYTES};
use crate::metadata::{self, ChartMetadata, Dependency};
use crate::{dependencies, edit, read, units, yaml};

/// A chart's files after `.helmignore`, in the order in which they are packed.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) files: Vec<Entry>,
    /// The metadata in `Chart.yaml` before the edit.
    pub(crate) metadata: ChartMetadata,
    /// `Chart.yaml`'s text.
    pub(crate) text: String,
}

/// Packs the files of a chart's folder, with paths relative to it, and names the result.
///
/// `Chart.yaml` gets the version, and the appVersion if there is one, of `spec`. Every file has the
/// time `epoch`, in seconds since 1970.
///
/// # Errors
/// If a rule or file cannot be parsed, the chart is not the one that `spec` names, or Helm would
/// refuse to load the result. Locations are relative to the tree.
pub fn pack_chart(
    files: Vec<Entry>,
    spec: &ChartSpec,
    epoch: u64,
) -> Result<(String, Vec<u8>), Diagnostic> {
    pack(select(files, spec)?, spec, epoch)
}

/// The same for files that are selected, and what was put in beside them.
pub(crate) fn pack(
    mut source: Source,
    spec: &ChartSpec,
    epoch: u64,
) -> Result<(String, Vec<u8>), Diagnostic> {
    let version = units::semver(spec)?;
    check(&source, spec)?;
    let manifest = place(spec, "Chart.yaml");
    let text = edit::set_versions(&manifest, &source.text, version, spec.app_version.as_deref())?;
    for file in &mut source.files {
        if file.path == "Chart.yaml" {
            file.bytes = text.clone().into_bytes();
        }
        file.path = format!("{}/{}", spec.name, file.path);
        file.executable = false;
    }
    let name = units::file_name(&spec.name, version);
    let packed = tar::write(&source.files, epoch).map_err(|error| error.problem(&name))?;
    Ok((name, gzip::write(&packed)))
}

/// The files of the package.
pub(crate) fn select(files: Vec<Entry>, spec: &ChartSpec) -> Result<Source, Diagnostic> {
    let files = files.into_iter().map(without_mark).collect::<Vec<Entry>>();
    let ignore_text = match files.iter().find(|file| file.path == ".helmignore") {
        Some(file) => text(file, spec)?,
        None => "",
    };
    let ignore = Ignore::parse(&place(spec, ".helmignore"), ignore_text)?;
    let ignored = ignore.drops("Chart.yaml");
    let mut files: Vec<Entry> =
        files.into_iter().filter(|file| !ignore.drops(&file.path)).collect();
    files.sort_by(|a, b| rank(&a.path).cmp(&rank(&b.path)));
    let Some(manifest) = files.iter().find(|file| file.path == "Chart.yaml") else {
        let missing =
            Diagnostic::new(&codes::CHART_WITHOUT_MANIFEST, "the chart has no `Chart.yaml`")
                .at(Location::file(place(spec, "Chart.yaml")));
        return Err(if ignored {
            missing.help("a rule of `.helmignore` drops it; a rule `!x` drops all that is not `x`")
        } else {
            missing.help("write one with `apiVersion: v2`, `name` and `version`")
        });
    };
    let text = text(manifest, spec)?.to_owned();
    let metadata = metadata::metadata_at(&place(spec, "Chart.yaml"), &text)?;
    Ok(Source { metadata, text, files })
}

/// What Helm would refuse to load or package.
fn check(source: &Source, spec: &ChartSpec) -> Result<(), Diagnostic> {
    if source.metadata.name != spec.name {
        let message =
            format!("the chart is called `{}`, not `{}`", source.metadata.name, spec.name);
        return Err(Diagnostic::new(&codes::CHART_NAME_DIFFERS, message)
            .at(Location::file(place(spec, "Chart.yaml"))));
    }
    let mut total = 0_usize;
    for file in &source.files {
        let wrong = |code: &'static Code, message: &str| {
            Diagnostic::new(code, message).at(Location::file(place(spec, &file.path)))
        };
        if !read::is_unpackable(&file.path) {
            return Err(wrong(&codes::CHART_FILE_NAME, "a name that Helm cannot unpack")
                .help("rename the file, or drop it in `.helmignore`"));
        }
        total = total.saturating_add(file.bytes.len());
        let message = match file.bytes.len() {
            size if size > MAX_FILE_BYTES => {
                format!("`{}` has {size} bytes, and Helm loads no file above 5 MiB", file.path)
            }
            _ if total > MAX_CHART_BYTES => {
                let path = &file.path;
                format!("with `{path}` the chart has {total} bytes, and Helm loads 100 MiB at most")
            }
            _ => continue,
        };
        return Err(wrong(&codes::CHART_TOO_LARGE, &message)
            .help("drop what the templates do not need in `.helmignore`"));
    }
    if let Some(file) = source.files.iter().find(|file| file.path == "values.yaml") {
        yaml::parse(&place(spec, "values.yaml"), text(file, spec)?)?;
    }
    let broken = |problem: &Diagnostic| problem.severity == Severity::Error;
    if let Some(problem) = read::schema_problem(&source.files).filter(broken) {
        return Err(read::below(problem, |file| place(spec, file)));
    }
    if let Some(pair) = read::twins(&source.files)
        && twin(spec, pair).severity == Severity::Error
    {
        return Err(twin(spec, pair));
    }
    aliases(source, spec)?;
    dependencies_are_there(source, spec)
}

/// That two files have names that differ only in case: wrong where Helm itself reads one of them,
/// since which one it gets would depend on the machine.
pub(crate) fn twin(spec: &ChartSpec, (one, other): (&str, &str)) -> Diagnostic {
    let message = format!("`{one}` differs from it only in upper and lower case");
    let problem = match read::is_of_helm(one) || read::is_of_helm(other) {
        true => Diagnostic::new(&codes::CHART_FILE_TWIN, message),
        false => Diagnostic::warning(&codes::CHART_FILE_TWIN, message),
    };
    problem.at(Location::file(place(spec, other))).help("rename one, or drop it in `.helmignore`")
}

/// Helm tells dependencies by their alias, else by their name.
fn aliases(source: &Source, spec: &ChartSpec) -> Result<(), Diagnostic> {
    let mut seen = BTreeSet::new();
    for dependency in read::declared(&source.files, &source.metadata) {
        let Dependency { name, alias, .. } = dependency;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let key = if alias.is_empty() { &name } else { &alias };
        let message = if !alias.chars().all(plain) {
            format!("the dependency `{name}` has the alias `{alias}`, which Helm does not allow")
        } else if !seen.insert(key.clone()) {
            format!("two dependencies have the name or alias `{key}`")
        } else {
            continue;
        };
        return Err(Diagnostic::new(&codes::CHART_DEPENDENCY_ALIAS, message)
            .at(Location::file(place(spec, "Chart.yaml")))
            .help("give each an `alias` of its own, of letters, digits, `_` and `-`"));
    }
    Ok(())
}

/// Helm takes the byte order mark off every file.
fn without_mark(mut file: Entry) -> Entry {
    if file.bytes.starts_with(b"\xef\xbb\xbf") {
        file.bytes.drain(..3);
    }
    file
}

fn dependencies_are_there(source: &Source, spec: &ChartSpec) -> Result<(), Diagnostic> {
    let subcharts = read::subcharts(&source.files)
        .map_err(|problem| read::below(problem, |file| place(spec, file)))?;
    let declared = read::declared(&source.files, &source.metadata);
    let missing: Vec<&Dependency> = declared
        .iter()
        .filter(|wanted| !subcharts.iter().any(|subchart| subchart.name == wanted.name))
        .collect();
    let Some(first) = missing.first() else { return Ok(()) };
    let names: Vec<String> = missing.iter().map(|wanted| format!("`{}`", wanted.name)).collect();
    let message = format!("declared but not in `charts/`: {}", names.join(", "));
    let help = dependencies::way_out(&first.repository, &spec.path);
    Err(Diagnostic::new(&codes::CHART_DEPENDENCY_MISSING, message)
        .at(Location::file(place(spec, "Chart.yaml")))
        .help(format!("run `helm dependency build {}` and commit `charts/`, or {help}", spec.path)))
}

/// The path of a chart's file for messages: relative to the tree.
pub(crate) fn place(spec: &ChartSpec, file: &str) -> String {
    if spec.path == "." || spec.path.is_empty() {
        file.to_owned()
    } else {
        format!("{}/{file}", spec.path)
    }
}

fn text<'f>(file: &'f Entry, spec: &ChartSpec) -> Result<&'f str, Diagnostic> {
    std::str::from_utf8(&file.bytes).map_err(|_| {
        Diagnostic::new(&codes::CHART_NOT_UTF8, "the file is not UTF-8 text")
            .at(Location::file(place(spec, &file.path)))
            .help("save it as UTF-8")
    })
}

/// Helm's order, and within it that of walking the folders.
pub(crate) fn rank(path: &str) -> (usize, Vec<&str>) {
    const FIRST: [&str; 4] = ["Chart.yaml", "Chart.lock", "values.yaml", "values.schema.json"];
    let first = FIRST.iter().position(|name| *name == path);
    let group = first.unwrap_or_else(|| match path.split_once('/') {
        Some(("templates", _)) => 4,
        Some(("charts", _)) => 6,
        _ => 5,
    });
    (group, path.split('/').collect())
}

#[cfg(test)]
mod tests;
