//! What git knows about a folder: its files, its commit, and whether they differ.

use std::path::Path;
use std::process::Command;

use model::{Problem, ReleaseFacts};

/// A folder inside a git work tree.
pub(super) struct Checkout {
    /// Paths relative to the folder.
    pub(super) files: Vec<String>,
    /// The commit and its state.
    pub(super) facts: ReleaseFacts,
}

/// Asks git about `root`; nothing when it is in no work tree, or has no commit that knows it.
pub(super) fn look(root: &Path) -> Result<Option<Checkout>, Problem> {
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(None);
    }
    let Ok(commit) = git(root, &["rev-parse", "--verify", "HEAD"]) else {
        return Ok(None);
    };
    let tracked = git(root, &["ls-files", "-z", "--cached"])?;
    if tracked.is_empty() {
        // Unpacked inside somebody else's checkout: that commit says nothing about it.
        return Ok(None);
    }
    let untracked = git(root, &["ls-files", "-z", "--others", "--exclude-standard"])?;
    let files = [tracked.as_str(), untracked.as_str()]
        .iter()
        .flat_map(|list| list.split('\0'))
        .filter(|path| !path.is_empty() && root.join(path).symlink_metadata().is_ok())
        .map(str::to_owned)
        .collect();
    let seconds = git(root, &["log", "-1", "--format=%ct", "HEAD"])?;
    let epoch: u64 = seconds.trim().parse().map_err(|_| failed(&seconds))?;
    // What a build leaves is no change of the sources, whether `.gitignore` names it or not.
    let status = ["status", "--porcelain", "-z", "--", ".", ":(exclude)dist", ":(exclude).dist.*"];
    let status = git(root, &status)?;
    Ok(Some(Checkout {
        files,
        facts: ReleaseFacts {
            commit: Some(commit.trim().to_owned()),
            dirty: !status.is_empty(),
            epoch: epoch.max(super::EPOCH_WITHOUT_GIT),
            notes: Vec::new(),
        },
    }))
}

fn git(root: &Path, args: &[&str]) -> Result<String, Problem> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        // Nobody may be asked anything, and no file of the repository may be run.
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .args(args)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| failed(&error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("a file's name is not UTF-8"))
}

fn failed(why: &str) -> Problem {
    Problem::error("git-failed", format!("git could not say what belongs to the tree: {why}"))
        .help("run `git status` there and mend what it reports")
}
