use model::MemoryTree;

use super::*;

#[test]
fn a_plan_tells_what_neither_the_tree_nor_a_lock_has() {
    let missing = |repository: &str, more: &[(&str, &str)]| {
        let manifest = format!(
            "name: x\ndependencies:\n  - name: a\n    repository: file://../a\n  - name: db\n    \
             version: 1.x\n    repository: '{repository}'\n"
        );
        let own = [("c/x/Chart.yaml", manifest.as_str()), ("c/a/Chart.yaml", "name: a\n")];
        let tree = MemoryTree::new(own.into_iter().chain(more.iter().copied()));
        let manifests = Manifests::new(&tree);
        let chart = manifests.chart("c/x").unwrap();
        let found = super::missing(&manifests, "c/x", &chart.dependencies);
        let told = |problem: Diagnostic| {
            let location = problem.location.map(|at| at.to_string()).unwrap_or_default();
            (location, problem.help.unwrap_or_default())
        };
        found.into_iter().map(told).collect::<Vec<_>>()
    };
    let lock = ("c/x/Chart.lock", "");
    let told = |repository: &str, more: &[(&str, &str)], help: &str| {
        let found = missing(repository, more);
        assert_eq!(found.len(), 1, "{repository}: {found:?}");
        assert_eq!(found[0].0, "c/x/Chart.yaml:5:3");
        assert!(found[0].1.contains(help), "{found:?}");
    };
    told("https://charts.example.com", &[], "helm dependency update c/x");
    told("oci://r.example/c", &[], "helm dependency update c/x");
    told("file://../db", &[lock], "Chart.yaml");
    told("file://../../../db", &[], "Chart.yaml");
    told("", &[lock], "commit it in `charts/`");
    told("@stable", &[lock], "instead of `@stable`");
    told("alias:stable", &[lock], "instead of `alias:stable`");
    let fine = |repository: &str, more: &[(&str, &str)]| {
        assert_eq!(missing(repository, more), [], "{repository} {more:?}");
    };
    fine("https://charts.example.com", &[lock]);
    fine("oci://r.example/c", &[("c/x/requirements.lock", "")]);
    fine("file://../../db", &[("db/Chart.yaml", "name: db\n")]);
    fine("", &[("c/x/charts/db-1.0.0.tgz", "")]);
    fine("", &[("c/x/charts/db.tgz", "")]);
    fine("", &[("c/x/charts/vendor.tgz", "")]);
    told("", &[("c/x/charts/db-tools-1.0.0.tgz", "")], "commit it in `charts/`");
    fine("@stable", &[("c/x/charts/other/Chart.yaml", "name: db\n")]);
}
