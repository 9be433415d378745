//! The repository as the pure rooms see it: texts by path.

use std::collections::BTreeMap;

use crate::Diagnostic;

/// What stands at a path of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file of UTF-8 text.
    Text(String),
    /// A file whose text was not asked for.
    File,
    /// A folder.
    Folder,
    /// Nothing.
    Absent,
    /// Something reached through a link that leaves the tree; holds where the link points.
    Outside(String),
    /// A file that is not UTF-8 text, or larger than [`crate::limits::MAX_TEXT_BYTES`].
    NotText,
    /// The question could not be answered; holds the reason. Not the same as absent.
    Unreadable(String),
}

/// A repository to plan for. Paths use `/`, are relative, and hold no `..`.
pub trait Tree {
    /// What stands at `path`.
    fn find(&self, path: &str) -> Found;

    /// The same where no text is needed: any file is [`Found::File`].
    fn look(&self, path: &str) -> Found {
        match self.find(path) {
            Found::Text(_) | Found::NotText => Found::File,
            other => other,
        }
    }

    /// All files, sorted by path, without those that git ignores.
    fn files(&self) -> Vec<String>;

    /// What git answers to `question`, its arguments, in the repository around; nothing where there
    /// is none. Asked about the tags of a release that takes its version from them, and no more.
    ///
    /// # Errors
    /// When git does not answer.
    fn git(&self, question: &[&str]) -> Result<Option<String>, Diagnostic> {
        let _ = question;
        Ok(None)
    }
}

/// A tree in memory: for tests, and for callers that bring the texts along (WASM).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryTree(pub BTreeMap<String, String>);

impl MemoryTree {
    /// A tree of these paths and texts.
    pub fn new<P: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.into(), text.into())).collect())
    }
}

impl Tree for MemoryTree {
    fn find(&self, path: &str) -> Found {
        if path == "." {
            return Found::Folder;
        }
        if let Some(text) = self.0.get(path) {
            return Found::Text(text.clone());
        }
        let inside = format!("{path}/");
        let first = self.0.range(inside.clone()..).next();
        match first {
            Some((next, _)) if next.starts_with(&inside) => Found::Folder,
            _ => Found::Absent,
        }
    }

    fn files(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}
