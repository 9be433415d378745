//! A first `package-actions.toml` for a tree that has none, with a comment on each guess.
//!
//! The formats look at names of files and at manifests. What is proposed resolves on that very
//! tree: an entry that would not is left out, with a note why.

mod name;
mod release;
mod surroundings;
mod write;

use config::CONFIG_FILE;
use format::{Discovers, Discovery, Plans, ProposedPackage};
use manifests::{Manifests, parent};
use model::{Diagnostic, Found, Severity, Tree};

use crate::resolve::resolve;
use crate::tagged::Tagged;
use release::Release;

pub use surroundings::Surroundings;

/// What `init` would write, and what it left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The configuration.
    pub text: String,
    /// What a person should know: projects left out, and why.
    pub notes: Vec<String>,
    /// Whether it has no package.
    pub is_empty: bool,
}

/// Proposes a configuration for `tree` of what `discovers` find in it and of what is around it, for
/// a program that plans with the table `plans`.
#[must_use]
pub fn discover(
    tree: &dyn Tree,
    around: &Surroundings,
    discovers: &[&dyn Discovers],
    plans: &[&dyn Plans],
) -> Proposal {
    let manifests = Manifests::new(tree);
    let mut discovery = Discovery::new(&manifests);
    for format in discovers {
        format.discover(&mut discovery);
    }
    let Discovery { mut packages, mut notes, .. } = discovery;
    let release = Release::choose(tree, &manifests, &packages, around);
    notes.extend(release.note.clone());
    if let Some(repository) = around.name() {
        name::make_specific(&mut packages, &name::valid(&repository));
    }
    name::make_unique(&mut packages);
    let found = packages.len();
    let text = loop {
        let text = write::write(&release, &packages, discovers);
        let count = packages.len();
        leave_out(tree, plans, &text, &mut packages, &mut notes);
        if packages.len() == count || packages.is_empty() {
            break write::write(&release, &packages, discovers);
        }
    };
    if packages.is_empty() {
        // What was found and left out was told above.
        notes.extend((found == 0).then(|| nothing(&manifests)));
    }
    Proposal { text, notes, is_empty: packages.is_empty() }
}

/// What is missing in a tree that nothing was found in.
fn nothing(manifests: &Manifests<'_>) -> String {
    const LACKING: [(&str, &str); 4] = [
        ("Cargo.toml", "has no program"),
        ("go.mod", "has no main package"),
        ("package.json", "is for npm, which is none of the formats"),
        ("Dockerfile", "is in no folder that is released"),
    ];
    const SOURCES: &str = "no `pyproject.toml` or `setup.py` (wheels), `Dockerfile` (images), \
                           `Chart.yaml` (charts), `go.mod` or `Cargo.toml` (programs)";
    let first = |name: &str| {
        let is_it = |path: &&String| path.rsplit('/').next() == Some(name);
        manifests.files().iter().find(is_it)
    };
    let found =
        LACKING.iter().filter_map(|(name, lack)| Some(format!("`{}` {lack}", first(name)?)));
    let found: Vec<String> = found.collect();
    let why = if found.is_empty() { SOURCES.to_owned() } else { found.join(", ") };
    format!("nothing that could be released was found: {why}")
}

/// Drops the entries that `resolve` refuses.
fn leave_out(
    tree: &dyn Tree,
    plans: &[&dyn Plans],
    text: &str,
    packages: &mut Vec<ProposedPackage>,
    notes: &mut Vec<String>,
) {
    let Err(problems) = resolve(&WithConfig { tree, text }, plans, &Tagged::default()) else {
        return;
    };
    let starts: Vec<usize> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| *line == write::PACKAGE)
        .map(|(index, _)| index + 1)
        .collect();
    let errors: Vec<&Diagnostic> =
        problems.0.iter().filter(|problem| problem.severity == Severity::Error).collect();
    let mut index = 0;
    packages.retain(|package| {
        index += 1;
        let why = errors.iter().find(|problem| blames(problem, &starts, index, package));
        if let Some(problem) = why {
            notes.push(format!("left out `{}`: {}", package.folder, problem.message));
        }
        why.is_none()
    });
}

/// Whether the problem is at the entry of this number, counted from 1, or in its folder.
fn blames(
    problem: &Diagnostic,
    starts: &[usize],
    number: usize,
    package: &ProposedPackage,
) -> bool {
    problem.location.as_ref().is_some_and(|location| {
        if location.file == CONFIG_FILE {
            starts.partition_point(|start| *start <= location.line) == number
        } else {
            parent(&location.file) == package.folder
        }
    })
}

/// The tree as if the proposal had been written.
struct WithConfig<'t> {
    tree: &'t dyn Tree,
    text: &'t str,
}

impl Tree for WithConfig<'_> {
    fn find(&self, path: &str) -> Found {
        if path == CONFIG_FILE { Found::Text(self.text.to_owned()) } else { self.tree.find(path) }
    }

    fn look(&self, path: &str) -> Found {
        if path == CONFIG_FILE { Found::File } else { self.tree.look(path) }
    }

    fn files(&self) -> Vec<String> {
        self.tree.files()
    }

    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        self.tree.git(question)
    }
}

#[cfg(test)]
mod tests;
