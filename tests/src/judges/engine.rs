//! A real Docker Engine of a test's own: its socket, its images and its processes in a scratch
//! folder, ended by its process.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use super::{Judge, find, judges_root, missing};
use crate::scratch::Scratch;

/// A running engine, without bridges or rules of a firewall: containers have the host's network or
/// none.
#[derive(Debug)]
pub struct Engine {
    daemon: Child,
    client: Judge,
    work: Scratch,
}

impl Engine {
    /// Starts one with containerd's image store, and waits until it listens; `None` where one of
    /// its parts is missing, as in [`find`], and where we are not root.
    pub fn start() -> Option<Self> {
        let (daemon, client) = (find("dockerd")?, find("docker")?);
        let buildx = find("docker-buildx")?;
        find("containerd").and(find("runc"))?;
        if fs::metadata("/proc/self").expect("a Linux machine").uid() != 0 {
            missing("dockerd (as root)");
            return None;
        }
        let work = Scratch::new("engine").expect("a scratch folder");
        let plugins = work.join("config/cli-plugins");
        fs::create_dir_all(&plugins).expect("a folder for plugins");
        fs::write(work.join("config/config.json"), "{}").expect("the client's settings");
        symlink(buildx.path(), plugins.join("docker-buildx")).expect("a link to buildx");
        let mut command = daemon.command();
        command.env("PATH", search_path());
        for (flag, inside) in [("--data-root", "data"), ("--exec-root", "exec"), ("-p", "pid")] {
            command.arg(flag).arg(work.join(inside));
        }
        command.args(["--iptables=false", "--ip6tables=false", "--bridge=none"]);
        command.args(["--feature", "containerd-snapshotter=true"]);
        command.arg("-H").arg(format!("unix://{}", work.join("sock").display()));
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut daemon = command.spawn().expect("the engine starts");
        let log = daemon.stderr.take().expect("its log is piped");
        let mut lines = BufReader::new(log).lines().map_while(Result::ok);
        let mut told = Vec::new();
        let ready = lines.by_ref().any(|line| {
            told.push(line);
            told.last().is_some_and(|line| line.contains("API listen on"))
        });
        assert!(ready, "the engine ended:\n{}", told.join("\n"));
        // Read on, or the engine would stop once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        Some(Self { daemon, client, work })
    }

    /// The client's program.
    pub fn client(&self) -> &std::path::Path {
        self.client.path()
    }

    /// Tells `command` where this engine is.
    pub fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.envs(self.variables())
    }

    /// A line of the client's to add to.
    pub fn command(&self) -> Command {
        let mut command = self.client.command();
        self.tell(&mut command);
        command
    }

    /// The variables by which a client finds this engine.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        let host = format!("unix://{}", self.work.join("sock").display());
        [("DOCKER_HOST", host), ("DOCKER_CONFIG", self.work.join("config").display().to_string())]
    }

    /// The first thing that it says of a container's health; it says it sooner or later.
    pub fn health(&self, container: &str) -> String {
        let filter = format!("container={container}");
        let mut command = self.command();
        command.args(["events", "--since", "0", "--filter", "event=health_status", "--filter"]);
        command.args([&filter, "--format", "{{.Action}}"]).stdout(Stdio::piped());
        let mut events = command.spawn().expect("the client starts");
        let mut line = String::new();
        let told = events.stdout.take().expect("its words are piped");
        BufReader::new(told).read_line(&mut line).expect("the client tells text");
        events.kill().expect("the client waits for more");
        events.wait().expect("the client has ended");
        line.trim().to_owned()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Asked, not killed: it ends its containers and containerd, and unmounts what they used.
        let pid = self.daemon.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.daemon.kill();
        }
        let _ = self.daemon.wait();
    }
}

/// The judges first: the engine looks for containerd, its shim and runc.
fn search_path() -> std::ffi::OsString {
    let mut places: Vec<PathBuf> = vec![judges_root().join("bin")];
    places.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    std::env::join_paths(places).expect("folders that PATH can hold")
}
