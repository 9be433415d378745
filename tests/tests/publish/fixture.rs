//! Services to publish to, and a sample release for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use forge::{Forge, Service, Setup};
use model::Digest;
use pipeline::{Destination, Environment, Failure, Published, Publishing, RetryPolicy, Silent};
use product_tests::sample::Sample;

/// The repository of the sample release.
pub const REPOSITORY: &str = "owner/repo";

/// What the token of that repository is called here.
pub const TOKEN: &str = "a-token-of-the-repository";

/// A forge, and a release whose registry it is.
pub struct Fixture {
    pub forge: Forge,
    pub sample: Sample,
}

/// What people find: the registry's manifests, blobs and tags by repository, the published
/// releases' assets by tag, the index's files, and how many drafts are left over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub registry: BTreeMap<String, [BTreeSet<String>; 3]>,
    pub releases: BTreeMap<String, BTreeMap<String, Digest>>,
    pub packages: BTreeMap<String, Digest>,
    pub drafts: usize,
}

impl Fixture {
    pub fn new(mut setup: Setup) -> Self {
        setup.github.token = Some(TOKEN.to_owned());
        let forge = Forge::start(setup).unwrap();
        let sample = Sample::build(&forge.host(Service::Registry), "hello");
        Self { forge, sample }
    }

    /// As if nothing had ever come.
    pub fn reset(&self) {
        self.forge.disarm();
        self.forge.change(|state| *state = forge::State::default());
        self.forge.clear_log();
    }

    /// Everything but Python packages, which another program uploads.
    pub fn asked(&self, dist: &Path, attempts: u32) -> Publishing {
        let variables =
            [("GITHUB_TOKEN", TOKEN.to_owned()), ("GITHUB_API_URL", self.forge.url(Service::Api))];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        Publishing {
            dist: dist.to_owned(),
            only: [
                Destination::Format(oci::FORMAT),
                Destination::Format(helm::FORMAT),
                Destination::Github,
            ]
            .into(),
            environment: Environment::of(variables),
            retries: RetryPolicy::without_waits(attempts),
            ..Publishing::default()
        }
    }

    /// Publishes the sample release; with one attempt a request, every fault ends the run.
    pub fn publish(&self, attempts: u32) -> Result<Published, Failure> {
        publish(&self.asked(&self.sample.dist(), attempts))
    }

    pub fn seen(&self) -> Seen {
        seen(&self.forge, REPOSITORY)
    }
}

/// What the services show, with the releases of `repository`.
pub fn seen(forge: &Forge, repository: &str) -> Seen {
    let keys = |names: Vec<&String>| names.into_iter().cloned().collect::<BTreeSet<_>>();
    let registry = forge.registry().repositories;
    let registry = registry.iter().map(|(name, oci_repository)| {
        let tags =
            oci_repository.tags.iter().map(|(tag, digest)| format!("{tag} {digest}")).collect();
        let blobs = keys(oci_repository.blobs.keys().collect());
        (name.clone(), [keys(oci_repository.manifests.keys().collect()), blobs, tags])
    });
    let github = forge.github();
    let (drafts, published): (Vec<_>, Vec<_>) =
        github.releases(repository).partition(|release| release.draft);
    let assets = |release: &forge::Release| {
        let assets = release.assets.values().filter(|asset| asset.uploaded);
        assets.map(|asset| (asset.name.clone(), Digest::of(&asset.bytes))).collect()
    };
    let index = forge.index();
    let packages = index.files().map(|(name, file)| (name.to_owned(), Digest::of(&file.bytes)));
    Seen {
        registry: registry.collect(),
        releases: published.iter().map(|one| (one.tag.clone(), assets(one))).collect(),
        packages: packages.collect(),
        drafts: drafts.len(),
    }
}

/// Publishes, heard by nobody.
pub fn publish(asked: &Publishing) -> Result<Published, Failure> {
    pipeline::publish(asked, &(Arc::new(Silent) as Arc<dyn pipeline::Progress>))
}

/// The codes of what went wrong.
pub fn codes(outcome: &Result<Published, Failure>) -> Vec<String> {
    let problems = match outcome {
        Ok(published) => &published.run.problems,
        Err(failure) => &failure.problems,
    };
    problems.0.iter().map(|problem| problem.code.to_string()).collect()
}
