//! Why files of a tree are not what a release may be made from.

use model::{Diagnostic, Location};

use super::snapshot::{Led, Snapshot};

use crate::codes;

/// A link that leads out of the tree.
pub(super) fn leaving(path: &str, target: &str) -> Diagnostic {
    let message = format!("`{path}` is a link to `{target}`, outside the tree");
    Diagnostic::new(&codes::TREE_LINK_LEAVES, message)
        .at(Location::file(path))
        .help("replace the link with a copy of what it points to")
}

/// A link to nothing.
pub(super) fn dangling(path: &str, target: &str) -> Diagnostic {
    let message = format!("`{path}` is a link to `{target}`, which the tree does not have");
    Diagnostic::new(&codes::TREE_LINK_DANGLES, message)
        .at(Location::file(path))
        .help("commit what it points to, or remove the link")
}

/// A link to itself.
pub(super) fn endless(path: &str) -> Diagnostic {
    let message = format!("`{path}` is a link that leads to itself");
    Diagnostic::new(&codes::TREE_LINK_LOOPS, message)
        .at(Location::file(path))
        .help("remove the link")
}

/// A file that a filter of somebody's configuration makes.
pub(super) fn filtered(path: &str, filter: &str) -> Diagnostic {
    let message = format!("`{path}` is stored through the git filter `{filter}`");
    Diagnostic::new(&codes::TREE_FILTER, message).at(Location::file(path)).help(
        "what the filter makes of it is not in the commit: keep the file out of what is packed",
    )
}

/// A repository inside of the tree that is no submodule of it.
pub(super) fn stranger(folder: &str) -> Diagnostic {
    let message = format!("`{folder}` is a repository of its own, and not a submodule");
    Diagnostic::new(&codes::TREE_SUBMODULE, message)
        .at(Location::file(folder))
        .help("add it with `git submodule add`, or let `.gitignore` name it")
}

/// Withholds links that lead out of the tree, or nowhere.
pub(super) fn judge_links(snapshot: &mut Snapshot) {
    let problems: Vec<(String, Diagnostic)> = snapshot
        .links
        .iter()
        .filter_map(|(path, target)| match snapshot.lead(path) {
            Led::File(_) | Led::Folder(_) => None,
            Led::Outside(_) => Some((path.clone(), leaving(path, target))),
            Led::Nowhere => Some((path.clone(), dangling(path, target))),
            Led::Endless => Some((path.clone(), endless(path))),
        })
        .collect();
    for (path, problem) in problems {
        // A link into a submodule that is not there has its reason already.
        if !snapshot.withheld.iter().any(|one| one.path == path) {
            snapshot.withhold(&path, problem);
        }
    }
}
