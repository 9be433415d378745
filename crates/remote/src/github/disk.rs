//! The release's downloads as they lie in `dist/github/`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::codes;
use model::limits::MAX_RELEASE_ASSETS;
use model::{Code, Diagnostic, Diagnostics, Digest, Hasher, Location, Manifest};

/// The folder in `dist/`.
const FOLDER: &str = "github";

/// Bytes of one asset: GitHub takes less than 2 GiB.
pub(super) const MAX_ASSET_BYTES: u64 = (2 << 30) - 1;

/// A download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Download {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) size: u64,
    pub(super) digest: Digest,
}

/// All of `dist/github/`, measured, sorted by name.
pub(super) fn downloads(manifest: &Manifest, dist: &Path) -> Result<Vec<Download>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let names = match names(&dist.join(FOLDER)) {
        Ok(names) => names,
        Err(problem) => return Err(Diagnostics(vec![problem])),
    };
    let sealed = sealed(manifest);
    for name in sealed.keys().filter(|name| !names.contains(**name)) {
        let message = format!("the release's download `{name}` is missing");
        problems.push(problem(&codes::GITHUB_ASSET_MISSING, message, name).help("seal again"));
    }
    if names.len() > MAX_RELEASE_ASSETS {
        let message = format!("{} downloads; a release holds {MAX_RELEASE_ASSETS}", names.len());
        problems.push(Diagnostic::new(&codes::GITHUB_TOO_MANY_ASSETS, message));
    }
    let mut downloads = Vec::new();
    for name in names {
        match measured(dist, &name, sealed.get(name.as_str()).copied().flatten()) {
            Ok(download) => downloads.push(download),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(downloads) } else { Err(problems.sorted()) }
}

fn names(folder: &Path) -> Result<BTreeSet<String>, Diagnostic> {
    let failed = |error: std::io::Error| {
        Diagnostic::new(&codes::GITHUB_UNREADABLE, format!("cannot read `dist/{FOLDER}`: {error}"))
            .help("`seal` writes that folder")
    };
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        names.insert(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

/// The downloads that the manifest names, with the digest where it holds one.
fn sealed(manifest: &Manifest) -> BTreeMap<&str, Option<Digest>> {
    let artifacts = manifest.artifacts.iter().map(|artifact| &artifact.file);
    let documents = manifest.documents.iter().map(|document| &document.file);
    let files = artifacts.chain(documents).map(|file| (file.path.as_str(), file.digest));
    let own = manifest.render().ok().map(|text| (Manifest::FILE, Digest::of(text.as_bytes())));
    let known: BTreeMap<&str, Digest> = files.chain(own).collect();
    let assets = manifest.assets.iter();
    assets.map(|asset| (asset.name.as_str(), known.get(asset.path.as_str()).copied())).collect()
}

fn measured(dist: &Path, name: &str, sealed: Option<Digest>) -> Result<Download, Diagnostic> {
    if !is_kept(name) {
        let shown = name.escape_debug();
        let message = format!("GitHub would change the name `{shown}`");
        return Err(problem(&codes::GITHUB_ASSET_NAME, message, &shown.to_string())
            .help("letters, digits, `.`, `-`, `_`, `+` and `@` stay; no `.` at either end"));
    }
    let path = dist.join(FOLDER).join(name);
    let unreadable = |why: String| problem(&codes::GITHUB_UNREADABLE, why, name);
    let kind = fs::symlink_metadata(&path).map_err(|error| unreadable(error.to_string()))?;
    if !kind.is_file() {
        return Err(unreadable(format!("`{name}` is no file")));
    }
    let (size, digest) = hashed(&path).map_err(|error| unreadable(error.to_string()))?;
    if size == 0 {
        return Err(problem(&codes::GITHUB_ASSET_EMPTY, format!("`{name}` is empty"), name)
            .help("GitHub takes no empty assets"));
    }
    if size > MAX_ASSET_BYTES {
        let message = format!("`{name}` has {size} bytes; GitHub takes less than 2 GiB");
        return Err(problem(&codes::GITHUB_ASSET_SIZE, message, name));
    }
    match sealed {
        Some(sealed) if sealed != digest => {
            let message = format!("`{name}` is {digest}; `{sealed}` was sealed");
            Err(problem(&codes::GITHUB_ASSET_ALTERED, message, name).help("build and seal again"))
        }
        _ => Ok(Download { name: name.to_owned(), path, size, digest }),
    }
}

/// Whether GitHub keeps a file's name: others it changes, with `.` for what it does not know.
fn is_kept(name: &str) -> bool {
    let kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '@');
    name.chars().all(kept) && !name.starts_with('.') && !name.ends_with('.')
}

fn hashed(path: &Path) -> std::io::Result<(u64, Digest)> {
    let mut file = File::open(path)?;
    let mut hasher = Hasher::new();
    let mut piece = vec![0; 256 << 10];
    let mut size = 0;
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((size, hasher.finish()));
        }
        hasher.update(piece.get(..read).unwrap_or_default());
        size += read as u64;
    }
}

fn problem(code: &'static Code, message: String, name: &str) -> Diagnostic {
    Diagnostic::new(code, message).at(Location::file(format!("{FOLDER}/{name}")))
}
