//! The destinations of a release: which there are, and with which credentials.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use format::Inspects;
use github::{GithubReleases, Repository};
use http::Http;
use model::{Diagnostic, Diagnostics, Manifest, Severity};
use python_index::PythonIndex;
use registry::{Keychain, Reference, RegistryDestination};

use super::{Destination, Part, Publishing};
use crate::codes;
use crate::folder::Folder;
use crate::index;
use crate::keychain::{GITHUB_REGISTRY, keychain};
use crate::options::{Failure, Options};
use crate::progress::{Event, Progress};
use crate::toolbox::Toolbox;

/// What the destinations of one release are made from.
pub(super) struct Destinations<'a> {
    pub(super) http: Arc<Http>,
    pub(super) manifest: &'a Manifest,
    pub(super) asked: &'a Publishing,
    pub(super) selected: Vec<Destination>,
    uv: index::PinnedUv,
}

impl<'a> Destinations<'a> {
    /// The destinations that are asked for and that the release has something for. None at all is
    /// fine for one phase of several: a release without Python packages has nothing for the index.
    ///
    /// # Errors
    /// When there is nothing to publish at all or where it is asked for by name, or no network
    /// client.
    pub(super) fn of(
        manifest: &'a Manifest,
        asked: &'a Publishing,
        progress: &Arc<dyn Progress>,
    ) -> Result<Self, Failure> {
        let has = |format| manifest.artifacts.iter().any(|artifact| artifact.format == format);
        let there = |to: &Destination| match to {
            Destination::Format(format) => has(*format),
            Destination::Github => !manifest.release.repository.is_empty(),
        };
        let is_index =
            |to: &Destination| Self::kind(asked, *to) == Some(format::Destination::Index);
        let wanted = |to: &Destination| match asked.part {
            // The job that may speak to the index often may speak to nobody else.
            Part::Index if asked.only.is_empty() => is_index(to),
            _ => asked.only.is_empty() || asked.only.contains(to),
        };
        let mut selected = Destination::all(asked.formats);
        selected.retain(|to| wanted(to) && there(to));
        let is_phase = asked.part != Part::Whole && asked.only.is_empty();
        if selected.is_empty() && !is_phase {
            let message = "the release has nothing for the destinations that are asked for";
            let problem = Diagnostic::new(&codes::PUBLISH_NOWHERE, message);
            return Err(Failure::usage(problem.help("name others with `--only`, or leave it out")));
        }
        let options = Options {
            tools: asked.tools.clone(),
            cache: asked.cache.clone(),
            ..Options::default()
        };
        let uv = index::PinnedUv::new(Toolbox::open(&options, progress)?);
        let http = Arc::new(Http::new(asked.retries)?);
        let listener = Arc::clone(progress);
        http.on_wait(move |wait| listener.event(&Event::Note(wait)));
        Ok(Self { http, manifest, asked, selected, uv })
    }

    /// Each destination, ready to be published to.
    ///
    /// # Errors
    /// What is missing to use one of them: credentials, above all.
    pub(super) fn open(&self) -> Result<Vec<Box<dyn ::publish::Destination + '_>>, Failure> {
        let mut destinations: Vec<Box<dyn ::publish::Destination + '_>> = Vec::new();
        let mut problems = Diagnostics::new();
        for to in &self.selected {
            match self.destination(*to) {
                Ok(destination) => destinations.push(destination),
                Err(more) => problems.extend(more.0),
            }
        }
        if problems.has_errors() { Err(Failure::usage(problems)) } else { Ok(destinations) }
    }

    /// What a destination of a format is; nothing for GitHub Releases.
    fn kind(asked: &Publishing, to: Destination) -> Option<format::Destination> {
        let Destination::Format(format) = to else { return None };
        <dyn Inspects>::of(asked.formats.inspects, format).ok().map(|one| one.destination())
    }

    /// What people pull from a destination.
    ///
    /// # Errors
    /// As [`Destinations::open`].
    pub(super) fn roots(&self, format: &dyn Inspects) -> Result<Vec<Reference>, Diagnostic> {
        Ok(self.registry(format)?.roots().to_vec())
    }

    fn destination(
        &self,
        to: Destination,
    ) -> Result<Box<dyn ::publish::Destination + '_>, Diagnostics> {
        let Destination::Format(format) = to else { return Ok(Box::new(self.github()?)) };
        let format = <dyn Inspects>::of(self.asked.formats.inspects, format)?;
        match format.destination() {
            format::Destination::Index => Ok(Box::new(self.index(format)?)),
            format::Destination::Registry => Ok(Box::new(self.registry(format)?)),
            format::Destination::Downloads => Ok(Box::new(self.github()?)),
        }
    }

    fn registry(&self, format: &dyn Inspects) -> Result<RegistryDestination<'_>, Diagnostic> {
        let own = format.format();
        let formats = [format];
        let options = registry::Options {
            move_tags: self.asked.move_tags.clone(),
            tags: self.asked.tags.clone(),
            recheck: self.asked.recheck,
            keychain: self.keychain()?,
            ..registry::Options::new(own.as_str(), &formats)
        };
        registry::destination(&self.http, self.manifest, &self.asked.dist, &options)
    }

    /// The credentials for the release's registries.
    ///
    /// # Errors
    /// When Docker's configuration cannot be read.
    pub(super) fn keychain(&self) -> Result<Keychain, Diagnostic> {
        match self.is_on_github() {
            true => keychain(&self.asked.environment),
            false => Ok(Keychain::of_docker()),
        }
    }

    /// Whether anything of the release goes to GitHub's registry.
    fn is_on_github(&self) -> bool {
        let host = format!("{GITHUB_REGISTRY}/");
        self.manifest.artifacts.iter().any(|artifact| artifact.reference.starts_with(&host))
    }

    fn github(&self) -> Result<GithubReleases, Diagnostics> {
        let api = self.asked.environment.text("GITHUB_API_URL");
        let settings = github::Settings {
            repository: Repository::of(&self.manifest.release.repository, api)?,
            token: self.asked.environment.github_token(),
            asks_only: self.asked.dry_run,
            notes: Some(self.manifest.release.notes.clone()).filter(|notes| !notes.is_empty()),
        };
        GithubReleases::new(&self.http, self.manifest, &self.asked.dist, settings)
    }

    fn index(&self, format: &dyn Inspects) -> Result<PythonIndex<'_>, Diagnostics> {
        let auth = index::auth(&self.asked.environment);
        let dist = Folder::new(&self.asked.dist);
        let lint = release::index_lint(self.manifest, &dist, &[format])?;
        let workflow = index::workflow(&self.asked.environment);
        // Where nothing is uploaded, nobody need be allowed to.
        let uploads = !self.asked.dry_run && matches!(self.asked.part, Part::Whole | Part::Index);
        let found = python_index::preflight(
            self.manifest,
            &[format],
            &lint,
            Some(&auth).filter(|_| uploads),
            &workflow,
        );
        if found.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(Diagnostics(found));
        }
        let settings =
            python_index::Settings { index: index::find(&self.index_sources())?, auth, now: now() };
        let files = (self.manifest, &[format][..]);
        PythonIndex::new(&self.http, files, &self.asked.dist, settings, &self.uv)
    }

    pub(super) fn index_sources(&self) -> python_index::IndexSources {
        index::Named {
            publish_url: self.asked.publish_url.clone(),
            check_url: self.asked.check_url.clone(),
            beside: self.asked.dist.parent().unwrap_or(Path::new(".")),
        }
        .sources(&self.asked.environment)
    }
}

/// Seconds since 1970. It reaches no artifact: only how long an index still takes files.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
