//! The repositories that are built: one with nothing but a Dockerfile, one with a program of its
//! own in its image.

use std::fs;
use std::path::{Path, PathBuf};

use model::Digest;
use product_tests::scratch::Scratch;
use serde_json::Value;

/// A repository in a folder of its own.
pub struct Tree(Scratch);

impl Tree {
    /// Holds these files.
    pub fn write(files: &[(&str, &str)]) -> Self {
        let tree = Scratch::new("dockerfile").unwrap();
        for (path, text) in files {
            let file = tree.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(tree)
    }

    /// Nothing but a Dockerfile, of this text, for one package.
    pub fn one(registry: &str, dockerfile: &str) -> Self {
        let config = format!("{}{HELLO}", release(registry));
        Self::write(&[("package-actions.toml", &config), ("Dockerfile", dockerfile)])
    }

    pub fn folder(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    pub fn dist(&self) -> PathBuf {
        self.0.join("dist")
    }

    /// `release.json`.
    pub fn manifest(&self) -> Value {
        manifest(&self.dist())
    }
}

/// `release.json` of a `dist/`.
pub fn manifest(dist: &Path) -> Value {
    serde_json::from_slice(&fs::read(dist.join("release.json")).unwrap()).unwrap()
}

/// Digest of `checksums.txt`, which lists all artifacts with theirs.
pub fn checksums(dist: &Path) -> (Digest, String) {
    let text = fs::read_to_string(dist.join("checksums.txt")).unwrap();
    (Digest::of(text.as_bytes()), text)
}

/// What became of a unit: its status and the reason.
pub fn ended(manifest: &Value, unit: &str) -> (String, String) {
    let units = manifest["units"].as_array().unwrap();
    let found = units.iter().find(|record| record["id"] == unit).unwrap();
    let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

pub fn release(registry: &str) -> String {
    format!("[release]\nversion = \"1.0.0\"\nregistry = \"{registry}/team\"\n")
}

pub const HELLO: &str = "\n[[package]]\nname = \"hello\"\ndescription = \"Says hello, twice\"\n\
                         image = { dockerfile = \"Dockerfile\" }\n";

/// An image that runs as somebody; what builds it is a stand-in.
pub const DOCKERFILE: &str = "FROM scratch\nUSER 7\nENTRYPOINT [\"/x\"]\n";
