//! `publish`: a sealed release to where its users find it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use api::{Allowed, Asked};
use format::{Form, Inspects};
use model::{Format, Manifest};
use pipeline::{
    Destination, Environment, Failure, ItemStatus, Part, Published, Publishing, RetryPolicy,
};
use release::{FORMATS, INSPECTS};

use crate::input::{Inputs, wrong};
use crate::log::Log;
use crate::trust::allowed;
use crate::{Outcome, summary};

/// Publishes what was sealed.
pub(crate) fn run(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    // Without a word on it, the event decides.
    let wish = match inputs.flag("dry-run")? {
        Some(false) => Asked::Here,
        Some(true) | None => Asked::No,
    };
    let allowed = allowed(inputs, wish)?;
    let asked = Publishing {
        dist: PathBuf::from(inputs.text("dist")?.unwrap_or("dist")),
        manifest: Some(inputs.digest("manifest")?),
        part: part(inputs)?,
        only: only(inputs)?,
        allow_missing: inputs.flag("allow-missing")?.unwrap_or(false),
        recheck: inputs.flag("recheck")?.unwrap_or(false),
        ..asked(inputs, allowed)?
    };
    let published = pipeline::publish(&asked, &log.listener())?;
    Ok(outcome(&asked, published))
}

/// What every action that publishes asks in the same way.
pub(crate) fn asked(inputs: &Inputs<'_>, allowed: Allowed) -> Result<Publishing, Failure> {
    let owned = |name: &str| inputs.text(name).map(|text| text.map(str::to_owned));
    let setting = |name: &str| inputs.variables().get(name).map(str::to_owned);
    Ok(Publishing {
        dry_run: inputs.flag("dry-run")?.unwrap_or(false) || allowed == Allowed::DryRun,
        pushed: inputs.variables().pushed_tag().map(str::to_owned),
        move_tags: inputs.list("move-tags")?,
        tags: inputs.list("tags")?,
        publish_url: owned("publish-url")?.or_else(|| setting("UV_PUBLISH_URL")),
        check_url: owned("check-url")?.or_else(|| setting("UV_PUBLISH_CHECK_URL")),
        policy: pipeline::policy(inputs.text("key")?.map(Path::new))?,
        environment: Environment::of_process(),
        retries: RetryPolicy::default(),
        ..Publishing::default()
    })
}

fn part(inputs: &Inputs<'_>) -> Result<Part, Failure> {
    match inputs.text("phase")? {
        None | Some("whole") => Ok(Part::Whole),
        Some("stage") => Ok(Part::Stage),
        Some("index") => Ok(Part::Index),
        Some("finish") => Ok(Part::Finish),
        Some(other) => Err(wrong(
            "phase",
            other,
            "is not a phase",
            "write `whole`, `stage`, `index` or `finish`",
        )),
    }
}

fn only(inputs: &Inputs<'_>) -> Result<BTreeSet<Destination>, Failure> {
    let destination = |word: &String| {
        let all = Destination::all(FORMATS);
        let words: Vec<&str> = all.iter().map(Destination::name).collect();
        let help = format!("choose from {}", words.join(", "));
        Destination::named(word, FORMATS)
            .ok_or_else(|| wrong("only", word, "is not a destination", &help))
    };
    inputs.list("only")?.iter().map(destination).collect()
}

/// What a publication leaves for the next step, whether it went well or not.
pub(crate) fn outcome(asked: &Publishing, published: Published) -> Outcome {
    let failed = published.failure();
    let count = |status| published.run.items.iter().filter(|ended| ended.status == status).count();
    let refs = serde_json::json!(refs(&published.manifest, &asked.only));
    let outputs = vec![
        ("written", count(ItemStatus::Written).to_string()),
        ("already-there", count(ItemStatus::AlreadyThere).to_string()),
        ("refs", refs.to_string()),
    ];
    let summary = told(asked, &published);
    let mut problems = published.run.problems;
    problems.extend(published.warnings);
    Outcome { outputs, summary, problems, failed, ..Outcome::default() }
}

/// Where the release is found: `registry/name:version@sha256:…`, `oci://registry/chart:version`,
/// `pypi:name==version`, `github:owner/name@tag`.
pub(crate) fn refs(manifest: &Manifest, only: &BTreeSet<Destination>) -> Vec<String> {
    let goes = |to: Destination| only.is_empty() || only.contains(&to);
    let mut refs = BTreeSet::new();
    for artifact in &manifest.artifacts {
        let (reference, version) = (&artifact.reference, &artifact.version);
        let Ok((format, kind)) = <dyn Inspects>::of_artifact(INSPECTS, artifact) else { continue };
        if !goes(home(artifact.format)) {
            continue;
        }
        match kind.form {
            Form::Index => {
                refs.insert(format!("{reference}:{version}@{}", artifact.file.digest));
            }
            Form::FileAndManifest => {
                refs.insert(format!("oci://{reference}:{version}"));
            }
            Form::File if format.destination() == format::Destination::Index => {
                refs.insert(format!("pypi:{}=={version}", project(&artifact.file.path)));
            }
            Form::File | Form::Manifest => {}
        }
    }
    let repository = manifest.release.repository.split_once("://").map(|(_, rest)| rest);
    let name = repository.and_then(|rest| rest.split_once('/')).map(|(_, name)| name);
    let mut refs: Vec<String> = refs.into_iter().collect();
    if let Some(name) = name.filter(|_| goes(Destination::Github)) {
        refs.push(format!("github:{name}@{}", manifest.release.tag));
    }
    refs
}

/// The project that a wheel or sdist belongs to, as its file name says.
fn project(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let project = match name.strip_suffix(".tar.gz") {
        Some(stem) => stem.rsplit_once('-').map(|(project, _)| project),
        None => name.split_once('-').map(|(project, _)| project),
    };
    project.unwrap_or(name).replace('_', "-")
}

/// Where a format's artifacts go.
pub(crate) fn home(format: Format) -> Destination {
    Destination::of(format, FORMATS)
}

fn told(asked: &Publishing, published: &Published) -> String {
    let mut destinations: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut rows = Vec::new();
    for ended in &published.run.items {
        let (column, word) = match ended.status {
            ItemStatus::AlreadyThere => (1, "already there"),
            ItemStatus::Written => (0, "written"),
            ItemStatus::Missing if asked.dry_run => (2, "would be written"),
            ItemStatus::Missing | ItemStatus::Unknown => (2, "not there"),
            ItemStatus::Refused => (3, "refused"),
            ItemStatus::Failed => (3, "failed"),
        };
        if let Some(count) = destinations.entry(&ended.destination).or_default().get_mut(column) {
            *count += 1;
        }
        let digest = summary::code(&ended.item.digest.to_string());
        rows.push(vec![summary::code(&ended.item.name), word.to_owned(), digest]);
    }
    let counts = destinations.into_iter().map(|(name, counts)| {
        std::iter::once(name.to_owned()).chain(counts.map(|count| count.to_string())).collect()
    });
    let missing = if asked.dry_run { "would be written" } else { "not there" };
    let head = ["Destination", "written", "already there", missing, "refused or failed"];
    let title = match asked.dry_run {
        _ if published.run.items.is_empty() => {
            "Nothing to do: the release has nothing for this phase"
        }
        true => "Dry run: nothing was written",
        false => "Published",
    };
    let mut all = published.run.problems.clone();
    all.extend(published.warnings.clone());
    format!(
        "### {title}\n\n{}\n{}\n{}",
        summary::table("Destinations", &head, &counts.collect::<Vec<_>>()),
        summary::problems(&all),
        summary::table("Items", &["Item", "Ended", "Digest"], &rows),
    )
}
