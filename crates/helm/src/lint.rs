//! Problems of a chart's source that do not prevent packaging.
//!
//! Templates are linted by `helm lint --strict` on the packaged chart; this module checks what that
//! misses, or reports too late or without a location.

use crate::ChartSpec;
use archive::Entry;
use model::{Diagnostic, Location};

use crate::codes;
use crate::metadata;
use crate::pack::{self, Source, place};
use crate::{lock, read};

/// All problems of the files in a chart's folder, with paths relative to it.
#[must_use]
pub fn lint_chart(files: &[Entry], spec: &ChartSpec) -> Vec<Diagnostic> {
    let source = match pack::select(files.to_vec(), spec) {
        Ok(source) => source,
        Err(problem) => return vec![problem],
    };
    let mut problems: Vec<Diagnostic> =
        pack::pack_chart(files.to_vec(), spec, 0).err().into_iter().collect();
    problems.extend(manifest(&source, spec));
    problems.extend(names(spec));
    problems.extend(readme(files, &source, spec));
    problems.extend(locked(&source, spec));
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
        "v1" => problems.push(
            Diagnostic::warning(&codes::CHART_API_VERSION, "`apiVersion: v1` is Helm 2's")
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
            Diagnostic::new(
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

fn locked(source: &Source, spec: &ChartSpec) -> Vec<Diagnostic> {
    let file = place(spec, "Chart.lock");
    let Some(entry) = source.files.iter().find(|file| file.path == "Chart.lock") else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&entry.bytes);
    let lock = match metadata::lock_at(&file, &text) {
        Ok(lock) => lock,
        Err(problem) => return vec![problem],
    };
    let mut problems = Vec::new();
    let declared = read::declared(&source.files, &source.metadata);
    if lock.digest != lock::digest(&declared, &lock.dependencies).to_string() {
        problems.push(
            Diagnostic::new(
                &codes::CHART_LOCK_STALE,
                "`Chart.lock` was made for other dependencies",
            )
            .at(Location::file(&file))
            .help(format!("run `helm dependency update {}`", spec.path)),
        );
    }
    for subchart in read::subcharts(&source.files).unwrap_or_default() {
        let wanted = lock.dependencies.iter().filter(|locked| locked.name == subchart.name);
        let versions: Vec<&str> = wanted.map(|locked| locked.version.as_str()).collect();
        if !versions.is_empty() && !versions.contains(&subchart.version.as_str()) {
            let message = format!(
                "`{}` is {} here, but `Chart.lock` says {}",
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
