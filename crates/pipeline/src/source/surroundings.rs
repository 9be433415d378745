//! What git knows besides the commit: for `init`, which proposes and decides nothing.

use std::path::Path;

use release::Surroundings;

use super::git;

/// Tags that are looked at, the newest first: how they are written does not change often.
const MAX_TAGS: &str = "--count=200";

/// What is around the tree at `root`. Where git cannot say, nothing is.
pub(crate) fn surroundings(root: &Path) -> Surroundings {
    let folder = root.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut around = Surroundings { folder: folder.unwrap_or_default(), ..Surroundings::default() };
    if !git::is_around(root) {
        return around;
    }
    let ask = |args: &[&str]| git::ask_text(root, args).unwrap_or_default();
    let remotes = ask(&["remote"]);
    let mut remotes = remotes.lines();
    let chosen = match (remotes.clone().find(|name| *name == "origin"), remotes.next()) {
        (Some(origin), _) => Some(origin),
        (None, Some(only)) if remotes.next().is_none() => Some(only),
        _ => None,
    };
    if let Some(name) = chosen {
        // As it is written, and as `url.….insteadOf` makes it.
        let addresses = [
            ask(&["config", "--get", &format!("remote.{name}.url")]),
            ask(&["remote", "get-url", name]),
        ];
        around.remotes = addresses.iter().map(|address| address.trim().to_owned()).collect();
    }
    let tags = ask(&[
        "for-each-ref",
        // Of one day, the highest.
        "--sort=-version:refname",
        "--sort=-creatordate",
        MAX_TAGS,
        "--format=%(refname:strip=2)",
        "refs/tags",
    ]);
    around.tags = tags.lines().map(str::to_owned).collect();
    let here = ask(&["tag", "--points-at=HEAD", "--sort=-version:refname"]);
    around.here = here.lines().map(str::to_owned).collect();
    around
}

/// Whether git would call what is written into `folder` of the tree at `root` untracked, going by
/// the repository's own lists.
pub(crate) fn leaves_untracked(root: &Path, folder: &str) -> bool {
    if !git::is_around(root) {
        return false;
    }
    let mut command = git::command(root);
    command.args(["-c", "core.excludesFile=", "check-ignore", "--quiet", "--no-index"]);
    let answer = command.arg(format!("{folder}/release.json")).status();
    answer.is_ok_and(|status| status.code() == Some(1))
}
