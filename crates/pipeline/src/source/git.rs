//! What git knows about a folder: its files, its commit, and whether they differ.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::codes;
use model::{Diagnostic, ReleaseFacts};

/// A folder inside a git work tree.
pub(super) struct Checkout {
    /// Paths relative to the folder.
    pub(super) files: Vec<String>,
    /// The commit and its state.
    pub(super) facts: ReleaseFacts,
}

/// Asks git about `root`; nothing when it is in no work tree, or has no commit that knows it.
pub(super) fn look(root: &Path) -> Result<Option<Checkout>, Diagnostic> {
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return Ok(None);
    }
    let ask = |words: &'static [&'static str]| move || git(root, words);
    // Three questions at once: each walks the tree or the history by itself.
    let (head, listed, changed) = thread::scope(|scope| {
        let head = scope.spawn(ask(&["log", "-1", "--format=%H %ct", "HEAD"]));
        let listed = scope.spawn(ask(LIST));
        let changed = ask(CHANGES)();
        (joined(head), joined(listed), changed)
    });
    let (Ok(head), listed, changed) = (head, listed?, changed?) else {
        return Ok(None);
    };
    let (commit, seconds) = head.trim().split_once(' ').ok_or_else(|| failed(&head))?;
    let epoch: u64 = seconds.parse().map_err(|_| failed(seconds))?;
    let listed: Vec<(&str, &str)> =
        listed.split('\0').filter_map(|entry| entry.split_once(' ')).collect();
    if listed.iter().all(|(tag, _)| *tag == UNTRACKED) {
        // Unpacked inside somebody else's checkout: that commit says nothing about it.
        return Ok(None);
    }
    let added = listed.iter().any(|(tag, path)| *tag == UNTRACKED && super::belongs(path));
    // git lists what it tracks though it is gone; where nothing changed, only a file that it was
    // told not to look at can be.
    let there = |tag: &str, path: &str| {
        let known = changed.is_empty() && [TRACKED, UNTRACKED].contains(&tag);
        known || root.join(path).symlink_metadata().is_ok()
    };
    let there = listed.iter().filter(|(tag, path)| there(tag, path));
    Ok(Some(Checkout {
        files: there.map(|(_, path)| (*path).to_owned()).collect(),
        facts: ReleaseFacts {
            commit: Some(commit.to_owned()),
            dirty: added || !changed.is_empty(),
            epoch: epoch.max(super::EPOCH_WITHOUT_GIT),
            notes: Vec::new(),
        },
    }))
}

/// The commit that the tag `tag` is on in the repository around `root`, if that one has the commit
/// `ours`: another repository's tags say nothing. Nothing when git cannot tell, or there is none.
pub(super) fn tagged(root: &Path, tag: &str, ours: &str) -> Option<String> {
    if !root.ancestors().any(|folder| folder.join(".git").exists()) {
        return None;
    }
    let commit = |name: &str| {
        let name = format!("{name}^{{commit}}");
        git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()
    };
    commit(ours)?;
    Some(commit(&format!("refs/tags/{tag}"))?.trim().to_owned())
}

/// Changes of tracked files. What a build leaves is none, whether `.gitignore` names it or not.
const CHANGES: &[&str] = &[
    "status",
    "--porcelain",
    "--untracked-files=no",
    "-z",
    "--",
    ".",
    ":(exclude)dist",
    ":(exclude).dist.*",
];

/// What git tracks, and what it does not know yet and does not ignore, each behind a tag.
const LIST: &[&str] = &["ls-files", "-z", "-v", "--cached", "--others", "--exclude-standard"];

/// The tag of a file that is tracked and looked at. (In small letters: told not to look.)
const TRACKED: &str = "H";

/// The tag of a file that git does not know.
const UNTRACKED: &str = "?";

type Asked<'scope> = thread::ScopedJoinHandle<'scope, Result<String, Diagnostic>>;

fn joined(asked: Asked<'_>) -> Result<String, Diagnostic> {
    asked.join().unwrap_or_else(|_| Err(failed("a question was broken off")))
}

fn git(root: &Path, args: &[&str]) -> Result<String, Diagnostic> {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        // Nobody may be asked anything, and no file of the repository may be run.
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .args(["-c", "log.showSignature=false"])
        .args(args)
        // Filters and hooks of the repository must not find our secrets.
        .env_clear()
        .envs(tools::child_env(false, &BTreeMap::new()))
        .envs(env::vars_os().filter(|(name, _)| is_passed(&name.to_string_lossy())))
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .output()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => {
                let message = "this is a git repository, and there is no `git` to ask about it";
                Diagnostic::new(&codes::GIT_MISSING, message)
                    .help("install git, so that it is in `PATH`")
            }
            _ => failed(&error.to_string()),
        })?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("a file's name is not UTF-8"))
}

/// Whether git is given the variable `name` of ours. None that chooses a repository, its objects,
/// index or configuration: a hook sets those for the repository that it runs in, and ours is the
/// one around the folder (git-rev-parse, `--local-env-vars`; git-config, `GIT_CONFIG_*`).
fn is_passed(name: &str) -> bool {
    // Where git's own programs and the person's settings are. Under sudo, git trusts the trees of
    // whoever called it.
    ["GIT_EXEC_PATH", "XDG_CONFIG_HOME", "SUDO_UID"].contains(&name)
}

fn failed(why: &str) -> Diagnostic {
    Diagnostic::new(
        &codes::GIT_FAILED,
        format!("git could not say what belongs to the tree: {why}"),
    )
    .help("run `git status` there and mend what it reports")
}
