//! What a check of a chart finds does not decide whether it is packed: versions of Kubernetes,
//! values that have to be given, schemas elsewhere, files that Helm does not load.

use std::net::TcpListener;

use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::archives::helm;
use super::samples;
use super::tree::{DATE, Tree};

/// A chart with further lines of its manifest, a template, and further lines of its
/// configuration.
fn chart(manifest: &str, template: &str, config: &str) -> Tree {
    let tree = samples::chart();
    tree.put("charts/web/Chart.yaml", format!("{}{manifest}", samples::CHART));
    tree.put("charts/web/templates/map.yaml", format!("{}{template}", samples::MAP));
    tree.put(
        "package-actions.toml",
        format!(
            "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\n[[package]]\n\
             name = \"web\"\n\n[package.chart]\npath = \"charts/web\"\n{config}"
        ),
    );
    tree
}

/// The notes on the only artifact.
fn notes(tree: &Tree) -> String {
    let notes: &Value = &tree.manifest()["artifacts"][0]["notes"];
    notes.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
}

/// Releases the chart and expects these words in the notes on it; none means no note at all.
#[track_caller]
fn released(tree: &Tree, expected: &str) {
    tree.commit(DATE);
    let told = tree.release(&[]);
    let notes = notes(tree);
    let fits = if expected.is_empty() { notes.is_empty() } else { notes.contains(expected) };
    assert!(fits, "{expected:?} is not {notes:?}: {}", told.told());
}

/// Fails to render for a version of Kubernetes that `constraint` does not allow.
fn only_within(constraint: &str) -> String {
    format!(
        "data:\n  {{{{- if not (semverCompare \"{constraint}\" .Capabilities.KubeVersion.Version) \
         }}}}\n  {{{{- fail \"rendered for another version\" }}}}\n  {{{{- end }}}}\n  a: b\n"
    )
}

#[test]
fn a_chart_is_rendered_for_a_version_of_kubernetes_that_it_allows() {
    for constraint in [
        ">=1.24.0-0 <1.36.0-0",
        "1.27.x || 1.29.x",
        "~1.21.0-0",
        "<1.20.0",
        ">= 1.19.0-0, < 1.23.0-0",
    ] {
        let tree = chart(
            &format!("kubeVersion: \"{constraint}\"\n"),
            &only_within(constraint),
            "lint = \"error\"\n",
        );
        std::fs::write(tree.join("charts/web/README.md"), "# Web\n").unwrap();
        released(&tree, "");
    }
}

#[test]
fn a_chart_that_allows_no_version_of_kubernetes_is_packed_without_being_rendered() {
    released(&chart("kubeVersion: \">=9.0.0 <9.0.0\"\n", "", ""), "not rendered: no version");
    // A version of one's own is asked for, whatever the chart allows by default.
    let own = chart("", &only_within("1.22.x"), "lint = \"error\"\nkube-version = \"1.22.5\"\n");
    released(&own, "");
    let other = chart("", &only_within("1.22.x"), "kube-version = \"1.23.0\"\n");
    released(&other, "not rendered");
}

const REQUIRED: &str = "data:\n  host: {{ required \"host must be set\" .Values.host }}\n";

#[test]
fn a_chart_that_needs_values_is_rendered_with_those_that_it_is_given() {
    let tree = chart("", REQUIRED, "");
    tree.put("charts/web/ci/test-values.yaml", "host: example.com\n");
    released(&tree, "rendered with `charts/web/ci/test-values.yaml`");

    let tree = chart("", REQUIRED, "values = [\"ci/host.yaml\"]\n");
    tree.put("charts/web/ci/host.yaml", "host: example.com\n");
    released(&tree, "");

    let tree = chart("", REQUIRED, "values = [\"deploy/host.yaml\"]\nlint = \"error\"\n");
    tree.put("deploy/host.yaml", "host: example.com\n");
    released(&tree, "");
}

#[test]
fn a_chart_that_is_given_no_values_is_packed_and_says_so() {
    for template in [
        REQUIRED,
        "data:\n  {{- fail \"choose a database\" }}\n",
        "data:\n  a: {{ index .Values.hosts 0 }}\n",
    ] {
        let tree = chart("", template, "");
        released(&tree, "not rendered");
    }
}

#[test]
fn a_chart_that_is_given_values_must_render_with_them() {
    let tree = chart("", REQUIRED, "values = [\"ci/host.yaml\"]\n");
    tree.put("charts/web/ci/host.yaml", "other: 1\n");
    tree.commit(DATE);
    tree.refuses(&["release", "--local"], 1, &["host must be set"]);
    // Whoever wants every finding to stop it says so.
    let tree = chart("", REQUIRED, "lint = \"error\"\n");
    tree.commit(DATE);
    tree.refuses(&["release", "--local"], 1, &["host must be set"]);
}

/// A schema that refers to a host, which must not be asked: whether anybody called is told.
fn refers_elsewhere(put: impl Fn(&Tree, &str)) {
    let host = TcpListener::bind("127.0.0.1:0").unwrap();
    host.set_nonblocking(true).unwrap();
    let address = host.local_addr().unwrap();
    let tree = chart("", "", "");
    let a = format!("{{\"$ref\": \"http://{address}/a.json\"}}");
    let schema = format!("{{\"type\": \"object\", \"properties\": {{\"a\": {a}}}}}");
    put(&tree, &schema);
    released(&tree, "no values were checked");
    tree.release(&["--offline"]);
    let called = host.accept();
    assert!(called.is_err(), "the host of the schema was asked: {called:?}");
}

#[test]
fn no_host_is_asked_for_the_schema_of_a_chart_or_of_its_subcharts() {
    refers_elsewhere(|tree, schema| tree.put("charts/web/values.schema.json", schema));
    let sub = samples::CHART.replace("web", "sub");
    refers_elsewhere(|tree, schema| {
        tree.put("charts/web/charts/sub/Chart.yaml", &sub);
        tree.put("charts/web/charts/sub/values.schema.json", schema);
    });
    refers_elsewhere(|tree, schema| {
        tree.put("packed/sub/Chart.yaml", &sub);
        tree.put("packed/sub/values.schema.json", schema);
        std::fs::create_dir_all(tree.join("charts/web/charts")).unwrap();
        let mut tar = std::process::Command::new("tar");
        tar.args(["czf", "charts/web/charts/sub-1.0.0.tgz", "-C", "packed", "sub"]);
        Verdict::of(tar.current_dir(tree.path())).accepted();
    });
}

#[test]
fn values_are_checked_against_a_schema_that_stands_alone() {
    let schema = "{\"$schema\": \"https://json-schema.org/draft-07/schema#\",\n\
                  \"definitions\": {\"text\": {\"type\": \"string\"}},\n\
                  \"properties\": {\"a\": {\"$ref\": \"#/definitions/text\"}}}";
    let with = |values: &str| {
        let tree = chart("", "", "lint = \"error\"\n");
        tree.put("charts/web/values.schema.json", schema);
        tree.put("charts/web/values.yaml", values);
        tree
    };
    released(&with("a: text\n"), "");
    let tree = with("a: 1\n");
    tree.commit(DATE);
    tree.refuses(&["release", "--local", "--offline"], 1, &["values don't meet"]);
}

/// The largest file of a chart that Helm loads.
const LARGEST: usize = 5 * 1024 * 1024;

/// Whether a chart with this file is released, which is what Helm says of its folder.
#[track_caller]
fn with_file(path: &str, size: usize, ignored: &str, expected: Result<(), &str>) {
    let tree = chart("", "", "");
    tree.put("charts/web/.helmignore", ignored);
    tree.put("charts/web/charts/sub/Chart.yaml", samples::CHART.replace("web", "sub"));
    tree.put(&format!("charts/web/{path}"), vec![b'x'; size]);
    tree.commit(DATE);
    let ours = tree.run(&["release", "--local"]);
    assert_eq!(ours.code == 0, expected.is_ok(), "{path} {size}: {}", ours.told());
    if let Err(named) = expected {
        assert!(ours.stderr.contains(named), "{path}: {}", ours.told());
    }
    let Some(helm) = helm() else { return };
    let (folder, out) = (tree.join("charts/web"), Scratch::new("packed").unwrap());
    let theirs =
        helm.run(&["package", folder.to_str().unwrap(), "-d", out.path().to_str().unwrap()]);
    assert_eq!(theirs.code == 0, expected.is_ok(), "{path} {size}: {}", theirs.told());
}

#[test]
fn a_file_that_helm_does_not_load_stops_the_chart_by_name() {
    with_file("files/dash.json", LARGEST, "", Ok(()));
    with_file("files/dash.json", LARGEST + 1, "", Err("charts/web/files/dash.json"));
    with_file("files/dash.json", LARGEST + 1, "files/\n", Ok(()));
    with_file("charts/sub/big.bin", LARGEST + 1, "", Err("charts/web/charts/sub/big.bin"));
}
