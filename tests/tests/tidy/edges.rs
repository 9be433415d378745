//! Which crate may use which: the design's table, checked against what cargo resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::tree::root;

const FORMATS: &[&str] = &["pypi", "oci", "helm", "binary"];

/// Each crate and those of ours that it may use; a crate that is not here is a finding.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("archive", &["model"]),
    ("manifests", &["model"]),
    ("components", &["model", "archive", "manifests"]),
    ("evidence", &["model"]),
    ("format", &["model", "archive", "manifests", "components"]),
    ("config", &["model", "manifests", "format"]),
    ("plan", &["model", "manifests", "format", "config"]),
    ("pypi", OF_A_FORMAT),
    ("oci", OF_A_FORMAT),
    ("helm", OF_A_FORMAT),
    ("binary", OF_A_FORMAT),
    ("verify", &["model", "archive", "evidence", "components", "format"]),
    (
        "release",
        &[
            "model",
            "archive",
            "manifests",
            "format",
            "config",
            "plan",
            "pypi",
            "oci",
            "helm",
            "binary",
            "components",
            "evidence",
            "verify",
        ],
    ),
    ("api", &["model", "components", "evidence", "format", "verify", "release"]),
    ("tools", &["model"]),
    ("http", &["model"]),
    ("publish", &["model"]),
    ("registry", &["model", "archive", "format", "http", "publish"]),
    ("python-index", &["model", "archive", "format", "http", "publish"]),
    ("github", &["model", "http", "publish"]),
    ("signing", &["model", "evidence"]),
    (
        "pipeline",
        &[
            "model",
            "archive",
            "evidence",
            "format",
            "verify",
            "release",
            "tools",
            "http",
            "publish",
            "registry",
            "python-index",
            "github",
            "signing",
        ],
    ),
    ("actions", &["model", "format", "release", "api", "pipeline"]),
    ("package-actions", &["model", "release", "api", "pipeline", "actions"]),
    // Of `signing` it takes the arithmetic alone, which has no keys and draws no chance.
    ("package-actions-wasm", &["model", "verify", "api", "signing"]),
    ("forge", &["model", "archive"]),
];

/// What a format's crate may use: never another format.
const OF_A_FORMAT: &[&str] = &["model", "archive", "manifests", "components", "format"];

/// The only crate that knows a format.
const LISTS_FORMATS: &str = "release";

/// Tooling, which may use any but the command line.
const TOOLING: &[&str] = &["xtask", "bindgen", "fuzz-targets", "product-tests", "worst-cases"];

/// The crates without I/O.
const PURE: &[&str] = &[
    "model",
    "archive",
    "manifests",
    "format",
    "config",
    "plan",
    "pypi",
    "oci",
    "helm",
    "binary",
    "components",
    "evidence",
    "verify",
    "release",
    "api",
];

/// What reaches for the network, the clock or C, and so must not stand below a pure crate.
const IMPURE: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "reqwest",
    "ureq",
    "hyper",
    "octocrab",
    "ring",
    "aws-lc-rs",
    "openssl",
    "native-tls",
    "rustls",
    "git2",
    "rusqlite",
    "tempfile",
    "walkdir",
    "which",
    "chrono",
    "cc",
    "cmake",
    "bindgen",
    "pkg-config",
    "anyhow",
    "rand",
    "getrandom",
];

/// Who uses whom, by name: ours directly, and everything reachable.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Our crates.
    pub ours: BTreeSet<String>,
    /// The direct dependencies of every crate, those for tests left out.
    pub uses: BTreeMap<String, BTreeSet<String>>,
}

pub fn check(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    let none = BTreeSet::new();
    for name in &graph.ours {
        let row = MAY_USE.iter().find(|(crate_name, _)| crate_name == name);
        let tooling = TOOLING.contains(&name.as_str());
        if row.is_none() && !tooling {
            found.push(format!("{name}: not in the table of crates"));
        }
        let allowed = |used: &str| match row {
            Some((_, allowed)) => allowed.contains(&used),
            None => tooling && used != "package-actions",
        };
        let used = graph.uses.get(name).unwrap_or(&none).intersection(&graph.ours);
        let formats = used.clone().filter(|used| FORMATS.contains(&used.as_str())).count();
        if formats > 0 && name != LISTS_FORMATS && !tooling {
            found.push(format!("{name}: knows {formats} formats, which only {LISTS_FORMATS} may"));
        }
        if name == LISTS_FORMATS && formats < FORMATS.len() {
            found.push(format!("{name}: knows {formats} formats, not all {}", FORMATS.len()));
        }
        let wrong = used.filter(|used| !allowed(used));
        found.extend(wrong.map(|used| format!("{name} -> {used}: {}", reason(name, used))));
        if PURE.contains(&name.as_str()) {
            let below = below(graph, name).into_iter().filter(|used| is_impure(used));
            found
                .extend(below.map(|used| {
                    format!("{name} -> ... -> {used}: a pure crate must not reach it")
                }));
        }
    }
    found
}

impl Graph {
    /// As cargo resolves the workspace, over all crates and features that it uses.
    pub fn of_the_workspace() -> Self {
        Self::read(&metadata())
    }

    fn read(metadata: &Value) -> Self {
        let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &'_ Value| value.as_str().unwrap_or_default().to_owned();
        let members = list(&metadata["workspace_members"]);
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let name = |id: &Value| names.get(&text(id)).cloned().unwrap_or_default();
        let ours: BTreeSet<String> = members.iter().map(name).collect();
        // Somebody else's crate may have the name of one of ours.
        let name = |id: &Value| match name(id) {
            name if ours.contains(&name) && !members.contains(id) => text(id),
            name => name,
        };
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&metadata["resolve"]["nodes"]) {
            let for_tests =
                |used: &Value| list(&used["dep_kinds"]).iter().all(|kind| kind["kind"] == "dev");
            let used = list(&node["deps"]).into_iter().filter(|used| !for_tests(used));
            uses.entry(name(&node["id"])).or_default().extend(used.map(|used| name(&used["pkg"])));
        }
        Self { ours, uses }
    }
}

/// What `cargo metadata` says of the workspace, on this platform.
pub fn metadata() -> Value {
    metadata_with(&[])
}

/// The same with further flags.
pub fn metadata_with(flags: &[&str]) -> Value {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--format-version=1", "--locked", "--filter-platform"]);
    cargo.arg("x86_64-unknown-linux-gnu").args(flags);
    let told = cargo.current_dir(root()).output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    serde_json::from_slice(&told.stdout).unwrap()
}

fn reason(name: &str, used: &str) -> &'static str {
    if FORMATS.contains(&name) && FORMATS.contains(&used) {
        "a format knows no other format"
    } else if used == "package-actions" {
        "nothing uses the command line"
    } else {
        "not in the design's table"
    }
}

fn is_impure(name: &str) -> bool {
    IMPURE.contains(&name) || name.ends_with("-sys")
}

/// All that is reachable from a crate.
fn below(graph: &Graph, name: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![name.to_owned()];
    while let Some(next) = open.pop() {
        for used in graph.uses.get(&next).into_iter().flatten() {
            if reached.insert(used.clone()) {
                open.push(used.clone());
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_edge_that_the_design_forbids_is_found() {
        let check = |edges: &[(&str, &str)], expected: &[&str]| {
            let mut graph = Graph::default();
            for (from, to) in edges {
                graph.uses.entry((*from).to_owned()).or_default().insert((*to).to_owned());
                let ours = [from, to]
                    .into_iter()
                    .filter(|name| !["flate2", "crc", "tokio", "ring"].contains(name));
                graph.ours.extend(ours.map(|name| (*name).to_owned()));
            }
            assert_eq!(super::check(&graph), expected, "{edges:?}");
        };
        check(&[("helm", "archive"), ("archive", "flate2"), ("flate2", "crc")], &[]);
        check(
            &[("helm", "oci")],
            &[
                "helm: knows 1 formats, which only release may",
                "helm -> oci: a format knows no other format",
            ],
        );
        check(
            &[("tools", "package-actions")],
            &["tools -> package-actions: nothing uses the command line"],
        );
        check(
            &[("evidence", "components")],
            &["evidence -> components: not in the design's table"],
        );
        let junk = ["junk -> model: not in the design's table", "junk: not in the table of crates"];
        check(&[("junk", "model")], &[junk[1], junk[0]]);
        check(&[("xtask", "tools"), ("tools", "model")], &[]);
        check(&[("tools", "tokio")], &[]);
        check(
            &[("model", "flate2"), ("flate2", "tokio")],
            &["model -> ... -> tokio: a pure crate must not reach it"],
        );
        check(&[("binary", "ring")], &["binary -> ... -> ring: a pure crate must not reach it"]);
    }

    #[test]
    fn only_release_lists_the_formats_and_it_lists_them_all() {
        let check = |name: &str, formats: &[&str], expected: &[&str]| {
            let mut graph = Graph::default();
            graph.ours.extend(formats.iter().chain([&name]).map(|name| (*name).to_owned()));
            let used = formats.iter().map(|format| (*format).to_owned()).collect();
            graph.uses.insert(name.to_owned(), used);
            assert_eq!(super::check(&graph), expected, "{name} {formats:?}");
        };
        check("release", FORMATS, &[]);
        check("release", &["oci"], &["release: knows 1 formats, not all 4"]);
        let check_one = |name: &str| {
            let alone = format!("{name}: knows 1 formats, which only release may");
            let edge = format!("{name} -> oci: not in the design's table");
            check(name, &["oci"], &[&alone, &edge]);
        };
        check_one("pipeline");
        check_one("verify");
        check_one("registry");
    }

    #[test]
    fn edges_for_tests_do_not_count() {
        let used = |id: &str, kind: Value| json!({"pkg": id, "dep_kinds": [{"kind": kind}]});
        let graph = Graph::read(&json!({
            "packages": [
                {"id": "1", "name": "a"}, {"id": "2", "name": "b"}, {"id": "3", "name": "c"},
            ],
            "workspace_members": ["1"],
            "resolve": {"nodes": [
                {"id": "1", "deps": [used("2", Value::Null), used("3", json!("dev"))]},
            ]},
        }));
        assert_eq!(graph.ours, BTreeSet::from(["a".to_owned()]));
        assert_eq!(graph.uses["a"], BTreeSet::from(["b".to_owned()]));
    }

    #[test]
    fn a_foreign_crate_of_the_same_name_is_another_one() {
        let used = |id: &str| json!({"pkg": id, "dep_kinds": [{"kind": null}]});
        let graph = Graph::read(&json!({
            "packages": [
                {"id": "ours", "name": "a"}, {"id": "theirs", "name": "a"},
                {"id": "2", "name": "b"},
            ],
            "workspace_members": ["ours", "2"],
            "resolve": {"nodes": [
                {"id": "2", "deps": [used("theirs")]}, {"id": "theirs", "deps": [used("2")]},
            ]},
        }));
        assert_eq!(graph.uses["b"], BTreeSet::from(["theirs".to_owned()]));
        assert!(!graph.uses.contains_key("a"), "{graph:?}");
    }
}
