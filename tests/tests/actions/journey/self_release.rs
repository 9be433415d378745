//! This project's own release: planned, built and signed by the actions of its last one; then the
//! tree that its tag names, made of these very binaries, pushed between draft and publication.

use std::process::Command;

use model::Digest;
use product_tests::judges::Verdict;
use serde_json::{Value, json};

use super::downstream::Downstream;
use super::own;

/// What it is called where it lives.
const OWN: &str = "contextforge-org/package-actions";

const WORKFLOW: &str = ".github/workflows/self-release.yml";

/// This repository, of whose workflows only the release runs.
fn ours() -> Option<Downstream> {
    let mut down = own::copy(WORKFLOW)?;
    // act's schema is older than `cache-mode` and `queue`, and it keeps no cache.
    own::change(&down, WORKFLOW, |text| {
        let is_known =
            |line: &&str| !["cache-mode:", "queue:"].iter().any(|key| line.contains(key));
        let kept: Vec<&str> = text.lines().filter(is_known).collect();
        kept.join("\n")
    });
    down.git(&["remote", "set-url", "origin", &format!("https://github.com/{OWN}")]);
    let generate = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let key = Verdict::of(Command::new("openssl").args(generate)).accepted().stdout;
    down.secret("PACKAGE_ACTIONS_KEY", &key);
    Some(down)
}

#[test]
#[ignore = "slow self-release: builds the program for every platform, and the modules"]
fn this_project_releases_itself_and_the_tag_names_the_tree_of_its_binaries() {
    let Some(down) = ours() else { return };
    let origin = down.beside("origin.git");
    let origin = origin.to_str().unwrap();
    down.git(&["init", "--quiet", "--bare", origin]);
    down.git(&["remote", "set-url", "--push", "origin", origin]);
    down.commit();
    down.run(
        "workflow_dispatch",
        &json!({ "ref": "refs/heads/main", "repository": { "default_branch": "main" } }),
    )
    .succeeded();

    let version = env!("CARGO_PKG_VERSION");
    let tag = format!("v{version}");
    let release = down.forge.github().published(OWN, &tag).cloned().expect("a release");
    let show = |what: &str| down.git(&["--git-dir", origin, "show", what]);
    let commits = ["v1", &tag, "releases/v1"].map(|name| {
        let words = ["--git-dir", origin, "rev-parse", "--verify", name];
        down.git(&words)
    });
    assert!(commits.iter().all(|commit| *commit == commits[0]), "{commits:?}");
    let table: Value = serde_json::from_str(&show("v1:actions/setup/binaries.json")).unwrap();
    assert_eq!(table["version"], version);
    assert_eq!(table["commit"], down.git(&["rev-parse", "HEAD"]).trim());
    let rows = table["binaries"].as_object().unwrap();
    let systems: Vec<&str> = rows.keys().map(String::as_str).collect();
    assert_eq!(systems, ["linux-arm64", "linux-x64", "win32-x64"]);
    for row in rows.values() {
        let asset = release.asset(row["name"].as_str().unwrap()).expect("the program");
        assert_eq!(row["sha256"], Digest::of(&asset.bytes).hex());
    }
    let files = down.git(&["--git-dir", origin, "ls-tree", "-r", "--name-only", "v1"]);
    for path in ["wasm/pkg/core_bg.wasm", "oci/action.yml", ".github/workflows/release.yml"] {
        assert!(files.lines().any(|file| file == path), "no `{path}` in\n{files}");
    }
    let sources = |file: &str| file.starts_with("crates/") || file.ends_with("/ci.yml");
    assert!(!files.lines().any(sources), "{files}");
}
