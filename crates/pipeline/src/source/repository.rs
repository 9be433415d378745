//! The repository that a staged copy holds, for backends that ask git.
//!
//! It always has one shape, whatever clone it comes from: the commit, detached and without history;
//! the release's own tag, and those of projects where a tool asks for them; no branches, remotes,
//! hooks or configuration. `git status` in it says nothing exactly when the tree is its commit's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use model::Diagnostic;

use super::commit::Commit;
use super::git;
use super::objects::{self, broken, feed};

/// What the index says of a file that it tracks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tracked {
    /// As the commit has it, or changed.
    Compared,
    /// There, with bytes that the commit does not hold: the content of a Git LFS pointer.
    Assumed,
    /// Not part of the copy.
    Hidden,
}

/// Makes the repository in `top` hold its commit's objects itself: for a copy that goes elsewhere.
pub(super) fn take_in_objects(top: &Path) -> Result<(), Diagnostic> {
    let folder = top.join(".git");
    let repack = ["repack", "-a", "-d", "-q", "--no-write-bitmap-index"];
    git::run(objects::command(&folder, top).args(repack))?;
    fs::remove_file(folder.join("objects/info/alternates")).map_err(|error| broken(&error))
}

/// Makes `top` the work tree of a repository at `commit`, with `tags`. `state` says of each
/// path of the commit, from the top of its repository, how it stands in the copy.
pub(super) fn write(
    commit: &Commit,
    top: &Path,
    tags: &[String],
    state: impl Fn(&str) -> Tracked,
) -> Result<(), Diagnostic> {
    let folder = top.join(".git");
    objects::lay_out(&folder, commit).map_err(|error| broken(&error))?;
    let tags: BTreeSet<&String> = tags.iter().collect();
    let lines: String = tags.iter().map(|tag| format!("{} refs/tags/{tag}\n", commit.id)).collect();
    let packed = format!("# pack-refs with: peeled fully-peeled sorted\n{lines}");
    fs::write(folder.join("packed-refs"), packed).map_err(|error| broken(&error))?;
    git::run(objects::command(&folder, top).args(["read-tree", &commit.id]))?;
    let tracked = git::run(objects::command(&folder, top).args(["ls-files", "-z"]))?;
    let (mut hidden, mut assumed) = (Vec::new(), Vec::new());
    for field in git::fields(&tracked) {
        let list = match state(git::path(field)?) {
            Tracked::Compared => continue,
            Tracked::Assumed => &mut assumed,
            Tracked::Hidden => &mut hidden,
        };
        list.extend_from_slice(field);
        list.push(0);
    }
    for (flag, list) in [("--skip-worktree", hidden), ("--assume-unchanged", assumed)] {
        if !list.is_empty() {
            let mut command = objects::command(&folder, top);
            feed(command.args(["update-index", flag, "-z", "--stdin"]), &list)?;
        }
    }
    // With the files' times in the index, whoever asks need not read them all again. That some
    // differ is an exit code, and no failure.
    let _ = git::run(objects::command(&folder, top).args(["update-index", "-q", "--refresh"]));
    Ok(())
}
