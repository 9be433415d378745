//! One thing done to one file of a release, in memory or on disk, and who must be named for it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use model::Manifest;

use super::memory::{Changed, Folder, Node};

/// What is done to a file.
#[derive(Clone, Debug)]
pub enum Change {
    /// A byte gets other bits.
    Flip { at: usize, bits: u8 },
    /// The file ends early.
    Cut { length: usize },
    /// The file gets the bytes of another, and that one its.
    Swap { with: String },
    /// The file is gone.
    Remove,
    /// The file becomes a symbolic link to its own bytes.
    Link,
    /// The file becomes a folder that holds nothing.
    Folder,
    /// A file of these bytes stands where none was.
    AddFile,
    /// A folder that holds nothing stands where none was.
    AddFolder,
    /// A symbolic link stands where none was.
    AddLink,
}

/// A change and its file.
#[derive(Clone, Debug)]
pub struct Case {
    pub path: String,
    pub change: Change,
}

/// What an added file holds, and where a changed file's own bytes wait beside the release.
const ADDED: &[u8] = b"added\n";

impl Case {
    pub fn new(path: &str, change: Change) -> Self {
        Self { path: path.to_owned(), change }
    }

    /// The release with the change.
    pub fn apply<'a>(&self, clean: &'a Folder) -> Changed<'a> {
        let mut changes = BTreeMap::new();
        for path in self.touched() {
            let node = match &self.change {
                Change::Remove => None,
                Change::Link | Change::Folder | Change::AddFolder | Change::AddLink => {
                    Some(Node::Irregular)
                }
                _ => Some(Node::file(self.bytes(clean, path))),
            };
            changes.insert(path.to_owned(), node);
        }
        Changed::new(clean, changes)
    }

    /// The files that are changed.
    pub fn touched(&self) -> Vec<&str> {
        let mut touched = vec![self.path.as_str()];
        if let Change::Swap { with } = &self.change {
            touched.push(with);
        }
        touched
    }

    /// The files that verification must name: all that are changed. Of a swap with the manifest
    /// only the manifest, without which nothing can be said of others.
    pub fn named(&self) -> Vec<&str> {
        let touched = self.touched();
        match touched.iter().find(|path| **path == Manifest::FILE) {
            Some(manifest) => vec![manifest],
            None => touched,
        }
    }

    /// Makes the change in a copy of the release.
    pub fn make(&self, clean: &Folder, copy: &Path) {
        for path in self.touched() {
            let place = copy.join(path);
            match &self.change {
                Change::Remove => fs::remove_file(place).unwrap(),
                Change::Folder => {
                    fs::remove_file(&place).unwrap();
                    fs::create_dir(place).unwrap();
                }
                Change::Link => {
                    let original = copy.with_extension("original");
                    fs::rename(&place, &original).unwrap();
                    symlink(original, place).unwrap();
                }
                Change::AddFolder => fs::create_dir(place).unwrap(),
                Change::AddLink => symlink(copy.join("release.json"), place).unwrap(),
                _ => fs::write(place, self.bytes(clean, path)).unwrap(),
            }
        }
    }

    /// Takes the change back.
    pub fn undo(&self, clean: &Folder, copy: &Path) {
        for path in self.touched() {
            let place = copy.join(path);
            match &self.change {
                Change::Folder | Change::AddFolder => fs::remove_dir(&place).unwrap(),
                Change::Link | Change::AddLink | Change::AddFile => {
                    fs::remove_file(&place).unwrap();
                }
                _ => {}
            }
            let added =
                matches!(&self.change, Change::AddFile | Change::AddFolder | Change::AddLink);
            if !added {
                fs::write(place, clean.bytes(path)).unwrap();
            }
        }
    }

    /// What the file at `path` holds then.
    fn bytes(&self, clean: &Folder, path: &str) -> Vec<u8> {
        match &self.change {
            Change::Flip { at, bits } => {
                let mut bytes = clean.bytes(path).to_vec();
                bytes[*at] ^= bits;
                bytes
            }
            Change::Cut { length } => clean.bytes(path)[..*length].to_vec(),
            Change::Swap { with } if path == self.path => clean.bytes(with).to_vec(),
            Change::Swap { .. } => clean.bytes(&self.path).to_vec(),
            _ => ADDED.to_vec(),
        }
    }
}
