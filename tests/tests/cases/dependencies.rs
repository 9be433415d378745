//! Charts whose dependencies are locked and not committed: fetched as they are locked, kept, named
//! by their digests, and never taken with other bytes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use product_tests::judges::{Judge, Verdict};
use product_tests::repository;
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::archives::{helm, member, members};
use super::samples;
use super::server::Server;
use super::tree::{DATE, Tree, read};

/// A repository of charts on this machine, and a cache of the program's own.
struct Charts {
    helm: Judge,
    server: Server,
    folder: Scratch,
    cache: Scratch,
}

impl Charts {
    /// One that serves `db` 1.2.3 and 1.3.0; nothing where there is no Helm.
    fn serve() -> Option<Self> {
        let helm = helm()?;
        let (folder, cache) = (Scratch::new("served").unwrap(), Scratch::new("cache").unwrap());
        let tools = repository::cache().join("tools");
        fs::create_dir_all(&tools).unwrap();
        fs::create_dir(cache.join("all")).unwrap();
        symlink(tools, cache.join("all/tools")).unwrap();
        let server = Server::start(folder.path());
        let charts = Self { helm, server, folder, cache };
        charts.put("1.2.3", "one");
        charts.put("1.3.0", "other");
        Some(charts)
    }

    /// Serves `db` of this version, whose values say `text`.
    fn put(&self, version: &str, text: &str) {
        let chart = Tree::bare(&[("db/values.yaml", &format!("text: {text}\n"))]);
        let manifest = samples::CHART.replace("name: web", "name: db").replace("1.0.0", version);
        chart.put("db/Chart.yaml", manifest);
        let folder = self.folder.path().to_str().unwrap();
        let db = chart.join("db").display().to_string();
        self.helm.run(&["package", &db, "-d", folder]).accepted();
        self.helm.run(&["repo", "index", folder, "--url", &self.server.url()]).accepted();
    }

    /// A chart `web` that needs `db` of it in this range, locked by Helm.
    fn needs(&self, range: &str) -> Tree {
        let tree = samples::chart();
        self.lock(&tree, range);
        tree.run(&["init"]).accepted();
        tree.commit(DATE);
        tree
    }

    fn lock(&self, tree: &Tree, range: &str) {
        let url = self.server.url();
        let manifest = format!(
            "{}dependencies:\n- name: db\n  version: \"{range}\"\n  repository: {url}\n",
            samples::CHART
        );
        tree.put("charts/web/Chart.yaml", manifest);
        let mut update = self.helm.command();
        update.args(["dependency", "update"]).arg(tree.join("charts/web"));
        in_home(&mut update, &self.cache.join("home"));
        Verdict::of(&mut update).accepted();
        fs::remove_dir_all(tree.join("charts/web/charts")).unwrap();
    }

    /// Releases the tree, with a cache that no other test fills.
    fn release(&self, tree: &Tree, words: &[&str]) -> Verdict {
        let mut command = tree.command(&[&["release", "--local"], words].concat());
        Verdict::of(command.env("PACKAGE_ACTIONS_CACHE", self.cache.join("all")))
    }

    /// What `sha256sum` says of the served chart of this version.
    fn digest(&self, version: &str) -> String {
        let mut sum = Command::new("sha256sum");
        sum.arg(self.folder.join(format!("db-{version}.tgz")));
        Verdict::of(&mut sum).accepted().stdout.split(' ').next().unwrap().to_owned()
    }
}

/// Keeps what Helm writes away from the person's own.
fn in_home(command: &mut Command, home: &Path) {
    for (variable, folder) in
        [("HELM_CACHE_HOME", "cache"), ("HELM_CONFIG_HOME", "config"), ("HELM_DATA_HOME", "data")]
    {
        command.env(variable, home.join(folder));
    }
}

/// The digest that the provenance gives for the chart that was fetched.
fn resolved(tree: &Tree) -> Vec<(String, String)> {
    let statement = read(&tree.join("dist/provenance/release.intoto.json"));
    let all = statement["predicate"]["buildDefinition"]["resolvedDependencies"].clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = all.as_array().unwrap().iter();
    let found = all.map(|one| (text(&one["uri"]), text(&one["digest"]["sha256"])));
    found.filter(|(uri, _)| uri.contains("/db@")).collect()
}

#[test]
fn a_locked_dependency_is_fetched_packed_and_named_by_its_digest() {
    let Some(charts) = Charts::serve() else { return };
    let tree = charts.needs("~1.2");
    charts.release(&tree, &[]).accepted();
    let packed = tree.only(".tgz");
    assert_eq!(member(&packed, "web/charts/db/values.yaml"), "text: one\n");
    assert!(members(&packed).contains(&"web/Chart.lock".to_owned()));
    let uri = format!("pkg:generic/db@1.2.3?repository_url={}", charts.server.url());
    let expected = [(uri.clone(), charts.digest("1.2.3"))];
    assert_eq!(resolved(&tree), expected);
    let materials = &tree.manifest()["artifacts"][0]["materials"];
    assert_eq!(materials[0]["uri"], uri.as_str(), "{materials}");
    assert_eq!(materials[0]["digest"], format!("sha256:{}", expected[0].1), "{materials}");
    tree.run(&["verify", "dist"]).accepted();
    let shown = charts.helm.run(&["show", "values", packed.to_str().unwrap()]).accepted();
    assert_eq!(shown.stdout.trim(), samples::VALUES.trim());
}

#[test]
fn what_was_fetched_once_is_packed_again_without_the_repository() {
    let Some(charts) = Charts::serve() else { return };
    let tree = charts.needs("~1.2");
    let told = charts.release(&tree, &["--offline"]);
    assert_eq!(told.code, 3, "{}", told.told());
    let named = format!("`pkg:generic/db@1.2.3?repository_url={}`", charts.server.url());
    for text in [named.as_str(), "was never fetched here", "`--offline`"] {
        assert!(told.stderr.contains(text), "no {text}: {}", told.told());
    }
    charts.release(&tree, &[]).accepted();
    let first = fs::read(tree.only(".tgz")).unwrap();
    let asked = charts.server.requests();
    charts.release(&tree, &["--offline"]).accepted();
    assert!(fs::read(tree.only(".tgz")).unwrap() == first);
    assert_eq!(charts.server.requests(), asked, "`--offline` asked the repository");
    assert_eq!(resolved(&tree)[0].1, charts.digest("1.2.3"));
}

#[test]
fn a_repository_that_serves_other_bytes_later_is_refused() {
    let Some(charts) = Charts::serve() else { return };
    let tree = charts.needs("~1.2");
    charts.release(&tree, &[]).accepted();
    let before = charts.digest("1.2.3");
    charts.put("1.2.3", "changed");
    let told = charts.release(&tree, &[]);
    assert_eq!(told.code, 3, "{}", told.told());
    for text in ["db@1.2.3", &before, &charts.digest("1.2.3"), "when it was fetched before"] {
        assert!(told.stderr.contains(text), "no {text}: {}", told.told());
    }
    // What is kept is still the first one.
    charts.release(&tree, &["--offline"]).accepted();
    assert_eq!(member(&tree.only(".tgz"), "web/charts/db/values.yaml"), "text: one\n");
}

#[test]
fn a_dependency_is_not_resolved_anew() {
    let Some(charts) = Charts::serve() else { return };
    // Newer ones fit as well; the lock decides.
    let tree = charts.needs("1.2.x");
    tree.put(
        "charts/web/Chart.yaml",
        fs::read_to_string(tree.join("charts/web/Chart.yaml")).unwrap().replace("1.2.x", ">=1.0.0"),
    );
    let told = charts.release(&tree, &[]);
    assert_eq!(told.code, 1, "{}", told.told());
    assert!(told.stderr.contains("was made for other dependencies"), "{}", told.told());
    assert!(told.stderr.contains("helm dependency update charts/web"), "{}", told.told());
    fs::remove_file(tree.join("charts/web/Chart.lock")).unwrap();
    let told = charts.release(&tree, &[]);
    assert_eq!(told.code, 2, "{}", told.told());
    assert!(told.stderr.contains("error[chart-dependency-missing]"), "{}", told.told());
}

#[test]
fn a_repository_that_does_not_have_it_or_does_not_answer_is_told() {
    let Some(charts) = Charts::serve() else { return };
    let tree = charts.needs("~1.2");
    fs::remove_file(charts.folder.join("db-1.2.3.tgz")).unwrap();
    let told = charts.release(&tree, &[]);
    assert!(told.code == 3 && told.stderr.contains("404"), "{}", told.told());
    assert!(!tree.join("dist").exists());
}

#[test]
fn a_dependency_in_the_tree_is_packed_from_there() {
    let tree = samples::chart();
    let manifest = samples::CHART.replace("name: web", "name: db");
    tree.put("charts/db/Chart.yaml", manifest);
    tree.put("charts/db/values.yaml", "text: here\n");
    tree.put("charts/db/notes.bak", "left out\n");
    tree.put("charts/db/.helmignore", "*.bak\n");
    tree.put(
        "charts/web/Chart.yaml",
        format!(
            "{}dependencies:\n- name: db\n  version: 1.x\n  repository: file://../db\n",
            samples::CHART
        ),
    );
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree.release(&["--offline"]);
    let built = tree.join("dist/helm/web-1.0.0.tgz");
    assert_eq!(member(&built, "web/charts/db/values.yaml"), "text: here\n");
    assert!(!members(&built).iter().any(|name| name.ends_with(".bak")), "{:?}", members(&built));
    assert_eq!(resolved(&tree), []);
    let Some(helm) = helm() else { return };
    let shown = helm.run(&["template", "x", built.to_str().unwrap(), "--debug"]).accepted();
    assert!(shown.stdout.contains("name: web"), "{}", shown.told());
}
