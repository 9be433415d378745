//! Where a release is written: what `--out` names, else `[release] out`, else `dist`.
//!
//! A link is followed: the release lies where it leads. What lies in that folder, and what a run
//! keeps beside it, is no part of the sources.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use model::{Diagnostic, Location, Manifest, path_problem};
use release::{CONFIG_FILE, Record};

use crate::codes;

/// The folder where nothing names another.
const DEFAULT: &str = "dist";

/// What to do about a folder that cannot be used.
pub(crate) const WAY_OUT: &str =
    "name another folder: `--out FOLDER`, or `out = \"…\"` below `[release]`";

/// The folder of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Out {
    /// The folder, all links on the way to it followed. It need not exist.
    path: PathBuf,
    /// Its path in the tree, when it lies there.
    within: Option<String>,
    /// Its path in the tree as it was named, links not followed.
    named: Option<String>,
}

impl Out {
    /// The one for the tree at `root`, which holds no link: `asked` as it was given, or what the
    /// configuration with the text `config` says.
    ///
    /// # Errors
    /// When a release cannot be written there.
    pub(crate) fn of(
        root: &Path,
        asked: Option<&Path>,
        config: Option<&str>,
    ) -> Result<Self, Diagnostic> {
        let written = config.and_then(release::output_folder).filter(|out| !out.is_empty());
        // What is wrong with a path that is written is the plan's to tell.
        let sound = |out: &String| path_problem(out).is_none() && out != "." && !is_git(out);
        let written = written.filter(sound);
        let (named, in_tree) = match (asked, &written) {
            (Some(asked), _) if asked.as_os_str().is_empty() => {
                return Err(unusable("`--out` names no folder"));
            }
            (Some(asked), _) => {
                let path = std::path::absolute(asked).unwrap_or_else(|_| asked.to_owned());
                (path, false)
            }
            (None, Some(written)) => (root.join(written), true),
            (None, None) => (root.join(DEFAULT), false),
        };
        let above = named.ancestors().skip(1);
        if let Some(file) = above.filter(|above| above.is_file()).last() {
            return Err(unusable(&format!("`{}` is a file, not a folder", file.display())));
        }
        let path = resolved(&named)?;
        let shown = named.display();
        if root.starts_with(&path) {
            return Err(unusable(&format!("`{shown}` holds the sources themselves")));
        }
        let inside = path.strip_prefix(root).ok();
        if is_git(inside.unwrap_or(&path)) {
            return Err(unusable(&format!("`{shown}` is git's own")));
        }
        if in_tree && inside.is_none() {
            let message = format!("`{shown}` is a link that leads out of the tree");
            return Err(unusable(&message).at(Location::file(CONFIG_FILE)));
        }
        let within = match inside.map(slashed) {
            Some(None) => return Err(unusable(&format!("`{shown}` is not UTF-8"))),
            Some(within) => within,
            None => None,
        };
        let named = named.strip_prefix(root).ok().and_then(slashed);
        Ok(Self { path, within, named })
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Its path in the tree, when it lies there.
    pub(crate) fn within(&self) -> Option<&str> {
        self.within.as_deref()
    }

    /// Where it grows until it is done.
    pub(crate) fn next(&self) -> PathBuf {
        self.beside("next")
    }

    /// Where the last one waits while the next takes its place.
    pub(crate) fn last(&self) -> PathBuf {
        self.beside("last")
    }

    fn beside(&self, what: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".");
        name.push(what);
        self.path.with_file_name(name)
    }
}

/// What of a tree a release is written to, by path in the tree: never sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outputs {
    out: Option<String>,
    /// A link to it.
    link: Option<String>,
    /// Whether `dist` is one, too: what a run without `--out` left there.
    usual: bool,
}

impl Outputs {
    /// Those of a tree whose releases go to `out`.
    pub(crate) fn of(out: &Out) -> Self {
        let link = out.named.clone().filter(|named| Some(named) != out.within.as_ref());
        Self { out: out.within.clone(), link, usual: true }
    }

    /// Those inside of the folder `folder` of the tree, by path in it.
    pub(crate) fn below(&self, folder: &str) -> Self {
        let inside = |out: &str| Some(out.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
        let [out, link] = [&self.out, &self.link].map(|path| path.as_deref().and_then(inside));
        Self { out, link, usual: false }
    }

    /// The folders whose files do not belong to a tree in which `tracked` says what git tracks.
    ///
    /// What is committed belongs to it wherever it lies, but for a release that somebody committed
    /// and that the next one replaces.
    pub(crate) fn left_out(&self, tracked: &dyn Tracked) -> Vec<String> {
        let link = self.link.iter().filter(|link| !tracked.any(link));
        let mut folders: Vec<String> = link.cloned().collect();
        for (folder, is_out) in self.folders() {
            let theirs = if is_out { is_foreign(tracked, &folder) } else { tracked.any(&folder) };
            if !theirs {
                folders.push(folder.clone());
            }
            let (above, name) = folder.rsplit_once('/').map_or(("", &*folder), |it| it);
            let slash = if above.is_empty() { "" } else { "/" };
            let beside = ["next", "last"].map(|what| format!("{above}{slash}.{name}.{what}"));
            folders.extend(beside.into_iter().filter(|folder| !tracked.any(folder)));
        }
        folders
    }

    /// Each, with whether releases go there now.
    fn folders(&self) -> Vec<(String, bool)> {
        let out = self.out.iter().map(|out| (out.clone(), true));
        let usual = self.usual && self.out.as_deref() != Some(DEFAULT);
        out.chain(usual.then(|| (DEFAULT.to_owned(), false))).collect()
    }
}

/// What git tracks.
pub(crate) trait Tracked {
    /// Whether it tracks a file at `path`.
    fn file(&self, path: &str) -> bool;

    /// Whether it tracks something at `path` or below it.
    fn any(&self, path: &str) -> bool;
}

/// What git tracks where there is none.
pub(crate) struct NoGit;

impl Tracked for NoGit {
    fn file(&self, _: &str) -> bool {
        false
    }

    fn any(&self, _: &str) -> bool {
        false
    }
}

/// Whether git tracks something in `folder` that is no release of ours.
pub(crate) fn is_foreign(tracked: &dyn Tracked, folder: &str) -> bool {
    let ours = [Manifest::FILE, Record::FILE];
    tracked.any(folder) && !ours.iter().any(|file| tracked.file(&format!("{folder}/{file}")))
}

/// `path` with its links followed, as far as it exists.
fn resolved(path: &Path) -> Result<PathBuf, Diagnostic> {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            Component::Normal(_) => {
                whole.push(part);
                match whole.canonicalize() {
                    Ok(real) => whole = real,
                    Err(error) if whole.is_symlink() => {
                        let shown = whole.display();
                        let message = format!("the link `{shown}` cannot be followed: {error}");
                        return Err(not_ours(message));
                    }
                    // It is made later, or refused then.
                    Err(_) => {}
                }
            }
            Component::Prefix(_) | Component::RootDir => whole.push(part),
        }
    }
    Ok(whole)
}

/// Whether it is git's own folder, or lies in it.
fn is_git(path: impl AsRef<Path>) -> bool {
    path.as_ref().components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git"))
}

fn slashed(path: &Path) -> Option<String> {
    let parts = path.components().map(|part| part.as_os_str().to_str());
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// A folder that holds what must not be replaced.
pub(crate) fn not_ours(message: String) -> Diagnostic {
    let help =
        format!("move it away, or {WAY_OUT}; only a folder with a `release.json` is replaced");
    Diagnostic::new(&codes::DIST_NOT_OURS, message).help(help)
}

fn unusable(why: &str) -> Diagnostic {
    let message = format!("a release cannot be written there: {why}");
    Diagnostic::new(&codes::OUT_UNUSABLE, message).help(WAY_OUT)
}

#[cfg(test)]
mod tests;
