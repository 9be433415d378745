//! A published GitHub release, checked from its assets alone.

use std::fmt;
use std::sync::Arc;

use evidence::Refusal;
use github::{ReleaseAddress, Repository};
use http::Http;
use model::{Diagnostic, Location, Manifest};
use release::Formats;
use signing::Verifier;
use verify::{Check, Extent, Policy, Report, Signer};

use super::Verifying;
use super::image::whole;
use super::scratch::Scratch;
use crate::codes;
use crate::environment::Environment;
use crate::folder::Folder;

/// A release as people name it: `github:owner/repo@v1.2.3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) repository: Repository,
    pub(crate) tag: String,
}

impl Named {
    /// Reads what follows `github:`; the API's address is `GITHUB_API_URL`, where that is set.
    pub(super) fn parse(text: &str, environment: &Environment) -> Result<Self, Diagnostic> {
        let (repository, tag) = text.split_once('@').unwrap_or((text, ""));
        if tag.is_empty() {
            let message = format!("`github:{text}` names no tag");
            return Err(Diagnostic::new(&codes::USAGE_SUBJECT, message)
                .help("write `github:owner/repo@v1.2.3`"));
        }
        let repository = Repository::of(repository, environment.text("GITHUB_API_URL"))?;
        Ok(Self { repository, tag: tag.to_owned() })
    }

    fn address(&self, environment: &Environment) -> ReleaseAddress<'_> {
        let token = environment.github_token();
        ReleaseAddress { repository: &self.repository, tag: &self.tag, token }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}@{}", self.repository.owner, self.repository.repo, self.tag)
    }
}

/// Fetches all assets of a release and verifies them as far as they go. Gives the manifest among
/// them as well.
///
/// # Errors
/// When they cannot be fetched; what is wrong with them is told by the report.
pub(crate) fn release(
    http: &Arc<Http>,
    named: &Named,
    environment: &Environment,
    formats: Formats,
    policy: &Policy,
) -> Result<(Report, Option<Manifest>), Diagnostic> {
    let folder = Scratch::new()?;
    github::fetch(http, &named.address(environment), folder.path(), &|_| true)?;
    let flat = Folder::new(folder.path());
    let (mut report, manifest) =
        verify::verify_downloads(&flat, Extent::Whole, &formats.inspector(), &Verifier, policy);
    if let Some(manifest) = &manifest {
        report.checks.push(as_named(manifest, named));
    }
    Ok((report, manifest))
}

/// That the release is the one that was asked for: another one of the same publisher is signed
/// just as well.
fn as_named(manifest: &Manifest, named: &Named) -> Check {
    let mut problems = Vec::new();
    let location = || Location::file(Manifest::FILE);
    if manifest.release.tag != named.tag {
        let message = format!("is of the release `{}`, not `{}`", manifest.release.tag, named.tag);
        problems.push(Diagnostic::new(&codes::RELEASE_OTHER, message).at(location()));
    }
    let said = Repository::of(&manifest.release.repository, None).ok();
    let same = |said: &Repository| {
        let pair = |one: &Repository| format!("{}/{}", one.owner, one.repo).to_lowercase();
        pair(said) == pair(&named.repository)
    };
    if said.as_ref().is_some_and(|said| !same(said)) {
        let message =
            format!("is of a release of `{}`, not of `{named}`", manifest.release.repository);
        problems.push(Diagnostic::new(&codes::RELEASE_OTHER, message).at(location()));
    }
    Check::of_one("release", model::Diagnostics(problems))
}

/// Fetches a release's manifest with its signature; gives it with who signed it.
///
/// # Errors
/// When it cannot be fetched, or is no manifest.
pub(super) fn manifest(
    http: &Arc<Http>,
    named: &Named,
    asked: &Verifying,
) -> Result<(Manifest, Result<Signer, Refusal>), Diagnostic> {
    let folder = Scratch::new()?;
    let bundle = format!("{}{}", Manifest::FILE, Manifest::BUNDLE_SUFFIX);
    let wanted = |name: &str| name == Manifest::FILE || name == bundle;
    github::fetch(http, &named.address(&asked.environment), folder.path(), &wanted)?;
    let bytes = whole(&folder.path().join(Manifest::FILE))?;
    let bundle = whole(&folder.path().join(&bundle));
    let (manifest, mut signer) = signed(&bytes, bundle, asked)?;
    let named = as_named(&manifest, named);
    if let Some(problem) = named.problems.0.into_iter().next() {
        signer = Err(problem.into());
    }
    Ok((manifest, signer))
}

/// A manifest from its bytes, and who signed it according to the bundle.
///
/// # Errors
/// The first thing that is wrong with the manifest, as [`verify::parse_manifest`] finds it.
pub(super) fn signed(
    bytes: &[u8],
    bundle: Result<Vec<u8>, Diagnostic>,
    asked: &Verifying,
) -> Result<(Manifest, Result<Signer, Refusal>), Diagnostic> {
    let policy = &asked.policy;
    let manifest = verify::parse_manifest(bytes, asked.formats.inspects).map_err(|found| {
        let unreadable =
            || Diagnostic::new(&verify::codes::MANIFEST_UNREADABLE, "is not a manifest");
        found.0.into_iter().next().unwrap_or_else(unreadable)
    })?;
    if !policy.names_signers() {
        return Ok((manifest, Ok(Signer::Unknown)));
    }
    let verify = |bundle: Vec<u8>| verify::manifest_signer(bytes, &bundle, policy, &Verifier);
    let signer = bundle.map_err(Refusal::from).and_then(verify);
    let located = |refusal: Refusal| Refusal {
        diagnostic: refusal.diagnostic.at(Location::file(Manifest::FILE)),
        ..refusal
    };
    Ok((manifest, signer.map_err(located)))
}
