//! Builds that fail, and machines that lack what a build needs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::mistake::Mistake;

const RELEASE: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\n";
const MODULE: (&str, &str) = ("go.mod", "module example.com/tool\n\ngo 1.21\n");
const TOOL: &str = "[[package]]\nname = \"tool\"\nbinary = { go = \".\" }\n";

fn go(name: &'static str, source: &str) -> Mistake {
    let config = format!("{RELEASE}{TOOL}");
    let files = [("package-actions.toml", config.as_str()), MODULE, ("main.go", source)];
    Mistake::committed(name, &files)
}

fn chart(name: &'static str, template: &str) -> Mistake {
    let config = format!("{RELEASE}[[package]]\nname = \"web\"\nchart = {{ path = \"chart\" }}\n");
    let files = [
        ("package-actions.toml", config.as_str()),
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.0.0\n"),
        ("chart/values.yaml", "a: 1\n"),
        ("chart/templates/a.yaml", template),
    ];
    Mistake::committed(name, &files)
}

const SOUND: &str = "kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n";

/// A program in the tree that stands for a tool.
fn tool(mistake: &Mistake, script: &str) -> String {
    let file = mistake.folder().join("tool");
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    file.display().to_string()
}

#[test]
fn a_compile_error_on_five_platforms() {
    let source = "package main\n\nfunc main() {\n\tnothing()\n}\n";
    go("does-not-compile", source).tells(&["release", "--local", "--jobs", "1"]);
}

#[test]
fn a_compile_error_on_one_platform() {
    let mistake = go("does-not-compile-once", "package main\n\nfunc main() { nothing() }\n");
    for system in ["linux", "darwin"] {
        mistake.write(&format!("a_{system}.go"), "package main\n\nfunc nothing() {}\n");
    }
    mistake.commit();
    mistake.tells(&["release", "--local", "--jobs", "1"]);
}

#[test]
fn a_backend_that_prints_much_and_exits_with_7() {
    let project = "[build-system]\nrequires = []\nbuild-backend = \"own\"\n\
                   backend-path = [\".\"]\n\n[project]\nname = \"tool\"\nversion = \"1.0.0\"\n";
    let backend = "import sys\n\ndef build_sdist(*a, **k):\n    for i in range(200):\n        \
                   print('step', i)\n    print('error: no compiler', file=sys.stderr)\n    \
                   sys.exit(7)\n\nbuild_wheel = build_sdist\n\ndef none(*a):\n    return []\n\n\
                   get_requires_for_build_wheel = get_requires_for_build_sdist = none\n";
    let config = format!("{RELEASE}[[package]]\nname = \"tool\"\npython = {{ path = \".\" }}\n");
    let files = [
        ("package-actions.toml", config.as_str()),
        ("pyproject.toml", project),
        ("own.py", backend),
    ];
    Mistake::committed("backend-exits", &files).tells(&["release", "--local"]);
}

#[test]
fn a_template_that_is_wrong() {
    chart("bad-template", "a: {{ .Values.a\n").tells(&["release", "--local"]);
}

#[test]
fn no_container_engine_for_seven_images() {
    let mut config = RELEASE.to_owned();
    for number in 1..=7 {
        config.push_str(&format!("[[package]]\nname = \"i{number}\"\n"));
        config.push_str(&format!("image = {{ dockerfile = \"i{number}/Dockerfile\" }}\n"));
    }
    let mistake = Mistake::committed("no-engine", &[("package-actions.toml", &config)]);
    for number in 1..=7 {
        mistake.write(&format!("i{number}/Dockerfile"), "FROM scratch\nUSER 65532\nCOPY a /a\n");
        mistake.write(&format!("i{number}/a"), "a\n");
    }
    mistake.commit();
    mistake.tells(&["release", "--local", "--jobs", "1", "--tool", "docker=/bin/false"]);
}

#[test]
fn a_disk_without_room() {
    let mistake = go("no-room", "package main\n\nfunc main() {}\n");
    let script = "case $1 in build) echo 'write a.o: no space left on device' >&2; exit 1;; esac\n\
                  echo go version go1.27.3 linux/amd64";
    let named = format!("go={}", tool(&mistake, script));
    mistake.commit();
    mistake.tells(&["release", "--local", "--jobs", "1", "--tool", &named]);
}

#[test]
fn a_tool_that_is_no_program() {
    let named = "go=/nonexistent/go";
    let mistake = go("no-program", "package main\n\nfunc main() {}\n");
    mistake.tells(&["build", "--tool", named]);
}

#[test]
fn a_tool_that_nobody_knows() {
    let mistake = go("unknown-tool", "package main\n\nfunc main() {}\n");
    mistake.tells(&["build", "--tool", "goo=/bin/true"]);
}

#[test]
fn an_empty_cache_without_a_network() {
    let mistake = go("nothing-cached", "package main\n\nfunc main() {}\n");
    mistake.write(".gitignore", "empty/\n");
    mistake.commit();
    mistake.tells_with(&["build", "--offline", "--cache-dir", "empty"], &[("PATH", "/usr/bin")]);
}

#[test]
fn a_cache_that_is_a_file() {
    let mistake = go("cache-is-a-file", "package main\n\nfunc main() {}\n");
    mistake.tells(&["build", "--cache-dir", "go.mod/cache"]);
}

#[test]
fn a_folder_that_holds_something_else() {
    let mistake = chart("foreign-files", SOUND);
    mistake.write(".gitignore", "/dist/\n");
    mistake.commit();
    mistake.write("dist/hello.whl", "a\n");
    mistake.tells(&["release", "--local"]);
}

#[test]
fn an_output_folder_below_a_file() {
    chart("out-below-a-file", SOUND).tells(&["build", "--out", "chart/values.yaml/dist"]);
}

#[test]
fn a_leg_that_the_plan_lacks() {
    let mistake = chart("no-such-leg", SOUND);
    let digest = mistake.plan();
    mistake.tells(&["build", "--leg", "9", "--plan", &digest]);
}
