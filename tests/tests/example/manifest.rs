//! What `release.json` says is there: the tests hold others' findings against it.

use std::fs;
use std::path::{Path, PathBuf};

use product_tests::release;
use serde_json::Value;

/// The sealed release: its folder and its manifest.
pub struct Release {
    pub dist: PathBuf,
    pub manifest: Value,
}

impl Release {
    /// The example's.
    pub fn example() -> Self {
        let dist = release::example();
        let text = fs::read(dist.join("release.json")).unwrap();
        Self { dist, manifest: serde_json::from_slice(&text).unwrap() }
    }

    /// The artifacts of a kind (`wheel`, `sdist`, `binary`, `chart`, `image`, `image-index`).
    pub fn artifacts(&self, kind: &str) -> Vec<&Value> {
        let all = self.manifest["artifacts"].as_array().unwrap();
        let found: Vec<&Value> = all.iter().filter(|artifact| artifact["kind"] == kind).collect();
        assert!(!found.is_empty(), "the example ships no {kind}");
        found
    }

    /// The files of a kind, as whole paths.
    pub fn files(&self, kind: &str) -> Vec<PathBuf> {
        self.artifacts(kind).into_iter().map(|artifact| self.dist.join(path_of(artifact))).collect()
    }

    /// The documents of a kind (`sbom`, `checksums`, `provenance`), as whole paths.
    pub fn documents(&self, kind: &str) -> Vec<PathBuf> {
        let all = self.manifest["documents"].as_array().unwrap();
        let found = all.iter().filter(|document| document["kind"] == kind);
        found.map(|document| self.dist.join(path_of(document))).collect()
    }
}

/// The path inside `dist/` of an artifact or a document.
pub fn path_of(entry: &Value) -> &str {
    entry["path"].as_str().unwrap()
}

/// The file's name.
pub fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// Every path as text, for a command line.
pub fn words(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.to_str().unwrap()).collect()
}

/// The files in a folder and below, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Copies a folder with all that it holds, as files of their own.
pub fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let place = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::copy(&file, place).unwrap();
    }
}
