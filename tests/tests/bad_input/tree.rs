//! A repository made for one question, and the expectations that hold for every refusal.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;

/// The start of every configuration here; three lines.
pub const RELEASE: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"ghcr.io/x\"\n";

/// A package with a project; three lines.
pub const PACKAGE: &str = "[[package]]\nname = \"a\"\npython = { path = \"a\" }\n";

/// The project.
pub const PROJECT: &str = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n\
                           [build-system]\nrequires = [\"flit_core\"]\n\
                           build-backend = \"flit_core.buildapi\"\n";

/// A folder with files in it.
pub struct Tree(Scratch);

impl Tree {
    /// These files and no others.
    pub fn of(files: &[(&str, &[u8])]) -> Self {
        let tree = Self(Scratch::new("bad").unwrap());
        for (path, bytes) in files {
            tree.put(path, bytes);
        }
        tree
    }

    /// A configuration, and the project that it may name.
    pub fn with(config: &[u8]) -> Self {
        let files: [(&str, &[u8]); 2] =
            [("package-actions.toml", config), ("a/pyproject.toml", PROJECT.as_bytes())];
        Self::of(&files)
    }

    /// A repository that can be released.
    pub fn good() -> Self {
        Self::with(format!("{RELEASE}{PACKAGE}").as_bytes())
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        let place = self.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }

    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// Runs the product with the tree as the folder it stands in.
    pub fn run(&self, words: &[&str]) -> Verdict {
        Verdict::of(product::command().args(words).current_dir(self.0.path()))
    }

    /// Runs the product and expects a refusal: exit code 2, a line that starts with each of
    /// `expected` (place and code), help, and a tree that is what it was.
    #[track_caller]
    pub fn refuses(&self, words: &[&str], expected: &[&str]) -> Verdict {
        let before = listing(self.0.path());
        let told = self.run(words);
        assert_eq!(told.code, 2, "{}", told.told());
        for start in expected {
            let there = told.stderr.lines().any(|line| line.starts_with(start));
            assert!(there, "no line starts with {start:?}:\n{}", told.told());
        }
        let problems = told.stderr.matches("error[").count();
        let help = told.stderr.lines().filter(|line| line.starts_with("  help: ")).count();
        assert!(problems > 0 && help >= problems, "a problem without help:\n{}", told.told());
        assert!(told.stdout.is_empty(), "something on stdout:\n{}", told.told());
        assert_eq!(listing(self.0.path()), before, "the tree changed:\n{}", told.told());
        told
    }
}

/// Every path below a folder, with the bytes of files and the targets of links.
pub fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap().file_type();
            let bytes = if kind.is_symlink() {
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
            } else if kind.is_file() {
                fs::read(&path).unwrap()
            } else {
                Vec::new()
            };
            if kind.is_dir() {
                open.push(path.clone());
            }
            found.insert(path, bytes);
        }
    }
    found
}
