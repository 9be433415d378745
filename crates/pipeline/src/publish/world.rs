//! The places that a release has: which there are, and with whose leave they are spoken to.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use model::{Diagnostic, Diagnostics, Format, Manifest, Severity};
use remote::Room;
use remote::github::{Github, GithubSetup, Repository};
use remote::http::Http;
use remote::oci::{self, Keychain, Login, Reference};
use remote::pypi::{self, Pypi, PypiSetup};

use super::{Destination, Environment, Part, Publishing, index};
use crate::codes;
use crate::folder::Folder;
use crate::options::{Failure, Options};
use crate::progress::{Event, Progress};
use crate::toolbox::Bench;

/// What the rooms of one release are made from.
pub(super) struct World<'a> {
    pub(super) http: Arc<Http>,
    pub(super) manifest: &'a Manifest,
    pub(super) asked: &'a Publishing,
    pub(super) places: BTreeSet<Destination>,
    uv: index::PinnedUv,
}

/// GitHub's own registry, which takes the token of a workflow's job.
pub(crate) const GITHUB_REGISTRY: &str = "ghcr.io";

impl<'a> World<'a> {
    /// The places that are asked for and that the release has something for.
    ///
    /// # Errors
    /// When there is no such place, or no network client.
    pub(super) fn of(
        manifest: &'a Manifest,
        asked: &'a Publishing,
        progress: &Arc<dyn Progress>,
    ) -> Result<Self, Failure> {
        let has = |format| manifest.artifacts.iter().any(|artifact| artifact.format == format);
        let there = |place: &Destination| match place {
            Destination::Pypi => has(Format::Pypi),
            Destination::Oci => has(Format::Oci),
            Destination::Helm => has(Format::Helm),
            Destination::Github => !manifest.release.repository.is_empty(),
        };
        let wanted = |place: &Destination| match asked.part {
            // The job that may speak to the index often may speak to nobody else.
            Part::Index if asked.only.is_empty() => *place == Destination::Pypi,
            _ => asked.only.is_empty() || asked.only.contains(place),
        };
        let places: BTreeSet<Destination> =
            Destination::ALL.into_iter().filter(|place| wanted(place) && there(place)).collect();
        if places.is_empty() {
            let message = "the release has nothing for the places that are asked for";
            let problem = Diagnostic::new(&codes::PUBLISH_NOWHERE, message);
            return Err(Failure::usage(problem.help("name others with `--only`, or leave it out")));
        }
        let options = Options {
            tools: asked.tools.clone(),
            cache: asked.cache.clone(),
            ..Options::default()
        };
        let uv = index::PinnedUv::new(Bench::open(&options, progress)?);
        let http = Arc::new(Http::new(asked.patience)?);
        let listener = Arc::clone(progress);
        http.tell(move |wait| listener.event(&Event::Note(wait)));
        Ok(Self { http, manifest, asked, places, uv })
    }

    /// A room for each place.
    ///
    /// # Errors
    /// Whatever keeps a place from being spoken to: missing credentials, above all.
    pub(super) fn rooms(&self) -> Result<Vec<Box<dyn Room + '_>>, Failure> {
        let mut rooms: Vec<Box<dyn Room + '_>> = Vec::new();
        let mut problems = Diagnostics::new();
        for place in &self.places {
            match self.room(*place) {
                Ok(room) => rooms.push(room),
                Err(more) => problems.extend(more.0),
            }
        }
        if problems.has_errors() { Err(Failure::usage(problems)) } else { Ok(rooms) }
    }

    /// What people pull from a place.
    ///
    /// # Errors
    /// As [`World::rooms`].
    pub(super) fn roots(&self, place: Destination) -> Result<Vec<Reference>, Diagnostic> {
        let format = match place {
            Destination::Oci => Format::Oci,
            Destination::Helm => Format::Helm,
            Destination::Pypi | Destination::Github => return Ok(Vec::new()),
        };
        Ok(self.registry(format)?.roots().to_vec())
    }

    fn room(&self, place: Destination) -> Result<Box<dyn Room + '_>, Diagnostics> {
        match place {
            Destination::Oci => Ok(Box::new(self.registry(Format::Oci)?)),
            Destination::Helm => Ok(Box::new(self.registry(Format::Helm)?)),
            Destination::Github => Ok(Box::new(self.github()?)),
            Destination::Pypi => Ok(Box::new(self.index()?)),
        }
    }

    fn registry(&self, format: Format) -> Result<oci::OciRoom<'_>, Diagnostic> {
        let keychain = self.keychain()?;
        let options = oci::Options {
            formats: [format].into(),
            move_tags: self.asked.move_tags.clone(),
            tags: self.asked.tags.clone(),
            recheck: self.asked.recheck,
            keychain,
        };
        oci::room(&self.http, self.manifest, &self.asked.dist, &options)
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

    fn github(&self) -> Result<Github, Diagnostics> {
        let api = self.asked.environment.text("GITHUB_API_URL");
        let setup = GithubSetup {
            repository: Repository::of(&self.manifest.release.repository, api)?,
            token: self.asked.environment.github_token(),
            asks_only: self.asked.dry_run,
            notes: Some(self.manifest.release.notes.clone()).filter(|notes| !notes.is_empty()),
        };
        Github::new(&self.http, self.manifest, &self.asked.dist, setup)
    }

    fn index(&self) -> Result<Pypi<'_>, Diagnostics> {
        let auth = index::auth(&self.asked.environment);
        let lint = release::index_lint(self.manifest, &Folder::new(&self.asked.dist))?;
        let workflow = index::workflow(&self.asked.environment);
        // Where nothing is uploaded, nobody need be allowed to.
        let uploads = !self.asked.dry_run && matches!(self.asked.part, Part::Whole | Part::Index);
        let found =
            pypi::preflight(self.manifest, &lint, Some(&auth).filter(|_| uploads), &workflow);
        if found.iter().any(|problem| problem.severity == Severity::Error) {
            return Err(Diagnostics(found));
        }
        let setup = PypiSetup { index: index::find(&self.index_sources())?, auth, now: now() };
        Pypi::new(&self.http, self.manifest, &self.asked.dist, setup, &self.uv)
    }

    pub(super) fn index_sources(&self) -> pypi::IndexSources {
        index::Named {
            publish_url: self.asked.publish_url.clone(),
            check_url: self.asked.check_url.clone(),
            beside: self.asked.dist.parent().unwrap_or(Path::new(".")),
        }
        .sources(&self.asked.environment)
    }
}

/// Docker's credentials; for GitHub's own registry the token of a workflow's job, where Docker has
/// none.
///
/// # Errors
/// When Docker's configuration cannot be read.
pub(crate) fn keychain(environment: &Environment) -> Result<Keychain, Diagnostic> {
    let mut keychain = Keychain::of_docker();
    if let (Some(user), Some(password)) =
        (environment.text("GITHUB_ACTOR"), environment.github_token())
        && keychain.find(GITHUB_REGISTRY)? == Login::Anonymous
    {
        let login = Login::Password { user: user.to_owned(), password };
        keychain.given.insert(GITHUB_REGISTRY.to_owned(), login);
    }
    Ok(keychain)
}

/// Seconds since 1970. It reaches no artifact: only how long an index still takes files.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
