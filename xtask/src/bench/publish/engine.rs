//! Docker Engine on a socket of its own, without bridges or rules of a firewall.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::judge;
use crate::Failure;

/// A running engine; ended when dropped.
pub(super) struct Engine {
    daemon: Child,
    folder: PathBuf,
}

impl Engine {
    /// Starts one that keeps everything in `folder`, and waits until it listens.
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder.join("config"))?;
        fs::write(folder.join("config/config.json"), "{}")?;
        let program = PathBuf::from(judge("dockerd"));
        let mut command = Command::new(&program);
        // It looks for containerd, its shim and runc.
        let mut places: Vec<PathBuf> = program.parent().map(Path::to_owned).into_iter().collect();
        places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
        command.env("PATH", std::env::join_paths(places)?);
        for (flag, inside) in [("--data-root", "data"), ("--exec-root", "exec"), ("-p", "pid")] {
            command.arg(flag).arg(folder.join(inside));
        }
        command.args(["--iptables=false", "--ip6tables=false", "--bridge=none"]);
        command.args(["--feature", "containerd-snapshotter=true", "-H"]);
        command.arg(socket(folder)).stdin(Stdio::null()).stdout(Stdio::null());
        let started = command.stderr(Stdio::piped()).spawn();
        let mut daemon = started.map_err(|error| format!("no `dockerd` here: {error}"))?;
        let log = daemon.stderr.take().ok_or("no log")?;
        let mut lines = BufReader::new(log).lines();
        let mut last = String::new();
        let listens = lines.by_ref().flatten().any(|line| {
            last = line;
            last.contains("API listen on")
        });
        // Read on, or the engine would stop once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        let engine = Self { daemon, folder: folder.to_owned() };
        if listens { Ok(engine) } else { Err(format!("`dockerd` ended: {last}").into()) }
    }

    /// What follows `env` to have the client say `words` to this engine.
    pub(super) fn line(&self, words: &[&str]) -> Vec<String> {
        let config = self.folder.join("config");
        let mut line = vec![
            format!("DOCKER_HOST={}", socket(&self.folder)),
            format!("DOCKER_CONFIG={}", config.display()),
            judge("docker"),
        ];
        line.extend(words.iter().map(|word| (*word).to_owned()));
        line
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Asked, not killed: it ends containerd and unmounts what it used.
        let pid = self.daemon.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.daemon.kill();
        }
        let _ = self.daemon.wait();
    }
}

fn socket(folder: &Path) -> String {
    format!("unix://{}", folder.join("sock").display())
}
