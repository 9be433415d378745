//! Where the dependencies of a chart can come from, as far as a plan knows.

use std::collections::BTreeSet;

use manifests::chart::ChartDependency;
use manifests::{Manifests, join, join_relative};
use model::Diagnostic;

use crate::{codes, kube};

/// The folder of the tree that `repository` names, for a chart in `folder`.
pub(crate) fn local_folder(folder: &str, repository: &str) -> Option<String> {
    join_relative(folder, repository.strip_prefix("file://")?)
}

/// Whether a chart can be fetched from `repository` without settings of the user's.
pub(crate) fn is_remote(repository: &str) -> bool {
    ["https://", "http://", "oci://"].into_iter().any(|scheme| repository.starts_with(scheme))
}

/// What the plan says of each dependency that the chart in `folder` cannot be packed with: not in
/// `charts/`, and neither in the tree nor pinned by a lock. What is not sure is left to the build.
pub(crate) fn missing(
    manifests: &Manifests<'_>,
    folder: &str,
    dependencies: &[ChartDependency],
) -> Vec<Diagnostic> {
    let inside = join(folder, "charts");
    let there = members(manifests.below(&inside), &inside);
    // A link to a folder of charts, or an archive of another name than its chart: not sure.
    let is_named = |archive: &&str| dependencies.iter().any(|one| archive.starts_with(&one.name));
    let mut archives = there.iter().copied().filter(|name| name.ends_with(".tgz"));
    if there.is_empty() && manifests.folder(&inside).is_ok() || !archives.all(|it| is_named(&it)) {
        return Vec::new();
    }
    let is_there = |name: &str| {
        there.iter().any(|one| {
            let chart = || manifests.chart(&join(&inside, one)).ok()?.name;
            is_archive_of(one, name) || chart().is_some_and(|found| found.text == name)
        })
    };
    let is_file = |path: &str| manifests.is_file(path) == Ok(true);
    let is_locked = ["Chart.lock", "requirements.lock"].iter().any(|it| is_file(&join(folder, it)));
    let problem = |one: &ChartDependency| {
        let local = local_folder(folder, &one.repository);
        let in_tree = local.is_some_and(|local| is_file(&join(&local, "Chart.yaml")));
        if is_there(&one.name) || in_tree || is_locked && is_remote(&one.repository) {
            return None;
        }
        let message = format!("the dependency `{}` is neither in `{inside}` nor locked", one.name);
        let problem = Diagnostic::new(&codes::CHART_DEPENDENCY_MISSING, message);
        Some(problem.at(one.location.clone()).help(way_out(&one.repository, folder)))
    };
    dependencies.iter().filter_map(problem).collect()
}

/// The names of what lies directly in the folder `inside`, of the files below it.
pub(crate) fn members<'f>(files: &'f [String], inside: &str) -> BTreeSet<&'f str> {
    let below = |path: &'f String| path.strip_prefix(inside)?.strip_prefix('/');
    files.iter().filter_map(below).filter_map(|path| path.split('/').next()).collect()
}

/// Whether a file of this name in `charts/` is, by its name, an archive of the chart `name`.
pub(crate) fn is_archive_of(file: &str, name: &str) -> bool {
    let rest = file.strip_suffix(".tgz").and_then(|file| file.strip_prefix(name));
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(kube::is_version))
}

/// What to do about a dependency that is not there, by where it comes from.
pub(crate) fn way_out(repository: &str, folder: &str) -> String {
    if repository.starts_with("file://") {
        format!("name a folder of the tree, relative to `{folder}`, that has a `Chart.yaml`")
    } else if is_remote(repository) {
        format!("run `helm dependency update {folder}` and commit `Chart.lock`")
    } else if repository.is_empty() {
        "commit it in `charts/`, or say its `repository`".to_owned()
    } else {
        format!("write the address of the repository instead of `{repository}`, and lock it again")
    }
}

#[cfg(test)]
mod tests;
