//! Takes a sealed release to where its users find it.
//!
//! Nothing but the manifest says what goes out. This module knows what has to be true before
//! anything does, and which destinations a release has; how each is published to is known by crates
//! of their own.

mod destinations;
mod gate;
mod measured;
mod verified;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use ::publish::{ItemReport, ItemStatus, Local, Options, Phase, Run};
use http::RetryPolicy;
use model::{Diagnostics, Digest, Format, Manifest};
use release::Formats;
use serde::Serialize;
use verify::{Dist as _, Policy};

use destinations::Destinations;
pub use verified::Verified;

use crate::environment::Environment;
use crate::folder::Folder;
use crate::options::{Failure, Kind};
use crate::progress::{Event, Progress};

/// A destination of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// Where artifacts of this format are published: an index or a registry.
    Format(Format),
    /// GitHub Releases.
    Github,
}

/// Which part of a publication is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// What can be taken back: images and charts by digest, the draft with its assets.
    Stage,
    /// What can never be replaced: the Python index.
    Index,
    /// What makes the rest seen: tags, the draft's publication.
    Finish,
}

/// What is asked of a publication.
#[derive(Debug, Clone, Default)]
pub struct Publishing {
    /// The sealed release.
    pub dist: PathBuf,
    /// What the digest of its manifest must be.
    pub manifest: Option<Digest>,
    /// Which part.
    pub part: Part,
    /// The formats that are handled.
    pub formats: Formats,
    /// Which destinations; empty for all that the release has something for.
    pub only: BTreeSet<Destination>,
    /// The tag whose push started the run: only its release goes out.
    pub pushed: Option<String>,
    /// Ask everything, write nothing.
    pub dry_run: bool,
    /// Publish although units are missing.
    pub allow_missing: bool,
    /// Tags that may move to other bytes.
    pub move_tags: Vec<String>,
    /// Ask a registry about every blob, also those of manifests that are there.
    pub recheck: bool,
    /// Further tags of images, which move to this release.
    pub tags: Vec<String>,
    /// Whom to trust: refuse a release that is signed by another.
    pub policy: Policy,
    /// Where Python packages are uploaded; uv's own default unless named.
    pub publish_url: Option<String>,
    /// Where the index is read: its simple index.
    pub check_url: Option<String>,
    /// Settings and secrets.
    pub environment: Environment,
    /// How often transient failures are retried.
    pub retries: RetryPolicy,
    /// Tools that the caller names instead of the pinned ones.
    pub tools: BTreeMap<String, PathBuf>,
    /// The cache's folder, when it is not the usual one.
    pub cache: Option<PathBuf>,
}

/// A publication at its end.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// What became of each item, and why it stopped.
    #[serde(flatten)]
    pub run: Run,
    /// What a person should know all the same.
    pub warnings: Diagnostics,
    /// What the destinations serve of it at the end, looked at from the outside.
    pub verified: Vec<Verified>,
    /// The release that went out.
    #[serde(skip)]
    pub manifest: Manifest,
}

impl Published {
    /// What it means to the caller; nothing when all went well.
    #[must_use]
    pub fn failure(&self) -> Option<Kind> {
        // Other bytes that stand there are an answer; a destination that contradicts itself is not.
        let refused = |ended: &ItemReport| ended.status == ItemStatus::Refused;
        let run = match self.run.problems.has_errors() {
            false => None,
            true if self.run.items.iter().any(refused) => Some(Kind::No),
            true => Some(Kind::Unable),
        };
        let looked: Vec<Kind> = self.verified.iter().filter_map(Verified::failure).collect();
        let worst =
            if looked.contains(&Kind::No) { Some(Kind::No) } else { looked.first().copied() };
        run.or(worst)
    }
}

/// Publishes the release in `dist/`.
///
/// # Errors
/// When it is not a release that may be published, or a destination cannot be reached at all. What
/// went wrong on the way, [`Published`] says.
pub fn publish(asked: &Publishing, progress: &Arc<dyn Progress>) -> Result<Published, Failure> {
    let dist = Folder::new(&asked.dist);
    progress.event(&Event::Stage { name: "verify", units: 0 });
    let admitted = gate::admit(&dist, asked)?;
    let selected = Destinations::of(&admitted.sealed.manifest, asked, progress)?;
    let destinations = selected.open()?;
    progress.event(&Event::Stage { name: "publish", units: 0 });
    let options = Options { phases: asked.part.phases(), dry_run: asked.dry_run };
    let tell = |event: &::publish::Event<'_>| progress.event(&Event::Publishing(event));
    let run = ::publish::publish(&destinations, &options, &tell);
    let mut warnings = admitted.warnings;
    warnings.extend(destinations.iter().flat_map(|one| one.notices()));
    let seen = options.phases.contains(&Phase::Finish) && !options.dry_run;
    let mut verified = Vec::new();
    if seen && !run.problems.has_errors() {
        warnings.extend(destinations.iter().flat_map(|one| one.hidden()));
        // Where nothing was written, every destination was just asked for each digest.
        let wrote = run.items.iter().any(|ended| ended.status == ItemStatus::Written);
        if wrote || asked.part == Part::Finish {
            progress.event(&Event::Stage { name: "verify", units: 0 });
            verified = selected.look(&dist, &admitted.sealed.digest, &run.items)?;
        }
    }
    drop(destinations);
    drop(selected);
    Ok(Published { run, warnings, verified, manifest: admitted.sealed.manifest })
}

/// Reads the stores in `dist/` back.
///
/// # Errors
/// When one does not serve what was sealed.
pub(crate) fn local(dist: &Folder, manifest: &Manifest) -> Result<(), Failure> {
    let measure = |path: &str| dist.measure(path);
    let destinations: [Box<dyn ::publish::Destination + '_>; 1] =
        [Box::new(Local::new(manifest, &measure))];
    let options = Options { phases: Part::Whole.phases(), dry_run: false };
    let run = ::publish::publish(&destinations, &options, &|_| {});
    if run.problems.has_errors() { Err(Failure::no(run.problems)) } else { Ok(()) }
}

impl Destination {
    /// The word for GitHub Releases.
    const GITHUB: &str = "github";

    /// All destinations of `formats`, in the order of the table; GitHub last.
    #[must_use]
    pub fn all(formats: Formats) -> Vec<Self> {
        let published = formats.inspects.iter().filter(|format| {
            matches!(
                format.destination(),
                format::Destination::Index | format::Destination::Registry
            )
        });
        published.map(|format| Self::Format(format.format())).chain([Self::Github]).collect()
    }

    /// The destination that people call `word`.
    #[must_use]
    pub fn named(word: &str, formats: Formats) -> Option<Self> {
        Self::all(formats).into_iter().find(|destination| destination.name() == word)
    }

    /// Where the artifacts of `format` go.
    #[must_use]
    pub fn of(format: Format, formats: Formats) -> Self {
        let own = Self::Format(format);
        if Self::all(formats).contains(&own) { own } else { Self::Github }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Format(format) => format.as_str(),
            Self::Github => Self::GITHUB,
        }
    }
}

impl Part {
    fn phases(self) -> BTreeSet<Phase> {
        match self {
            Self::Whole => [Phase::Stage, Phase::Index, Phase::Finish].into(),
            Self::Stage => [Phase::Stage].into(),
            Self::Index => [Phase::Index].into(),
            Self::Finish => [Phase::Finish].into(),
        }
    }
}
