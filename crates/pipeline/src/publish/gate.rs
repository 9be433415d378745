//! What may go out: a release that is whole, signed, clean and complete.

use std::collections::BTreeSet;

use model::{
    Artifact, BundleSigner, Diagnostic, Diagnostics, Location, Manifest, Release, UnitStatus,
    Version,
};
use signing::Verifier;

use super::measured::Measured;
use super::{Destination, Publishing};
use crate::codes;
use crate::folder::Folder;
use crate::options::Failure;
use crate::sealed::Sealed;
use crate::source;

/// A release that may be published.
pub(super) struct Admitted {
    pub(super) sealed: Sealed,
    pub(super) warnings: Diagnostics,
}

/// Reads the manifest of the release in `dist` and verifies it, as far as it goes out.
///
/// Everything is looked into unless the caller names the manifest's digest or whoever signed it:
/// then what stays here is nobody's matter, and what is inside the artifacts was looked into
/// when they were sealed.
///
/// # Errors
/// All that keeps it from being published.
pub(super) fn admit(dist: &Folder, asked: &Publishing) -> Result<Admitted, Failure> {
    let policy = &asked.policy;
    let known = policy.names_signers() || asked.manifest.is_some();
    let sealed = Sealed::read(dist, asked.manifest, asked.formats)?;
    let leaving = leaving(&sealed.manifest, asked);
    let measured = Measured::new(dist, &sealed, &|path| !known || leaving.contains(path));
    let inspector = asked.formats.inspector();
    let report = match known {
        true => verify::verify_digests(&measured, &inspector, &Verifier, policy),
        false => verify::verify(&measured, &inspector, &Verifier, policy),
    };
    if let Some(failure) = Failure::of_report(&report) {
        return Err(failure);
    }
    let manifest = &sealed.manifest;
    let mut problems = Diagnostics::new();
    problems.extend(clean(manifest));
    problems.extend(tagged(dist, manifest));
    let pushed = asked.pushed.as_deref().map(|tag| release::tag_fits(&manifest.release, tag));
    problems.extend(pushed.and_then(Result::err));
    problems.extend(snapshot(manifest));
    problems.extend(signed(manifest));
    if !asked.allow_missing {
        problems.extend(complete(manifest));
    }
    if problems.has_errors() {
        let location = Location::file(Manifest::FILE);
        let placed = problems.0.into_iter().map(|problem| problem.at(location.clone())).collect();
        return Err(Failure::no(Diagnostics(placed)));
    }
    drop(measured);
    Ok(Admitted { sealed, warnings: problems })
}

/// The paths of the artifacts' files that go to the destinations that are asked for.
fn leaving<'m>(manifest: &'m Manifest, asked: &Publishing) -> BTreeSet<&'m str> {
    let goes = |to| asked.only.is_empty() || asked.only.contains(&to);
    let home = |artifact: &&Artifact| Destination::of(artifact.format, asked.formats);
    let artifacts = manifest.artifacts.iter().filter(|artifact| goes(home(artifact)));
    let files =
        artifacts.flat_map(|artifact| std::iter::once(&artifact.file).chain(&artifact.files));
    let downloads = manifest.assets.iter().filter(|_| goes(Destination::Github));
    files.map(|file| file.path.as_str()).chain(downloads.map(|asset| asset.path.as_str())).collect()
}

fn clean(manifest: &Manifest) -> Option<Diagnostic> {
    if manifest.source.commit.is_none() {
        let message = "it was built from no commit: nobody can tell from which sources";
        let problem = Diagnostic::new(&codes::PUBLISH_NO_COMMIT, message);
        return Some(problem.help("build it in a git repository, from a commit"));
    }
    manifest.source.dirty.then(|| {
        let message = "it was built from a tree that differs from its commit";
        Diagnostic::new(&codes::PUBLISH_DIRTY, message)
            .help("commit or stash the changes, and build the release again")
    })
}

/// The repository around the release, where there is one, may know its tag. (GitHub is asked by its
/// room.)
fn tagged(dist: &Folder, manifest: &Manifest) -> Option<Diagnostic> {
    let Release { tag, .. } = &manifest.release;
    let around = dist.root().canonicalize().ok()?;
    let other = source::elsewhere(&around, tag, &manifest.source)?;
    let commit = manifest.source.commit.as_deref().unwrap_or_default();
    let message = format!("the tag `{tag}` is on commit {other}; this release is of {commit}");
    let help = "build from the tag's commit, or release under a new version";
    Some(Diagnostic::new(&codes::PUBLISH_TAG_ELSEWHERE, message).help(help))
}

/// What no tag names is built and tried, and never published: its version says nothing that lasts.
fn snapshot(manifest: &Manifest) -> Option<Diagnostic> {
    let mut versions = std::iter::once(manifest.release.version.text())
        .chain(manifest.artifacts.iter().map(|artifact| artifact.version.as_str()));
    let is_snapshot = |text: &&str| Version::parse(text).is_ok_and(|version| version.is_snapshot());
    let found = versions.find(is_snapshot)?;
    let message = format!("{found} is a snapshot: the commit had no tag that says its version");
    Some(Diagnostic::new(&codes::PUBLISH_SNAPSHOT, message).help("tag the commit, and build again"))
}

fn signed(manifest: &Manifest) -> Option<Diagnostic> {
    match manifest.signing.bundles {
        Some(BundleSigner::Key) => None,
        Some(BundleSigner::Local) => {
            let message = "it is signed with a key made for the run: nobody can tell by whom";
            let problem = Diagnostic::new(&codes::PUBLISH_SIGNER_UNKNOWN, message);
            Some(problem.help("`package-actions release --sign key:FILE` signs with your own"))
        }
        None => Some(
            Diagnostic::new(&codes::PUBLISH_UNSIGNED, "it is not signed")
                .help("seal it again with `--sign key:FILE`"),
        ),
    }
}

fn complete(manifest: &Manifest) -> Vec<Diagnostic> {
    let missing = manifest.units.iter().filter(|unit| unit.status != UnitStatus::Built);
    let problem = |unit: &model::UnitRecord| {
        let message = format!("`{}` is not in it: {}", unit.id, unit.reason);
        Diagnostic::new(&codes::PUBLISH_INCOMPLETE, message)
            .help("build it where it can be built, or leave it out with `--allow-missing`")
    };
    missing.map(problem).collect()
}
