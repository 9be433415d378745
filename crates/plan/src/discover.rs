//! A first `package-actions.toml` for a tree that has none, with a comment on each guess.
//!
//! Looks at names of files and at manifests. What it proposes resolves on that very tree: an entry
//! that would not is left out, with a note why.

mod build_context;
mod draft;
mod golang;
mod ignore;
mod name;
mod scan;
mod write;

use config::CONFIG_FILE;
use format::Plans;
use manifests::{Manifests, parent};
use model::{Diagnostic, Found, Severity, Tree};

use crate::resolve::resolve;
use draft::{Draft, Release};

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

/// Proposes a configuration for `tree`.
#[must_use]
pub fn discover(tree: &dyn Tree, formats: &[&dyn Plans]) -> Proposal {
    let manifests = Manifests::new(tree);
    let mut notes = Vec::new();
    let mut drafts = scan::scan(&manifests, &mut notes);
    let release = Release::choose(&manifests, &drafts);
    name::make_unique(&mut drafts);
    let text = loop {
        let text = write::write(&release, &drafts);
        let count = drafts.len();
        leave_out(tree, formats, &text, &mut drafts, &mut notes);
        if drafts.len() == count || drafts.is_empty() {
            break write::write(&release, &drafts);
        }
    };
    if drafts.is_empty() {
        notes.push("nothing that could be released was found".to_owned());
    }
    Proposal { text, notes, is_empty: drafts.is_empty() }
}

/// Drops the entries that `resolve` refuses.
fn leave_out(
    tree: &dyn Tree,
    formats: &[&dyn Plans],
    text: &str,
    drafts: &mut Vec<Draft>,
    notes: &mut Vec<String>,
) {
    let Err(problems) = resolve(&WithConfig { tree, text }, formats) else { return };
    let starts: Vec<usize> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| *line == write::PACKAGE)
        .map(|(index, _)| index + 1)
        .collect();
    let errors: Vec<&Diagnostic> =
        problems.0.iter().filter(|problem| problem.severity == Severity::Error).collect();
    let mut index = 0;
    drafts.retain(|draft| {
        index += 1;
        let why = errors.iter().find(|problem| blames(problem, &starts, index, draft));
        if let Some(problem) = why {
            notes.push(format!("left out `{}`: {}", draft.folder, problem.message));
        }
        why.is_none()
    });
}

/// Whether the problem is at the entry of this number, counted from 1, or in its folder.
fn blames(problem: &Diagnostic, starts: &[usize], number: usize, draft: &Draft) -> bool {
    problem.location.as_ref().is_some_and(|location| {
        if location.file == CONFIG_FILE {
            starts.partition_point(|start| *start <= location.line) == number
        } else {
            parent(&location.file) == draft.folder
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
}

#[cfg(test)]
mod tests;
