//! A repository of somebody who uses the actions, and what happens when it pushes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use forge::{Forge, Service, Setup};
use product_tests::judges::{self, Verdict};
use product_tests::repository;
use product_tests::scratch::Scratch;
use serde_json::{Value, json};

use super::mirror::Mirror;
use super::{tee, tree};
use crate::definitions::OWN;

/// What it is called.
pub const REPOSITORY: &str = "owner/repo";

/// The token of its jobs.
pub const TOKEN: &str = "canary-token-of-the-job";

/// The labels of runners that our workflows name.
const LABELS: &[&str] =
    &["ubuntu-24.04", "ubuntu-24.04-arm", "macos-26", "macos-15", "macos-15-intel", "windows-2025"];

/// The repository, the services around it, and the actions.
#[derive(Debug)]
pub struct Downstream {
    pub forge: Forge,
    scratch: Scratch,
    mirror: Mirror,
    tree: PathBuf,
    act: PathBuf,
    client: PathBuf,
    programs: Vec<PathBuf>,
    environment: Vec<(String, String)>,
    secrets: Vec<(String, String)>,
    only: Option<String>,
}

/// One run of a workflow.
#[derive(Debug)]
pub struct Run {
    pub verdict: Verdict,
    /// What the run's steps wrote into their summaries.
    pub summary: String,
    /// What the programs of its steps printed.
    printed: String,
}

impl Downstream {
    /// An empty repository and empty services; nothing where a judge is missing.
    pub fn new(mut setup: Setup) -> Option<Self> {
        let act = judges::find("act")?.path().to_owned();
        let node = judges::find("node24")?.path().canonicalize().unwrap();
        judges::find("languageservice")?;
        let client = "actions-npm/node_modules/@actions/artifact/lib/artifact.js";
        let client = judges::judges_root().join(client);
        setup.github.token.get_or_insert(TOKEN.to_owned());
        let scratch = Scratch::new("downstream").unwrap();
        let (tree, binaries) = tree::make(scratch.path());
        let mirror = Mirror::of(&binaries);
        let forge = Forge::start(setup).unwrap();
        let programs = scratch.join("programs");
        fs::create_dir(&programs).unwrap();
        let printed = scratch.join("printed");
        tee::write(&programs.join("bash"), Path::new("/bin/bash"), &printed);
        tee::write(&programs.join("node"), &node, &printed);
        let node = node.parent().unwrap().to_owned();
        let (programs, environment) = (vec![programs, node], Vec::new());
        let secrets = vec![("GITHUB_TOKEN".to_owned(), TOKEN.to_owned())];
        let made = Self {
            forge,
            scratch,
            mirror,
            tree,
            act,
            client,
            programs,
            environment,
            secrets,
            only: None,
        };
        fs::create_dir(made.repository()).unwrap();
        made.git(&["init", "--quiet", "--initial-branch=main"]);
        made.git(&["remote", "add", "origin", &format!("https://github.com/{REPOSITORY}")]);
        Some(made)
    }

    /// Its folder.
    pub fn repository(&self) -> PathBuf {
        self.scratch.join("repository")
    }

    /// A place beside it, which vanishes with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// `127.0.0.1:PORT`, where its images go.
    pub fn registry(&self) -> String {
        self.forge.host(Service::Registry)
    }

    /// Writes a file of the repository.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.repository().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// Copies a folder of the example.
    pub fn copy_example(&self, path: &str) {
        let from = repository::root().join(repository::EXAMPLE).join(path);
        let to = self.repository().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        Verdict::of(Command::new("cp").arg("-r").arg(from).arg(to)).accepted();
    }

    /// Copies a template, as its README says.
    pub fn copy_template(&self, name: &str) {
        let path = format!("workflows/{name}.yml");
        let text = fs::read_to_string(repository::root().join(&path)).unwrap();
        // act's schema is older than `queue`.
        let text = text.replace("  queue: max\n", "").replace(", queue: max", "");
        self.write(&format!(".github/{path}"), &text);
    }

    /// Changes a text of the tree that the actions come from, as an attacker of a run would.
    pub fn change_tree(&self, path: &str, change: impl FnOnce(String) -> String) {
        let file = self.tree.join(path);
        let text = change(fs::read_to_string(&file).unwrap());
        fs::write(file, text).unwrap();
    }

    /// Sets a secret of the repository.
    pub fn secret(&mut self, name: &str, value: &str) {
        self.secrets.push((name.to_owned(), value.to_owned()));
    }

    /// Leaves jobs without a token. (act puts one into their environment, where GitHub puts none.)
    pub fn no_secrets(&mut self) {
        self.secrets.clear();
    }

    /// Sets a variable of every job, in the place of what stands there.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Runs no other workflow than this one.
    pub fn only(&mut self, workflow: &str) {
        self.only = Some(workflow.to_owned());
    }

    /// Puts the programs of a folder first on the PATH of every job.
    pub fn programs(&mut self, folder: PathBuf) {
        self.programs.push(folder);
    }

    /// Commits what changed, if anything did.
    pub fn commit(&self) {
        self.git(&["add", "--all"]);
        if !self.git(&["status", "--porcelain"]).is_empty() {
            self.git(&["commit", "--quiet", "--message", "A change"]);
        }
    }

    /// Commits, tags and pushes: what the workflow for it does.
    pub fn push_tag(&self, tag: &str) -> Run {
        self.commit();
        self.git(&["tag", "--force", tag]);
        let commit = self.git(&["rev-parse", "HEAD"]);
        let event = json!({
            "ref": format!("refs/tags/{tag}"), "after": commit.trim(),
            "repository": { "full_name": REPOSITORY, "default_branch": "main" },
        });
        self.run("push", &event)
    }

    /// Runs the workflows for an event with that payload.
    pub fn run(&self, event: &str, payload: &Value) -> Run {
        let (file, results) = (self.scratch.join("event.json"), self.scratch.join("results"));
        fs::write(&file, payload.to_string()).unwrap();
        let printed = self.scratch.join("printed");
        for path in [self.scratch.join("records"), results.clone(), printed.clone()] {
            let _ = fs::remove_file(&path);
            let _ = fs::remove_dir_all(&path);
        }
        let mut act = Command::new(&self.act);
        act.arg(event).arg("--eventpath").arg(&file).current_dir(self.repository());
        act.args(["--no-cache-server", "--no-recurse", "--concurrent-jobs", "2"]);
        if let Some(workflow) = &self.only {
            act.args(["--workflows", workflow]);
        }
        for label in LABELS {
            act.args(["-P", &format!("{label}=-self-hosted")]);
        }
        for (name, place) in self.actions() {
            act.arg("--local-repository").arg(format!("{name}={}", place.display()));
        }
        for (name, value) in self.variables().iter().chain(&self.environment) {
            act.arg("--env").arg(format!("{name}={value}"));
        }
        for (name, value) in &self.secrets {
            act.arg("-s").arg(name).env(name, value);
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let places = self.programs.iter().cloned().chain(std::env::split_paths(&path));
        act.env("PATH", std::env::join_paths(places).unwrap());
        act.env("XDG_CACHE_HOME", self.scratch.join("act"));
        // act starts an artifact service of its own where these are not set.
        let url = format!("{}/", self.forge.url(Service::Artifacts));
        act.env("ACTIONS_RUNTIME_URL", &url).env("ACTIONS_RESULTS_URL", &url);
        act.env("ACTIONS_RUNTIME_TOKEN", self.given("ACTIONS_RUNTIME_TOKEN"));
        let verdict = Verdict::of(&mut act);
        let printed = fs::read(printed).unwrap_or_default();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        Run { summary: summary(&verdict.stdout), printed, verdict }
    }

    /// Runs git in the repository.
    pub fn git(&self, words: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]);
        git.args(["-c", "commit.gpgsign=false"]).args(words).current_dir(self.repository());
        git.env("GIT_COMMITTER_DATE", DATE).env("GIT_AUTHOR_DATE", DATE);
        Verdict::of(&mut git).accepted().stdout
    }

    fn actions(&self) -> Vec<(String, PathBuf)> {
        let stubs = repository::root().join("tests/fixtures/stubs");
        let build = fs::read_to_string(self.tree.join(".github/workflows/build.yml")).unwrap();
        let mut actions = vec![(format!("{OWN}@v1"), self.tree.clone())];
        for name in ["upload-artifact", "download-artifact"] {
            let (_, rest) = build.split_once(&format!("actions/{name}@")).unwrap();
            let commit = rest.split(' ').next().unwrap();
            actions.push((format!("actions/{name}@{commit}"), stubs.join(name)));
        }
        actions
    }

    fn variables(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let records = self.scratch.join("records").display().to_string();
        // uv sends an identity only through TLS.
        let upload = match self.forge.ca_pem() {
            "" => self.forge.url(Service::Index),
            _ => self.forge.tls_url(Service::Index),
        };
        let mut variables = vec![
            pair("RUNNER_ENVIRONMENT", "github-hosted".to_owned()),
            pair("GITHUB_API_URL", self.forge.url(Service::Api)),
            pair("PACKAGE_ACTIONS_CACHE", repository::cache().display().to_string()),
            pair("PACKAGE_ACTIONS_MIRROR", self.mirror.url()),
            pair("STUB_ARTIFACT_CLIENT", self.client.display().to_string()),
            pair("STUB_RECORDS", records),
            pair("UV_PUBLISH_URL", format!("{upload}/legacy/")),
            pair("UV_PUBLISH_CHECK_URL", format!("{}/simple/", self.forge.url(Service::Index))),
        ];
        for name in ["ACTIONS_RUNTIME_TOKEN", "ACTIONS_RESULTS_URL"] {
            variables.push(pair(name, self.given(name)));
        }
        variables
    }

    fn given(&self, name: &str) -> String {
        let found = self.forge.environment().into_iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value).unwrap_or_default()
    }

    /// The next push starts a run of its own: no artifact of the last one is there.
    pub fn new_run(&self) {
        self.forge.change(|state| state.artifacts = Default::default());
    }

    /// Requests that wrote anything that outlives the run.
    pub fn writes_beyond_artifacts(&self) -> Vec<String> {
        let passing = [Service::Artifacts, Service::Issuer, Service::Tokens];
        let writes = self.forge.writes();
        let lasting = writes.iter().filter(|entry| {
            !passing.contains(&entry.service) && entry.path != SOMEBODY //
        });
        lasting.map(|entry| format!("{} {}", entry.method, entry.path)).collect()
    }

    /// Tags in the registry that people would use: not the digests by which referrers are found.
    pub fn image_tags(&self) -> Vec<String> {
        let shelves = self.forge.registry().repositories;
        let tags = shelves.iter().flat_map(|(name, oci_repository)| {
            oci_repository.tags.keys().map(move |tag| format!("{name}:{tag}"))
        });
        tags.filter(|tag| !tag.contains(":sha256-")).collect()
    }

    /// The names of the run's artifacts.
    pub fn artifacts(&self) -> Vec<String> {
        self.forge.artifacts().by_id.values().map(|artifact| artifact.name.clone()).collect()
    }

    /// A file's text out of an artifact; with an empty path, all files one after another.
    pub fn artifact_file(&self, name: &str, path: &str) -> String {
        let held = self.forge.artifacts().by_id;
        let found = held.values().find(|artifact| artifact.name == name);
        let file = self.scratch.join("artifact.zip");
        fs::write(&file, &found.unwrap_or_else(|| panic!("no artifact `{name}`")).bytes).unwrap();
        let words = ["-c", UNPACK, file.to_str().unwrap(), path];
        Verdict::of(Command::new("python3").args(words)).accepted().stdout
    }

    /// Nothing of these shows in any artifact of the run.
    #[track_caller]
    pub fn artifacts_keep(&self, secrets: &[&str]) {
        for name in self.artifacts() {
            let all = self.artifact_file(&name, "");
            for secret in secrets {
                assert!(!all.contains(secret), "`{secret}` stands in the artifact `{name}`");
            }
        }
    }
}

impl Run {
    /// The run itself, if all jobs succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.verdict.code, 0, "{}", self.verdict.told());
        self
    }

    /// The run itself, if it failed and its log holds these words.
    #[track_caller]
    pub fn failed(self, words: &str) -> Self {
        assert_ne!(self.verdict.code, 0, "{}", self.verdict.told());
        let Verdict { stdout, stderr, .. } = &self.verdict;
        let said = [stdout, stderr, &self.printed].iter().any(|text| text.contains(words));
        assert!(said, "nothing says `{words}`:\n{}\n{}", self.verdict.told(), self.printed);
        self
    }

    /// What the last step said of an action's output.
    pub fn told(&self) -> &str {
        let line = self.verdict.stdout.lines().rev().find_map(|line| line.split_once("| told="));
        line.map_or("", |(_, told)| told)
    }

    /// Whether a step printed a line that starts so.
    pub fn says(&self, words: &str) -> bool {
        let told = |line: &str| line.split_once("| ").is_some_and(|(_, it)| it.starts_with(words));
        self.verdict.stdout.lines().any(told)
    }

    /// Nothing of this shows in the log.
    #[track_caller]
    pub fn keeps(&self, secrets: &[&str]) {
        for secret in secrets {
            let shown =
                self.verdict.stdout.contains(secret) || self.verdict.stderr.contains(secret);
            assert!(!shown, "`{secret}` shows:\n{}", self.verdict.told());
        }
    }
}

/// What somebody else asks for in the middle of a run; nothing is there.
pub const SOMEBODY: &str = "/somebody-else";

/// Prints one file of a zip, or all.
const UNPACK: &str = "
import sys, zipfile
files = zipfile.ZipFile(sys.argv[1])
for name in [sys.argv[2]] if sys.argv[2] else files.namelist():
    sys.stdout.buffer.write(files.read(name))
";

/// The time of every commit, so that the same repository gives the same bytes.
const DATE: &str = "2026-01-02T03:04:05Z";

/// What the steps wrote into their summaries, as `act` tells it in its log.
fn summary(log: &str) -> String {
    let mut summary = String::new();
    let mut inside = false;
    for line in log.lines() {
        if line.starts_with('[') {
            inside = line.contains("⚙  Summary - ");
        }
        if inside {
            summary.push_str(line.split_once("Summary - ").map_or(line, |(_, text)| text));
            summary.push('\n');
        }
    }
    summary
}
