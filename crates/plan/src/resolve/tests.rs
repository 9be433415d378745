//! From a tree to resolved packages, or to problems.

use binary::BinarySource;
use config::{CONFIG_FILE, Overlay, Table};
use model::{Found, MemoryTree, Platform};
use oci::{DockerfileSpec, ImageSource};
use pypi::PythonKind;

use super::*;
use crate::tests::FORMATS;

mod dockerfile;
mod manifests;
mod tagged;

use tagged::plain;

/// A tree of `files` with `config`.
fn tree(config: &str, files: &[(&str, &str)]) -> MemoryTree {
    MemoryTree::new(files.iter().copied().chain([(CONFIG_FILE, config)]))
}

const RELEASE: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"ghcr.io/x\"\n";

/// What `resolve` makes of one package.
fn package(entry: &str, files: &[(&str, &str)]) -> Package {
    let config = format!("{RELEASE}[[package]]\nname = \"a\"\n{entry}\n");
    let resolved = plain(&tree(&config, files));
    resolved.unwrap_or_else(|problems| panic!("{problems}")).packages.remove(0).package
}

/// Each expected line is `file:line:column code`; all texts must be in the rendering.
fn check(config: &str, files: &[(&str, &str)], expected: &[&str], contains: &[&str]) {
    check_tree(&tree(config, files), expected, contains);
}

fn check_tree(tree: &dyn Tree, expected: &[&str], contains: &[&str]) {
    let problems = match plain(tree) {
        Ok(resolved) => resolved.warnings,
        Err(problems) => problems,
    };
    let found: Vec<String> = problems
        .0
        .iter()
        .map(|problem| {
            assert!(problem.help.is_some(), "{} has no help", problem.code);
            let place = problem.location.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("{place} {}", problem.code)
        })
        .collect();
    assert_eq!(found, expected, "{problems}");
    for text in contains {
        assert!(problems.to_string().contains(text), "{text}\n{problems}");
    }
}

/// The problems of one package.
fn check_entry(entry: &str, files: &[(&str, &str)], expected: &[&str], contains: &[&str]) {
    let config = format!("{RELEASE}[[package]]\nname = \"a\"\n{entry}\n");
    check(&config, files, expected, contains);
}

const PYPROJECT: &str = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
const MATURIN: &str = "[build-system]\nbuild-backend = \"maturin\"\n\
                       [project]\nname = \"a\"\nrequires-python = \">=3.11\"\n\
                       dynamic = [\"version\"]\n";

#[test]
fn a_chart_without_a_version_takes_the_release_version() {
    let chart = package("chart = { path = \"c\" }", &[("c/Chart.yaml", "name: stack\n")]);
    let chart = chart.spec::<helm::ChartSpec>().unwrap().clone();
    assert_eq!((chart.version.text(), chart.app_version.as_deref()), ("1.0.0", Some("1.0.0")));
    assert_eq!(chart.reference, "ghcr.io/x/helm-charts/stack");
}

#[test]
fn a_chart_on_its_own_version_keeps_what_it_says() {
    let files = [("c/Chart.yaml", "name: stack\nversion: 0.3.0\nappVersion: \"9\"\n")];
    let chart = package("version = \"own\"\nchart = { path = \"c\" }", &files)
        .spec::<helm::ChartSpec>()
        .unwrap()
        .clone();
    assert_eq!((chart.version.text(), chart.app_version), ("0.3.0", None));
}

#[test]
fn every_default_is_filled_in() {
    let files = [("s/go.mod", "module s\n"), ("s/cmd/main.go", "package main\n")];
    let found = package("binary = { go = \"s/cmd\" }\nimage = { from = \"binary\" }", &files);
    let binary = found.spec::<binary::BinarySpec>().unwrap().clone();
    assert_eq!(binary.platforms, Platform::ALL);
    let (path, module) = ("s/cmd".to_owned(), "s".to_owned());
    assert_eq!(binary.source, BinarySource::Go { path, module, ldflags: None, tags: vec![] });
    let image = found.spec::<oci::ImageSpec>().unwrap().clone();
    assert_eq!(image.platforms, Platform::LINUX);
    assert_eq!((image.user.as_str(), image.reference.as_str()), ("65532:65532", "ghcr.io/x/a"));
    assert_eq!((image.entrypoint, image.source), (vec!["/a".to_owned()], ImageSource::Binary));
}

#[test]
fn a_users_group_is_named_too() {
    let files = [("go.mod", ""), ("main.go", "")];
    let user = |user: &str| {
        let image = format!("image = {{ from = \"binary\", user = {user} }}");
        let found = package(&format!("binary = {{ go = \".\" }}\n{image}"), &files);
        found.spec::<oci::ImageSpec>().unwrap().clone().user
    };
    assert_eq!(user("1001"), "1001:1001");
    assert_eq!(user("\"1001\""), "1001:1001");
    assert_eq!(user("\"1001:0\""), "1001:0");
}

#[test]
fn root_runs_no_image() {
    for user in ["0", "\"0\"", "\"00:5\"", "\"root\"", "\"0:0\""] {
        check_entry(
            &format!("binary = {{ go = \".\" }}\nimage = {{ from = \"binary\", user = {user} }}"),
            &[("go.mod", "")],
            &["package-actions.toml:7:35 image-root"],
            &["65532:65532"],
        );
    }
}

#[test]
fn a_version_that_differs_from_the_release_is_told_with_both_places() {
    let project = PYPROJECT.replace("1.0.0", "0.2.0");
    let files = [("p/pyproject.toml", project.as_str()), ("g/pyproject.toml", PYPROJECT)];
    let config = "[release]\nversion = \"g/pyproject.toml\"\n\
                  [[package]]\nname = \"a\"\npython = { path = \"p\" }\n";
    check(
        config,
        &files,
        &["package-actions.toml:4:8 version-differs"],
        &["0.2.0 (p/pyproject.toml:3:11)", "1.0.0 (g/pyproject.toml:3:11)", "`version = \"own\"`"],
    );
    let own = package("version = \"own\"\npython = { path = \"p\" }", &files);
    assert_eq!(own.spec::<pypi::PythonSpec>().unwrap().clone().version.text(), "0.2.0");
}

#[test]
fn an_image_beside_a_package_on_its_own_version_carries_that_version() {
    let project = PYPROJECT.replace("1.0.0", "0.2.0");
    let files = [("p/pyproject.toml", project.as_str()), ("p/Dockerfile", "FROM x\nUSER 7\n")];
    let entry =
        "version = \"own\"\npython = { path = \"p\" }\nimage = { dockerfile = \"p/Dockerfile\" }";
    let image = package(entry, &files).spec::<oci::ImageSpec>().unwrap().clone();
    assert_eq!((image.version.text(), image.user.as_str()), ("0.2.0", "7"));
    let (dockerfile, context) = ("p/Dockerfile".to_owned(), "p".to_owned());
    let spec = DockerfileSpec { dockerfile, context, ..DockerfileSpec::default() };
    assert_eq!(image.source, ImageSource::Dockerfile(spec));
}

#[test]
fn two_spellings_of_one_version_do_not_differ() {
    let config = "[release]\nversion = \"1.0.0-RC-3\"\nregistry = \"ghcr.io/x\"\n\
                  [[package]]\nname = \"a\"\npython = { path = \"p\" }\nchart = { path = \"c\" }\n";
    let project = PYPROJECT.replace("1.0.0", "1.0.0rc3");
    let files = [("p/pyproject.toml", project.as_str()), ("c/Chart.yaml", "name: c\n")];
    let resolved = plain(&tree(config, &files)).unwrap();
    let package = &resolved.packages[0].package;
    assert_eq!(package.spec::<pypi::PythonSpec>().unwrap().version.pep440().unwrap(), "1.0.0rc3");
    assert_eq!(package.spec::<helm::ChartSpec>().unwrap().version.semver().unwrap(), "1.0.0-RC-3");
    assert_eq!(resolved.release.tag, "v1.0.0-RC-3");
}

#[test]
fn a_version_that_a_format_cannot_hold_is_told() {
    let config = |version: &str| {
        format!(
            "[release]\nversion = \"{version}\"\nregistry = \"ghcr.io/x\"\n[[package]]\n\
             name = \"a\"\npython = {{ meta = \"b\" }}\nchart = {{ path = \"c\" }}\n\
             [[package]]\nname = \"b\"\nversion = \"1\"\npython = {{ path = \"p\" }}\n"
        )
    };
    let project = PYPROJECT.replace("1.0.0", "1").replace("\"a\"", "\"b\"");
    let files = [("p/pyproject.toml", project.as_str()), ("c/Chart.yaml", "name: c\n")];
    let at = ["package-actions.toml:5:8 version-format"];
    check(&config("1.0.0-nightly.7"), &files, &at, &["no PEP 440 spelling"]);
    check(&config("1.2.3.4"), &files, &at, &["no SemVer spelling"]);
    check(&config("one"), &files, &["package-actions.toml:2:11 release-version"], &["neither"]);
}

#[test]
fn a_meta_package_pins_every_other_package_that_fits() {
    let config = format!(
        "{RELEASE}[[package]]\nname = \"x-all\"\npython = {{ meta = \"x-*\" }}\n\
         [[package]]\nname = \"x-b\"\npython = {{ path = \"b\" }}\n\
         [[package]]\nname = \"x-a\"\npython = {{ path = \"a\" }}\n"
    );
    let project = |name: &str| PYPROJECT.replace("\"a\"", &format!("\"{name}\""));
    let (a, b) = (project("x_a"), project("x-b"));
    let files = [("a/pyproject.toml", a.as_str()), ("b/pyproject.toml", b.as_str())];
    let resolved = plain(&tree(&config, &files)).unwrap();
    let pin = |name: &str| (name.to_owned(), "1.0.0".to_owned());
    let kind = &resolved.packages[0].package.spec::<pypi::PythonSpec>().unwrap().kind;
    assert_eq!(*kind, PythonKind::Meta { members: vec![pin("x-b"), pin("x_a")] });
}

#[test]
fn meta_packages_that_fit_nothing_or_each_other_are_told() {
    let config = format!(
        "{RELEASE}[[package]]\nname = \"x-all\"\npython = {{ meta = \"x-*\" }}\n\
         [[package]]\nname = \"x-most\"\npython = {{ meta = \"x-*\" }}\n\
         [[package]]\nname = \"y\"\npython = {{ meta = \"z-*\" }}\n"
    );
    check(
        &config,
        &[],
        &[
            "package-actions.toml:6:19 meta-cycle",
            "package-actions.toml:9:19 meta-cycle",
            "package-actions.toml:12:19 meta-empty",
        ],
        &["`x-all` requires `x-most`, which requires it in turn"],
    );
}

#[test]
fn names_that_some_format_cannot_hold_are_told() {
    for name in ["a b", "-a", "ä", "..", "a/b"] {
        let config =
            format!("{RELEASE}[[package]]\nname = \"{name}\"\nchart = {{ path = \"c\" }}\n");
        let files = [("c/Chart.yaml", "name: c\n")];
        check(&config, &files, &["package-actions.toml:5:8 package-name"], &["letters"]);
    }
    let twice = format!("{RELEASE}[[package]]\nname = \"a\"\n[[package]]\nname = \"a\"\n");
    let expected = [
        "package-actions.toml:4:1 package-empty",
        "package-actions.toml:6:1 package-empty",
        "package-actions.toml:7:8 package-duplicate",
    ];
    check(&twice, &[], &expected, &["package-actions.toml:5:8"]);
}

#[test]
fn charts_without_a_name_or_with_a_strange_one_are_told() {
    let entry = "chart = { path = \"c\" }";
    let at = ["package-actions.toml:6:18 chart-no-name"];
    check_entry(entry, &[("c/Chart.yaml", "version: 1.0.0\n")], &at, &["name: …"]);
    let at = ["c/Chart.yaml:1:7 chart-name"];
    check_entry(entry, &[("c/Chart.yaml", "name: My Chart\n")], &at, &["lower-case"]);
    let at = ["c/Chart.yaml:2:13 chart-app-version"];
    let files = [("c/Chart.yaml", "name: c\nappVersion: 0.9\nversion: 1.0.0\n")];
    check_entry(entry, &files, &at, &["appVersion 0.9, not 1.0.0"]);
}

#[test]
fn images_must_have_what_they_are_made_from() {
    let at = ["package-actions.toml:6:18 image-no-binary"];
    check_entry("image = { from = \"binary\" }", &[], &at, &["it has none"]);
    let entry = "binary = { go = \".\", platforms = [\"linux-amd64\"] }\n\
                 image = { from = \"binary\", platforms = [\"linux-arm64\", \"darwin-amd64\"] }";
    let expected =
        ["package-actions.toml:7:41 image-platform", "package-actions.toml:7:56 image-platform"];
    check_entry(entry, &[("go.mod", "")], &expected, &["not built for `linux-arm64`"]);
    let entry = "image = { dockerfile = \"D\", user = 5, ports = [1] }";
    let expected =
        ["package-actions.toml:6:36 config-conflict", "package-actions.toml:6:47 config-conflict"];
    check_entry(entry, &[("D", "FROM x\n")], &expected, &["say it in the Dockerfile"]);
}

#[test]
fn paths_that_are_wrong_are_told_by_what_is_there() {
    let files = [("d/x", ""), ("bad/pyproject.toml", "[project\n")];
    let entry = |path: &str| format!("python = {{ path = \"{path}\" }}");
    let cases = [
        ("../x", "package-actions.toml:6:19 path-invalid"),
        ("/etc", "package-actions.toml:6:19 path-invalid"),
        ("-x", "package-actions.toml:6:19 path-invalid"),
        ("gone", "package-actions.toml:6:19 path-missing"),
        ("d/x", "package-actions.toml:6:19 path-not-a-folder"),
        ("d", "package-actions.toml:6:19 path-missing"),
        ("bad", "bad/pyproject.toml:1:9 manifest-syntax"),
    ];
    for (path, expected) in cases {
        check_entry(&entry(path), &files, &[expected], &[]);
    }
}

/// A tree with things in it that a tree in memory cannot have.
struct Strange(MemoryTree);

impl Tree for Strange {
    fn find(&self, path: &str) -> Found {
        match path {
            "link/pyproject.toml" => Found::Outside("/etc/x".to_owned()),
            "locked/pyproject.toml" => Found::Unreadable("permission denied".to_owned()),
            "binary/pyproject.toml" => Found::NotText,
            _ => self.0.find(path),
        }
    }

    fn files(&self) -> Vec<String> {
        self.0.files()
    }
}

#[test]
fn what_cannot_be_read_is_not_called_absent() {
    let entry =
        |path: &str| format!("[[package]]\nname = \"{path}\"\npython = {{ path = \"{path}\" }}\n");
    let config = format!("{RELEASE}{}{}{}", entry("link"), entry("locked"), entry("binary"));
    check_tree(
        &Strange(tree(&config, &[])),
        &[
            "package-actions.toml:6:19 path-outside",
            "package-actions.toml:9:19 path-unreadable",
            "package-actions.toml:12:19 path-not-text",
        ],
        &["`/etc/x`, out of the tree", "permission denied"],
    );
}

#[test]
fn the_registry_follows_from_the_repository() {
    let release = |more: &str| {
        let config = format!(
            "[release]\nversion = \"1.0.0\"\n{more}\n[[package]]\nname = \"a\"\n\
             chart = {{ path = \"c\" }}\n"
        );
        plain(&tree(&config, &[("c/Chart.yaml", "name: c\n")])).map(|resolved| {
            let release = resolved.release;
            format!("{} {} {}", release.registry, release.charts, release.repository)
        })
    };
    let cases = [
        (
            "repository = \"https://github.com/Org/Repo.git/\"",
            "ghcr.io/org ghcr.io/org/helm-charts https://github.com/Org/Repo",
        ),
        ("", "localhost localhost/helm-charts "),
        ("registry = \"127.0.0.1:5000/a\"\ncharts = \"quay.io/b\"", "127.0.0.1:5000/a quay.io/b "),
    ];
    for (more, expected) in cases {
        assert_eq!(release(more).unwrap(), expected);
    }
    for wrong in ["https://ghcr.io/x", "ghcr.io/X", "ghcr", "ghcr.io/a b", "ghcr.io/a:1", ""] {
        let problems = release(&format!("registry = \"{wrong}\"")).unwrap_err();
        assert!(problems.to_string().contains("release-registry"), "{wrong}: {problems}");
    }
}

#[test]
fn tags_that_git_refuses_are_told() {
    for tag in ["v", "v{version} x", "{version}..a", "-{version}", "v{version}.lock", "v{v}"] {
        let config = format!(
            "[release]\nversion = \"1.0.0\"\ntag = \"{tag}\"\nregistry = \"ghcr.io/x\"\n\
             [[package]]\nname = \"a\"\nchart = {{ path = \"c\" }}\n"
        );
        let files = [("c/Chart.yaml", "name: c\n")];
        check(&config, &files, &["package-actions.toml:3:7 release-tag"], &["v{version}"]);
    }
}

#[test]
fn a_release_without_a_version_takes_the_roots() {
    let config = "[[package]]\nname = \"a\"\npython = { path = \".\" }\n";
    let resolved = plain(&tree(config, &[("pyproject.toml", PYPROJECT)])).unwrap();
    assert_eq!(resolved.release.version.text(), "1.0.0");
    let files = [("p/pyproject.toml", PYPROJECT)];
    let config = "[[package]]\nname = \"a\"\npython = { path = \"p\" }\n";
    check(config, &files, &["package-actions.toml release-version-missing"], &["`[release]`"]);
}

#[test]
fn values_without_a_file_are_told_by_their_origins() {
    let check = |version: (&str, Origin), name: Origin, expected: &[&str]| {
        let mut overlay = Overlay::default();
        overlay.set(Table::Release, "version", version.0, version.1);
        overlay.set(Table::Package, "name", "other", name);
        overlay.set(Table::Format("python"), "path", ".", Origin::Default);
        let tree = tree("", &[("pyproject.toml", PYPROJECT)]);
        let problems = match resolve_overlay(&tree, &overlay, FORMATS, &Tagged::default()) {
            Ok(resolved) => resolved.warnings,
            Err(problems) => problems,
        };
        let told: Vec<String> = problems.into_iter().map(|it| it.message).collect();
        assert_eq!(told, expected);
    };
    let (name, version) = (Origin::Input("name"), Origin::Input("version"));
    check(("1.0.0", Origin::Tag), Origin::Default, &[]);
    check(
        ("1.0.0", Origin::Tag),
        name,
        &["the input `name`: `other` is called `a` in `pyproject.toml`"],
    );
    check(
        ("2.0.0", version),
        Origin::Default,
        &["the input `version`: `other` is 1.0.0 (pyproject.toml:3:11), but the release is 2.0.0 \
           (the input `version`)"],
    );
    check(
        ("2.0.0", Origin::Tag),
        Origin::Default,
        &["`other` is 1.0.0 (pyproject.toml:3:11), but the release is 2.0.0 (the tag)"],
    );
}
