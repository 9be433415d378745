//! Submodules: repositories inside of a tree, at the commit that the tree records.

use std::path::Path;

use model::{Diagnostic, Location};

use super::super::commit::Entry;
use super::Checkout;
use crate::codes;

/// Why a submodule's files cannot be had.
pub(super) struct Lacking {
    pub(super) problem: Diagnostic,
    /// Whether it is another than the tree records, and not merely absent.
    pub(super) differs: bool,
}

/// The checkout of the submodule at `path` of the tree at `root`, as `without` leaves it.
///
/// # Errors
/// When it is not checked out as `entry` records it: with the command that does it.
pub(super) fn open(
    root: &Path,
    path: &str,
    entry: &Entry,
    without: impl FnOnce(Checkout) -> Checkout,
) -> Result<Checkout, Lacking> {
    let folder = root.join(path);
    if folder.join(".git").symlink_metadata().is_err() {
        return Err(absent(path, "is not checked out"));
    }
    let unreadable = |error: std::io::Error| absent(path, &format!("cannot be read: {error}"));
    let real = folder.canonicalize().map_err(unreadable)?;
    let checkout = without(Checkout::of(real));
    let commit = match checkout.commit() {
        Ok(Some(commit)) => commit,
        Ok(None) => return Err(absent(path, "has no commit")),
        Err(problem) => return Err(absent(path, &problem.message)),
    };
    if commit.id != entry.id {
        let state = format!("is at {}, and the tree records {}", commit.id, entry.id);
        return Err(Lacking { problem: refusal(path, &state, &update(path)), differs: true });
    }
    let changes = checkout.changes().map_err(|problem| absent(path, &problem.message))?;
    if !changes.is_empty() {
        let help = format!("see `git -C {path} status`; commit what it shows, or discard it");
        let problem = refusal(path, "differs from its commit", &help);
        return Err(Lacking { problem, differs: true });
    }
    Ok(checkout)
}

fn absent(path: &str, state: &str) -> Lacking {
    Lacking { problem: refusal(path, state, &update(path)), differs: false }
}

fn update(path: &str) -> String {
    format!("run `git submodule update --init --recursive -- {path}`")
}

fn refusal(path: &str, state: &str, help: &str) -> Diagnostic {
    Diagnostic::new(&codes::TREE_SUBMODULE, format!("the submodule `{path}` {state}"))
        .at(Location::file(path))
        .help(help)
}
