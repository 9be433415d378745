//! The slow tests in groups, each short enough for one sitting. A test says its own group:
//! `#[ignore = "slow GROUP: why"]`. What a group reads decides how long its stamps hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::steps::Made;
use crate::workspace::Package;
use crate::{Failure, workspace};

/// Slow tests that are run together, in less than an hour; of `fuzz`, each of its steps.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    pub name: &'static str,
    /// What its tests show.
    pub about: &'static str,
    /// The programs of this workspace that its tests run, by their packages.
    pub runs: &'static [&'static str],
    /// Paths that its tests read besides their own sources and those of the programs.
    pub reads: &'static [&'static str],
    /// What must have been made before.
    pub needs: &'static [Made],
}

/// A test that carries `#[ignore]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlowTest {
    pub group: String,
    /// What cargo calls it: `killed::the_test`.
    pub name: String,
    /// The integration test that holds it, and its package.
    pub target: String,
    pub package: String,
    /// The integration test's only file, or its folder with a final `/`.
    pub source: String,
}

const PRODUCT: &str = "package-actions";
const WASM: &str = "package-actions-wasm";

/// All groups, in the order in which `ci --full` runs them.
pub const GROUPS: &[Group] = &[
    Group {
        name: "forge",
        about: "the test double of GitHub, an index and a registry, as real clients see it",
        runs: &[],
        reads: &["xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::Judges],
    },
    Group {
        name: "tools",
        about: "every pinned tool is fetched and says its version",
        runs: &[],
        reads: &[],
        needs: &[],
    },
    Group {
        name: "build",
        about: "real source distributions, other architectures, no network",
        runs: &[PRODUCT],
        reads: &["examples/", "xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::Judges, Made::Programs, Made::Example],
    },
    Group {
        name: "cases",
        about: "repositories that people have, with the build backends and compilers of each",
        runs: &[PRODUCT],
        reads: &["xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::Judges, Made::Programs],
    },
    Group {
        name: "reproducible",
        about: "the whole example, built again elsewhere and by one worker",
        runs: &[PRODUCT],
        reads: &["examples/"],
        needs: &[Made::Programs, Made::Example],
    },
    Group {
        name: "publish",
        about: "real servers, and every fault at every request",
        runs: &[PRODUCT],
        reads: &["examples/", "xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::Judges, Made::Programs, Made::Example],
    },
    Group {
        name: "tampering",
        about: "every byte of a release, changed",
        runs: &[PRODUCT],
        reads: &[],
        needs: &[Made::Programs, Made::Example],
    },
    Group {
        name: "fuzz",
        about: "every reader of foreign bytes, ten minutes each",
        runs: &["fuzz-targets"],
        reads: &["fuzz/"],
        needs: &[],
    },
    Group {
        name: "readers",
        about: "thousands of changed archives, read by other readers too",
        runs: &[],
        reads: &["xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::Judges],
    },
    Group {
        name: "report",
        about: "the report of a release in a browser",
        runs: &[PRODUCT],
        reads: &["examples/", "xtask/src/judges/", "xtask/src/judges.rs"],
        needs: &[Made::AllJudges, Made::Programs, Made::Example],
    },
    Group {
        name: "dockerfile",
        about: "images from a Dockerfile, by a container engine",
        runs: &[PRODUCT, WASM],
        reads: ACTIONS,
        needs: &[Made::AllJudges, Made::Programs, Made::Modules, Made::Example],
    },
    Group {
        name: "actions",
        about: "large workflows",
        runs: &[PRODUCT, WASM],
        reads: ACTIONS,
        needs: &[Made::Judges, Made::Programs, Made::Modules, Made::Example],
    },
    Group {
        name: "self-release",
        about: "this repository's own workflows, with all that it holds",
        runs: &[],
        reads: &[""],
        needs: &[Made::Judges, Made::Programs, Made::Modules, Made::Example],
    },
];

/// What a downstream repository gets of this one.
const ACTIONS: &[&str] = &[
    "action.yml",
    "actions/",
    "binary/",
    "helm/",
    "oci/",
    "pypi/",
    "package.json",
    "workflows/",
    ".github/",
    "examples/",
    "xtask/src/",
];

/// What decides how every test is built.
const ALWAYS: &[&str] = &["Cargo.toml", "Cargo.lock", ".cargo/"];

/// The group of this name; where there is none, the failure lists them.
pub fn named(name: &str) -> Result<&'static Group, Failure> {
    GROUPS.iter().find(|group| group.name == name).ok_or_else(|| {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        format!("no group of slow tests is called `{name}`, help: {}", names.join(", ")).into()
    })
}

/// The slow tests of these files, by their integration tests; fails for one without a group.
pub fn slow_tests<'f>(
    files: impl Iterator<Item = (&'f str, &'f str)>,
    packages: &[Package],
) -> Result<Vec<SlowTest>, Failure> {
    let mut found = Vec::new();
    for (path, text) in files {
        for (line, ignored) in ignored(text) {
            let shown = format!("{path}:{line}");
            let (reason, function) =
                ignored.ok_or_else(|| format!("{shown}: {HELP}, on the line before its `fn`"))?;
            let group = reason
                .strip_prefix("slow ")
                .and_then(|rest| Some(rest.split_once(": ")?.0))
                .ok_or_else(|| format!("{shown}: {HELP}"))?;
            named(group).map_err(|failure| format!("{shown}: {failure}"))?;
            let test = slow_test(path, group, function, packages);
            found.push(
                test.ok_or_else(|| {
                    format!("{shown}: a slow test belongs into an integration test")
                })?,
            );
        }
    }
    Ok(found)
}

/// What the tests of a group read, as paths: files, or folders with a final `/`.
pub fn reads(group: &Group, tests: &[SlowTest], packages: &[Package]) -> BTreeSet<String> {
    let by_name: BTreeMap<&str, &Package> =
        packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let mut paths: BTreeSet<String> =
        ALWAYS.iter().chain(group.reads).map(|path| (*path).to_owned()).collect();
    let mut open: Vec<&str> = group.runs.to_vec();
    for test in tests {
        paths.insert(test.source.clone());
        open.push(&test.package);
        // What only tests need is needed by the tests of this package alone.
        let package = by_name.get(test.package.as_str());
        open.extend(package.iter().flat_map(|package| &package.for_tests).map(String::as_str));
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        let Some(package) = by_name.get(name).filter(|_| seen.insert(name)) else { continue };
        // Not its other tests.
        for inside in ["Cargo.toml", "build.rs", "src/", "fixtures/", "tests/fixtures/"] {
            paths.insert(format!("{}{inside}", package.folder));
        }
        open.extend(package.uses.iter().map(String::as_str));
    }
    paths
}

/// A name for the contents of the files that `paths` hold: it changes when one of them does.
pub fn digest(
    paths: &BTreeSet<String>,
    files: &BTreeMap<String, String>,
) -> Result<String, Failure> {
    let is_read = |file: &str| {
        paths.iter().any(|path| {
            file == path || (path.is_empty() || path.ends_with('/')) && file.starts_with(path)
        })
    };
    let read = files.iter().filter(|(file, _)| is_read(file));
    let lines: Vec<String> = read.map(|(file, blob)| format!("{blob} {file}")).collect();
    workspace::key(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

const HELP: &str = "write `#[ignore = \"slow GROUP: why\"]`";

/// Each `#[ignore]` with its line; its reason and function, if it is written as it should be.
fn ignored(text: &str) -> impl Iterator<Item = (usize, Option<(&str, &str)>)> {
    let attribute = concat!("#[", "ignore");
    let starts = move |(_, line): &(usize, &str)| line.trim_start().starts_with(attribute);
    text.lines().enumerate().filter(starts).map(|(index, line)| {
        let told = || {
            let (_, rest) = line.split_once("= \"")?;
            let (reason, _) = rest.rsplit_once('"')?;
            let next = text.lines().nth(index + 1)?.trim_start();
            Some((reason, next.strip_prefix("fn ")?.split_once('(')?.0))
        };
        (index + 1, told())
    })
}

fn slow_test(path: &str, group: &str, function: &str, packages: &[Package]) -> Option<SlowTest> {
    let in_target = |package: &Package| {
        package.tests.iter().find_map(|(target, root)| {
            let folder = root.strip_suffix("main.rs").filter(|folder| folder.ends_with('/'));
            let source = folder.unwrap_or(root).to_owned();
            let below = folder.and_then(|folder| path.strip_prefix(folder));
            let inside = match below {
                Some(below) if path != root => Some(below),
                _ => (path == root).then_some(""),
            }?;
            let modules = inside.trim_end_matches(".rs").replace('/', "::");
            let name = if modules.is_empty() { String::new() } else { modules + "::" } + function;
            let (group, package) = (group.to_owned(), package.name.clone());
            Some(SlowTest { group, name, target: target.clone(), package, source })
        })
    };
    packages.iter().find_map(in_target)
}

/// The slow tests of the workspace as it is on disk, and its packages.
pub fn of_the_workspace() -> Result<(Vec<SlowTest>, Vec<Package>), Failure> {
    let packages = workspace::packages()?;
    let root = workspace::root();
    let mut texts = Vec::new();
    for path in workspace::files()?.into_keys().filter(|path| is_source(Path::new(path))) {
        // A file that git lists though it is gone holds no test.
        let text = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
        texts.push((path, text));
    }
    let files = texts.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Ok((slow_tests(files, &packages)?, packages))
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && !path.starts_with("examples")
}

#[cfg(test)]
mod tests;
