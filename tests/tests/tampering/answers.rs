//! What the sealed release was found to be, so that a hundred thousand changes of one file each can
//! be verified without reading the other files again.
//!
//! `verify::verify` itself runs whole for every change: every check, over the changed folder. Only
//! five of the questions that it asks are answered from memory, and each only when all that the
//! answer depends on is what it was:
//!
//! - the digest of a file that no change touches;
//! - the `contents` of an artifact whose entry is the same, of whose files (those that were read
//!   at first) none is touched, and whose folder holds the same files;
//! - the documents of an equal manifest;
//! - the SBOM of an equal artifact with an equal text;
//! - the equal bundle over the same digest, held against the same signers.
//!
//! All else is asked of the product anew, and a test compares reports with and without memory.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use evidence::bundle::Bundle;
use evidence::{Refusal, SignatureCheck, TrustedSigner, Verified};
use format::Inspects;
use model::{Artifact, Diagnostic, Diagnostics, Digest, Manifest};
use release::{INSPECTS, Inspector};
use signing::Verifier;
use verify::{Dist, Entry, Inspect, Policy, Report};

use super::memory::{Changed, Folder};

/// The answers about the release as it was sealed.
#[derive(Default)]
pub struct Answers {
    contents: BTreeMap<String, Contents>,
    documents: Option<(Manifest, Vec<(String, String)>)>,
    sboms: BTreeMap<String, (Artifact, String, Result<usize, Diagnostic>)>,
    signatures: BTreeMap<String, Result<Verified, Refusal>>,
}

/// All that an answer about a signature depends on.
fn signed(bundle: &Bundle, digest: &Digest, trusted: &[TrustedSigner]) -> String {
    format!("{digest} {trusted:?} {bundle:?}")
}

struct Contents {
    artifact: Artifact,
    asked: Asked,
    problems: Diagnostics,
}

/// What was asked of a folder: single files, and what some folders in it were said to hold.
#[derive(Default)]
struct Asked {
    paths: BTreeSet<String>,
    folders: BTreeMap<String, Result<Vec<String>, Diagnostic>>,
    listing: bool,
}

/// Verifies the sealed release and keeps the answers. Panics if it is not good.
pub fn learn(clean: &Folder) -> Answers {
    let learning = Learning::default();
    let dist = Changed::new(clean, BTreeMap::new());
    let report = verify::verify(&dist, &learning, &learning, &Policy::default());
    assert!(report.is_good(), "the sealed release is not good:\n{}", report.problems());
    learning.0.into_inner()
}

/// Verifies a changed release with those answers that still hold.
pub fn verify_changed(dist: &Changed<'_>, answers: &Answers) -> Report {
    let recalled = Recalled { dist, answers };
    verify::verify(dist, &recalled, &recalled, &Policy::default())
}

/// Asks the product, and writes down what it says.
#[derive(Default)]
struct Learning(RefCell<Answers>);

impl Inspect for Learning {
    fn formats(&self) -> &[&dyn Inspects] {
        INSPECTS
    }

    fn contents(&self, artifact: &Artifact, dist: &dyn Dist) -> Diagnostics {
        let watched = Watched { dist, asked: RefCell::default() };
        let problems = Inspector(INSPECTS).contents(artifact, &watched);
        let asked = watched.asked.into_inner();
        let path = artifact.file.path.clone();
        let artifact = artifact.clone();
        let kept = Contents { artifact, asked, problems: problems.clone() };
        self.0.borrow_mut().contents.insert(path, kept);
        problems
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        let documents = Inspector(INSPECTS).documents(manifest);
        self.0.borrow_mut().documents = Some((manifest.clone(), documents.clone()));
        documents
    }

    fn sbom(&self, artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
        let answer = Inspector(INSPECTS).sbom(artifact, text);
        let kept = (artifact.clone(), text.to_owned(), answer.clone());
        self.0.borrow_mut().sboms.insert(artifact.file.path.clone(), kept);
        answer
    }
}

impl SignatureCheck for Learning {
    fn verify(
        &self,
        bundle: &Bundle,
        digest: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        let answer = Verifier.verify(bundle, digest, trusted);
        let signed = signed(bundle, digest, trusted);
        self.0.borrow_mut().signatures.insert(signed, answer.clone());
        answer
    }
}

/// Gives the answers that still hold; asks the product for the others.
struct Recalled<'a> {
    dist: &'a Changed<'a>,
    answers: &'a Answers,
}

impl Recalled<'_> {
    fn holds(&self, asked: &Asked, dist: &dyn Dist) -> bool {
        !asked.paths.iter().any(|path| self.dist.touches(path))
            && asked.folders.iter().all(|(folder, held)| dist.files_in(folder) == *held)
            && (!asked.listing || self.dist.lists_the_same())
    }
}

impl Inspect for Recalled<'_> {
    fn formats(&self) -> &[&dyn Inspects] {
        INSPECTS
    }

    fn contents(&self, artifact: &Artifact, dist: &dyn Dist) -> Diagnostics {
        match self.answers.contents.get(&artifact.file.path) {
            Some(kept) if kept.artifact == *artifact && self.holds(&kept.asked, dist) => {
                kept.problems.clone()
            }
            _ => Inspector(INSPECTS).contents(artifact, dist),
        }
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        match &self.answers.documents {
            Some((same, documents)) if same == manifest => documents.clone(),
            _ => Inspector(INSPECTS).documents(manifest),
        }
    }

    fn sbom(&self, artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
        match self.answers.sboms.get(&artifact.file.path) {
            Some((same, equal, answer)) if same == artifact && equal == text => answer.clone(),
            _ => Inspector(INSPECTS).sbom(artifact, text),
        }
    }
}

impl SignatureCheck for Recalled<'_> {
    fn verify(
        &self,
        bundle: &Bundle,
        digest: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        match self.answers.signatures.get(&signed(bundle, digest, trusted)) {
            Some(answer) => answer.clone(),
            None => Verifier.verify(bundle, digest, trusted),
        }
    }
}

/// A folder that remembers what it was asked.
struct Watched<'a> {
    dist: &'a dyn Dist,
    asked: RefCell<Asked>,
}

impl Dist for Watched<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        self.asked.borrow_mut().listing = true;
        self.dist.entries()
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        self.asked.borrow_mut().paths.insert(path.to_owned());
        self.dist.read(path, limit)
    }

    fn files_in(&self, folder: &str) -> Result<Vec<String>, Diagnostic> {
        let held = self.dist.files_in(folder);
        self.asked.borrow_mut().folders.insert(folder.to_owned(), held.clone());
        held
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.asked.borrow_mut().paths.insert(path.to_owned());
        self.dist.size(path)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        self.asked.borrow_mut().paths.insert(path.to_owned());
        self.dist.measure(path)
    }
}
