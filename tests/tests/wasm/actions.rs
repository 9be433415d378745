//! Each step's action does what its README says.

use std::fs;
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::{product, release, repository};
use serde_json::Value;

use super::installed::{Installed, Run};

fn json(run: &Run, name: &str) -> Value {
    serde_json::from_str(&run.outputs[name]).unwrap()
}

fn refused(run: &Run, code: &str) {
    assert_eq!(run.verdict.code, 1, "{:?}", run.verdict);
    let annotated = format!("title={code}::");
    assert!(run.verdict.stdout.contains(&annotated), "no {code}: {}", run.verdict.stdout);
    assert!(run.summary.contains("### Problems"), "{}", run.summary);
}

#[test]
fn plan_tells_the_digest_that_the_command_line_tells() {
    let Some(installed) = Installed::new() else { return };
    let example = repository::root().join(repository::EXAMPLE);
    let tree = installed.join("workspace/tree");
    copy_tracked(&example, &tree);
    let run = installed.action("plan", &[("directory", "tree"), ("max-legs", "3")]);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    let folder = tree.display().to_string();
    let told = product::run(&["plan", &folder, "--max-legs", "3", "--output", "json"]).accepted();
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(run.outputs["plan"], told["digest"]);
    let matrix = product::run(&["plan", &folder, "--max-legs", "3", "--output", "matrix"]);
    assert_eq!(format!("{}\n", run.outputs["matrix"]), matrix.accepted().stdout);
    assert_eq!(run.outputs["legs"], "3");
    assert_eq!(run.outputs["tag"], told["plan"]["release"]["tag"]);
    assert_eq!(run.outputs["prerelease"], "false");
    assert_eq!(json(&run, "formats"), serde_json::json!(["pypi", "oci", "helm", "binary"]));
    assert_eq!(run.outputs["dry-run"], "true", "no tag was pushed");
    assert!(run.summary.contains(&run.outputs["plan"]), "{}", run.summary);
}

/// The files of `from` that git tracks or would.
fn copy_tracked(from: &std::path::Path, to: &std::path::Path) {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Verdict::of(Command::new("git").arg("-C").arg(from).args(words)).accepted();
    for path in listed.stdout.split('\0').filter(|path| !path.is_empty()) {
        let target = to.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(from.join(path), target).unwrap();
    }
}

#[test]
fn plan_refuses_strangers_and_strange_machines_and_keeps_pull_requests_dry() {
    let Some(installed) = Installed::new() else { return };
    let event = installed.join("event.json").display().to_string();
    let pull = |head: &str| {
        let side = |id: &str| format!("{{\"repo\":{{\"id\":{id},\"full_name\":\"o/r\"}}}}");
        let text =
            format!("{{\"pull_request\":{{\"head\":{},\"base\":{}}}}}", side(head), side("1"));
        fs::write(&event, text).unwrap();
    };
    installed.put("package-actions.toml", CONFIG);
    installed.put("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n");
    let ask = |name: &str, runner: &str, opted: &str| {
        let given = [
            ("GITHUB_EVENT_NAME=", name),
            ("GITHUB_EVENT_PATH=", event.as_str()),
            ("RUNNER_ENVIRONMENT=", runner),
            ("self-hosted", opted),
        ];
        installed.action("plan", &given)
    };
    pull("1");
    assert_eq!(ask("pull_request", "github-hosted", "").outputs["dry-run"], "true");
    assert_eq!(ask("push", "", "true").outputs["dry-run"], "true");
    let pushed = |tag: &str| {
        let reference = format!("refs/tags/{tag}");
        let given = [
            ("GITHUB_REF=", reference.as_str()),
            ("GITHUB_REF_TYPE=", "tag"),
            ("GITHUB_REF_NAME=", tag),
        ];
        installed.action("plan", &given)
    };
    assert_eq!(pushed("v1.0.0").outputs["dry-run"], "false");
    refused(&pushed("v1.0.1"), "tag-other");
    let asked = |branch: &str| {
        fs::write(&event, r#"{"repository":{"default_branch":"main"}}"#).unwrap();
        let given =
            [("publish", "true"), ("GITHUB_REF=", branch), ("GITHUB_EVENT_PATH=", event.as_str())];
        installed.action("plan", &given)
    };
    assert_eq!(asked("refs/heads/main").outputs["dry-run"], "false");
    refused(&asked("refs/heads/work"), "branch-other");
    refused(&ask("pull_request_target", "github-hosted", ""), "event-refused");
    refused(&ask("issue_comment", "github-hosted", "true"), "event-refused");
    refused(&ask("push", "self-hosted", "false"), "runner-refused");
    refused(&ask("push", "", ""), "runner-refused");
    refused(&ask("push", "", "perhaps"), "action-input");
    // What a fork brings is tried where nothing of it stays.
    pull("2");
    assert_eq!(ask("pull_request", "github-hosted", "").outputs["dry-run"], "true");
    refused(&ask("pull_request", "self-hosted", "true"), "runner-refused");
}

const CONFIG: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"ghcr.io/owner\"\n\
    repository = \"https://github.com/owner/repo\"\n\n\
    [[package]]\nname = \"chart\"\nchart = { path = \"chart\" }\n";

#[test]
fn plan_places_a_problem_in_its_file() {
    let Some(installed) = Installed::new() else { return };
    installed.put("package-actions.toml", &CONFIG.replace("path", "paht"));
    let run = installed.action("plan", &[]);
    assert_eq!(run.verdict.code, 1);
    let place = "::error file=package-actions.toml,line=8,col=";
    assert!(run.verdict.stdout.contains(place), "{}", run.verdict.stdout);
    assert!(run.outputs.is_empty(), "{:?}", run.outputs);
}

#[test]
fn checksums_are_read_by_sha256sum_and_compared_both_ways() {
    let Some(installed) = Installed::new() else { return };
    for (path, text) in [("d/a", "1"), ("d/b c/ü", "2"), ("d/z", "3")] {
        installed.put(path, text);
    }
    let run = installed.action("checksums", &[("directory", "d"), ("files", ".")]);
    assert_eq!((run.verdict.code, run.outputs["count"].as_str()), (0, "3"));
    let folder = installed.join("workspace/d");
    let mut judge = Command::new("sha256sum");
    Verdict::of(judge.args(["--check", "--strict", "checksums.txt"]).current_dir(&folder))
        .accepted();
    let folder = folder.display().to_string();
    let native = product::run(&["checksums", "--directory", &folder, "a", "b c", "z"]).accepted();
    assert_eq!(native.stdout, fs::read_to_string(&run.outputs["path"]).unwrap());

    let given = [("directory", "d"), ("files", "."), ("check", "checksums.txt")];
    assert_eq!(installed.action("checksums", &given).verdict.code, 0);
    installed.put("d/a", "other");
    refused(&installed.action("checksums", &given), "checksums-mismatch");
    installed.put("d/a", "1");
    installed.put("d/more", "");
    assert_eq!(installed.action("checksums", &given).verdict.code, 0, "as sha256sum does");
    let strict = [given.as_slice(), &[("strict", "true")]].concat();
    refused(&installed.action("checksums", &strict), "checksums-unlisted");
    let named = |file| [("directory", "d"), ("files", file), ("check", "checksums.txt")];
    assert_eq!(installed.action("checksums", &named("a")).verdict.code, 0);
    refused(&installed.action("checksums", &named("more")), "checksums-unlisted");
    fs::remove_file(installed.join("workspace/d/z")).unwrap();
    assert_eq!(installed.action("checksums", &named("a")).verdict.code, 0);
    refused(&installed.action("checksums", &given), "checksums-missing");
}

#[test]
fn wheel_names_are_made_and_taken_apart() {
    let Some(installed) = Installed::new() else { return };
    let tags = [("pythons", "py3"), ("abis", "none"), ("platforms", "any")];
    let given = [&[("name", "My.Pkg"), ("version", "1.0-rc1")][..], &tags].concat();
    let run = installed.action("wheel-name", &given);
    assert_eq!(run.outputs["file"], "my_pkg-1.0rc1-py3-none-any.whl");
    let run = installed
        .action("wheel-name", &[("files", "a-1-py3-none-any.whl, b-2-cp311-abi3-win_amd64.whl")]);
    assert_eq!(json(&run, "wheels")[1]["runs-on"], serde_json::json!(["windows-amd64"]));
    refused(&installed.action("wheel-name", &[("files", "a.whl")]), "wheel-name");
}

#[test]
fn sboms_and_provenance_are_written_for_the_examples_files() {
    let Some(installed) = Installed::new() else { return };
    let dist = release::example();
    let pypi = installed.join("workspace/pypi");
    fs::create_dir_all(&pypi).unwrap();
    for entry in fs::read_dir(dist.join("pypi")).unwrap().map(Result::unwrap) {
        if entry.file_name().to_str().unwrap().ends_with(".whl") {
            fs::copy(entry.path(), pypi.join(entry.file_name())).unwrap();
        }
    }
    let given = [("files", "pypi"), ("merge", "all"), ("epoch", "1700000000")];
    let run = installed.action("sbom", &given);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    let written = json(&run, "files");
    for path in written.as_array().unwrap() {
        let text = fs::read_to_string(installed.join("workspace").join(path.as_str().unwrap()));
        assert!(text.unwrap().contains("\"spdxVersion\": \"SPDX-2.3\""));
    }
    assert_eq!(run.outputs["merged"], "sbom/all.spdx.json");
    let run = installed.action("provenance", &[("files", "pypi"), ("version", "1.0.0")]);
    let path = json(&run, "files")[0].as_str().unwrap().to_owned();
    let text = fs::read_to_string(installed.join("workspace").join(path)).unwrap();
    let statement: Value = serde_json::from_str(&text).unwrap();
    let count = statement["subject"].as_array().unwrap().len();
    assert_eq!(count, written.as_array().unwrap().len());
    assert!(text.contains(&"a".repeat(40)) && text.contains("https://github.com/owner/repo"));
}

#[test]
fn verify_finds_what_the_command_line_finds() {
    let Some(installed) = Installed::new() else { return };
    let dist = release::example();
    let workspace = dist.parent().unwrap().display().to_string();
    let name = dist.file_name().unwrap().to_str().unwrap();
    let ask = |given: &[(&str, &str)]| {
        let base = [("GITHUB_WORKSPACE=", workspace.as_str()), ("dist", name)];
        installed.action("verify", &[&base[..], given].concat())
    };
    let run = ask(&[]);
    let native = product::run(&["verify", dist.to_str().unwrap(), "--output", "json"]);
    let told: Value = serde_json::from_str(&native.stdout).unwrap();
    assert_eq!(json(&run, "report"), told);
    assert_eq!(run.verdict.code, native.code);
    let other = format!("sha256:{}", "0".repeat(64));
    refused(&ask(&[("manifest", &other)]), "manifest-other");
    refused(&ask(&[("key", "-----BEGIN PUBLIC KEY-----\nnonsense")]), "public-key");
}

#[test]
fn without_a_built_core_an_action_says_what_to_pin() {
    let (Some(released), Some(checkout)) = (Installed::new(), Installed::checkout()) else {
        return;
    };
    fs::remove_dir_all(released.join("wasm/pkg")).unwrap();
    for installed in [released, checkout] {
        for action in ["plan", "wheel-name", "checksums", "sbom", "provenance", "verify"] {
            installed.put("dist/a", "");
            let given = [("files", "dist/a"), ("dist", "dist")];
            let run = installed.action(action, &given);
            assert_eq!(run.verdict.code, 1, "{action}");
            assert!(
                run.verdict.stdout.contains("pin a release"),
                "{action}: {}",
                run.verdict.stdout
            );
        }
    }
}

#[test]
fn a_released_action_is_one_file_that_does_what_its_sources_do() {
    let (Some(released), Some(checkout)) = (Installed::new(), Installed::checkout()) else {
        return;
    };
    checkout.build();
    for action in ["plan", "wheel-name", "checksums", "sbom", "provenance", "verify", "setup"] {
        let main =
            fs::read_to_string(released.join(&format!("actions/{action}/main.mjs"))).unwrap();
        let imports = |line: &&str| line.starts_with("import ") || line.contains("import(");
        assert_eq!(main.lines().find(imports), None, "{action}");
        let ran = [&released, &checkout].map(|installed| {
            installed.put("a-1.0-py3-none-any.whl", "");
            let run = installed.action(action, &[("files", "a-1.0-py3-none-any.whl")]);
            let root = installed.join("").display().to_string();
            (run.verdict.code, run.verdict.stdout.replace(&root, "/"), run.summary)
        });
        assert_eq!(ran[0], ran[1], "{action}");
    }
}
