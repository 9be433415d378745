//! The actions as a release holds them: the tree that `cargo xtask release-tree` writes, with the
//! modules that `cargo xtask wasm` built.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use product_tests::judges::{self, Judge, Verdict};
use product_tests::repository;
use product_tests::scratch::Scratch;

/// The tree of a release, as far as actions need it, and a folder for one run's files.
pub struct Installed {
    tree: Scratch,
    node: Judge,
}

/// What an action left behind.
pub struct Run {
    /// How it ended and what it printed.
    pub verdict: Verdict,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// Its summary.
    pub summary: String,
}

impl Installed {
    /// Puts it together; `None` where Node is missing, which is said.
    pub fn new() -> Option<Self> {
        let mut xtask = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        xtask.args(["run", "--quiet", "--release", "--package", "xtask", "--locked", "--"]);
        xtask.arg("release-tree").current_dir(repository::root());
        Self::made(|tree| {
            Verdict::of(xtask.arg(tree).arg("--wasm").arg(built())).accepted();
        })
    }

    /// The same from a checkout: the sources as they are, with no module but what `main` holds.
    pub fn checkout() -> Option<Self> {
        Self::made(|tree| {
            for folder in ["actions", "wasm/node"] {
                copy(&repository::root().join(folder), &tree.join(folder));
            }
        })
    }

    fn made(make: impl FnOnce(&Path)) -> Option<Self> {
        let node = judges::find("node24")?;
        let tree = Scratch::new("wasm").expect("a scratch folder");
        make(tree.path());
        for folder in ["temp", "workspace", "tools"] {
            fs::create_dir(tree.join(folder)).expect("a folder");
        }
        Some(Self { tree, node })
    }

    /// Adds the modules to a checkout, as `cargo xtask wasm wasm/pkg` does.
    pub fn build(&self) {
        copy(&built(), &self.join("wasm/pkg"));
    }

    /// A path inside.
    pub fn join(&self, inside: &str) -> PathBuf {
        self.tree.join(inside)
    }

    /// Node with a script and arguments, in nothing but the environment of a runner.
    pub fn node(&self, script: &Path) -> Command {
        let mut command = self.node.command();
        command.arg(script).env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
        for (name, value) in [("HOME", "temp"), ("RUNNER_TEMP", "temp"), ("TMPDIR", "temp")] {
            command.env(name, self.join(value));
        }
        command
            .env("RUNNER_TOOL_CACHE", self.join("tools"))
            .env("GITHUB_WORKSPACE", self.join("workspace"))
            .env("GITHUB_OUTPUT", self.join("output"))
            .env("GITHUB_STEP_SUMMARY", self.join("summary"))
            .env("GITHUB_PATH", self.join("path"))
            .env("GITHUB_EVENT_NAME", "push")
            .env("GITHUB_REPOSITORY", "owner/repo")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_SHA", "a".repeat(40))
            .env("RUNNER_ENVIRONMENT", "github-hosted")
            .current_dir(self.join("workspace"))
            .stdin(Stdio::null());
        command
    }

    /// Runs the action `name` with inputs, and with variables beside them (`NAME=` is one).
    pub fn action(&self, name: &str, given: &[(&str, &str)]) -> Run {
        for file in ["output", "summary", "path"] {
            fs::write(self.join(file), "").expect("a file of the runner's");
        }
        let mut command = self.node(&self.join(&format!("actions/{name}/main.mjs")));
        for (name, value) in given {
            match name.strip_suffix('=') {
                Some(variable) => command.env(variable, value),
                None => command.env(format!("INPUT_{}", name.to_uppercase()), value),
            };
        }
        let verdict = Verdict::of(&mut command);
        let read = |file: &str| fs::read_to_string(self.join(file)).expect("UTF-8");
        Run { verdict, outputs: outputs(&read("output")), summary: read("summary") }
    }

    /// Puts a file into the workspace.
    pub fn put(&self, path: &str, text: &str) {
        let file = self.join("workspace").join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file of the workspace");
    }
}

/// Reads what an action wrote as the runner would: `NAME<<MARK`, lines, `MARK`.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, mark) = line.split_once("<<").expect("an output starts with its mark");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != mark).collect();
        assert!(outputs.insert(name.to_owned(), value.join("\n")).is_none(), "{name} twice");
    }
    outputs
}

/// Where `cargo xtask wasm` built to.
fn built() -> PathBuf {
    let named = env::var_os("PACKAGE_ACTIONS_WASM").map(PathBuf::from);
    let path = named.unwrap_or_else(|| repository::root().join("target/wasm/pkg"));
    let help = "help: run `cargo xtask wasm`";
    assert!(path.join("core_bg.wasm").is_file(), "no modules in `{}`, {help}", path.display());
    path
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder of the repository") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
