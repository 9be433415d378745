//! Real OCI registries on loopback ports of their own, each ended by its process when dropped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::find;
use crate::scratch::Scratch;

/// How many log lines may come before the one that tells the port; it comes within the first five.
const LINES_BEFORE_READY: usize = 100;

/// A running registry without TLS; it keeps its blobs in a scratch folder.
#[derive(Debug)]
pub struct Registry {
    child: Child,
    address: String,
    _store: Scratch,
}

impl Registry {
    /// Starts Debian's `docker-registry`, which has no referrers API, and waits until it listens;
    /// `None` where it is missing, as in [`find`]. Panics if it ends instead.
    pub fn start() -> Option<Self> {
        let judge = find("docker-registry")?;
        let store = Scratch::new("registry").expect("a scratch folder");
        let config = store.join("config.yml");
        fs::write(&config, config_text(&store)).expect("the registry's config");
        let mut command = judge.command();
        command.arg("serve").arg(&config).env("OTEL_TRACES_EXPORTER", "none");
        Some(Self::run(command, store))
    }

    /// Starts go-containerregistry's registry with the referrers API, as [`Registry::start`].
    pub fn with_referrers() -> Option<Self> {
        let judge = find("registry-with-referrers")?;
        Some(Self::run(judge.command(), Scratch::new("registry").expect("a scratch folder")))
    }

    fn run(mut command: Command, store: Scratch) -> Self {
        // Both are told port 0, which lets the system choose; the log tells which one it was.
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the registry starts");
        let log = child.stderr.take().expect("its log is piped");
        let mut lines = BufReader::new(log).lines();
        let found = lines.by_ref().take(LINES_BEFORE_READY).flatten().find_map(|line| port(&line));
        // Read on, or the registry would stop once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        let address = format!("127.0.0.1:{}", found.expect("the registry tells its port"));
        Self { child, address, _store: store }
    }

    /// `127.0.0.1:PORT`, the first part of every image reference.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        // Both fail only if it has ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn config_text(store: &Scratch) -> String {
    let root = store.join("blobs");
    format!(
        "version: 0.1\nstorage:\n  filesystem: {{rootdirectory: {root:?}}}\n\
         \x20 delete: {{enabled: true}}\n\
         http:\n  addr: 127.0.0.1:0\n"
    )
}

/// The port in `... msg="listening on 127.0.0.1:35123" ...`.
fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("listening on ")?;
    let address = rest.split(['"', ',', ' ']).next()?;
    address.rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_log_line() {
        let check = |line: &str, expected| assert_eq!(port(line), expected, "{line}");
        check(r#"time="x" msg="listening on 127.0.0.1:35123" go.version=go1.19"#, Some(35123));
        check(r#"level=info msg="listening on [::]:5000, tls""#, Some(5000));
        check("level=info msg=\"using inmemory blob descriptor cache\"", None);
        check("listening on nowhere", None);
    }

    #[test]
    fn two_registries_listen_on_ports_of_their_own() {
        let (Some(first), Some(second)) = (Registry::start(), Registry::start()) else { return };
        assert_ne!(first.address(), second.address());
        for registry in [&first, &second] {
            std::net::TcpStream::connect(registry.address()).unwrap();
        }
    }
}
