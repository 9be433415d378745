//! Versions that come from git: by the tools that people configure for it, and by `git-tag`.

use std::fs;

use super::archives::{member, wheel};
use super::samples;
use super::tree::{DATE, Tree, read};

/// How a project says that its version is git's.
const TOOLS: [(&str, &str); 4] = [
    (
        "setuptools-scm",
        "[build-system]\nrequires = [\"setuptools>=77\", \"setuptools-scm>=8\"]\n\
         build-backend = \"setuptools.build_meta\"\n[project]\nname = \"kit\"\n\
         dynamic = [\"version\"]\n[tool.setuptools_scm]\nversion_file = \"kit/_version.py\"\n",
    ),
    (
        "hatch-vcs",
        "[build-system]\nrequires = [\"hatchling\", \"hatch-vcs\"]\n\
         build-backend = \"hatchling.build\"\n[project]\nname = \"kit\"\ndynamic = [\"version\"]\n\
         [tool.hatch.version]\nsource = \"vcs\"\n",
    ),
    (
        "pdm",
        "[build-system]\nrequires = [\"pdm-backend\"]\nbuild-backend = \"pdm.backend\"\n[project]\n\
         name = \"kit\"\ndynamic = [\"version\"]\n[tool.pdm.version]\nsource = \"scm\"\n",
    ),
    (
        "poetry-dynamic-versioning",
        "[build-system]\nrequires = [\"poetry-core>=1\", \"poetry-dynamic-versioning>=1,<2\"]\n\
         build-backend = \"poetry_dynamic_versioning.backend\"\n[tool.poetry]\nname = \"kit\"\n\
         version = \"0.0.0\"\ndescription = \"\"\nauthors = []\n\
         [tool.poetry-dynamic-versioning]\nenable = true\n",
    ),
];

/// A project of that tool at the tag `v1.4.0`, as `init` proposes to release it.
fn project(pyproject: &str) -> Tree {
    let tree = Tree::bare(&[
        ("pyproject.toml", pyproject),
        ("README.md", "# Kit\n"),
        ("kit/__init__.py", "X = 1\n"),
    ]);
    tree.put(".gitignore", "/dist/\n/kit/_version.py\n");
    tree.commit(DATE);
    tree.git(&["tag", "--annotate", "--message=x", "v1.4.0"]);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree.git(&["tag", "--force", "--annotate", "--message=x", "v1.4.0"]);
    tree
}

/// What a plan says, or why there is none.
#[track_caller]
fn planned(tree: &Tree, words: &[&str], expected: Result<&str, &str>) {
    let told = tree.run(&[&["plan"], words].concat());
    match expected {
        Ok(file) => assert!(told.code == 0 && told.stdout.contains(file), "{}", told.told()),
        Err(why) => assert!(told.code == 2 && told.stderr.contains(why), "{}", told.told()),
    }
}

#[test]
fn a_project_whose_tool_asks_git_has_the_version_of_the_tag() {
    for (tool, pyproject) in TOOLS {
        let tree = project(pyproject);
        let config = fs::read_to_string(tree.join("package-actions.toml")).unwrap();
        assert!(config.contains("version = \"git-tag\""), "{tool}: {config}");
        planned(&tree, &[], Ok("pypi/kit-1.4.0.tar.gz"));
        tree.commit(DATE);
        let short = &tree.git(&["rev-parse", "HEAD"])[..7];
        planned(&tree, &[], Ok(&format!("pypi/kit-1.4.1.dev1+g{short}.tar.gz")));
        tree.git(&["tag", "v2.0.0-rc.1"]);
        planned(&tree, &[], Ok("pypi/kit-2.0.0rc1.tar.gz"));
    }
}

#[test]
fn a_tag_that_cannot_be_seen_or_that_says_otherwise_is_not_guessed_at() {
    let tree = project(TOOLS[0].1);
    let at_tag = tree.cloned(&["--depth=1", "--branch=v1.4.0"]);
    planned(&at_tag, &[], Ok("pypi/kit-1.4.0.tar.gz"));
    tree.commit(DATE);
    let shallow = tree.cloned(&["--depth=1"]);
    planned(&shallow, &[], Err("error[release-tag-unknown]"));
    planned(&shallow, &[], Err("git fetch --unshallow --tags"));
    let without_tags = tree.cloned(&["--no-tags"]);
    planned(&without_tags, &[], Ok("pypi/kit-0.0.0.dev3+g"));
    // The version was handed on, and the tag is on another commit; or this commit has another one.
    planned(&tree, &["--tag-version=1.4.0"], Err("the tag `v1.4.0` is on another commit"));
    planned(&tree, &["--tag-version=1.5.0"], Ok("pypi/kit-1.5.0.tar.gz"));
    tree.git(&["tag", "v1.6.0"]);
    planned(&tree, &["--tag-version=1.5.0"], Err("its commit has the tag `v1.6.0`"));
    planned(&tree, &["--tag-version=1.6"], Ok("pypi/kit-1.6.tar.gz"));
}

/// Releases the project at its tag.
fn released(pyproject: &str) {
    let tree = project(pyproject);
    tree.release(&[]);
    let found = wheel(&tree.only(".whl"));
    let about = found["kit-1.4.0.dist-info/METADATA"][1].as_str().unwrap();
    assert!(about.contains("Version: 1.4.0\n"), "{about}");
    assert_eq!(tree.manifest()["release"]["tag"], "v1.4.0");
    assert_eq!(tree.manifest()["source"]["dirty"], false);
}

#[test]
fn a_project_of_pdms_is_released_at_its_tag() {
    released(TOOLS[2].1);
}

#[test]
#[ignore = "slow cases: 20 s, builds a project with each tool"]
fn a_project_of_every_other_tool_is_released_at_its_tag() {
    for (_, pyproject) in [TOOLS[0], TOOLS[1], TOOLS[3]] {
        released(pyproject);
    }
}

#[test]
#[ignore = "slow cases: 10 s, builds with setuptools"]
fn a_version_that_the_configuration_says_is_that_of_a_project_that_asks_git() {
    let tree = project(TOOLS[0].1);
    tree.put(
        "package-actions.toml",
        "[release]\nversion = \"1.4.0\"\n\n[[package]]\nname = \"kit\"\nversion = \"1.4.0\"\n\
         python = { path = \".\", env = { SETUPTOOLS_SCM_PRETEND_VERSION = \"1.4.0\" } }\n",
    );
    tree.commit(DATE);
    tree.release(&[]);
    let found = wheel(&tree.only("kit-1.4.0-py3-none-any.whl"));
    let written = found["kit/_version.py"][1].as_str().unwrap();
    assert!(written.contains("'1.4.0'"), "{written}");
}

/// A chart that takes the release's version, which is git's.
fn chart() -> Tree {
    let tree = samples::chart();
    tree.put("charts/web/Chart.yaml", samples::CHART.replace("version: 1.0.0\n", ""));
    tree.put(
        "package-actions.toml",
        "[release]\nversion = \"git-tag\"\nregistry = \"localhost\"\n\n[[package]]\n\
         name = \"web\"\nchart = { path = \"charts/web\" }\n",
    );
    tree.commit(DATE);
    tree
}

#[test]
fn a_version_of_git_is_the_same_from_plan_to_verify() {
    let tree = chart();
    tree.git(&["tag", "v3.1.0"]);
    let plan = tree.run(&["plan", "--output=json"]).accepted().stdout;
    let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
    let digest = plan["digest"].as_str().unwrap();
    let told = plan["tag-version"].as_str().unwrap();
    assert_eq!(told, "3.1.0", "{plan}");
    // A job that builds has a clone without tags.
    let job = tree.cloned(&["--no-tags", "--depth=1"]);
    let build = ["build", "--tag-version", told, "--plan", digest];
    job.run(&build).accepted();
    job.refuses(&["build", "--tag-version=3.1.1", "--plan", digest], 1, &["error[plan-changed]"]);
    for step in
        [&["seal", "--sign=local"][..], &["sign", "--sign=local", "dist"], &["verify", "dist"]]
    {
        job.run(step).accepted();
    }
    let manifest = read(&job.join("dist/release.json"));
    assert_eq!(manifest["release"]["version"], "3.1.0");
    assert_eq!(manifest["release"]["tag"], "v3.1.0");
    let written = member(&job.join("dist/helm/web-3.1.0.tgz"), "web/Chart.yaml");
    assert!(written.contains("version: 3.1.0\n"), "{written}");
}

#[test]
fn a_snapshot_is_released_here_and_published_nowhere() {
    let tree = chart();
    tree.git(&["tag", "v3.1.0"]);
    tree.commit(DATE);
    let told = tree.run(&["plan"]).accepted();
    assert!(told.stderr.contains("warning[release-snapshot]"), "{}", told.told());
    let told = tree.release(&[]);
    let manifest = tree.manifest();
    let page = std::fs::read_to_string(tree.join("dist/report.html")).unwrap();
    let warnings = manifest["warnings"].as_array().unwrap();
    let mut codes: Vec<&str> = warnings.iter().map(|one| one["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["chart-readme", "release-snapshot"], "{manifest}");
    for code in codes {
        assert!(told.stderr.contains(&format!("warning[{code}]")), "{}", told.told());
        assert!(page.contains(&format!("<code>{code}</code>")), "{code}: {page}");
    }
    let version = manifest["release"]["version"].as_str().unwrap().to_owned();
    let commit = tree.git(&["rev-parse", "HEAD"]);
    assert_eq!(version, format!("3.1.1-dev.1.g{}", &commit[..7]));
    tree.run(&["verify", "dist"]).accepted();
    tree.refuses(&["publish", "dist", "--dry-run"], 1, &["error[publish-snapshot]"]);
}
