//! `package-actions.toml` and the manifests that it names: their bytes, their syntax, their keys
//! and what they say.

use super::tree::{PACKAGE, PROJECT, RELEASE, Tree};

const FILE: &str = "package-actions.toml";

/// `plan` and `release --local` refuse this configuration with these places and codes.
#[track_caller]
fn check(config: impl AsRef<[u8]>, expected: &[&str]) -> String {
    let expected: Vec<String> = expected.iter().map(|line| format!("{FILE}{line}")).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    let tree = Tree::with(config.as_ref());
    tree.refuses(&["release", "--local", "--offline"], &expected);
    tree.refuses(&["plan"], &expected).stderr
}

#[test]
fn text_that_is_no_toml_is_refused_at_its_place() {
    check(format!("{RELEASE}[[package]\nname = \"a\"\n"), &[":4:11: error[config-syntax]"]);
    check(format!("{RELEASE}\0{PACKAGE}"), &[":4:1: error[config-syntax]"]);
    let old = format!("{RELEASE}{PACKAGE}").replace('\n', "\r");
    check(old, &[":1:11: error[config-syntax]"]);
    check(format!("{RELEASE}x = {}", "[".repeat(100_000)), &[":4:85: error[config-syntax]"]);
    check(format!("[{}]\n", vec!["a"; 20_000].join(".")), &[":1:1: error[config-syntax]"]);
    check(format!("{RELEASE}version = \"2\"\n{PACKAGE}"), &[":4:1: error[config-syntax]"]);
}

#[test]
fn bytes_that_are_no_utf8_are_refused() {
    let latin = [RELEASE.as_bytes(), b"# \xe4\n", PACKAGE.as_bytes()].concat();
    check(latin, &[": error[path-not-text]"]);
    let wide: Vec<u8> = RELEASE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check([&[0xff, 0xfe][..], &wide].concat(), &[": error[path-not-text]"]);
}

#[test]
fn a_mark_at_the_start_and_windows_line_ends_are_no_fault() {
    let text = format!("{RELEASE}{PACKAGE}");
    let plan = |text: &str| Tree::with(text.as_bytes()).run(&["plan"]).accepted();
    let plain = plan(&text);
    assert_eq!(plan(&format!("\u{feff}{text}")).stderr, plain.stderr);
    assert_eq!(plan(&text.replace('\n', "\r\n")).stderr, plain.stderr);
}

#[test]
fn too_much_of_anything_is_refused() {
    check(format!("{RELEASE}{PACKAGE}#{}", "x".repeat(2 << 20)), &[": error[config-too-large]"]);
    let many = (0..10_000).map(|number| {
        format!("[[package]]\nname = \"p{number}\"\nimage = {{ dockerfile = \"Containerfile\" }}\n")
    });
    let many: String = many.collect();
    check(format!("{RELEASE}{many}"), &[":3004:1: error[config-too-many-packages]"]);
    check("", &[":1:1: error[config-missing-key]", ": error[release-version-missing]"]);
}

#[test]
fn an_unknown_key_is_refused_and_the_one_that_was_meant_is_named() {
    let check = |config: String, place: &str, meant: &str| {
        let told = check(config, &[place]);
        assert!(told.contains(&format!("did you mean `{meant}`?")), "{told}");
    };
    let unknown = "error[config-unknown-key]";
    let pyton = PACKAGE.replace("python", "pyton");
    check(format!("{RELEASE}{pyton}"), &format!(":6:1: {unknown}"), "python");
    let verison = RELEASE.replace("version", "verison");
    check(format!("{verison}{PACKAGE}"), &format!(":2:1: {unknown}"), "version");
    let pat = PACKAGE.replace("path", "pat");
    check(format!("{RELEASE}{pat}"), &format!(":6:12: {unknown}"), "path");
    let packages = PACKAGE.replace("[[package]]", "[[packages]]");
    check(format!("{RELEASE}{packages}"), &format!(":4:3: {unknown}"), "package");
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let config = format!(
        "{}[[package]]\nname = \"a b\"\npyton = 1\n{}",
        RELEASE.replace("1.0.0", "one"),
        PACKAGE.replace("path = \"a\"", "path = \"gone\"")
    );
    check(
        config,
        &[
            ":2:11: error[release-version]",
            ":5:8: error[package-name]",
            ":6:1: error[config-unknown-key]",
            ":9:19: error[path-missing]",
        ],
    );
}

#[test]
fn a_version_that_no_format_can_hold_is_refused() {
    let with = |version: &str| format!("{}{PACKAGE}", RELEASE.replace("1.0.0", version));
    for version in ["one point oh", "", "1.0.0 ", "1,0", "v", "1.0.0+", "--version", "1.0.0\u{660}"]
    {
        check(with(version), &[":2:11: error[release-version"]);
    }
    // SemVer that Python cannot spell.
    let tree = Tree::with(with("1.0.0-foo.bar").as_bytes());
    tree.put("a/pyproject.toml", PROJECT.replace("1.0.0", "1.0.0-foo.bar").as_bytes());
    tree.refuses(&["plan"], &["package-actions.toml:5:8: error[version-format]"]);
}

#[test]
fn two_packages_that_claim_one_file_name_are_refused() {
    let go = |name: &str| {
        format!("[[package]]\nname = \"{name}\"\nbinary = {{ go = \"g\", name = \"z\" }}\n")
    };
    let tree = Tree::with(format!("{RELEASE}{}{}", go("one"), go("two")).as_bytes());
    tree.put("g/go.mod", b"module example.org/g\n\ngo 1.22\n");
    tree.put("g/main.go", b"package main\n\nfunc main() {}\n");
    let told = tree.refuses(&["plan"], &["package-actions.toml:8:8: error[plan-file-name]"]);
    assert!(told.stderr.contains("`z-linux-amd64`"), "{}", told.told());

    // Names that differ in case only.
    let second = PACKAGE.replace("name = \"a\"", "name = \"A\"").replace("\"a\"", "\"b\"");
    let tree = Tree::with(format!("{RELEASE}{PACKAGE}{second}").as_bytes());
    tree.put("b/pyproject.toml", PROJECT.replace("\"a\"", "\"A\"").as_bytes());
    tree.refuses(&["plan"], &["package-actions.toml:8:8: error[plan-file-name]"]);
    check(format!("{RELEASE}{PACKAGE}{PACKAGE}"), &[":8:8: error[package-duplicate]"]);
}

#[test]
fn packages_that_need_each_other_are_refused() {
    let meta = |name: &str, of: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\ndescription = \"d\"\nlicense = \"MIT\"\n\
             python = {{ meta = \"{of}\" }}\n"
        )
    };
    check(
        format!("{RELEASE}{}{}", meta("m", "n"), meta("n", "m")),
        &[":8:19: error[meta-cycle]", ":13:19: error[meta-cycle]"],
    );
}

#[test]
fn a_chart_that_says_too_little_is_refused() {
    let chart = |text: &str, expected: &str| {
        let config = "[[package]]\nname = \"c\"\nchart = { path = \"c\" }\n";
        let tree = Tree::with(format!("{RELEASE}{config}").as_bytes());
        tree.put("c/Chart.yaml", text.as_bytes());
        tree.refuses(&["plan"], &[expected]);
    };
    chart("apiVersion: v2\nversion: 1.0.0\n", "package-actions.toml:6:18: error[chart-no-name]");
    chart("name:\n", "package-actions.toml:6:18: error[chart-no-name]");
    chart("", "package-actions.toml:6:18: error[chart-no-name]");
    chart("apiVersion: v2\nname: [c\n", "c/Chart.yaml:2:7: error[chart-yaml]");
    chart("name: c\nname: d\n", "c/Chart.yaml:2:1: error[chart-yaml]");
    chart("name: &a c\n", "c/Chart.yaml:1:7: error[chart-yaml]");
}

#[test]
fn a_broken_manifest_of_a_package_is_refused_at_its_own_place() {
    let project = |text: &[u8], expected: &str| {
        let tree = Tree::good();
        tree.put("a/pyproject.toml", text);
        tree.refuses(&["plan"], &[expected]);
    };
    project(b"[project", "a/pyproject.toml:1:9: error[manifest-syntax]");
    project(b"[project]\nname = \"\xe4\"\n", "package-actions.toml:6:19: error[path-not-text]");
    project(b"\0", "a/pyproject.toml:1:2: error[manifest-syntax]");
}
