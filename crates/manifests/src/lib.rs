//! What other tools' files in the tree say: `pyproject.toml`, `Cargo.toml`, `Chart.yaml` and more.
//!
//! One reader for each kind of file, all of them by way of [`Manifests`], which asks the tree for
//! each file once. Facts and where they are written: nothing here knows what a release needs of
//! them, and nothing is written back.

pub mod cargo;
pub mod changelog;
pub mod chart;
pub mod codes;
pub mod dockerfile;
mod document;
pub mod go;
mod path;
pub mod python;
mod source;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::rc::Rc;

use model::{Diagnostic, Found, Tree};

use cargo::CargoToml;
use go::GoSource;

pub use path::{join, join_relative, parent};
pub use source::{At, Located, Source};

/// The tree's manifests. What was read once is kept.
pub struct Manifests<'t> {
    tree: &'t dyn Tree,
    cargo: RefCell<BTreeMap<String, CargoAnswer>>,
    go_mod: RefCell<BTreeMap<String, bool>>,
    go_sources: RefCell<BTreeMap<String, Rc<Vec<GoSource>>>>,
    files: OnceCell<Vec<String>>,
}

/// A `Cargo.toml`, nothing where it is missing, or why it cannot be read.
type CargoAnswer = Result<Option<Rc<CargoToml>>, Diagnostic>;

impl<'t> Manifests<'t> {
    /// The manifests of `tree`; reads none of them yet.
    #[must_use]
    pub fn new(tree: &'t dyn Tree) -> Self {
        Self {
            tree,
            cargo: RefCell::default(),
            go_mod: RefCell::default(),
            go_sources: RefCell::default(),
            files: OnceCell::new(),
        }
    }

    /// All files of the tree, sorted. Asked only when a folder has to be listed.
    pub fn files(&self) -> &[String] {
        self.files.get_or_init(|| self.tree.files())
    }

    /// The files below `folder`.
    pub fn below(&self, folder: &str) -> &[String] {
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
    /// When something else is there; the diagnostic has no location yet.
    pub fn text(&self, path: &str) -> Result<Option<Source>, Diagnostic> {
        match self.tree.find(path) {
            Found::Text(text) => Ok(Some(Source::new(path, text))),
            Found::Absent => Ok(None),
            other => Err(self.wrong_kind(path, &other, "file")),
        }
    }

    /// The text at `path`, which has to be there.
    ///
    /// # Errors
    /// When it is missing or not a text; the diagnostic has no location yet.
    pub fn file(&self, path: &str) -> Result<Source, Diagnostic> {
        self.text(path)?.ok_or_else(|| self.missing(path, "file"))
    }

    /// Whether a file is at `path`, whatever it holds.
    ///
    /// # Errors
    /// When something else is there; the diagnostic has no location yet.
    pub fn is_file(&self, path: &str) -> Result<bool, Diagnostic> {
        match self.tree.look(path) {
            Found::File => Ok(true),
            Found::Absent => Ok(false),
            other => Err(self.wrong_kind(path, &other, "file")),
        }
    }

    /// Checks that a folder is at `path`.
    ///
    /// # Errors
    /// When it is missing or not a folder; the diagnostic has no location yet.
    pub fn folder(&self, path: &str) -> Result<(), Diagnostic> {
        match self.tree.look(path) {
            Found::Folder => Ok(()),
            other => Err(self.wrong_kind(path, &other, "folder")),
        }
    }

    fn missing(&self, path: &str, kind: &str) -> Diagnostic {
        let help = match self.alike(path, kind) {
            Some(other) => format!("did you mean `{other}`? paths are relative to the tree's root"),
            None => "correct the path; paths are relative to the tree's root".to_owned(),
        };
        Diagnostic::new(&codes::PATH_MISSING, format!("there is no {kind} `{path}`")).help(help)
    }

    /// The only file or folder of the tree with the name that `path` ends in, whatever its case.
    fn alike(&self, path: &str, kind: &str) -> Option<&str> {
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
        let wanted = name(path);
        let is_alike = |other: &&str| name(other) == wanted;
        let above = |path| iter::successors(parent_of(path), |path| parent_of(path));
        let files = self.files().iter().map(String::as_str);
        let mut found: BTreeSet<&str> = match kind {
            "folder" => files.flat_map(above).filter(is_alike).collect(),
            _ => files.filter(is_alike).collect(),
        };
        found.pop_first().filter(|_| found.is_empty())
    }

    fn wrong_kind(&self, path: &str, found: &Found, wanted: &str) -> Diagnostic {
        match found {
            Found::Absent => self.missing(path, wanted),
            Found::Folder => Diagnostic::new(
                &codes::PATH_NOT_A_FILE,
                format!("`{path}` is a folder, not a file"),
            )
            .help("name the file"),
            Found::Outside(target) => Diagnostic::new(
                &codes::PATH_OUTSIDE,
                format!("`{path}` goes through a link to `{target}`, out of the tree"),
            )
            .help("only what is in the tree can be released: put a copy there"),
            Found::NotText | Found::Text(_) | Found::File if wanted == "folder" => Diagnostic::new(
                &codes::PATH_NOT_A_FOLDER,
                format!("`{path}` is a file, not a folder"),
            )
            .help("name the folder that holds it"),
            Found::NotText | Found::Text(_) | Found::File => Diagnostic::new(
                &codes::PATH_NOT_TEXT,
                format!("`{path}` is not UTF-8 text, or too large"),
            )
            .help("save it as UTF-8"),
            Found::Unreadable(reason) => Diagnostic::new(
                &codes::PATH_UNREADABLE,
                format!("`{path}` cannot be read: {reason}"),
            )
            .help("check its permissions"),
        }
    }
}

/// The folder that `path` lies in, where that is not the tree's root.
fn parent_of(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}
