//! Verifies what is served elsewhere: images and charts in a registry, the assets of a GitHub
//! release, files on a Python index.

mod file;
mod image;
mod index;
mod release;
mod scratch;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::release::Formats;
use http::{Http, RetryPolicy};
use model::{Class, Diagnostic, Location};
use registry::{Keychain, Reference};
use signing::Verifier;
use verify::{Dist as _, Extent, Policy, Report};

use crate::codes;
use crate::environment::Environment;
use crate::folder::Folder;
use crate::keychain::{GITHUB_REGISTRY, keychain};
use crate::options::Failure;

pub(crate) use image::image;
pub(crate) use index::{Named as Version, distributions};
pub(crate) use release::{Named as Release, release};

/// What is asked of a verification.
#[derive(Debug, Clone, Default)]
pub struct Verifying {
    /// A release's folder, a file with its bundle, or what is served elsewhere.
    pub subject: PathBuf,
    /// The formats that are handled.
    pub formats: Formats,
    /// Whom to trust.
    pub policy: Policy,
    /// The bundle of a file; beside it unless named.
    pub bundle: Option<PathBuf>,
    /// The manifest that files on an index are held against: a file, or `github:owner/repo@tag`.
    pub manifest: Option<String>,
    /// The index's simple API.
    pub check_url: Option<String>,
    /// Settings and secrets.
    pub environment: Environment,
    /// How often transient failures are retried.
    pub retries: RetryPolicy,
}

/// Bytes of one piece of evidence at most: GitHub refuses larger predicates.
const MAX_EVIDENCE: u64 = 16 << 20;

/// Files of one version on an index that are fetched at a time.
const FILES_AT_A_TIME: usize = 6;

/// What is served elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Registry(Reference),
    Release(Release),
    Index(Version),
}

/// Verifies a release's folder, one file with its bundle, or what a registry, GitHub or an index
/// serves.
///
/// # Errors
/// When the question cannot be asked: nobody is trusted, a folder is not there, a server does not
/// answer.
pub fn verify(asked: &Verifying) -> Result<Report, Failure> {
    let subject = asked.subject.as_path();
    if subject.is_dir() {
        return folder(&Folder::new(subject), asked.formats, &asked.policy);
    }
    let named = subject.to_str().filter(|_| !subject.exists());
    let found = named.and_then(|text| parse(text, &asked.environment)).transpose();
    if let Some(found) = found.map_err(Failure::usage)? {
        return look(asked, &found);
    }
    if !subject.exists() {
        let problem = Diagnostic::new(&codes::SUBJECT_MISSING, "does not exist");
        let location = Location::file(subject.display().to_string());
        let help = "run `package-actions release --local` first, or name a release or a file";
        return Err(Failure::usage(problem.at(location).help(help)));
    }
    file::file(subject, asked.bundle.as_deref(), trusting(&asked.policy)?)
}

/// A release's folder, or one of downloads: those lie beside each other.
fn folder(folder: &Folder, formats: Formats, policy: &Policy) -> Result<Report, Failure> {
    let inspector = formats.inspector();
    let entries = folder.entries().map_err(Failure::usage)?;
    if entries.iter().any(|entry| entry.path.contains('/')) {
        return Ok(verify::verify(folder, &inspector, &Verifier, policy));
    }
    Ok(verify::verify_downloads(folder, Extent::Part, &inspector, &Verifier, policy).0)
}

/// What is served elsewhere, where `text` names it rather than a file.
fn parse(text: &str, environment: &Environment) -> Option<Result<Subject, Diagnostic>> {
    if let Some(rest) = text.strip_prefix("github:") {
        return Some(Release::parse(rest, environment).map(Subject::Release));
    }
    if let Some(rest) = text.strip_prefix("pypi:") {
        return Some(Version::parse(rest).map(Subject::Index));
    }
    is_reference(text).then(|| Reference::parse(text).map(Subject::Registry))
}

/// Whether `subject` names something in a registry rather than a file: `oci://…`, or a reference
/// whose first part is a host.
fn is_reference(subject: &str) -> bool {
    let host = subject.split('/').next().unwrap_or_default();
    let hosted = host.contains(['.', ':']) || host == "localhost";
    subject.starts_with("oci://")
        || (hosted && !subject.starts_with('.') && subject.contains('/'))
            && Reference::parse(subject).is_ok()
}

fn look(asked: &Verifying, subject: &Subject) -> Result<Report, Failure> {
    let environment = &asked.environment;
    let http = Arc::new(Http::new(asked.retries)?);
    match subject {
        Subject::Registry(reference) => {
            let policy = trusting(&asked.policy)?;
            let keychain = match reference.registry.as_str() {
                GITHUB_REGISTRY => keychain(environment)?,
                _ => Keychain::of_docker(),
            };
            let looked =
                image(&http, &keychain, reference, asked.formats, policy, &BTreeSet::new());
            looked.map(|(report, _)| report).map_err(judged)
        }
        Subject::Release(named) => {
            let looked = release(&http, named, environment, asked.formats, &asked.policy);
            looked.map(|(report, _)| report).map_err(judged)
        }
        Subject::Index(named) => {
            if asked.policy.names_signers() && asked.manifest.is_none() {
                return Err(Failure::usage(no_manifest()));
            }
            let sources = crate::index::Named {
                publish_url: None,
                check_url: asked.check_url.clone(),
                beside: Path::new("."),
            };
            let found =
                crate::index::find(&sources.sources(environment)).map_err(Failure::usage)?;
            let check = found.check.ok_or_else(|| Failure::usage(python_index::unknown_index()))?;
            let manifest = match &asked.manifest {
                Some(text) => {
                    let made = index::manifest(&http, text, asked);
                    Some(made.map_err(judged)?)
                }
                None => None,
            };
            let manifest = manifest.as_ref().map(|(manifest, signer)| (manifest, signer.clone()));
            distributions(&http, &check, named, manifest, asked.formats, FILES_AT_A_TIME)
                .map_err(judged)
        }
    }
}

/// A destination that answers with other bytes than it states has answered.
pub(crate) fn judged(problem: Diagnostic) -> Failure {
    if problem.code.class == Class::Differs { Failure::no(problem) } else { problem.into() }
}

/// What says nothing of its signer is held against whoever is trusted.
fn trusting(policy: &Policy) -> Result<&Policy, Failure> {
    if policy.names_signers() {
        return Ok(policy);
    }
    let message =
        "a single file, image or chart is verified against a signer you trust; none is given";
    Err(Failure::usage(
        Diagnostic::new(&codes::USAGE_KEY, message).help("add `--key publisher.pub`"),
    ))
}

fn no_manifest() -> Diagnostic {
    let message = "files on an index carry no signature by a publisher";
    Diagnostic::new(&codes::USAGE_MANIFEST, message).help(
        "add `--manifest`: the signed `release.json` that lists them (a file, or \
         `github:owner/repo@v1.2.3`)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_told_from_paths() {
        for reference in
            ["ghcr.io/o/r:1.2.3", "localhost:5000/o/r", "127.0.0.1:5000/r:1", "oci://ghcr.io/o/c:1"]
        {
            assert!(is_reference(reference), "{reference}");
        }
        for path in ["dist", "./dist/a", "../x.y/z", "dist/binary/app-linux-amd64", "a.whl"] {
            assert!(!is_reference(path), "{path}");
        }
    }

    #[test]
    fn what_is_served_elsewhere_is_told_by_its_spelling() {
        let check = |text: &str, expected: Option<Result<&str, &str>>| {
            let found = parse(text, &Environment::default()).map(|found| match found {
                Ok(Subject::Registry(reference)) => Ok(reference.repository),
                Ok(Subject::Release(named)) => {
                    Ok(format!("{} {}", named.repository.repo, named.tag))
                }
                Ok(Subject::Index(named)) => Ok(format!("{} {}", named.project, named.version)),
                Err(problem) => Err(problem.code.to_string()),
            });
            let expected = expected.map(|it| it.map(str::to_owned).map_err(str::to_owned));
            assert_eq!(found, expected, "{text}");
        };
        check("github:o/r@v1.2.3", Some(Ok("r v1.2.3")));
        check("github:o/r@app/v1", Some(Ok("r app/v1")));
        check("github:o/r", Some(Err("usage-subject")));
        check("github:o@v1", Some(Err("github-address")));
        check("pypi:a.b==1.0", Some(Ok("a.b 1.0")));
        check("pypi:a", Some(Err("usage-subject")));
        check("pypi:a==", Some(Err("usage-subject")));
        check("pypi:../a==1", Some(Err("usage-subject")));
        check("oci://ghcr.io/o/chart:1.0+x", Some(Ok("o/chart")));
        check("oci://ghcr.io/O/chart", Some(Err("registry-reference")));
        check("dist", None);
    }
}
