//! One version of a project on a Python index.

use std::path::Path;
use std::sync::Arc;

use ::release::Formats;
use evidence::Refusal;
use http::Http;
use model::{Diagnostic, Manifest};
use python_index::{FetchedDistribution, VersionAddress};
use verify::{Distribution, Expected, Report, Signer};

use super::Verifying;
use super::image::whole;
use super::release::{self, signed};
use super::scratch::Scratch;
use crate::codes;

/// A version as people name it: `pypi:name==1.2.3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) project: String,
    pub(crate) version: String,
}

impl Named {
    /// Reads what follows `pypi:`.
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        let plain = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "-_.+!".contains(c);
            !part.is_empty() && part.chars().all(known)
        };
        match text.split_once("==") {
            Some((project, version)) if plain(project) && plain(version) => {
                Ok(Self { project: project.to_owned(), version: version.to_owned() })
            }
            _ => {
                let message = format!("`pypi:{}` names no version", text.escape_debug());
                Err(Diagnostic::new(&codes::USAGE_SUBJECT, message)
                    .help("write `pypi:name==1.2.3`"))
            }
        }
    }
}

/// Fetches all files of a version, `width` at a time, and verifies them, against a release's
/// manifest where one is given.
///
/// # Errors
/// When they cannot be fetched; what is wrong with them is told by the report.
pub(crate) fn distributions(
    http: &Arc<Http>,
    index: &str,
    named: &Named,
    manifest: Option<(&Manifest, Result<Signer, Refusal>)>,
    formats: Formats,
    width: usize,
) -> Result<Report, Diagnostic> {
    let folder = Scratch::new()?;
    let Named { project, version } = named;
    let from = VersionAddress { index, project, version };
    let fetched = python_index::fetch(http, &from, folder.path(), width)?;
    let served: Result<Vec<Distribution>, Diagnostic> =
        fetched.into_iter().map(|file| read(file, formats)).collect();
    let expected = manifest.map(|(manifest, signer)| Expected {
        manifest,
        names: python_index::names_of(manifest, formats.inspects, project, version),
        signer,
        formats: formats.inspects,
    });
    let subject = format!("pypi:{project}=={version}");
    Ok(verify::verify_distributions(&subject, &served?, expected.as_ref()))
}

fn read(file: FetchedDistribution, formats: Formats) -> Result<Distribution, Diagnostic> {
    let problems = ::release::distribution_lint(&file.name, &whole(&file.path)?, formats.inspects);
    Ok(Distribution {
        problems,
        provenance: file.provenance.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        name: file.name,
        size: file.size,
        digest: file.digest,
        stated: file.stated,
    })
}

/// The manifest that `--manifest` names, and who signed it: a file with its bundle beside it, or
/// that of a GitHub release.
///
/// # Errors
/// When it cannot be had.
pub(super) fn manifest(
    http: &Arc<Http>,
    text: &str,
    asked: &Verifying,
) -> Result<(Manifest, Result<Signer, Refusal>), Diagnostic> {
    if let Some(named) = text.strip_prefix("github:") {
        let named = release::Named::parse(named, &asked.environment)?;
        return release::manifest(http, &named, asked);
    }
    let bytes = whole(Path::new(text))?;
    let bundle = whole(Path::new(&format!("{text}{}", Manifest::BUNDLE_SUFFIX)));
    signed(&bytes, bundle, asked)
}
