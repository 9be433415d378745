//! The whole example as a release for a registry of the test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::judges::Verdict;
use crate::repository::{self, EXAMPLE};
use crate::scratch::Scratch;
use crate::{product, skip};

/// The example's repository on GitHub.
pub const REPOSITORY: &str = "contextforge-org/contextforge";

/// A sealed release of the example in a folder of its own.
#[derive(Debug)]
pub struct Whole {
    tree: Scratch,
}

impl Whole {
    /// Builds the example for the registry at `registry`; nothing, told, where the cache that the
    /// main job fills lacks something.
    pub fn build(test: &str, registry: &str) -> Option<Self> {
        let tree = Scratch::new("whole").expect("a scratch folder");
        let from = repository::root().join(EXAMPLE).join(".");
        let copied = Command::new("cp").arg("-R").arg(from).arg(tree.path()).status();
        assert!(copied.is_ok_and(|status| status.success()), "cannot copy the example");
        // A release of the main job's would only be replaced.
        let _ = fs::remove_dir_all(tree.join("dist"));
        let config = tree.join("package-actions.toml");
        let text = fs::read_to_string(&config).expect("the example's configuration");
        let own = format!("[release]\nregistry = \"{registry}/contextforge\"\n");
        let text = text.replacen("[release]\n", &own, 1);
        assert!(text.contains(&own), "the example's configuration has no `[release]`");
        fs::write(&config, text).expect("the example's configuration");
        let folder = tree.path().to_str().expect("UTF-8");
        if !repository::cache().join("tools").is_dir() {
            skip::skip(test, "no tools in the cache: run the main job");
            return None;
        }
        product::run(&["release", "--local", folder, "--offline"]).accepted();
        Some(Self { tree })
    }

    /// Its `dist/`.
    pub fn dist(&self) -> PathBuf {
        self.tree.join("dist")
    }

    /// A command line that publishes all of it, up to what says where.
    pub fn publish(&self) -> Command {
        let mut command = product::command();
        // Its Dockerfile image is built where a daemon answers only.
        command.arg("publish").arg(self.dist()).args(["--output", "json", "--allow-missing"]);
        command.arg("--key").arg(self.dist().join("signing-key.pub"));
        command
    }

    /// Reference and version of its images, or of its charts.
    pub fn references(&self, kind: &str) -> Vec<(String, String)> {
        let manifest = read(&self.dist().join("release.json"));
        let artifacts = manifest["artifacts"].as_array().expect("artifacts").iter();
        let word = |value: &Value| value.as_str().expect("a text").to_owned();
        artifacts
            .filter(|artifact| artifact["kind"] == kind)
            .map(|artifact| (word(&artifact["reference"]), word(&artifact["version"])))
            .collect()
    }
}

/// Accepts a publication and gives how many of its items came to which end.
pub fn fates(command: &mut Command) -> std::collections::BTreeMap<String, usize> {
    let verdict = Verdict::of(command).accepted();
    let answer: Value = serde_json::from_str(&verdict.stdout).expect("JSON");
    let mut fates = std::collections::BTreeMap::new();
    for item in answer["items"].as_array().expect("items") {
        *fates.entry(item["fate"].as_str().expect("a fate").to_owned()).or_default() += 1;
    }
    fates
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON")
}
