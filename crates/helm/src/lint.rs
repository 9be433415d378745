//! Problems of a chart's source: errors where `helm package` refuses it, warnings for the rest.
//!
//! Templates are linted by `helm lint --strict` on the packaged chart; this module checks what that
//! misses, or reports too late or without a location.

use std::collections::BTreeMap;

use crate::ChartSpec;
use archive::Entry;
use model::{Diagnostic, Location, Severity};

use crate::codes;
use crate::metadata;
use crate::pack::{self, Source, place};
use crate::{lock, read, yaml};

/// All problems of the files in a chart's folder, with paths relative to it.
#[must_use]
pub fn lint_chart(files: &[Entry], spec: &ChartSpec) -> Vec<Diagnostic> {
    match pack::select(files.to_vec(), spec) {
        Ok(source) => lint(files, &source, spec),
        Err(problem) => vec![problem],
    }
}

/// The same for files that are selected from `files`, and what was put in beside them.
pub(crate) fn lint(files: &[Entry], source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> =
        pack::pack(source.clone(), spec, 0).err().into_iter().collect();
    problems.extend(manifest(source, spec));
    let twin = read::twins(&source.files).map(|pair| pack::twin(spec, pair));
    problems.extend(twin.filter(is_warning));
    problems.extend(
        read::schema_problem(&source.files)
            .filter(is_warning)
            .map(|problem| read::below(problem, |file| place(spec, file))),
    );
    problems.extend(repeated_keys(source, spec));
    problems.extend(names(spec));
    problems.extend(readme(files, source, spec));
    problems.extend(locked(source, spec));
    problems.extend(nested(source, spec));
    problems
}

fn manifest(source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let file = place(spec, "Chart.yaml");
    let metadata = &source.metadata;
    let root = metadata::mapping(&file, &source.text).ok();
    let at = |key: &str| {
        let own = root.as_ref().and_then(|root| root.own(key));
        own.map_or(Location::file(&file), |(name, _)| {
            Location::at(&file, &source.text, name.span.start)
        })
    };
    let mut problems = Vec::new();
    match metadata.api_version.as_str() {
        "v2" => {}
        // Helm takes a chart that says nothing for one of Helm 2's.
        "" | "v1" => problems.push(
            Diagnostic::warning(&codes::CHART_API_VERSION, "`apiVersion` is Helm 2's `v1`")
                .at(at("apiVersion"))
                .help("write `apiVersion: v2`; dependencies are then in `Chart.yaml`"),
        ),
        other => problems.push(
            Diagnostic::new(
                &codes::CHART_API_VERSION,
                format!("`apiVersion` is `{other}`, not `v2`"),
            )
            .at(at("apiVersion"))
            .help("write `apiVersion: v2`"),
        ),
    }
    if !matches!(metadata.kind.as_str(), "" | "application" | "library") {
        let message = format!("`type` is `{}`, not `application` or `library`", metadata.kind);
        problems.push(Diagnostic::new(&codes::CHART_TYPE, message).at(at("type")));
    }
    let app_version = root.as_ref().and_then(|root| root.get("appVersion"));
    if spec.app_version.is_none()
        && app_version.is_some_and(|node| !node.is_text() && !node.is_null())
    {
        problems.push(
            Diagnostic::warning(
                &model::codes::CHART_APP_VERSION,
                "`appVersion` is read as a number, not as text",
            )
            .at(at("appVersion"))
            .help(format!("put it in quotes: `appVersion: \"{}\"`", metadata.app_version)),
        );
    }
    if metadata.maintainers.iter().any(|maintainer| maintainer.name.is_empty()) {
        problems.push(
            Diagnostic::new(&codes::CHART_MAINTAINER, "a maintainer has no `name`")
                .at(at("maintainers")),
        );
    }
    problems
}

fn is_warning(problem: &Diagnostic) -> bool {
    problem.severity == Severity::Warning
}

fn repeated_keys(source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let read = |file: &&Entry| matches!(file.path.as_str(), "Chart.yaml" | "values.yaml");
    let repeated = |file: &Entry| {
        yaml::repeated_key(&place(spec, &file.path), std::str::from_utf8(&file.bytes).ok()?)
    };
    source.files.iter().filter(read).filter_map(repeated).collect()
}

fn names(spec: &ChartSpec) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let folder = spec.path.rsplit('/').next().unwrap_or_default();
    if !matches!(folder, "" | ".") && folder != spec.name {
        let message = format!("chart `{}` is in a folder called `{folder}`", spec.name);
        problems.push(
            Diagnostic::new(&codes::CHART_FOLDER_NAME, message)
                .at(Location::file(place(spec, "Chart.yaml")))
                .help("give both one name, as Helm's best practices ask"),
        );
    }
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !spec.name.chars().all(|c| lower(c) || "-._".contains(c)) {
        let message = format!("`{}` cannot be a repository's name in a registry", spec.name);
        problems.push(
            Diagnostic::warning(&model::codes::CHART_NAME, message)
                .at(Location::file(place(spec, "Chart.yaml")))
                .help("use lower-case letters, digits and `-`"),
        );
    }
    problems
}

fn readme(all: &[Entry], source: &Source, spec: &ChartSpec) -> Option<Diagnostic> {
    let is_readme = |file: &Entry| {
        matches!(file.path.to_ascii_lowercase().as_str(), "readme.md" | "readme.txt" | "readme")
    };
    if source.files.iter().any(is_readme) {
        return None;
    }
    let dropped = all.iter().any(is_readme);
    let (message, help) = if dropped {
        ("`.helmignore` drops the chart's README", "take the rule out: `helm show readme` needs it")
    } else {
        ("the chart has no README.md", "say what it installs and which values matter")
    };
    let problem = Diagnostic::new(&codes::CHART_README, message).help(help);
    Some(problem.at(Location::file(place(spec, if dropped { ".helmignore" } else { "README.md" }))))
}

/// Dependencies of subcharts that are not there: `helm package` packs such a chart without a word.
fn nested(source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let mut folders: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
    for file in &source.files {
        let inside = file.path.strip_prefix("charts/").and_then(|path| path.split_once('/'));
        let Some((folder, path)) = inside.filter(|(it, _)| !it.starts_with(['_', '.'])) else {
            continue;
        };
        let entry = Entry { path: path.to_owned(), ..file.clone() };
        folders.entry(folder).or_default().push(entry);
    }
    let mut problems = Vec::new();
    for (folder, files) in folders {
        let manifest = files.iter().find(|file| file.path == "Chart.yaml");
        let text = manifest.map(|file| String::from_utf8_lossy(&file.bytes)).unwrap_or_default();
        let Ok(metadata) = metadata::chart_metadata(&text) else { continue };
        let there = read::subcharts(&files).unwrap_or_default();
        for wanted in read::declared(&files, &metadata) {
            if there.iter().all(|subchart| subchart.name != wanted.name) {
                let message =
                    format!("`charts/{folder}` is packed without its dependency `{}`", wanted.name);
                problems.push(
                    Diagnostic::warning(&codes::CHART_DEPENDENCY_MISSING, message)
                        .at(Location::file(place(spec, "Chart.yaml")))
                        .help("commit it in the `charts/` of the chart that depends on it"),
                );
            }
        }
    }
    problems
}

fn locked(source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let (name, lock) = match read::lock(&source.files) {
        Ok(Some(found)) => found,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![read::below(problem, |file| place(spec, file))],
    };
    let mut problems = Vec::new();
    let declared = read::declared(&source.files, &source.metadata);
    if !lock::belongs(&lock, &declared) {
        let message = format!("`{name}` was made for other dependencies");
        problems.push(
            Diagnostic::new(&codes::CHART_LOCK_STALE, message)
                .at(Location::file(place(spec, name)))
                .help(format!("run `helm dependency update {}`", spec.path)),
        );
    }
    for subchart in read::subcharts(&source.files).unwrap_or_default() {
        let wanted = lock.dependencies.iter().filter(|locked| locked.name == subchart.name);
        let versions: Vec<&str> = wanted.map(|locked| locked.version.as_str()).collect();
        if !versions.is_empty() && !versions.contains(&subchart.version.as_str()) {
            let message = format!(
                "`{}` is {} here, but `{name}` says {}",
                subchart.name,
                subchart.version,
                versions.join(" and ")
            );
            problems.push(
                Diagnostic::new(&codes::CHART_LOCK_DIFFERS, message)
                    .at(Location::file(place(spec, &subchart.path)))
                    .help(format!("run `helm dependency build {}`", spec.path)),
            );
        }
    }
    problems
}

#[cfg(test)]
mod tests;
