//! What other tools' files say of a project: Python, Rust, Go, charts, Dockerfiles, changelogs.

use manifests::cargo::CargoToml;
use manifests::go::{self, GoSource, GoTarget};
use manifests::python::{PyProject, lowest_python};
use manifests::{Manifests, Source, changelog, dockerfile};
use model::{Diagnostic, Location, Platform};

use crate::parts::{join, tree};
use crate::properties::{accepted, located};
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "python-project",
        about: "pyproject.toml, setup.cfg, setup.py, PKG-INFO and the files that say a version",
        seeds: python_seeds,
        run: python,
    },
    Target {
        name: "cargo-toml",
        about: "a Cargo.toml, its workspace and its targets",
        seeds: cargo_seeds,
        run: cargo,
    },
    Target {
        name: "go-source",
        about: "go.mod and Go sources: imports, constraints, variables",
        seeds: || {
            seeds(&[
                include_str!("../../examples/contextforge/servers/time/go.mod"),
                include_str!("../../tests/fixtures/every-recipe/go/main.go"),
                GO_SOURCE,
            ])
        },
        run: go_source,
    },
    Target {
        name: "chart-yaml",
        about: "a Chart.yaml as a plan reads it, with where its values are",
        seeds: || {
            seeds(&[
                include_str!("../../examples/contextforge/charts/mcp-stack/Chart.yaml"),
                "name: \"x\"\nversion: 1.0.0 # c\ndescription: >\n  a\n  b\ndependencies:\n\
                 - name: y\n  version: 1\n  repository: oci://r.example/y\n",
            ])
        },
        run: chart_yaml,
    },
    Target {
        name: "dockerfile",
        about: "a Dockerfile: what it copies, and whom it runs as",
        seeds: || {
            seeds(&[
                include_str!("../../tests/fixtures/every-recipe/dockerfile/Dockerfile"),
                "FROM --platform=$BUILDPLATFORM a AS b\nCOPY --from=b ./x /y/ z/\nADD [\"a\"]\n\
                 USER 1000\n",
            ])
        },
        run: read_dockerfile,
    },
    Target {
        name: "changelog",
        about: "a changelog in Markdown: the section of a version is part of it",
        seeds: || {
            seeds(&["# Changelog\n\n## [1.2.3] - 2026-01-31\n\n- a\n\n```\n## x\n```\n\n\
                     1.2.2\n-----\n- b\n\n[1.2.3]: https://example.org\n"])
        },
        run: read_changelog,
    },
];

const GO_SOURCE: &str = "//go:build (linux && amd64) || !cgo\n// +build linux,!x y\n\n\
     package main\n\n\
     import (\n\t\"fmt\"\n\tx \"example.org/x\" // c\n)\n\nvar version = `1`\n\
     var (\n\ta, b string\n)\n\nfunc main() { fmt.Println('\\'', \"}\") }\n";

fn python_seeds() -> Vec<Vec<u8>> {
    let maturin = include_str!("../../tests/fixtures/every-recipe/extension/pyproject.toml");
    let crate_toml = include_str!("../../tests/fixtures/every-recipe/extension/Cargo.toml");
    let gateway = include_str!("../../examples/contextforge/gateway/pyproject.toml");
    vec![
        join(&[("pyproject.toml", maturin), ("Cargo.toml", crate_toml)]),
        join(&[("pyproject.toml", gateway)]),
        join(&[
            (
                "pyproject.toml",
                "[build-system]\nrequires = [\"hatchling\", \"hatch-vcs\", \"cython\"]\n\
                 build-backend = \"hatchling.build\"\n[project]\nname = \"a\"\n\
                 dynamic = [\"version\"]\nlicense = { text = \"MIT\" }\n\
                 urls = { Repository = \"https://example.org/a\" }\n\
                 [tool.hatch.version]\npath = \"src/a/__about__.py\"\n",
            ),
            ("src/a/__about__.py", "__version__ = '1.0' + \"\"\nVERSION: str = \"2\"\n"),
        ]),
        join(&[
            (
                "setup.py",
                "from setuptools import setup\nsetup(name='a', version=\"1.0\",\n  x={})\n",
            ),
            (
                "setup.cfg",
                "[metadata]\nname = a\nversion = attr: a.__version__\nlicense = MIT\n\
                 url = https://example.org\n[options]\npython_requires = >=3.9\n",
            ),
            ("a/__init__.py", "__version__ = \"1.0\"\n"),
            ("PKG-INFO", "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n"),
        ]),
    ]
}

fn python(bytes: &[u8]) {
    let tree = tree(bytes);
    let manifests = Manifests::new(&tree);
    let text = |path: &str| tree.0.get(path).map(String::as_str);
    if let Some(text) = text("pyproject.toml") {
        let source = Source::new("pyproject.toml", text.to_owned());
        told_in(PyProject::parse(&source).map(drop), text);
    }
    match manifests.python(".") {
        Ok(project) => {
            let at = project.version.as_ref().map(|version| &version.location);
            at.into_iter().for_each(|at| within(at, text(&at.file)));
            let _ = project.requires_python.as_deref().map(lowest_python);
        }
        Err(problem) => {
            let file = problem.location.as_ref().map(|at| at.file.clone()).unwrap_or_default();
            located([&problem], &file, text(&file).unwrap_or_default());
        }
    }
}

/// The location is within the text of its file.
fn within(location: &Location, text: Option<&str>) {
    assert!(text.is_some(), "{location} is in no file");
    let text = text.unwrap_or_default();
    let line = location.line.checked_sub(1).and_then(|at| text.split('\n').nth(at));
    assert!(line.is_some(), "{location} is not in the text");
    let columns = line.unwrap_or_default().chars().count() + 1;
    assert!(location.column <= columns, "{location} is behind its line");
}

/// A problem in the one text that there is.
fn told_in(result: Result<(), Diagnostic>, text: &str) {
    if let Err(problem) = result {
        let file = problem.location.as_ref().map(|at| at.file.clone()).unwrap_or_default();
        located([&problem], &file, text);
    }
}

fn cargo_seeds() -> Vec<Vec<u8>> {
    vec![
        join(&[
            ("Cargo.toml", include_str!("../../Cargo.toml")),
            ("crates/cli/Cargo.toml", include_str!("../../crates/cli/Cargo.toml")),
            ("crates/cli/src/main.rs", ""),
            ("crates/cli/src/bin/other/main.rs", ""),
        ]),
        join(&[(
            "Cargo.toml",
            include_str!("../../tests/fixtures/every-recipe/extension/Cargo.toml"),
        )]),
        join(&[("Cargo.toml", include_str!("../../examples/contextforge/plugins/pii/Cargo.toml"))]),
    ]
}

fn cargo(bytes: &[u8]) {
    let tree = tree(bytes);
    let manifests = Manifests::new(&tree);
    for (path, text) in tree.0.iter().filter(|(path, _)| path.ends_with("Cargo.toml")).take(4) {
        let source = Source::new(path.as_str(), text.clone());
        told_in(CargoToml::parse(&source).map(drop), text);
        let folder = manifests::parent(path);
        let _ = accepted(manifests.cargo_workspace(folder));
        let root = accepted(manifests.cargo_root(folder)).flatten();
        if let Some(version) = accepted(manifests.cargo_version(folder)).flatten() {
            let file = version.location.file.as_str();
            within(&version.location, tree.0.get(file).map(String::as_str));
        }
        let _ = accepted(manifests.cargo_rust_version(folder));
        let _ = accepted(manifests.cargo_texts(folder));
        let Some(read) = accepted(manifests.cargo(path)).flatten() else { continue };
        let Some(package) = &read.package else { continue };
        let workspace = root.as_ref().and_then(|root| root.workspace.as_ref());
        let _ = package.abi3(workspace, &["extension-module".to_owned()]);
        if let Some(bins) = accepted(manifests.cargo_bins(folder, package, None)) {
            assert!(bins.is_sorted(), "{bins:?}");
            for bin in bins {
                let _ = (package.is_plain_bin(&bin), package.required_features(&bin));
            }
        }
    }
}

fn go_source(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = (go::release(text), go::module_name(text));
    if let Some(path) = go::module_path(text) {
        assert!(text.contains(&path), "the module `{path}` is not in its text");
    }
    let tags = ["netgo".to_owned()];
    for name in ["main.go", "main_windows_amd64.go"] {
        let source = GoSource::read(name, text);
        let fits = Platform::ALL.map(|platform| source.is_for(GoTarget { platform, tags: &tags }));
        if source.is_everywhere() && name == "main.go" {
            assert_eq!(fits, [true; Platform::ALL.len()], "{source:?}");
        }
        let texts = source.imports.iter().chain(&source.texts);
        assert!(texts.map(String::len).sum::<usize>() <= text.len(), "{source:?}");
    }
}

fn chart_yaml(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let tree = model::MemoryTree::new([("Chart.yaml", text)]);
    match Manifests::new(&tree).chart(".") {
        Ok(chart) => {
            let all = [&chart.name, &chart.version, &chart.app_version];
            all.into_iter().flatten().for_each(|value| within(&value.location, Some(text)));
        }
        Err(problem) => told_in(Err(problem), text),
    }
}

fn read_dockerfile(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let user = dockerfile::last_user(text);
    assert!(user.is_none_or(|user| text.contains(&user)), "a user that is not in the text");
    for path in dockerfile::copied(text) {
        assert!(!path.starts_with('/') && !path.is_empty(), "{path:?} is not in the context");
    }
    let _ = dockerfile::builds(text);
    for line in text.lines().take(8) {
        let suffix = dockerfile::suffix(line);
        assert!(suffix.is_none_or(|suffix| line.contains(suffix)), "{line:?}: {suffix:?}");
    }
}

fn read_changelog(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(section) = changelog::section(text, "1.2.3") else { return };
    assert!(!section.trim().is_empty(), "an empty section");
    assert!(section.lines().all(|line| text.contains(line)), "a line that is not in the text");
}
