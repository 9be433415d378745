//! A registry on this machine, empty at each start.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::judge;
use crate::Failure;

/// `docker-registry` at a fixed address, with an empty store; ended when dropped.
pub(super) struct Registry {
    child: Child,
    store: PathBuf,
}

impl Registry {
    /// Starts it on `address` and waits until it listens; its store is in `folder`.
    pub(super) fn start(folder: &Path, address: &str) -> Result<Self, Failure> {
        let store = folder.join("registry");
        let _ = fs::remove_dir_all(&store);
        fs::create_dir_all(&store)?;
        let config = folder.join("registry.yml");
        let text = format!(
            "version: 0.1\nstorage:\n  filesystem: {{rootdirectory: {store:?}}}\n\
             http:\n  addr: {address}\n"
        );
        fs::write(&config, text)?;
        let mut child = Command::new(judge("docker-registry"))
            .arg("serve")
            .arg(&config)
            .env("OTEL_TRACES_EXPORTER", "none")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = child.stderr.take().ok_or("no log")?;
        let mut lines = BufReader::new(log).lines();
        let listens = lines.by_ref().flatten().any(|line| line.contains("listening on "));
        // Read on, or the registry would stop once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        let registry = Self { child, store };
        if listens { Ok(registry) } else { Err("docker-registry does not listen".into()) }
    }

    /// Fails unless the repository has the manifest with this digest.
    pub(super) fn holds(&self, repository: &str, digest: &str) -> Result<(), Failure> {
        let place = self.store.join("docker/registry/v2/repositories").join(repository);
        let revision = place.join("_manifests/revisions").join(digest.replace(':', "/"));
        if revision.is_dir() { Ok(()) } else { Err(format!("{digest} was not pushed").into()) }
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
