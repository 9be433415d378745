//! The packed chart: Helm 3 and Helm 4 lint it, and render the same from it as from its directory.

use std::fs;
use std::path::{Path, PathBuf};

use product_tests::judges::{self, Judge, Verdict};
use product_tests::scratch::Scratch;

use super::manifest::{Release, copy};

/// The packed chart, a copy of the directory it was made of, and the sets of values to try.
struct Chart {
    packed: PathBuf,
    directory: PathBuf,
    values: Vec<Vec<String>>,
    _work: Scratch,
}

impl Chart {
    fn of_the_example() -> Self {
        let packed = Release::example().files("chart").remove(0);
        let source =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contextforge/charts/mcp-stack");
        let work = Scratch::new("chart").unwrap();
        let directory = work.join("mcp-stack");
        copy(&source, &directory);
        set_versions(&directory.join("Chart.yaml"), "1.0.0");
        let mut values = vec![Vec::new()];
        for entry in fs::read_dir(source.join("ci")).unwrap() {
            values.push(vec!["--values".to_owned(), entry.unwrap().path().display().to_string()]);
        }
        for set in ["replicaCount=5", "ingress.enabled=true", "hpa.enabled=true"] {
            values.push(vec!["--set".to_owned(), set.to_owned()]);
        }
        Self { packed, directory, values, _work: work }
    }
}

/// Writes both versions, as the release did into the packed chart.
fn set_versions(file: &Path, version: &str) {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| match line.split_once(':') {
        Some(("version", _)) => format!("version: {version}\n"),
        Some(("appVersion", _)) => format!("appVersion: \"{version}\"\n"),
        _ => format!("{line}\n"),
    });
    fs::write(file, lines.collect::<String>()).unwrap();
}

fn template(helm: &Judge, chart: &Path, values: &[String]) -> Verdict {
    let mut command = helm.command();
    Verdict::of(command.args(["template", "stack"]).arg(chart).args(values))
}

fn helms() -> Vec<Judge> {
    ["helm3", "helm4"].into_iter().filter_map(judges::find).collect()
}

#[test]
fn helm_renders_the_packed_chart_as_it_renders_its_directory() {
    let chart = Chart::of_the_example();
    assert!(chart.values.len() >= 6);
    for helm in helms() {
        for values in &chart.values {
            let packed = template(&helm, &chart.packed, values).accepted();
            let directory = template(&helm, &chart.directory, values).accepted();
            assert_eq!(packed.stdout, directory.stdout, "{}", packed.line);
            assert!(packed.stdout.contains("kind: Deployment"), "{}", packed.told());
        }
        println!("{}: {} sets of values", helm.name(), chart.values.len());
    }
}

#[test]
fn helm_lints_the_packed_chart_with_every_set_of_values() {
    let chart = Chart::of_the_example();
    for helm in helms() {
        for values in &chart.values {
            let mut command = helm.command();
            let lint = command.args(["lint", "--strict"]).arg(&chart.packed).args(values);
            let verdict = Verdict::of(lint).accepted();
            assert!(verdict.stdout.contains("0 chart(s) failed"), "{}", verdict.told());
        }
        let wrong = ["--set".to_owned(), "replicaCount=many".to_owned()];
        template(&helm, &chart.packed, &wrong).refused();
    }
}

#[test]
fn helm_packs_the_same_members_with_the_same_bytes() {
    let chart = Chart::of_the_example();
    let work = Scratch::new("packed").unwrap();
    let unpack = |archive: &Path, to: &str| {
        let place = work.join(to);
        fs::create_dir_all(&place).unwrap();
        let mut tar = std::process::Command::new("tar");
        Verdict::of(tar.arg("-xzf").arg(archive).arg("-C").arg(&place)).accepted();
        place
    };
    let ours = unpack(&chart.packed, "ours");
    for helm in helms() {
        let theirs = work.join(helm.name());
        let mut command = helm.command();
        let package = command.arg("package").arg(&chart.directory).arg("--destination");
        Verdict::of(package.arg(&theirs)).accepted();
        let theirs =
            unpack(&theirs.join("mcp-stack-1.0.0.tgz"), &format!("{}-unpacked", helm.name()));
        // Helm writes Chart.yaml anew, without its comments; every other byte is the author's.
        for place in [&ours, &theirs] {
            fs::write(place.join("mcp-stack/Chart.yaml"), "").unwrap();
        }
        let mut diff = std::process::Command::new("diff");
        Verdict::of(diff.arg("--recursive").arg(&ours).arg(&theirs)).accepted();
    }
}
