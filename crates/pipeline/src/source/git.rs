//! Questions to git, as the person who calls would ask them, about the repository around a folder.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::Command;

use model::{Diagnostic, Location, codes};

/// What git answers to `args` in `folder`, with the person's own configuration.
///
/// # Errors
/// When there is no git, or it does not answer.
pub(super) fn ask(folder: &Path, args: &[&str]) -> Result<Vec<u8>, Diagnostic> {
    let mut command = command(folder);
    // Nobody may be asked anything, and no file of the repository may be run.
    command.args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]);
    command.args(["-c", "log.showSignature=false"]);
    run(command.args(args))
}

/// The same for an answer of one text.
pub(super) fn ask_text(folder: &Path, args: &[&str]) -> Result<String, Diagnostic> {
    let answer = String::from_utf8(ask(folder, args)?);
    answer.map_err(|_| failed("its answer is not UTF-8"))
}

/// A call of git in `folder` that finds none of our secrets, and no repository but that one.
pub(super) fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.env_clear().envs(tools::child_env(false, &BTreeMap::new()));
    command.envs(env::vars_os().filter(|(name, _)| is_passed(&name.to_string_lossy())));
    // A commit is what its own bytes say, not what `refs/replace` puts in its place.
    command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_NO_LAZY_FETCH", "1");
    command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command.arg("-C").arg(folder);
    command
}

/// Runs a call of git; gives what it printed.
pub(super) fn run(command: &mut Command) -> Result<Vec<u8>, Diagnostic> {
    let output = command.output().map_err(|error| not_started(&error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim()))
}

/// Whether git is given the variable `name` of ours. None that chooses a repository, its objects,
/// index or configuration: a hook sets those for the repository that it runs in, and ours is the
/// one around the folder (git-rev-parse, `--local-env-vars`; git-config, `GIT_CONFIG_*`).
fn is_passed(name: &str) -> bool {
    // Where git's own programs and the person's settings are. Under sudo, git trusts the trees of
    // whoever called it.
    ["GIT_EXEC_PATH", "XDG_CONFIG_HOME", "SUDO_UID"].contains(&name)
}

/// Whether there is a repository around `folder`.
pub(super) fn is_around(folder: &Path) -> bool {
    folder.ancestors().any(|folder| folder.join(".git").symlink_metadata().is_ok())
}

/// The commit that the tag `tag` is on in the repository around `root`, if that one has the commit
/// `ours`: another repository's tags say nothing. Nothing when git cannot tell, or there is none.
pub(super) fn tagged(root: &Path, tag: &str, ours: &str) -> Option<String> {
    if !is_around(root) {
        return None;
    }
    let commit = |name: &str| {
        let name = format!("{name}^{{commit}}");
        ask_text(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()
    };
    commit(ours)?;
    Some(commit(&format!("refs/tags/{tag}"))?.trim().to_owned())
}

/// The fields of an answer that ends each with a zero byte.
pub(super) fn fields(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer.split(|byte| *byte == 0).filter(|field| !field.is_empty())
}

/// A path as git tells it.
///
/// # Errors
/// When it is not UTF-8: no format of packages can name such a file everywhere.
pub(super) fn path(bytes: &[u8]) -> Result<&str, Diagnostic> {
    str::from_utf8(bytes).map_err(|_| {
        let shown = String::from_utf8_lossy(bytes);
        Diagnostic::new(&codes::TREE_NAME, format!("the name of `{shown}` is not UTF-8"))
            .at(Location::file(shown.as_ref()))
            .help("rename it with `git mv`, or remove it from the repository")
    })
}

pub(super) fn not_started(error: &std::io::Error) -> Diagnostic {
    if error.kind() != std::io::ErrorKind::NotFound {
        return failed(&error.to_string());
    }
    let message = "this is a git repository, and there is no `git` to ask about it";
    Diagnostic::new(&codes::GIT_MISSING, message).help("install git, so that it is in `PATH`")
}

pub(super) fn failed(why: &str) -> Diagnostic {
    let message = format!("git could not say what belongs to the tree: {why}");
    Diagnostic::new(&codes::GIT_FAILED, message)
        .help("repair the repository until `git status` works there; a fresh clone is safest")
}
