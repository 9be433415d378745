//! The manifest of a sealed release, read once: what is checked is what is acted on, whatever
//! becomes of the file meanwhile.

use std::collections::BTreeMap;

use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Diagnostics, Digest, Location, Manifest};
use release::Formats;
use verify::Dist as _;

use crate::codes;
use crate::folder::Folder;
use crate::options::Failure;

/// A manifest and its bytes.
pub(crate) struct Sealed {
    pub(crate) manifest: Manifest,
    pub(crate) bytes: Vec<u8>,
    pub(crate) digest: Digest,
    /// The formats by which it was read.
    pub(crate) formats: Formats,
}

impl Sealed {
    /// Reads the manifest in `dist`, whose digest must be `expected` where that is given.
    ///
    /// # Errors
    /// When there is none, it is another one, or it is no sound manifest.
    pub(crate) fn read(
        dist: &Folder,
        expected: Option<Digest>,
        formats: Formats,
    ) -> Result<Self, Failure> {
        let help = "run `package-actions release --local` or `seal` first, or name the folder of a \
                    release";
        if !dist.root().is_dir() {
            let is_there = dist.root().exists();
            let message = if is_there { "is not a folder" } else { "does not exist" };
            let problem = Diagnostic::new(&codes::SUBJECT_MISSING, message);
            let location = Location::file(dist.root().display().to_string());
            return Err(Failure::usage(problem.at(location).help(help)));
        }
        let bytes = dist
            .read(Manifest::FILE, MAX_JSON_BYTES)
            .map_err(|problem| Failure::no(Diagnostics(vec![problem.help(help)])))?;
        let digest = Digest::of(&bytes);
        if let Some(expected) = expected.filter(|expected| *expected != digest) {
            let message = format!("has digest {digest}, expected {expected}");
            let problem = Diagnostic::new(&release::codes::MANIFEST_OTHER, message)
                .at(Location::file(Manifest::FILE));
            let help = "it is not the release that was sealed: run the workflow again";
            return Err(Failure::no(problem.help(help)));
        }
        let manifest = verify::parse_manifest(&bytes, formats.inspects).map_err(Failure::judged)?;
        Ok(Self { manifest, bytes, digest, formats })
    }

    /// What is `manifest`, written as `bytes`.
    pub(crate) fn of(manifest: Manifest, bytes: Vec<u8>, formats: Formats) -> Self {
        let digest = Digest::of(&bytes);
        Self { manifest, bytes, digest, formats }
    }

    /// The digest of every file that signing adds nothing to, by path.
    pub(crate) fn digests(&self) -> BTreeMap<&str, Digest> {
        let artifacts = self.manifest.artifacts.iter();
        let files = artifacts.flat_map(|one| std::iter::once(&one.file).chain(&one.files));
        let documents = self.manifest.documents.iter().map(|document| &document.file);
        let listed = files.chain(documents).map(|file| (file.path.as_str(), file.digest));
        listed.chain([(Manifest::FILE, self.digest)]).collect()
    }
}
