//! The files of a tree, each with where its bytes come from; and what of it cannot be had.

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::{Diagnostic, Found, Location, path_problem};

/// The files that a release is made from.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// By path.
    pub(super) files: BTreeMap<String, File>,
    /// Where a link leads, by its path.
    pub(super) links: BTreeMap<String, String>,
    /// What of the tree cannot be had as it is meant.
    pub(super) withheld: Vec<Withheld>,
    /// Whether it is another tree than its commit's.
    pub(super) differs: bool,
}

/// One file of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) kind: Kind,
    pub(super) origin: Origin,
}

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Executable,
    Link,
}

/// Where a file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In the work tree.
    Disk,
    /// In the repository's objects.
    Object(String),
    /// In this file, of that size and digest: what a Git LFS pointer stands for.
    Large(PathBuf),
}

/// A path whose files a unit must not be built from.
#[derive(Debug, Clone)]
pub(crate) struct Withheld {
    /// The file or folder.
    pub(crate) path: String,
    /// Why, and what can be done.
    pub(crate) problem: Diagnostic,
}

/// Where a path of the tree leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Led {
    /// To a file, by its own path.
    File(String),
    /// To a folder, by its own path.
    Folder(String),
    /// Out of the tree, to there.
    Outside(String),
    /// To nothing.
    Nowhere,
    /// To itself.
    Endless,
}

/// More links than this on the way to a file are a loop (symlink(7) has 40).
const MAX_LINKS: usize = 40;

impl Snapshot {
    /// Notes that what lies at `path` cannot be had.
    pub(super) fn withhold(&mut self, path: &str, problem: Diagnostic) {
        self.withheld.push(Withheld { path: path.to_owned(), problem });
    }

    /// Takes in the files of a submodule at `folder`.
    pub(super) fn take_in(&mut self, folder: &str, inner: &Self) {
        let below = |path: &str| format!("{folder}/{path}");
        self.files.extend(inner.files.iter().map(|(path, file)| (below(path), file.clone())));
        self.links.extend(inner.links.iter().map(|(path, to)| (below(path), to.clone())));
        self.withheld.extend(inner.withheld.iter().map(|one| Withheld {
            path: below(&one.path),
            problem: told_below(folder, &one.path, one.problem.clone()),
        }));
    }

    /// Where `path` leads, with all links followed inside the tree.
    pub(super) fn lead(&self, path: &str) -> Led {
        if path_problem(path).is_some() {
            return Led::Nowhere;
        }
        let mut done: Vec<&str> = Vec::new();
        let mut rest: Vec<&str> = path.split('/').rev().collect();
        let (mut followed, mut target) = (0, path);
        while let Some(part) = rest.pop() {
            match part {
                "" | "." => continue,
                ".." => {
                    if done.pop().is_none() {
                        return Led::Outside(target.to_owned());
                    }
                    continue;
                }
                part => done.push(part),
            }
            let Some(next) = self.links.get(&done.join("/")) else { continue };
            (followed, target) = (followed + 1, next);
            if followed > MAX_LINKS {
                return Led::Endless;
            }
            if target.starts_with('/') {
                return Led::Outside(target.to_owned());
            }
            done.pop();
            rest.extend(target.split('/').rev());
        }
        let end = done.join("/");
        if end.is_empty() {
            return Led::Folder(".".to_owned());
        }
        if self.files.contains_key(&end) {
            return Led::File(end);
        }
        if self.has_below(&end) { Led::Folder(end) } else { Led::Nowhere }
    }

    /// What stands at `path`, with the bytes that `read` finds of a file.
    pub(super) fn find(&self, path: &str, read: impl FnOnce(&str, &File) -> Found) -> Found {
        match self.lead(path) {
            Led::File(end) => self.files.get(&end).map_or(Found::Absent, |file| read(&end, file)),
            Led::Folder(_) => Found::Folder,
            Led::Outside(target) => Found::Outside(target),
            Led::Nowhere => Found::Absent,
            Led::Endless => Found::Unreadable("it is a link that leads to itself".to_owned()),
        }
    }

    /// What lies below the folder `prefix`; all for `.`.
    pub(super) fn below<'s>(&'s self, prefix: &str) -> impl Iterator<Item = (&'s str, &'s File)> {
        let inside = if prefix == "." { String::new() } else { format!("{prefix}/") };
        let all = self.files.range(inside.clone()..);
        all.take_while(move |(path, _)| path.starts_with(&inside))
            .map(|(path, file)| (path.as_str(), file))
    }

    fn has_below(&self, folder: &str) -> bool {
        self.below(folder).next().is_some()
    }
}

impl Withheld {
    /// Whether something that is built from the folder `project` would be built from this.
    pub(crate) fn overlaps(&self, project: &str) -> bool {
        let inside = |inner: &str, outer: &str| {
            outer == "."
                || inner == outer
                || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
        };
        inside(&self.path, project) || inside(project, &self.path)
    }
}

/// `problem`, about the file or folder `path` of a submodule, as it is told of the tree that has
/// the submodule at `folder`.
fn told_below(folder: &str, path: &str, problem: Diagnostic) -> Diagnostic {
    let whole = format!("{folder}/{path}");
    Diagnostic {
        location: problem.location.map(|location| Location { file: whole.clone(), ..location }),
        message: problem.message.replace(&format!("`{path}`"), &format!("`{whole}`")),
        // git takes several `-C`, one after the other.
        help: problem.help.map(|help| help.replace("`git ", &format!("`git -C {folder} "))),
        ..problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(files: &[&str], links: &[(&str, &str)]) -> Snapshot {
        let file = |kind| File { kind, origin: Origin::Disk };
        let mut snapshot = Snapshot::default();
        for path in files {
            snapshot.files.insert((*path).to_owned(), file(Kind::Plain));
        }
        for (path, target) in links {
            snapshot.files.insert((*path).to_owned(), file(Kind::Link));
            snapshot.links.insert((*path).to_owned(), (*target).to_owned());
        }
        snapshot
    }

    #[test]
    fn a_link_is_followed_inside_the_tree_and_named_when_it_leaves_it() {
        let tree = snapshot(
            &["a/b/file", "c/d"],
            &[
                ("inner", "a/b"),
                ("a/up", "../c"),
                ("twice", "inner/file"),
                ("a/out", "../../outside"),
                ("absolute", "/etc"),
                ("dangling", "nowhere"),
                ("self", "self"),
                ("x", "y"),
                ("y", "./x"),
            ],
        );
        let file = |path: &str| Led::File(path.to_owned());
        let folder = |path: &str| Led::Folder(path.to_owned());
        for (path, expected) in [
            ("a/b/file", file("a/b/file")),
            ("inner/file", file("a/b/file")),
            ("twice", file("a/b/file")),
            ("a/up/d", file("c/d")),
            ("inner", folder("a/b")),
            ("a", folder("a")),
            (".", folder(".")),
            ("a/out", Led::Outside("../../outside".to_owned())),
            ("a/out/file", Led::Outside("../../outside".to_owned())),
            ("absolute/passwd", Led::Outside("/etc".to_owned())),
            ("dangling", Led::Nowhere),
            ("self", Led::Endless),
            ("x", Led::Endless),
            ("none", Led::Nowhere),
            ("c/d/e", Led::Nowhere),
            ("../a", Led::Nowhere),
        ] {
            assert_eq!(tree.lead(path), expected, "{path}");
        }
    }

    #[test]
    fn what_is_withheld_concerns_what_is_built_from_around_or_inside_of_it() {
        let withheld = |path: &str| Withheld {
            path: path.to_owned(),
            problem: Diagnostic::new(&model::codes::GIT_FAILED, ""),
        };
        for (path, project, expected) in [
            ("a/b", ".", true),
            ("a/b", "a", true),
            ("a", "a", true),
            ("a", "a/b", true),
            ("a/b", "b", false),
            ("ab", "a", false),
            ("a", "ab", false),
        ] {
            assert_eq!(withheld(path).overlaps(project), expected, "{path} {project}");
        }
    }
}
