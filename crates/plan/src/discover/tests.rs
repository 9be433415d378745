//! From trees in the shape of real repositories to a configuration that resolves on them.

use model::MemoryTree;

use super::*;
use crate::resolve::Resolved;
use crate::tests::{DISCOVERS, FORMATS};

/// What the proposal for `tree` resolves to.
fn proposed(tree: &MemoryTree) -> (Proposal, Resolved) {
    let proposal = discover(tree, &Surroundings::default(), DISCOVERS, FORMATS);
    let resolved = resolve(&WithConfig { tree, text: &proposal.text }, FORMATS, &Tagged::default());
    let resolved = resolved.unwrap_or_else(|p| panic!("{p}\n{}", proposal.text));
    (proposal, resolved)
}

/// Names of the packages proposed for a tree of `files`, each with the formats it has.
fn check(files: &[(&str, &str)], expected: &[&str]) -> Proposal {
    let (proposal, resolved) = proposed(&MemoryTree::new(files.iter().copied()));
    let packages: Vec<String> = resolved
        .packages
        .iter()
        .map(|package| {
            let mut line = package.package.name.clone();
            let formats = [
                ("python", package.package.spec::<pypi::PythonSpec>().is_some()),
                ("binary", package.package.spec::<binary::BinarySpec>().is_some()),
                ("image", package.package.spec::<oci::ImageSpec>().is_some()),
                ("chart", package.package.spec::<helm::ChartSpec>().is_some()),
            ];
            for (format, _) in formats.iter().filter(|(_, there)| *there) {
                line.push(' ');
                line.push_str(format);
            }
            line
        })
        .collect();
    assert_eq!(packages, expected, "{}", proposal.text);
    proposal
}

const GATEWAY: &str = "[project]\nname = \"gateway\"\nversion = \"1.0.8\"\n\
                       [project.urls]\nRepository = \"https://github.com/Org/gateway/tree/main\"\n";
const SERVER: &str = "[project]\nname = \"rss\"\nversion = \"0.1.0\"\n";
const GO_MAIN: &str = "package main\n\nfunc main() {}\n";
const NATIVE: &str = "[build-system]\nbuild-backend = \"maturin\"\n\
                      [project]\nname = \"masking\"\ndynamic = [\"version\"]\n";

#[test]
fn a_repository_of_many_languages_is_proposed_whole() {
    let proposal = check(
        &[
            ("pyproject.toml", GATEWAY),
            ("Containerfile", "FROM x\nCOPY . /app\n"),
            ("Containerfile.lite", "FROM x\n"),
            ("Cargo.toml", "[workspace]\n[workspace.package]\nversion = \"1.0.8\"\n"),
            ("Cargo.lock", ""),
            (
                "crates/wrapper/Cargo.toml",
                "[package]\nname = \"wrapper\"\nversion.workspace = true\n",
            ),
            ("crates/wrapper/src/main.rs", ""),
            ("crates/lib/Cargo.toml", "[package]\nname = \"lib\"\nversion = \"1.0.8\"\n"),
            ("crates/masking/pyproject.toml", NATIVE),
            (
                "crates/masking/Cargo.toml",
                "[package]\nname = \"masking\"\nversion.workspace = true\n\
                 [dependencies]\npyo3 = { version = \"1\", features = [\"abi3-py311\"] }\n",
            ),
            ("servers/rss/pyproject.toml", SERVER),
            ("servers/rss/Containerfile", "FROM x\nCOPY servers/rss /app\n"),
            ("servers/go/time/go.mod", "module example.com/time-server/v2\n"),
            ("servers/go/time/main.go", GO_MAIN),
            ("servers/go/time/Dockerfile", "FROM scratch\n"),
            ("infra/nginx/Dockerfile", "FROM nginx\nUSER root\n"),
            ("charts/stack/Chart.yaml", "name: stack\nversion: 1.0.8\nappVersion: \"1.0.8\"\n"),
            ("charts/stack/charts/sub/Chart.yaml", "name: sub\nversion: 9.0.0\n"),
        ],
        &[
            "gateway python image",
            "masking python",
            "rss python image",
            "wrapper binary",
            "time-server binary image",
            "gateway-lite image",
            "nginx image",
            "stack chart",
        ],
    );
    for line in [
        "version = \"pyproject.toml\" # what the project at the root says",
        "repository = \"https://github.com/Org/gateway\" # from a manifest",
        "version = \"own\" # servers/rss/pyproject.toml has version 0.1.0, not the release's",
        "image = { dockerfile = \"servers/rss/Containerfile\", context = \".\" }",
        "python = { path = \"crates/masking\", kind = \"pyo3\" }",
    ] {
        assert!(proposal.text.lines().any(|found| found == line), "{line}\n{}", proposal.text);
    }
}

#[test]
fn what_a_repository_does_not_ship_is_not_proposed() {
    check(
        &[
            ("pyproject.toml", GATEWAY),
            ("vendor/x/go.mod", "module x\n"),
            ("vendor/x/main.go", GO_MAIN),
            ("tests/app/pyproject.toml", SERVER),
            ("plugin_templates/a/pyproject.toml", SERVER),
            ("{{cookiecutter.slug}}/pyproject.toml", SERVER),
            (".devcontainer/Dockerfile", "FROM x\n"),
            ("xtask/Cargo.toml", "[package]\nname = \"xtask\"\n"),
            ("xtask/src/main.rs", ""),
            ("go.mod", "module y\n"),
            ("tools.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n"),
            ("x_test.go", GO_MAIN),
            ("lint/pyproject.toml", "[tool.ruff]\nline-length = 100\n"),
        ],
        &["gateway python"],
    );
}

#[test]
fn a_repository_of_plugins_takes_the_version_that_most_have() {
    let plugin = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"0.3.6\"\n");
    let (a, b) = (plugin("cpex-a"), plugin("cpex-b"));
    let proposal = check(
        &[
            ("plugins/0/pyproject.toml", SERVER),
            ("plugins/a/pyproject.toml", &a),
            ("plugins/b/pyproject.toml", &b),
        ],
        &["rss python", "cpex-a python", "cpex-b python"],
    );
    let expected = "version = \"plugins/a/pyproject.toml\" # 2 of 3 versions found agree";
    assert!(proposal.text.contains(expected), "{}", proposal.text);
}

#[test]
fn names_are_told_apart() {
    let proposal = check(
        &[
            ("go/time/go.mod", "module time\n"),
            ("go/time/main.go", GO_MAIN),
            ("rust/time/Cargo.toml", "[package]\nname = \"time\"\nversion = \"0.1.0\"\n"),
            ("rust/time/src/main.rs", ""),
            ("rust/time/Cargo.lock", ""),
            ("a/pyproject.toml", SERVER),
            ("b/pyproject.toml", SERVER),
        ],
        &["rss python", "time binary", "time-go binary"],
    );
    assert_eq!(proposal.notes, ["left out `b`: `rss` is also the name of `a`"]);
}

#[test]
fn what_cannot_be_resolved_is_left_out_with_a_note() {
    let proposal = check(
        &[
            ("a/pyproject.toml", SERVER),
            ("b/pyproject.toml", "[project\n"),
            ("c/pyproject.toml", "[project]\nname = \"c\"\ndynamic = [\"version\"]\n"),
            ("d/Chart.yaml", "version: 1.0.0\n"),
            ("e/Chart.yaml", "name: Bad Name\nversion: 1.0.0\n"),
            ("f/Chart.yaml", "name: 'open\n"),
        ],
        &["rss python", "c python"],
    );
    assert_eq!(proposal.notes.len(), 4, "{:?}", proposal.notes);
}

/// A tree at a commit with the tag `8.4.2`.
struct AtTag(MemoryTree);

impl Tree for AtTag {
    fn find(&self, path: &str) -> Found {
        self.0.find(path)
    }

    fn files(&self) -> Vec<String> {
        self.0.files()
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        let tags = question.contains(&"--points-at=HEAD");
        Ok(Some(if tags { "refs/tags/8.4.2\n" } else { "abc1234def" }.to_owned()))
    }
}

#[test]
fn the_version_of_a_project_that_asks_git_is_its_tags() {
    let scm = "[build-system]\nrequires = [\"setuptools-scm\"]\n\
               [project]\nname = \"a\"\ndynamic = [\"version\"]\n";
    let tree = AtTag(MemoryTree::new([("pyproject.toml", scm)]));
    let here = vec!["8.4.2".to_owned()];
    let around = Surroundings { here, ..Surroundings::default() };
    let proposal = discover(&tree, &around, DISCOVERS, FORMATS);
    for line in ["tag = \"{version}\"", "version = \"git-tag\"", "python = { path = \".\" }"] {
        assert!(proposal.text.contains(line), "{}", proposal.text);
    }
    let tree = WithConfig { tree: &tree, text: &proposal.text };
    let resolved = resolve(&tree, FORMATS, &Tagged::default()).unwrap();
    assert_eq!((resolved.release.version.text(), &*resolved.release.tag), ("8.4.2", "8.4.2"));
}

#[test]
fn a_version_in_a_source_file_is_named_by_its_manifest() {
    let manifest = "[project]\nname = \"a\"\ndynamic = [\"version\"]\n\
                    [tool.hatch.version]\npath = \"a.py\"\n";
    let files = [("pyproject.toml", manifest), ("a.py", "__version__ = \"1.4.0\"\n")];
    let proposal = check(&files, &["a python"]);
    assert!(proposal.text.contains("version = \"pyproject.toml\""), "{}", proposal.text);
    let setup = "setup(name=\"a\", version=\"1.4.0\")\n";
    let proposal = check(&[("setup.py", setup)], &["a python"]);
    assert!(proposal.text.contains("version = \"setup.py\""), "{}", proposal.text);
}

#[test]
fn an_empty_tree_gives_an_empty_proposal_and_says_so() {
    let check = |files: &[(&str, &str)], expected: &str| {
        let tree = MemoryTree::new(files.iter().copied());
        let proposal = discover(&tree, &Surroundings::default(), DISCOVERS, FORMATS);
        assert!(proposal.is_empty);
        let [note] = proposal.notes.as_slice() else { panic!("{:?}", proposal.notes) };
        assert!(note.contains(expected), "{note}");
        assert!(!proposal.text.contains(write::PACKAGE), "{}", proposal.text);
    };
    check(&[], "was found: no `pyproject.toml` or `setup.py` (wheels)");
    check(&[("go.mod", "module a.b/c\n"), ("a.go", "package c\n")], "`go.mod` has no main package");
    check(&[("package.json", "{}")], "`package.json` is for npm");
}

#[test]
fn hostile_file_names_stay_inside_their_strings() {
    let name = "a\"]\nx/pyproject.toml";
    check(&[(name, SERVER), ("b'\"c/Chart.yaml", "name: c\nversion: 0.1.0\n")], &["c chart"]);
}

#[test]
fn a_go_program_is_proposed_for_the_platforms_that_it_can_be_built_for() {
    let windows = "//go:build windows\n\npackage main\n\nfunc main() {}\n";
    let imports = "package main\n\nimport \"example.com/r/poll\"\n\nfunc main() {}\n";
    let proposal = check(
        &[
            ("go.mod", "module example.com/r\n"),
            ("cmd/all/main.go", GO_MAIN),
            ("cmd/bsd/main_freebsd.go", GO_MAIN),
            ("cmd/epoll/main.go", imports),
            ("cmd/linux/main_linux.go", GO_MAIN),
            ("cmd/windows/main.go", windows),
            ("cmd/windows/main_test.go", GO_MAIN),
            ("poll/poll_linux.go", "package poll\n"),
        ],
        &["all binary", "epoll binary", "linux binary", "windows binary"],
    );
    for line in [
        "binary = { go = \"cmd/all\" }",
        "binary = { go = \"cmd/epoll\", platforms = [\"linux-amd64\", \"linux-arm64\"] }",
        "binary = { go = \"cmd/linux\", platforms = [\"linux-amd64\", \"linux-arm64\"] }",
        "binary = { go = \"cmd/windows\", platforms = [\"windows-amd64\"] }",
    ] {
        assert!(proposal.text.lines().any(|found| found == line), "{line}\n{}", proposal.text);
    }
    let expected = "left out `cmd/bsd`: build constraints in `cmd/bsd` exclude it";
    assert_eq!(proposal.notes, [expected]);
}

#[test]
fn a_rust_program_is_proposed_with_the_features_that_it_requires_and_with_a_lock() {
    let manifest = "[package]\nname = \"a\"\nversion = \"0.1.0\"\n[features]\ncli = []\n\
                    [[bin]]\nname = \"a\"\npath = \"src/main.rs\"\n\
                    required-features = [\"cli\"]\n";
    let files = [("Cargo.toml", manifest), ("src/main.rs", ""), ("Cargo.lock", "")];
    let proposal = check(&files, &["a binary"]);
    let line = "binary = { rust = \".\", features = [\"cli\"] }";
    assert!(proposal.text.lines().any(|found| found == line), "{}", proposal.text);
    let tree = MemoryTree::new(files[..2].iter().copied());
    let proposal = discover(&tree, &Surroundings::default(), DISCOVERS, FORMATS);
    assert!(proposal.is_empty);
    assert!(proposal.notes[0].contains("`cargo generate-lockfile`"), "{:?}", proposal.notes);
}

#[test]
fn what_is_around_the_tree_names_the_release_and_its_root() {
    let around = |remote: &str, tag: &str| Surroundings {
        remotes: vec![remote.to_owned()],
        tags: vec![tag.to_owned()],
        here: Vec::new(),
        folder: "checkout".to_owned(),
    };
    let check_lines = |around: &Surroundings, files: &[(&str, &str)], expected: &[&str]| {
        let tree = MemoryTree::new(files.iter().copied());
        let proposal = discover(&tree, around, DISCOVERS, FORMATS);
        resolve(&WithConfig { tree: &tree, text: &proposal.text }, FORMATS, &Tagged::default())
            .unwrap_or_else(|problems| panic!("{problems}\n{}", proposal.text));
        for line in expected {
            assert!(proposal.text.lines().any(|one| one == *line), "{line}\n{}", proposal.text);
        }
    };
    let files = [("go.mod", "module app\n"), ("main.go", GO_MAIN), ("Dockerfile", "FROM x\n")];
    let github = around("git@github.com:Owner/forge.git", "8.4.2");
    let lines = [
        "tag = \"{version}\" # like the tag 8.4.2",
        "repository = \"https://github.com/Owner/forge\" # from git's remote",
        "name = \"forge\"",
    ];
    check_lines(&github, &files, &lines);
    let gitlab = around("https://user@gitlab.com/Group/sub/forge.git", "forge-v1.0.0");
    let lines = [
        "tag = \"forge-v{version}\" # like the tag forge-v1.0.0",
        "repository = \"https://gitlab.com/Group/sub/forge\" # from git's remote",
        "registry = \"registry.gitlab.com/group/sub/forge\" # of that forge",
    ];
    check_lines(&gitlab, &files, &lines);
    let lines =
        ["tag = \"v{version}\"", "registry = \"localhost\" # name where images and charts go"];
    check_lines(&around("ssh://git@git.example.org/a/b.git", "nightly"), &files, &lines);
    check_lines(&around("../elsewhere", ""), &files, &["name = \"checkout\""]);
    let manifest = [("pyproject.toml", GATEWAY)];
    let line = "repository = \"https://github.com/Org/gateway\" # from a manifest";
    check_lines(&github, &manifest, &[line]);
}

#[test]
fn a_program_that_maturin_packs_is_proposed_as_an_executable() {
    let backend = "[build-system]\nbuild-backend = \"maturin\"\n\
                   [project]\nname = \"tool\"\ndynamic = [\"version\"]\n";
    let said = format!("{backend}[tool.maturin]\nbindings = \"bin\"\n");
    let cargo = "[package]\nname = \"tool\"\nversion = \"0.1.0\"\n";
    let program = [("Cargo.toml", cargo), ("Cargo.lock", ""), ("src/main.rs", "")];
    let check_files = |files: &[(&str, &str)], expected: &[&str]| {
        check(&[&program, files].concat(), expected);
    };
    check_files(&[("pyproject.toml", &said)], &["tool binary"]);
    check_files(&[("pyproject.toml", &said), ("src/lib.rs", "")], &["tool binary"]);
    check_files(&[("pyproject.toml", backend)], &["tool binary"]);
    check_files(&[("pyproject.toml", backend), ("src/lib.rs", "")], &["tool python"]);
}
