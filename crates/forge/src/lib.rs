//! A double of what releases go to: an OCI registry, GitHub's releases, a Python index, an issuer
//! of identity tokens, the artifact service of a workflow run. Tests only.
//!
//! One [`Forge`] is one such world, in memory, in this process, on loopback ports of its own, which
//! ends when it is dropped. Its answers follow the services' own specifications, and strangers say
//! so: the slow tests beside it. What goes wrong is ordered with [`Fault`]s.

mod artifacts;
mod encoding;
mod exchange;
mod fault;
mod github;
mod index;
mod issuer;
mod registry;
mod server;
mod setup;
mod world;

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub use artifacts::{Artifact, Artifacts};
pub use fault::{Fault, FaultId, Kind, On};
pub use github::{Asset, Attestation, Github, MakeLatest, Release, Repository};
pub use index::{File, Index};
pub use registry::{Manifest, Registry, Shelf, Upload};
pub use server::{Entry, Service};
pub use setup::{
    Access, GHCR_PATCH_LIMIT, GithubSetup, IndexSetup, Publisher, RegistrySetup, Setup, Workflow,
};
pub use world::World;

use server::{Shared, Sites};

/// A running world.
#[derive(Debug)]
pub struct Forge {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Forge {
    /// Starts one; it listens when this returns.
    ///
    /// # Errors
    /// When no loopback port can be had, no thread, or no certificate.
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (shared, thread) = server::start(setup, stopped)?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn url(&self, service: Service) -> String {
        self.sites().base(service, false)
    }

    /// `https://127.0.0.1:PORT`, where [`Setup::tls`] is set; else the one without TLS.
    #[must_use]
    pub fn tls_url(&self, service: Service) -> String {
        self.sites().base(service, true)
    }

    /// `127.0.0.1:PORT`, the first part of an image's reference.
    #[must_use]
    pub fn host(&self, service: Service) -> String {
        self.sites().host(service, false)
    }

    /// The certificate of the CA in PEM; empty without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.sites().ca
    }

    /// What a job of GitHub Actions that runs here finds in its environment.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let workflow = &self.shared.setup.workflow;
        let request = format!("{}/token?api-version=2.0", self.tls_url(Service::Issuer));
        let pairs = [
            ("GITHUB_ACTIONS", "true".to_owned()),
            ("GITHUB_API_URL", self.url(Service::Api)),
            ("GITHUB_REPOSITORY", workflow.repository.clone()),
            ("GITHUB_REF", workflow.reference.clone()),
            ("GITHUB_SHA", workflow.commit.clone()),
            ("ACTIONS_RESULTS_URL", format!("{}/", self.url(Service::Artifacts))),
            ("ACTIONS_RUNTIME_TOKEN", artifacts::token()),
            ("ACTIONS_ID_TOKEN_REQUEST_URL", request),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", workflow.request_token.clone()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Orders a fault.
    pub fn inject(&self, fault: Fault) -> FaultId {
        self.shared.lock().faults.add(fault)
    }

    /// How often it fired.
    #[must_use]
    pub fn fired(&self, id: FaultId) -> u64 {
        self.shared.lock().faults.fired(id)
    }

    /// No fault hits any more. Their counts stay.
    pub fn disarm(&self) {
        self.shared.lock().faults.disarm();
    }

    /// All requests since the start or the last [`Self::forget`], in the order they came.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.shared.lock().log.clone()
    }

    /// How many requests [`Self::log`] holds.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.lock().log.len() as u64
    }

    /// Those of [`Self::log`] that write.
    #[must_use]
    pub fn writes(&self) -> Vec<Entry> {
        self.log().into_iter().filter(|entry| entry.write.is_some()).collect()
    }

    /// Empties the log and counts from 1 again. What the services hold stays.
    pub fn forget(&self) {
        self.shared.lock().forget();
    }

    /// What the registry holds.
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.shared.lock().world.registry.clone()
    }

    /// What GitHub holds.
    #[must_use]
    pub fn github(&self) -> Github {
        self.shared.lock().world.github.clone()
    }

    /// What the Python index holds.
    #[must_use]
    pub fn index(&self) -> Index {
        self.shared.lock().world.index.clone()
    }

    /// What the artifact service holds.
    #[must_use]
    pub fn artifacts(&self) -> Artifacts {
        self.shared.lock().world.artifacts.clone()
    }

    /// Changes what the services hold, as somebody else would, between two requests.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        change(&mut self.shared.lock().world)
    }

    /// Orders a change that somebody else makes just before the first such request is answered: so
    /// two publishers meet at the same place in every run.
    pub fn meanwhile(&self, on: On, change: impl FnOnce(&mut World) + Send + 'static) {
        self.shared.lock().meanwhile.push((on, Box::new(change)));
    }

    /// Sets the clock, which then stands still. Seconds since 1970.
    pub fn set_time(&self, seconds: u64) {
        self.shared.lock().time = Some(seconds);
    }

    fn sites(&self) -> &Sites {
        &self.shared.sites
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        // The thread may have ended by itself; then nobody listens, and nothing is to be done.
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
