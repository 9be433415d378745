//! Mistakes in projects, and in the repository that they lie in.

use std::os::unix::fs::symlink;

use super::mistake::Mistake;

const GO: &str = "package main\n\nfunc main() {}\n";

fn config(package: &str) -> String {
    format!("[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\n[[package]]\n{package}\n")
}

#[test]
fn a_program_without_a_lock() {
    let manifest = "[package]\nname = \"tool\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    let config = config("name = \"tool\"\nbinary = { rust = \".\" }");
    let files = [
        ("package-actions.toml", config.as_str()),
        ("Cargo.toml", manifest),
        ("src/main.rs", "fn main() {}\n"),
    ];
    Mistake::committed("no-lock", &files).tells(&["plan"]);
}

#[test]
fn a_module_for_a_newer_compiler() {
    let config = config("name = \"tool\"\nbinary = { go = \".\" }");
    let files = [
        ("package-actions.toml", config.as_str()),
        ("go.mod", "module example.com/tool\n\ngo 1.99\n"),
        ("main.go", GO),
    ];
    Mistake::committed("old-compiler", &files).tells(&["plan"]);
}

#[test]
fn a_program_for_one_system_alone() {
    let config = config("name = \"tool\"\nbinary = { go = \".\" }");
    let files = [
        ("package-actions.toml", config.as_str()),
        ("go.mod", "module example.com/tool\n\ngo 1.21\n"),
        ("main_linux.go", GO),
    ];
    Mistake::committed("one-system", &files).tells(&["plan"]);
}

#[test]
fn a_version_from_tags_that_the_configuration_does_not_take() {
    let project = "[build-system]\nrequires = [\"setuptools\", \"setuptools-scm\"]\n\n\
                   [project]\nname = \"tool\"\ndynamic = [\"version\"]\n";
    let config = "[release]\nversion = \"pyproject.toml\"\n\n[[package]]\nname = \"tool\"\n\
                  python = { path = \".\" }\n";
    let files = [("package-actions.toml", config), ("pyproject.toml", project)];
    Mistake::committed("version-from-tags", &files).tells(&["plan"]);
}

#[test]
fn a_chart_whose_dependencies_are_not_locked() {
    let chart = "apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies:\n  - name: db\n    \
                 version: 1.x.x\n    repository: https://charts.example.com\n";
    let config = config("name = \"web\"\nchart = { path = \".\" }");
    let files = [("package-actions.toml", config.as_str()), ("Chart.yaml", chart)];
    Mistake::committed("chart-not-locked", &files).tells(&["plan"]);
}

#[test]
fn an_image_without_its_dockerfile() {
    let config = config("name = \"web\"\nimage = { dockerfile = \"Dockerfile\" }");
    Mistake::committed("no-dockerfile", &[("package-actions.toml", &config)]).tells(&["plan"]);
}

#[test]
fn a_dockerfile_that_is_elsewhere() {
    let config = config("name = \"web\"\nimage = { dockerfile = \"Dockerfile\" }");
    let files = [("package-actions.toml", config.as_str()), ("deploy/Dockerfile", "FROM x\n")];
    Mistake::committed("dockerfile-elsewhere", &files).tells(&["plan"]);
}

/// A chart that is sound.
const CHART: [(&str, &str); 3] = [
    ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.0.0\n"),
    ("chart/values.yaml", "a: 1\n"),
    ("chart/templates/a.yaml", "kind: ConfigMap\napiVersion: v1\nmetadata: { name: a }\n"),
];

fn chart(name: &'static str) -> Mistake {
    let mistake = Mistake::committed(name, &CHART);
    mistake.write("package-actions.toml", &config("name = \"web\"\nchart = { path = \"chart\" }"));
    mistake.commit();
    mistake
}

#[test]
fn a_pointer_without_its_file() {
    let mistake = chart("lfs-pointer");
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n",
        "a".repeat(64)
    );
    mistake.write("chart/files/model.bin", &pointer);
    mistake.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    mistake.commit();
    mistake.tells(&["plan"]);
}

#[test]
fn a_link_to_nowhere() {
    let mistake = chart("dangling-link");
    symlink("nowhere", mistake.folder().join("chart/files")).unwrap();
    mistake.commit();
    mistake.tells(&["plan"]);
}

#[test]
fn a_link_out_of_the_tree() {
    let mistake = chart("leaving-link");
    symlink("/etc/hosts", mistake.folder().join("chart/hosts")).unwrap();
    mistake.commit();
    mistake.tells(&["plan"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let mistake = chart("name-not-utf-8");
    let name = OsStr::from_bytes(b"chart/templates/bad\xff.yaml");
    std::fs::write(mistake.folder().join(name), "a: 1\n").unwrap();
    mistake.commit();
    mistake.tells(&["plan"]);
}

#[test]
fn a_repository_that_git_cannot_read() {
    let mistake = chart("broken-repository");
    mistake.write(".git/index", "nonsense");
    mistake.tells(&["plan"]);
}

#[test]
fn a_proposal_over_a_file_that_is_there() {
    chart("proposed-twice").tells(&["init"]);
}

#[test]
fn a_proposal_for_an_empty_folder() {
    Mistake::new("nothing-there", &[]).tells(&["init"]);
}

#[test]
fn a_proposal_for_a_library() {
    let files = [("go.mod", "module example.com/lib\n\ngo 1.21\n"), ("lib.go", "package lib\n")];
    Mistake::new("only-a-library", &files).tells(&["init"]);
}
