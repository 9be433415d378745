//! A release's folder in memory, and the same folder with a change laid over it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Diagnostic, Digest};
use product_tests::forgery::Files;
use verify::{Dist, Entry};

/// What stands at a path.
#[derive(Clone)]
pub enum Node {
    /// A file, hashed once.
    File(Arc<(Vec<u8>, Digest)>),
    /// A link, or a folder that holds nothing.
    Irregular,
}

impl Node {
    /// A file of these bytes.
    pub fn file(bytes: Vec<u8>) -> Self {
        let digest = Digest::of(&bytes);
        Self::File(Arc::new((bytes, digest)))
    }
}

/// A folder as it was sealed.
pub struct Folder {
    nodes: BTreeMap<String, Node>,
    entries: Vec<Entry>,
}

impl Folder {
    pub fn new(files: Files) -> Self {
        let nodes: BTreeMap<String, Node> =
            files.into_iter().map(|(path, bytes)| (path, Node::file(bytes))).collect();
        let entries = nodes.keys().map(|path| Entry { path: path.clone(), regular: true });
        Self { entries: entries.collect(), nodes }
    }

    pub fn paths(&self) -> impl Iterator<Item = &String> {
        self.nodes.keys()
    }

    pub fn bytes(&self, path: &str) -> &[u8] {
        match &self.nodes[path] {
            Node::File(file) => &file.0,
            Node::Irregular => panic!("`{path}` is no file"),
        }
    }
}

/// A folder with some paths changed; a change to nothing is a removal.
pub struct Changed<'a> {
    clean: &'a Folder,
    changes: BTreeMap<String, Option<Node>>,
}

impl<'a> Changed<'a> {
    pub fn new(clean: &'a Folder, changes: BTreeMap<String, Option<Node>>) -> Self {
        Self { clean, changes }
    }

    /// Whether what stands at the path is another thing than was sealed.
    pub fn touches(&self, path: &str) -> bool {
        self.changes.contains_key(path)
    }

    /// Whether a listing of the folder gives what it gave when it was sealed.
    pub fn lists_the_same(&self) -> bool {
        let regular = |change: &Option<Node>| matches!(change, Some(Node::File(_)));
        let mut changes = self.changes.iter();
        changes.all(|(path, change)| regular(change) && self.clean.nodes.contains_key(path))
    }

    fn node(&self, path: &str) -> Option<&Node> {
        match self.changes.get(path) {
            Some(change) => change.as_ref(),
            None => self.clean.nodes.get(path),
        }
    }

    fn file(&self, path: &str) -> Result<&(Vec<u8>, Digest), Diagnostic> {
        match self.node(path) {
            Some(Node::File(file)) => Ok(file),
            Some(Node::Irregular) => {
                Err(Diagnostic::new(&model::codes::FILE_NOT_REGULAR, "is not a regular file"))
            }
            None => Err(Diagnostic::new(&model::codes::FILE_MISSING, "is not there")),
        }
    }
}

impl Dist for Changed<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        if self.lists_the_same() {
            return Ok(self.clean.entries.clone());
        }
        let mut nodes: BTreeMap<&String, &Node> = self.clean.nodes.iter().collect();
        for (path, change) in &self.changes {
            match change {
                Some(node) => nodes.insert(path, node),
                None => nodes.remove(path),
            };
        }
        let regular = |node: &Node| matches!(node, Node::File(_));
        let entry = |(path, node): (&String, &Node)| (path.clone(), regular(node));
        let entries = nodes.into_iter().map(entry);
        Ok(entries.map(|(path, regular)| Entry { path, regular }).collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let (bytes, _) = self.file(path)?;
        if bytes.len() as u64 > limit {
            return Err(Diagnostic::new(&model::codes::FILE_TOO_LARGE, "is too large"));
        }
        Ok(bytes.clone())
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.file(path).map(|(bytes, _)| bytes.len() as u64)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        self.file(path).map(|(bytes, digest)| (bytes.len() as u64, *digest))
    }
}
