//! Which commit a release is of: its tag is on that commit, and without one people are told.

use std::fs;
use std::process::Command;

use forge::{Forge, Service, Setup};
use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

/// A repository with one chart, to be pushed to `host`.
fn chart(host: &str) -> Scratch {
    let tree = Scratch::new("tagged").unwrap();
    fs::create_dir_all(tree.join("chart/templates")).unwrap();
    fs::write(tree.join("chart/Chart.yaml"), "apiVersion: v2\nname: hello\nversion: 0.1.0\n")
        .unwrap();
    fs::write(tree.join("chart/templates/NOTES.txt"), "hello\n").unwrap();
    let config = format!(
        "[release]\nversion = \"0.1.0\"\nregistry = \"{host}/o\"\ncharts = \"{host}/o/charts\"\n\
         [[package]]\nname = \"hello\"\nchart = {{ path = \"chart\" }}\n"
    );
    fs::write(tree.join("package-actions.toml"), config).unwrap();
    tree
}

fn git(tree: &Scratch, words: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(tree.path());
    git.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]);
    Verdict::of(git.args(words)).accepted().stdout.trim().to_owned()
}

fn commit(tree: &Scratch, message: &str) -> String {
    git(tree, &["add", "--all"]);
    git(tree, &["commit", "--quiet", "--allow-empty", "--message", message]);
    git(tree, &["rev-parse", "HEAD"])
}

fn release(tree: &Scratch) -> Verdict {
    Verdict::of(product::command().args(["release", "--local"]).arg(tree.path())).accepted()
}

fn publish(forge: &Forge, tree: &Scratch) -> Verdict {
    let mut command = product::command();
    command.arg("publish").arg(tree.join("dist")).args(["--only", "helm", "--dry-run"]);
    command.env("DOCKER_CONFIG", tree.join("none")).env("GITHUB_API_URL", forge.url(Service::Api));
    Verdict::of(&mut command)
}

#[test]
fn a_tag_on_another_commit_is_told_at_the_build_and_stops_the_publication() {
    let forge = Forge::start(Setup::default()).unwrap();
    let tree = chart(&forge.host(Service::Registry));
    git(&tree, &["init", "--quiet"]);
    let tagged = commit(&tree, "one");
    git(&tree, &["tag", "--annotate", "--message", "one", "v0.1.0"]);
    assert!(!release(&tree).stderr.contains("another commit"));
    publish(&forge, &tree).accepted();

    let head = commit(&tree, "two");
    let told = release(&tree).stderr;
    assert!(told.contains(&format!("the tag `v0.1.0` is on another commit, {tagged}")), "{told}");
    let told = publish(&forge, &tree);
    assert_eq!(told.code, 1, "{}", told.told());
    for word in ["error[publish-tag-elsewhere]", &tagged, &head] {
        assert!(told.stderr.contains(word), "{word}: {}", told.told());
    }
    // Another repository's tag of that name is nobody's matter.
    fs::rename(tree.join(".git"), tree.join("kept")).unwrap();
    git(&tree, &["init", "--quiet"]);
    git(&tree, &["commit", "--quiet", "--allow-empty", "--message", "other"]);
    git(&tree, &["tag", "v0.1.0"]);
    publish(&forge, &tree).accepted();
}

#[test]
fn a_release_of_no_commit_is_told_as_such() {
    let forge = Forge::start(Setup::default()).unwrap();
    let tree = chart(&forge.host(Service::Registry));
    assert!(release(&tree).stderr.contains("note: no git"));
    let told = publish(&forge, &tree).accepted();
    assert!(told.stderr.contains("warning[publish-no-commit]"), "{}", told.told());
}
