//! Checks a sealed release from its bytes alone: `Manifest + Evidence + Policy -> Report`.
//!
//! One check, one file, one family of codes. Nothing is trusted that was not computed here. This
//! crate lists no format and renders no document: what an artifact must hold is asked of a
//! table of formats, how the documents read of [`Inspect`], which `release` brings; what verifies
//! signatures is injected.

mod checks;
pub mod codes;
mod downloads;
mod file;
mod index;
mod report;
mod served;

use evidence::{SignatureCheck, TrustedSigner};
use format::Inspects;
use model::{Artifact, Diagnostic, Diagnostics, Manifest};

pub use checks::assets::assets as assets_of;
pub use checks::checksums::{downloads as download_digests, whole as all_digests};
pub use checks::provenance::statements as provenance;
pub use checks::signatures::{
    evidence as evidence_of, image_statement, manifest_signer, named_signers,
};
pub use downloads::{Extent, verify_downloads};
pub use file::verify_file;
pub use index::{Distribution, Expected, verify_distributions};
pub use model::{Dist, Entry};
pub use report::{Answer, Check, Report, Signer};
pub use served::{Asked, Served, verify_served};

/// What is known of a release besides its manifest.
pub trait Inspect {
    /// The formats that are known; artifacts of others are refused.
    fn formats(&self) -> &[&dyn Inspects];

    /// Path and text of every document that is a function of the manifest.
    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)>;

    /// What is wrong between an artifact's name, its entry in the manifest, and its bytes.
    fn contents(&self, artifact: &Artifact, dist: &dyn Dist) -> Diagnostics {
        checks::contents::of(artifact, self.formats(), dist)
    }

    /// What is wrong with the SBOM `text` about `artifact`, and how many components it lists.
    ///
    /// # Errors
    /// When it cannot be read at all.
    fn sbom(&self, artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
        checks::sboms::components(artifact, text)
    }
}

/// What the caller asks of a release beyond that it is whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The publisher: every signature must be by one of these. With none, a release that comes with
    /// its own key is held against that, which says nothing about who signed it.
    pub trusted: Vec<TrustedSigner>,
}

impl Policy {
    /// Trusts `signer` alone.
    #[must_use]
    pub fn trust(signer: TrustedSigner) -> Self {
        Self { trusted: vec![signer] }
    }

    /// Whether it trusts anybody.
    #[must_use]
    pub fn names_signers(&self) -> bool {
        !self.trusted.is_empty()
    }
}

/// Verifies the release in `dist`.
#[must_use]
pub fn verify(
    dist: &dyn Dist,
    formats: &dyn Inspect,
    signatures: &dyn SignatureCheck,
    policy: &Policy,
) -> Report {
    check(dist, formats, signatures, policy, Depth::Contents)
}

/// Verifies a release whose manifest is known to be the caller's own: all of [`verify`] but what is
/// inside the artifacts, which was looked into when it was sealed and follows from their digests.
#[must_use]
pub fn verify_digests(
    dist: &dyn Dist,
    formats: &dyn Inspect,
    signatures: &dyn SignatureCheck,
    policy: &Policy,
) -> Report {
    check(dist, formats, signatures, policy, Depth::Digests)
}

/// The manifest in `bytes`: readable, spelled as we spell it, and sound within.
///
/// # Errors
/// All that is wrong with it.
pub fn parse_manifest(bytes: &[u8], formats: &[&dyn Inspects]) -> Result<Manifest, Diagnostics> {
    let mut report = Report::default();
    let manifest = report.run("manifest", |found| checks::manifest::parse(bytes, formats, found));
    manifest.filter(|_| report.is_good()).ok_or_else(|| report.problems())
}

/// How far a verification goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// To the artifacts' bytes as a whole.
    Digests,
    /// Into the artifacts.
    Contents,
}

fn check(
    dist: &dyn Dist,
    formats: &dyn Inspect,
    signatures: &dyn SignatureCheck,
    policy: &Policy,
    depth: Depth,
) -> Report {
    let mut report = Report::default();
    let table = formats.formats();
    let Some(manifest) = report.run("manifest", |found| checks::manifest::read(dist, table, found))
    else {
        return report;
    };
    report.describe(&manifest);
    let documents = formats.documents(&manifest);
    report.run("files", |found| checks::files::check(dist, &manifest, &documents, found));
    report.run("checksums", |found| checks::checksums::check(dist, &manifest, found));
    if depth == Depth::Contents {
        report.run("contents", |found| checks::contents::check(dist, &manifest, formats, found));
    }
    report.run("sboms", |found| checks::sboms::check(dist, &manifest, formats, found));
    report.run("provenance", |found| checks::provenance::check(dist, &manifest, table, found));
    report.run("documents", |found| checks::documents::check(dist, &documents, found));
    report.run("assets", |found| checks::assets::check(dist, &manifest, table, found));
    report.signer = report
        .run("signatures", |found| {
            checks::signatures::check(dist, &manifest, table, signatures, policy, found)
        })
        .unwrap_or(Signer::Unsigned);
    report
}

#[cfg(test)]
mod tests;
