//! The charts that a chart depends on and that its `charts/` folder lacks: where they come from,
//! and how they are put in, as `helm dependency build` and `helm package` would.
//!
//! `file://` ones come from the tree. Those of repositories are fetched in the versions that the
//! lock says; nothing is resolved here.

use std::collections::{BTreeMap, BTreeSet};

use archive::Entry;
use format::{Fetch, FetchedFile, below};
use model::{Diagnostic, Found, Invocation, Location, Material, Tree, file_name_problem};

use crate::checks::in_home;
use crate::dependencies::{is_archive_of, is_remote, local_folder, members, way_out};
use crate::metadata::{ChartLock, Dependency};
use crate::pack::{self, Source, place};
use crate::{ChartSpec, chart_metadata, codes, kube, lock, read};

/// Files of a chart that say what it depends on.
const SAY: [&str; 4] = ["Chart.yaml", "requirements.yaml", "Chart.lock", "requirements.lock"];

/// The folders of the tree that the chart of `spec` may be packed with.
pub(crate) fn folders(spec: &ChartSpec, tree: &dyn Tree) -> Vec<String> {
    let declared = declared(spec, tree).unwrap_or_default();
    let local = declared.iter().filter_map(|one| local_folder(&spec.path, &one.repository));
    let is_chart = |folder: &String| tree.look(&below(folder, "Chart.yaml")) == Found::File;
    let found: BTreeSet<String> = local.filter(is_chart).collect();
    found.into_iter().collect()
}

/// How to fetch the charts that the lock pins and `charts/` lacks; none where the lock does not
/// belong to the chart, which [`add`] then says.
pub(crate) fn fetches(spec: &ChartSpec, tree: &dyn Tree, helm: &str, home: &str) -> Vec<Fetch> {
    let said = said(spec, tree);
    let (Ok(Some((_, lock))), Some(declared)) = (read::lock(&said), declared(spec, tree)) else {
        return Vec::new();
    };
    if !lock::belongs(&lock, &declared) {
        return Vec::new();
    }
    let mut found: Vec<Fetch> = Vec::new();
    for one in declared.iter().filter(|one| is_remote(&one.repository)) {
        let Some(locked) = locked(&lock, one).filter(|_| !is_there(spec, tree, &one.name)) else {
            continue;
        };
        let folder = format!("fetched-{}", found.len());
        let fetch = Fetch { uri: uri(locked), command: pull(locked, helm, home, &folder), folder };
        if is_speakable(locked) && found.iter().all(|other| other.uri != fetch.uri) {
            found.push(fetch);
        }
    }
    found
}

/// Puts the charts that `source` lacks in, from folders of the tree and from what was fetched.
/// Gives what of others it holds now.
///
/// # Errors
/// When one is not to be had, or is not the one that is asked for.
pub(crate) fn add(
    source: &mut Source,
    spec: &ChartSpec,
    folders: &BTreeMap<String, Vec<Entry>>,
    fetched: &[FetchedFile],
) -> Result<Vec<Material>, Diagnostic> {
    let subcharts = read::subcharts(&source.files)
        .map_err(|problem| read::below(problem, |file| place(spec, file)))?;
    let declared = read::declared(&source.files, &source.metadata);
    let mut materials = Vec::new();
    let mut done = BTreeSet::new();
    for one in &declared {
        if subcharts.iter().any(|subchart| subchart.name == one.name) {
            continue;
        }
        let files = if let Some(folder) = local_folder(&spec.path, &one.repository) {
            let Some(files) = folders.get(&folder) else { continue };
            local(one, spec, &folder, files)?
        } else if is_remote(&one.repository) {
            let locked = pinned(source, spec, &declared, one)?;
            let Some(fetched) = fetched.iter().find(|file| file.uri == uri(&locked)) else {
                continue;
            };
            let files = remote(&locked, spec, fetched)?;
            materials.push(Material { uri: fetched.uri.clone(), digest: fetched.digest });
            files
        } else {
            continue;
        };
        if !done.insert(one.name.clone()) {
            let message = format!("`{}` is needed twice, and only one can be put in", one.name);
            return Err(wrong(spec, message).help("commit both as archives in `charts/`"));
        }
        let inside =
            |file: Entry| Entry { path: format!("charts/{}/{}", one.name, file.path), ..file };
        source.files.extend(files.into_iter().map(inside));
    }
    materials.sort();
    source.files.sort_by(|a, b| pack::rank(&a.path).cmp(&pack::rank(&b.path)));
    Ok(materials)
}

/// The files of a chart of the tree, as `helm package` packs them.
fn local(
    wanted: &Dependency,
    spec: &ChartSpec,
    folder: &str,
    files: &[Entry],
) -> Result<Vec<Entry>, Diagnostic> {
    let own = ChartSpec { name: wanted.name.clone(), path: folder.to_owned(), ..spec.clone() };
    let source = pack::select(files.to_vec(), &own)?;
    let (name, version) = (&source.metadata.name, &source.metadata.version);
    let fits = wanted.version.is_empty() || kube::fits(&wanted.version, version) == Some(true);
    if *name == wanted.name && fits {
        return Ok(source.files);
    }
    let message = format!(
        "`{}` is `{name}` {version}, not `{}` {}",
        wanted.repository, wanted.name, wanted.version
    );
    Err(wrong(spec, message).help("correct the name or the version of the dependency"))
}

/// The files of a fetched chart.
fn remote(
    locked: &Dependency,
    spec: &ChartSpec,
    fetched: &FetchedFile,
) -> Result<Vec<Entry>, Diagnostic> {
    let Dependency { name, version, repository, .. } = locked;
    let found = read::unpack(&fetched.uri, &fetched.bytes)?;
    let manifest = found.1.iter().find(|file| file.path == "Chart.yaml").map(|file| &file.bytes);
    let text = String::from_utf8_lossy(manifest.map_or(&[][..], Vec::as_slice));
    let metadata = chart_metadata(&text)?;
    let bare = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
    if metadata.name == *name && bare(&metadata.version) == bare(version) {
        return Ok(found.1);
    }
    let message = format!(
        "`{repository}` serves `{}` {} for `{name}` {version}",
        metadata.name, metadata.version
    );
    Err(wrong(spec, message).help("ask the maintainers of the repository"))
}

/// What the lock pins for `wanted`.
fn pinned(
    source: &Source,
    spec: &ChartSpec,
    declared: &[Dependency],
    wanted: &Dependency,
) -> Result<Dependency, Diagnostic> {
    let found = read::lock(&source.files)
        .map_err(|problem| read::below(problem, |file| place(spec, file)))?;
    let help = way_out(&wanted.repository, &spec.path);
    let Some((name, lock)) = found else {
        let message = format!(
            "`{}` is not in `charts/`, and no `Chart.lock` says which version it is",
            wanted.name
        );
        return Err(wrong(spec, message).help(help));
    };
    let fits = lock::belongs(&lock, declared);
    match locked(&lock, wanted).filter(|_| fits).filter(|one| is_speakable(one)) {
        Some(locked) => Ok(locked.clone()),
        None => {
            let message = format!("`{name}` was made for other dependencies than `Chart.yaml` has");
            let problem = Diagnostic::new(&codes::CHART_DEPENDENCY_MISSING, message);
            Err(problem.at(Location::file(place(spec, name))).help(help))
        }
    }
}

fn locked<'l>(lock: &'l ChartLock, wanted: &Dependency) -> Option<&'l Dependency> {
    let same = |one: &&Dependency| one.name == wanted.name && one.repository == wanted.repository;
    let fitting = || lock.dependencies.iter().filter(same);
    let in_range = |one: &&Dependency| kube::fits(&wanted.version, &one.version) != Some(false);
    fitting().find(in_range).or_else(|| fitting().next())
}

/// Whether its name and version can be words of a command.
fn is_speakable(one: &Dependency) -> bool {
    file_name_problem(&one.name).is_none()
        && !one.name.starts_with('-')
        && kube::is_version(&one.version)
        && !one.repository.chars().any(|c| c.is_control() || c == ' ')
}

/// Its package URL.
fn uri(one: &Dependency) -> String {
    let version = one.version.replace('+', "%2B");
    format!("pkg:generic/{}@{version}?repository_url={}", one.name, one.repository)
}

/// `helm pull` into `folder` of the folder for outputs, which is where it runs.
fn pull(one: &Dependency, helm: &str, home: &str, folder: &str) -> Invocation {
    let mut args = vec!["pull".to_owned()];
    match one.repository.strip_prefix("oci://") {
        Some(registry) => {
            args.push(format!("{}/{}", one.repository.trim_end_matches('/'), one.name));
            // Registries on this machine have no certificate.
            let host = registry.split(['/', ':']).next().unwrap_or_default();
            if matches!(host, "localhost" | "127.0.0.1") {
                args.push("--plain-http".to_owned());
            }
        }
        None => args.extend([one.name.clone(), "--repo".to_owned(), one.repository.clone()]),
    }
    let rest = ["--version", &one.version, "--destination", folder];
    args.extend(rest.into_iter().map(str::to_owned));
    in_home(Invocation::new(helm, args), home)
}

/// The dependencies that the chart declares; nothing where that cannot be read.
fn declared(spec: &ChartSpec, tree: &dyn Tree) -> Option<Vec<Dependency>> {
    let said = said(spec, tree);
    let manifest = said.iter().find(|file| file.path == "Chart.yaml")?;
    let metadata = chart_metadata(std::str::from_utf8(&manifest.bytes).ok()?).ok()?;
    Some(read::declared(&said, &metadata))
}

fn said(spec: &ChartSpec, tree: &dyn Tree) -> Vec<Entry> {
    let entry = |name: &str| match tree.find(&below(&spec.path, name)) {
        Found::Text(text) => Some(Entry::new(name, text.trim_start_matches('\u{feff}'))),
        _ => None,
    };
    SAY.into_iter().filter_map(entry).collect()
}

/// Whether `charts/` seems to hold the chart `name`: at worst it is fetched and not used.
fn is_there(spec: &ChartSpec, tree: &dyn Tree, name: &str) -> bool {
    let inside = below(&spec.path, "charts");
    members(&tree.files(), &inside).into_iter().any(|one| {
        let is_chart = || match tree.find(&format!("{inside}/{one}/Chart.yaml")) {
            Found::Text(text) => chart_metadata(&text).is_ok_and(|chart| chart.name == name),
            _ => false,
        };
        is_archive_of(one, name) || is_chart()
    })
}

fn wrong(spec: &ChartSpec, message: String) -> Diagnostic {
    Diagnostic::new(&codes::CHART_DEPENDENCY_MISSING, message)
        .at(Location::file(place(spec, "Chart.yaml")))
}

#[cfg(test)]
mod tests;
