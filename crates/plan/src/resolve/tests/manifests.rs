//! What is read out of Python and Cargo manifests, as `resolve` sees it.

use binary::BinarySource;
use model::Platform;
use pypi::PythonKind;

use super::{MATURIN, PYPROJECT, check_entry, package};

#[test]
fn a_maturin_project_takes_the_version_of_its_crates_workspace() {
    let crate_toml = "[package]\nname = \"a\"\nversion.workspace = true\n\
                      [dependencies]\npyo3 = { workspace = true }\n";
    let root = "[workspace]\nmembers = [\"p\"]\n[workspace.package]\nversion = \"1.0.0\"\n\
                [workspace.dependencies]\n\
                pyo3 = { version = \"1\", features = [\"abi3-py311\"] }\n";
    let files = [("p/pyproject.toml", MATURIN), ("p/Cargo.toml", crate_toml), ("Cargo.toml", root)];
    let python =
        package("python = { path = \"p\" }", &files).spec::<pypi::PythonSpec>().unwrap().clone();
    assert_eq!((python.version.text(), python.repack), ("1.0.0", true));
    let (platforms, abi3) = (Platform::LINUX.to_vec(), Some("3.11".to_owned()));
    assert_eq!(python.kind, PythonKind::Pyo3 { platforms, abi3, pythons: Vec::new() });
}

#[test]
fn a_maturin_project_without_the_stable_abi_names_its_interpreters() {
    let manifest = format!("{MATURIN}[tool.maturin]\nmanifest-path = \"../k/Cargo.toml\"\n");
    let files = [
        ("p/pyproject.toml", manifest.as_str()),
        ("k/Cargo.toml", "[package]\nname = \"k\"\nversion = \"1.0.0\"\n"),
    ];
    check_entry(
        "python = { path = \"p\" }",
        &files,
        &["package-actions.toml:6:19 python-pythons-missing"],
        &["`pythons = [\"3.11\", …]`"],
    );
    let entry = "python = { path = \"p\", pythons = [\"3.12\"], platforms = [\"linux-arm64\"] }";
    let python = package(entry, &files).spec::<pypi::PythonSpec>().unwrap().clone();
    let (platforms, pythons) = (vec![Platform::LinuxArm64], vec!["3.12".to_owned()]);
    assert_eq!(python.kind, PythonKind::Pyo3 { platforms, abi3: None, pythons });
}

#[test]
fn kind_must_be_what_the_backend_is() {
    let crate_toml = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
    let pure = [("p/pyproject.toml", PYPROJECT)];
    let at = ["package-actions.toml:6:31 python-not-maturin"];
    check_entry("python = { path = \"p\", kind = \"pyo3\" }", &pure, &at, &["maturin"]);
    let mixed = [("p/pyproject.toml", MATURIN), ("p/Cargo.toml", crate_toml)];
    let at = ["package-actions.toml:6:31 python-not-pure"];
    check_entry("python = { path = \"p\", kind = \"pure\" }", &mixed, &at, &["machine code"]);
    let none = MATURIN.replace("dynamic = [\"version\"]", "version = \"1.0.0\"");
    let at = ["package-actions.toml:6:19 python-no-crate"];
    check_entry("python = { path = \"p\" }", &[("p/pyproject.toml", &none)], &at, &["Cargo.toml"]);
}

#[test]
fn a_dynamic_version_is_read_where_the_backend_reads_it() {
    let check = |manifest: &str, file: &str, text: &str| {
        let manifest = format!("[project]\nname = \"a\"\ndynamic = [\"version\"]\n{manifest}");
        let files = [("p/pyproject.toml", manifest.as_str()), (file, text)];
        let python = package("version = \"own\"\npython = { path = \"p\" }", &files)
            .spec::<pypi::PythonSpec>()
            .cloned();
        assert_eq!(python.unwrap().version.text(), "3.1", "{file}");
    };
    let literal = "__version__ = \"3.1\"\n";
    check(
        "[tool.setuptools.dynamic]\nversion = { attr = \"a.b.__version__\" }",
        "p/src/a/b.py",
        literal,
    );
    check(
        "[tool.setuptools.dynamic]\nversion = { attr = \"a.__version__\" }",
        "p/a/__init__.py",
        literal,
    );
    check("[tool.setuptools.dynamic]\nversion = { file = [\"VERSION\"] }", "p/VERSION", "3.1\n");
    check("[tool.hatch.version]\npath = \"a/about.py\"", "p/a/about.py", literal);
    check("", "p/setup.cfg", "[metadata]\nversion = 3.1\n");
    check("", "p/PKG-INFO", "Metadata-Version: 2.1\nName: a\nVersion: 3.1\n\nVersion: 9\n");
}

#[test]
fn a_version_that_only_running_code_knows_is_told() {
    let manifest = "[project]\nname = \"a\"\ndynamic = [\"version\"]\n[tool.setuptools_scm]\n";
    check_entry(
        "python = { path = \"p\" }",
        &[("p/pyproject.toml", manifest)],
        &["package-actions.toml:6:19 python-version-unknown"],
        &["write a literal `version`"],
    );
}

/// The binary of a Cargo package: its folder, workspace, name and target.
fn rust(names: [String; 4], features: &[&str], no_default_features: bool) -> BinarySource {
    let [path, workspace, package, bin] = names;
    let features = features.iter().map(|feature| (*feature).to_owned()).collect();
    BinarySource::Rust { path, workspace, package, bin, features, no_default_features }
}

#[test]
fn a_rust_binary_is_found_in_its_workspace() {
    let files = [
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"s\"]\n[workspace.package]\nversion = \"1.0.0\"\n",
        ),
        ("s/Cargo.toml", "[package]\nname = \"s\"\nversion = { workspace = true }\n"),
        ("s/src/bin/one.rs", ""),
        ("s/src/bin/two/main.rs", ""),
    ];
    let source = package("binary = { rust = \"s\", bin = \"two\" }", &files)
        .spec::<binary::BinarySpec>()
        .unwrap()
        .clone()
        .source;
    let [path, workspace, package, bin] = ["s", ".", "s", "two"].map(str::to_owned);
    assert_eq!(source, rust([path, workspace, package, bin], &[], false));
    let at = ["package-actions.toml:6:19 binary-many-bins"];
    check_entry("binary = { rust = \"s\" }", &files, &at, &["`one`, `two`"]);
    let at = ["package-actions.toml:6:30 binary-unknown-bin"];
    check_entry("binary = { rust = \"s\", bin = \"twoo\" }", &files, &at, &["did you mean `two`?"]);
    let at = ["package-actions.toml:6:19 binary-no-package"];
    check_entry("binary = { rust = \".\" }", &files, &at, &["member"]);
}

#[test]
fn an_excluded_crate_is_its_own_workspace() {
    let files = [
        ("Cargo.toml", "[workspace]\nexclude = [\"s\"]\n"),
        ("Cargo.lock", ""),
        ("s/Cargo.toml", "[package]\nname = \"s\"\n"),
        ("s/Cargo.lock", ""),
        ("s/src/main.rs", ""),
    ];
    let binary =
        package("binary = { rust = \"s\" }", &files).spec::<binary::BinarySpec>().unwrap().clone();
    let [path, workspace, package, bin] = ["s", "s", "s", "s"].map(str::to_owned);
    assert_eq!(binary.source, rust([path, workspace, package, bin], &[], false));
    assert_eq!(binary.version.text(), "1.0.0");
}

#[test]
fn a_binary_is_built_with_the_features_that_it_requires_and_those_that_are_asked_for() {
    let manifest = "[package]\nname = \"s\"\n[features]\ncli = []\ntls = []\n\
                    [dependencies]\nzip = { version = \"1\", optional = true }\n\
                    [target.'cfg(unix)'.dependencies.nix]\nversion = \"1\"\noptional = true\n\
                    [[bin]]\nname = \"s\"\nrequired-features = [\"cli\"]\n";
    let files = [("s/Cargo.toml", manifest), ("s/src/main.rs", "")];
    let check_features = |keys: &str, expected: &[&str], no_default: bool| {
        let found = package(&format!("binary = {{ rust = \"s\"{keys} }}"), &files);
        let source = found.spec::<binary::BinarySpec>().unwrap().clone().source;
        let names = ["s", "s", "s", "s"].map(str::to_owned);
        assert_eq!(source, rust(names, expected, no_default), "{keys}");
    };
    check_features("", &["cli"], false);
    check_features(", default-features = true", &["cli"], false);
    let keys =
        ", features = [\"tls\", \"cli\", \"zip\", \"nix\", \"zip/x\"], default-features = false";
    check_features(keys, &["cli", "nix", "tls", "zip", "zip/x"], true);
    let entry = "binary = { rust = \"s\", features = [\"tsl\"] }";
    let at = ["package-actions.toml:6:36 binary-unknown-feature"];
    check_entry(entry, &files, &at, &["did you mean `tls`?"]);
    let go = [("go.mod", "module x\n"), ("main.go", "")];
    let at = ["package-actions.toml:6:33 config-conflict"];
    check_entry("binary = { go = \".\", features = [\"x\"] }", &go, &at, &["is for `rust`"]);
    let at = ["package-actions.toml:6:34 config-conflict"];
    check_entry("binary = { rust = \"s\", ldflags = \"x\" }", &files, &at, &["is for `go`"]);
}

#[test]
fn flags_of_gos_linker_are_kept_as_they_are_written() {
    let files = [("go.mod", "module x\n"), ("main.go", "package main\n\nfunc main() {}\n")];
    let check_flags = |keys: &str, expected: Option<&str>, tags: &[&str]| {
        let found = package(&format!("binary = {{ go = \".\"{keys} }}"), &files);
        let source = found.spec::<binary::BinarySpec>().unwrap().clone().source;
        let [path, module] = [".", "."].map(str::to_owned);
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let ldflags = expected.map(str::to_owned);
        assert_eq!(source, BinarySource::Go { path, module, ldflags, tags }, "{keys}");
    };
    check_flags("", None, &[]);
    check_flags(", ldflags = \"-X a.b={version}\"", Some("-X a.b={version}"), &[]);
    check_flags(", ldflags = [\"-X 'a=b c'\", \"-X d=e\"]", Some("-X 'a=b c' -X d=e"), &[]);
    check_flags(", ldflags = \"\"", Some(""), &[]);
    check_flags(", tags = [\"netgo\", \"a_1\"]", None, &["netgo", "a_1"]);
    let entry = "binary = { go = \".\", ldflags = [\"-s\", \"-X a={verison}\"] }";
    let at = ["package-actions.toml:6:39 binary-ldflags"];
    check_entry(entry, &files, &at, &["did you mean `version`?"]);
    let entry = "binary = { go = \".\", tags = [\"a,b\"] }";
    check_entry(entry, &files, &["package-actions.toml:6:30 binary-tag"], &["one tag an item"]);
}

#[test]
fn a_platform_that_build_constraints_exclude_is_told_with_those_that_are_left() {
    let main = "package main\n\nfunc main() {}\n";
    let at = ["package-actions.toml:6:17 binary-platform-excluded"];
    let files = [("go.mod", "module x\n"), ("main_linux.go", main)];
    let help = "`platforms = [\"linux-amd64\", \"linux-arm64\"]`";
    check_entry("binary = { go = \".\" }", &files, &at, &[help, "`darwin-amd64`, "]);
    let entry = "binary = { go = \".\", platforms = [\"linux-amd64\", \"windows-amd64\"] }";
    let at_list = ["package-actions.toml:6:34 binary-platform-excluded"];
    check_entry(entry, &files, &at_list, &["`platforms = [\"linux-amd64\"]`"]);
    let pro = format!("//go:build pro && unix\n\n{main}");
    let files = [("go.mod", "module x\n"), ("main.go", pro.as_str())];
    check_entry("binary = { go = \".\" }", &files, &at, &["build tags"]);
    let entry = "binary = { go = \".\", tags = [\"pro\"] }";
    check_entry(entry, &files, &at, &["no Go files for `windows-amd64`"]);
    let entry = "binary = { go = \".\", tags = [\"pro\"], platforms = [\"darwin-arm64\"] }";
    package(entry, &files);
}
