//! What the tree's own manifests say: names, versions and where they stand.
//!
//! Reads facts and judges no release: `resolve` and `propose` ask here.

pub(crate) mod cargo;
pub(crate) mod chart;
mod dynamic;
mod legacy;
mod literal;
pub(crate) mod pyproject;
pub(crate) mod python;
pub(crate) mod values;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use model::{Diagnostic, Found, Location, Tree};
use toml::de::DeTable;

use crate::codes;
use crate::source::Source;
use cargo::Cargo;

/// The tree, read through a memory of what was read before.
pub(crate) struct Manifests<'t> {
    tree: &'t dyn Tree,
    cargo: RefCell<BTreeMap<String, CargoAnswer>>,
    go_mod: RefCell<BTreeMap<String, bool>>,
    files: OnceCell<Vec<String>>,
}

/// A `Cargo.toml`, that there is none, or why it cannot be read.
type CargoAnswer = Result<Option<Rc<Cargo>>, Diagnostic>;

/// A value and the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sited {
    pub(crate) text: String,
    pub(crate) location: Location,
}

impl<'t> Manifests<'t> {
    pub(crate) fn new(tree: &'t dyn Tree) -> Self {
        Self { tree, cargo: RefCell::default(), go_mod: RefCell::default(), files: OnceCell::new() }
    }

    /// All files of the tree, sorted. Asked only when a folder has to be listed.
    pub(crate) fn files(&self) -> &[String] {
        self.files.get_or_init(|| self.tree.files())
    }

    /// The files below `folder`.
    pub(crate) fn below(&self, folder: &str) -> &[String] {
        let files = self.files();
        if folder == "." {
            return files;
        }
        let inside = format!("{folder}/");
        let start = files.partition_point(|file| *file < inside);
        let count = files
            .get(start..)
            .map_or(0, |rest| rest.iter().take_while(|file| file.starts_with(&inside)).count());
        files.get(start..start + count).unwrap_or_default()
    }

    /// The text at `path`; nothing when nothing is there.
    ///
    /// # Errors
    /// When something else is there; the problem has no place yet.
    pub(crate) fn text(&self, path: &str) -> Result<Option<Source>, Diagnostic> {
        match self.tree.find(path) {
            Found::Text(text) => Ok(Some(Source::new(path, text))),
            Found::Absent => Ok(None),
            other => Err(wrong_kind(path, &other, "file")),
        }
    }

    /// The same, when the file has to be there.
    pub(crate) fn file(&self, path: &str) -> Result<Source, Diagnostic> {
        self.text(path)?.ok_or_else(|| missing(path, "file"))
    }

    /// Whether a file is at `path`, whatever it holds.
    ///
    /// # Errors
    /// When something else is there; the problem has no place yet.
    pub(crate) fn is_file(&self, path: &str) -> Result<bool, Diagnostic> {
        match self.tree.look(path) {
            Found::File => Ok(true),
            Found::Absent => Ok(false),
            other => Err(wrong_kind(path, &other, "file")),
        }
    }

    /// Whether a folder is at `path`, as it should be.
    pub(crate) fn folder(&self, path: &str) -> Result<(), Diagnostic> {
        match self.tree.look(path) {
            Found::Folder => Ok(()),
            other => Err(wrong_kind(path, &other, "folder")),
        }
    }

    /// The `Cargo.toml` at `path`; nothing when nothing is there.
    pub(crate) fn cargo(&self, path: &str) -> CargoAnswer {
        if let Some(known) = self.cargo.borrow().get(path) {
            return known.clone();
        }
        let read = || -> CargoAnswer {
            let Some(source) = self.text(path)? else { return Ok(None) };
            let cargo = Cargo::read(&parse(&source)?, &source);
            Ok(Some(Rc::new(cargo)))
        };
        let found = read();
        self.cargo.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// The nearest folder from `folder` upwards that holds `go.mod`.
    pub(crate) fn go_module(&self, folder: &str) -> Result<Option<String>, Diagnostic> {
        for folder in upwards(folder) {
            let path = join(&folder, "go.mod");
            let known = self.go_mod.borrow().get(&path).copied();
            let there = match known {
                Some(there) => there,
                None => self.is_file(&path)?,
            };
            self.go_mod.borrow_mut().insert(path, there);
            if there {
                return Ok(Some(folder));
            }
        }
        Ok(None)
    }
}

/// The document of a manifest in TOML.
///
/// # Errors
/// The first syntax error, at its place.
pub(crate) fn parse(source: &Source) -> Result<DeTable<'_>, Diagnostic> {
    DeTable::parse(&source.text).map(toml::Spanned::into_inner).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let message = format!("not TOML: {}", error.message().replace('\n', "; "));
        source.error(offset, &codes::MANIFEST_SYNTAX, message).help("correct the syntax")
    })
}

/// `folder` and `name` in one path.
pub(crate) fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        (".", name) => name.to_owned(),
        (folder, ".") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The same for a path with `.` and `..` in it, as other tools' manifests have; nothing when it
/// leaves the tree.
pub(crate) fn join_relative(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| *part != ".").collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// The folder that holds `path`.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// `folder` and every folder above it, the tree itself last.
pub(crate) fn upwards(folder: &str) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut at = folder;
    while at != "." {
        at = parent(at);
        folders.push(at.to_owned());
    }
    folders
}

fn missing(path: &str, kind: &str) -> Diagnostic {
    Diagnostic::new(&codes::PATH_MISSING, format!("there is no {kind} `{path}`"))
        .help("correct the path; paths are relative to the tree's root")
}

fn wrong_kind(path: &str, found: &Found, wanted: &str) -> Diagnostic {
    match found {
        Found::Absent => missing(path, wanted),
        Found::Folder => {
            Diagnostic::new(&codes::PATH_NOT_A_FILE, format!("`{path}` is a folder, not a file"))
                .help("name the file")
        }
        Found::Outside(target) => Diagnostic::new(
            &codes::PATH_OUTSIDE,
            format!("`{path}` goes through a link to `{target}`, out of the tree"),
        )
        .help("only what is in the tree can be released: put a copy there"),
        Found::NotText | Found::Text(_) | Found::File if wanted == "folder" => {
            Diagnostic::new(&codes::PATH_NOT_A_FOLDER, format!("`{path}` is a file, not a folder"))
                .help("name the folder that holds it")
        }
        Found::NotText | Found::Text(_) | Found::File => Diagnostic::new(
            &codes::PATH_NOT_TEXT,
            format!("`{path}` is no UTF-8 text, or too large"),
        )
        .help("save it as UTF-8"),
        Found::Unreadable(reason) => {
            Diagnostic::new(&codes::PATH_UNREADABLE, format!("`{path}` cannot be read: {reason}"))
                .help("check its permissions")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_without_leaving_the_tree() {
        let check = |folder: &str, path: &str, expected: Option<&str>| {
            assert_eq!(join_relative(folder, path).as_deref(), expected, "{folder} {path}");
        };
        check("a/b", "../c/Cargo.toml", Some("a/c/Cargo.toml"));
        check(".", "./x", Some("x"));
        check("a", "..", Some("."));
        check("a", "../../x", None);
        check("a", "/etc/x", None);
    }

    #[test]
    fn upwards_ends_at_the_tree_itself() {
        assert_eq!(upwards("a/b"), ["a/b", "a", "."]);
        assert_eq!(upwards("."), ["."]);
    }
}
