//! Links of a tree: packed as what they lead to, or refused by name.

use std::path::Path;
use std::process::Command;

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::archives::{helm, members, unpacked, wheel};
use super::samples;
use super::tree::{DATE, Tree};

/// Commits a chart with what `init` proposes for it.
fn propose(tree: &Tree) {
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
}

/// A chart of which everything but `Chart.yaml` is a link.
fn linked() -> Tree {
    let tree = samples::chart();
    for (path, text) in [
        ("LICENSE", "licence\n"),
        ("dashboards/one.json", "{\"t\": 1}\n"),
        ("dashboards/own.json", "{\"t\": 2}\n"),
        ("shared/deep/more.json", "{\"t\": 3}\n"),
        ("shared/values.yaml", "b: 2\n"),
        ("shared/map.yaml", samples::MAP),
        ("charts/web/.helmignore", "left-out/\n*.bak\n"),
    ] {
        tree.put(path, text);
    }
    std::fs::remove_file(tree.join("charts/web/values.yaml")).unwrap();
    for (path, target) in [
        ("charts/web/LICENSE", "../../LICENSE"),
        ("charts/web/dashboards", "../../dashboards"),
        ("charts/web/values.yaml", "../../shared/values.yaml"),
        ("charts/web/templates/chained.yaml", "../../../chain/first.yaml"),
        ("chain/first.yaml", "second.yaml"),
        ("chain/second.yaml", "../shared/map.yaml"),
        ("dashboards/again.json", "one.json"),
        ("dashboards/deep", "../shared/deep"),
        ("charts/web/left-out", "../../dashboards"),
        ("charts/web/copy.bak", "../../LICENSE"),
    ] {
        tree.link(path, target);
    }
    tree
}

#[test]
fn a_linked_chart_has_the_members_and_bytes_that_helm_package_packs() {
    let Some(helm) = helm() else { return };
    let tree = linked();
    propose(&tree);
    tree.release(&[]);
    let ours = tree.only(".tgz");
    let theirs = Scratch::new("packed").unwrap();
    let folder = theirs.path().to_str().unwrap();
    helm.run(&["package", tree.join("charts/web").to_str().unwrap(), "-d", folder]).accepted();
    let theirs = theirs.join("web-1.0.0.tgz");
    assert_eq!(members(&ours), members(&theirs));
    assert!(members(&ours).contains(&"web/dashboards/deep/more.json".to_owned()));
    let (ours, theirs) = (unpacked(&ours), unpacked(&theirs));
    let mut diff = Command::new("diff");
    // Helm writes the manifest anew.
    let diff = diff.args(["-r", "--exclude=Chart.yaml"]).arg(ours.path()).arg(theirs.path());
    assert_eq!(Verdict::of(diff).accepted().stdout, "");
}

#[test]
fn a_link_that_leads_nowhere_in_the_tree_stops_the_chart_by_name() {
    for (target, told) in [
        ("nothing.json", "nothing"),
        ("../../../outside.json", "outside the tree"),
        ("/etc/hostname", "outside the tree"),
        ("self.json", "itself"),
    ] {
        let tree = samples::chart();
        let name = if target == "self.json" { target } else { "linked.json" };
        tree.link(&format!("charts/web/{name}"), target);
        propose(&tree);
        let path = format!("charts/web/{name}");
        tree.refuses(&["release", "--local"], 2, &[&path, "error[tree-link-", told]);
    }
}

#[test]
fn a_link_that_leads_nowhere_beside_the_chart_is_noted_and_stops_nothing() {
    let tree = samples::chart();
    tree.link("docs/latest", "../../elsewhere");
    propose(&tree);
    let told = tree.release(&[]);
    assert!(told.stderr.contains("docs/latest"), "{}", told.told());
    assert_eq!(members(&tree.only(".tgz")).len(), 3);
}

/// What plain `uv build` makes of the folder.
fn built_by_uv(folder: &Path) -> Option<Scratch> {
    let uv = judges::find("uv")?;
    let out = Scratch::new("built").unwrap();
    let mut command = uv.command();
    command.arg("build").arg("--out-dir").arg(out.path()).arg(folder);
    Verdict::of(&mut command).accepted();
    Some(out)
}

#[test]
#[ignore = "slow cases: 10 s, builds a project twice"]
fn a_wheel_holds_what_plain_uv_packs_of_links() {
    let tree = samples::project();
    let hatch = samples::PROJECT.replace("flit_core>=3.11,<4", "hatchling");
    tree.put("pyproject.toml", hatch.replace("flit_core.buildapi", "hatchling.build"));
    tree.put("data/table.json", "{\"t\": 1}\n");
    tree.put("data/more/a.txt", "a\n");
    tree.link("kit/table.json", "../data/table.json");
    tree.link("kit/chained.json", "table.json");
    tree.link("kit/more", "../data/more");
    propose(&tree);
    tree.release(&[]);
    let ours = wheel(&tree.only(".whl"));
    assert_eq!(ours["kit/chained.json"][1], "{\"t\": 1}\n");
    let Some(theirs) = built_by_uv(tree.cloned(&[]).path()) else { return };
    let theirs = wheel(&theirs.join("kit-1.0.0-py2.py3-none-any.whl"));
    let names = |wheel: &Value| wheel.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs));
    assert_eq!(ours["kit/table.json"][1], theirs["kit/table.json"][1]);
}
