//! A test double of the services that a release is published to: an OCI registry, GitHub's
//! releases, a Python index, an issuer of identity tokens, and the artifact service of a workflow
//! run. For tests only.
//!
//! One [`Forge`] runs all of them in memory, in this process, on loopback ports of its own, until
//! it is dropped. They answer as the services' specifications say, and refuse what the real
//! services refuse; the slow tests of this crate compare them with clients and test suites written
//! by others. What is to go wrong is injected as a [`Fault`].

mod artifacts;
mod context;
mod encoding;
mod fault;
mod github;
mod http;
mod index;
mod issuer;
mod registry;
mod server;
mod service;
mod setup;
mod state;

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

pub use artifacts::{Artifact, Artifacts};
pub use fault::{Fault, FaultId, Kind, On};
pub use github::{Asset, Attestation, Github, MakeLatest, Release, Repository};
pub use index::{File, Index};
pub use registry::{Manifest, OciRepository, Registry, Upload};
pub use server::Entry;
pub use service::Service;
pub use setup::{
    Access, GHCR_PATCH_LIMIT, GithubSetup, IndexSetup, Publisher, RegistrySetup, Setup, Workflow,
};
pub use state::State;

use server::Shared;
use service::Addresses;

/// The running services.
#[derive(Debug)]
pub struct Forge {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Forge {
    /// Starts the services, which listen once this returns.
    ///
    /// # Errors
    /// If no loopback port can be bound, no thread started, or no certificate generated.
    pub fn start(setup: Setup) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (shared, thread) = server::start(setup, stopped)?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self, service: Service) -> String {
        self.addresses().base(service, false)
    }

    /// `https://127.0.0.1:PORT` if [`Setup::tls`] is set; otherwise the address without TLS.
    #[must_use]
    pub fn tls_url(&self, service: Service) -> String {
        self.addresses().base(service, true)
    }

    /// `127.0.0.1:PORT`, the first part of an image reference.
    #[must_use]
    pub fn host(&self, service: Service) -> String {
        self.addresses().host(service, false)
    }

    /// The CA certificate in PEM; empty without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.addresses().ca
    }

    /// The environment variables that GitHub Actions sets for a job.
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

    /// Injects a fault.
    pub fn inject(&self, fault: Fault) -> FaultId {
        self.shared.lock().faults.add(fault)
    }

    /// How often the fault fired.
    #[must_use]
    pub fn fired(&self, id: FaultId) -> u64 {
        self.shared.lock().faults.fired(id)
    }

    /// Stops all faults. Their counts stay.
    pub fn disarm(&self) {
        self.shared.lock().faults.disarm();
    }

    /// All requests since the start or the last [`Self::clear_log`], in the order of arrival.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.shared.lock().log.entries.clone()
    }

    /// How many requests [`Self::log`] holds.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shared.lock().log.entries.len() as u64
    }

    /// The requests of [`Self::log`] that write.
    #[must_use]
    pub fn writes(&self) -> Vec<Entry> {
        self.log().into_iter().filter(|entry| entry.write.is_some()).collect()
    }

    /// Clears the log and numbers requests from 1 again. The state of the services stays.
    pub fn clear_log(&self) {
        self.shared.lock().log.clear();
    }

    /// The state of the registry.
    #[must_use]
    pub fn registry(&self) -> Registry {
        self.shared.lock().state.registry.clone()
    }

    /// The state of GitHub.
    #[must_use]
    pub fn github(&self) -> Github {
        self.shared.lock().state.github.clone()
    }

    /// The state of the Python index.
    #[must_use]
    pub fn index(&self) -> Index {
        self.shared.lock().state.index.clone()
    }

    /// The state of the artifact service.
    #[must_use]
    pub fn artifacts(&self) -> Artifacts {
        self.shared.lock().state.artifacts.clone()
    }

    /// Changes the state of the services between two requests, as another client would.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.shared.lock().state)
    }

    /// Changes the state of the services just before the first matching request is answered, so
    /// that a race with another publisher has the same outcome in every run.
    pub fn change_before(&self, on: On, change: impl FnOnce(&mut State) + Send + 'static) {
        self.shared.lock().changes.push((on, Box::new(change)));
    }

    /// Stops the clock at this time, in seconds since 1970.
    pub fn set_time(&self, seconds: u64) {
        self.shared.lock().time = Some(seconds);
    }

    fn addresses(&self) -> &Addresses {
        &self.shared.addresses
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        // The thread may have ended already; then there is nothing to stop.
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
