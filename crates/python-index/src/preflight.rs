//! What would stop an upload half way, found before anything is written anywhere.

use std::collections::{BTreeMap, BTreeSet};

use format::{Destination, Inspects};
use model::{Artifact, Diagnostic, Manifest, Severity, normalized_python_name};

use crate::codes;
use crate::uv::UploadAuth;

/// Projects that the public index lets one address create in an hour.
const NEW_PROJECTS_AN_HOUR: usize = 20;

/// Which workflow this job belongs to, as GitHub says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Workflow {
    /// `GITHUB_REPOSITORY`: `owner/repo` of the run.
    pub repository: String,
    /// `GITHUB_WORKFLOW_REF`: the file that the run began with.
    pub workflow: Option<String>,
    /// `job.workflow_ref` (or the `job_workflow_ref` of the job's identity): the file that this
    /// job is written in.
    pub job: Option<String>,
}

/// Looks over all that is to be uploaded. `lint` is what the format's own checks found in the
/// files; its errors are what the index refuses. Without `auth` this run uploads nothing itself.
#[must_use]
pub fn preflight(
    manifest: &Manifest,
    formats: &[&dyn Inspects],
    lint: &[Diagnostic],
    auth: Option<&UploadAuth>,
    workflow: &Workflow,
) -> Vec<Diagnostic> {
    let files: Vec<&Artifact> = distributions(manifest, formats).collect();
    if files.is_empty() {
        return Vec::new();
    }
    let refused = lint.iter().filter(|problem| problem.severity == Severity::Error).cloned();
    let mut problems: Vec<Diagnostic> = refused.collect();
    if let Some(auth) = auth {
        problems.extend(auth.missing());
        problems.extend(foreign_workflow(workflow).filter(|_| auth.is_trusted()));
    }
    problems.extend(versions(&files));
    problems.extend(names(&files));
    problems
}

/// The files of a release that go to an index.
pub(crate) fn distributions<'m>(
    manifest: &'m Manifest,
    formats: &[&dyn Inspects],
) -> impl Iterator<Item = &'m Artifact> {
    manifest.artifacts.iter().filter(|artifact| {
        <dyn Inspects>::of(formats, artifact.format)
            .is_ok_and(|format| format.destination() == Destination::Index)
    })
}

/// A file's project (normalized) and version, by its name.
pub(crate) fn project(file: &str) -> Option<(String, String)> {
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        let (name, version) = (parts.next()?, parts.next()?);
        return (parts.count() >= 3).then(|| (normalized_python_name(name), version.to_owned()));
    }
    let (name, version) = file.strip_suffix(".tar.gz")?.rsplit_once('-')?;
    Some((normalized_python_name(name), version.to_owned()))
}

pub(crate) fn file_name(artifact: &Artifact) -> &str {
    artifact.file.path.rsplit('/').next().unwrap_or_default()
}

/// A warning where so many projects would be new that the index stops half way.
pub(crate) fn many_new(projects: usize) -> Option<Diagnostic> {
    (projects > NEW_PROJECTS_AN_HOUR).then(|| {
        let message = format!("{projects} projects are new to the index");
        Diagnostic::new(&codes::INDEX_MANY_NEW_PROJECTS, message).help(
            "the public index creates about 20 an hour: when it stops, run the same command again \
             later",
        )
    })
}

/// The public index accepts a workflow's identity only when the job is in the repository's own
/// workflow file.
fn foreign_workflow(workflow: &Workflow) -> Option<Diagnostic> {
    let own = |text: &String| {
        let mut parts = text.splitn(3, '/');
        let repository = [parts.next()?, parts.next()?].join("/");
        (!repository.eq_ignore_ascii_case(&workflow.repository)).then_some(text.clone())
    };
    if workflow.repository.is_empty() {
        return None;
    }
    let found = [&workflow.job, &workflow.workflow].into_iter().flatten().find_map(own)?;
    let message = format!(
        "this job is in `{found}`, a workflow of another repository than `{}`: no index \
         accepts its identity",
        workflow.repository
    );
    Some(Diagnostic::new(&codes::INDEX_FOREIGN_WORKFLOW, message).help(
        "put the upload job into your own workflow file, as the template in \
         `workflows/release.yml` does, or set `UV_PUBLISH_TOKEN`",
    ))
}

/// Local versions are for one place only (PEP 440), and no public index takes them.
fn versions(files: &[&Artifact]) -> Vec<Diagnostic> {
    let local = files
        .iter()
        .filter(|file| project(file_name(file)).is_some_and(|(_, version)| version.contains('+')));
    local
        .map(|file| {
            let message = format!("`{}` has a local version", file_name(file));
            Diagnostic::new(&codes::INDEX_LOCAL_VERSION, message)
                .at(model::Location::file(&file.file.path))
                .help("an index takes no version with a `+`: release it without that part")
        })
        .collect()
}

/// Names that are not valid or appear twice, and second source distributions.
fn names(files: &[&Artifact]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut sdists: BTreeMap<(String, String), &str> = BTreeMap::new();
    for file in files {
        let (name, location) = (file_name(file), model::Location::file(&file.file.path));
        let Some(project) = project(name) else {
            let message = format!("`{}` is not the name of a wheel or sdist", name.escape_debug());
            problems.push(Diagnostic::new(&codes::INDEX_FILE_NAME, message).at(location));
            continue;
        };
        if !seen.insert(name) {
            let message = format!("two files are called `{name}`");
            problems.push(Diagnostic::new(&codes::INDEX_FILE_TWICE, message).at(location));
        } else if !name.ends_with(".whl")
            && let Some(other) = sdists.insert(project, name)
        {
            let message = format!("`{name}` and `{other}` are sdists of one release");
            problems.push(
                Diagnostic::new(&codes::INDEX_TWO_SDISTS, message)
                    .at(location)
                    .help("an index takes one for each release"),
            );
        }
    }
    problems
}
