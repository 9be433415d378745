//! An image or a chart in a registry, with all that refers to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use evidence::bundle::MEDIA_TYPE;
use format::{Inspects, ServedLayer};
use http::Http;
use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Digest, Location};
use registry::{FetchedFile, FetchedManifest, Keychain, Limits, Reference};
use release::Formats;
use signing::Verifier;
use verify::{Asked, Policy, Report, Served};

use super::MAX_EVIDENCE;
use super::scratch::Scratch;

/// Media type of an SPDX document.
const SPDX: &str = "application/spdx+json";

/// Where an image says its version (image-spec, "Pre-Defined Annotation Keys").
const VERSION: &str = "org.opencontainers.image.version";

/// Bytes of a layer at most that is judged by its content: Helm loads charts of 100 MiB and less.
const MAX_LAYER: u64 = 128 << 20;

/// Fetches what a registry serves as `reference` and verifies it. Gives the reference
/// with the digest that it had as well. Of the layers in `known` it is only asked whether they
/// are there: the caller knows that the registry took these very bytes.
///
/// # Errors
/// When it cannot be fetched, or is none; what is wrong with it is told by the report.
pub(crate) fn image(
    http: &Http,
    keychain: &Keychain,
    reference: &Reference,
    formats: Formats,
    policy: &Policy,
    known: &BTreeSet<Digest>,
) -> Result<(Report, Reference), Diagnostic> {
    let folder = Scratch::new()?;
    let limits = Limits::default();
    let fetched = registry::fetch(http, keychain, reference, folder.path(), limits, known)?;
    let served: Result<Vec<Served>, Diagnostic> =
        fetched.manifests.iter().map(|one| served(reference, formats, one)).collect();
    let found = fetched.reference.to_string();
    let tag = reference.tag.as_deref();
    let pinned = reference.digest.is_some();
    let tag = if pinned { tag } else { tag.or(Some("latest")) };
    let asked = Asked { reference: &found, tag, pinned };
    let report = verify::verify_served(&asked, &served?, policy, &Verifier);
    Ok((report, fetched.reference))
}

fn served(
    reference: &Reference,
    formats: Formats,
    manifest: &FetchedManifest,
) -> Result<Served, Diagnostic> {
    let layers = manifest.referrers.iter().flat_map(|referrer| &referrer.layers);
    let evidence = layers.filter(|layer| [MEDIA_TYPE, SPDX].contains(&layer.media_type.as_str()));
    // Anybody may refer to an image, with as much as the registry takes.
    let (small, large): (Vec<_>, Vec<_>) = evidence.partition(|layer| layer.size <= MAX_EVIDENCE);
    let texts = |kind: &str| -> Result<Vec<String>, Diagnostic> {
        small.iter().filter(|layer| layer.media_type == kind).map(|layer| text(layer)).collect()
    };
    let judge = |format: &'static dyn Inspects| {
        let wanted = format.served_type()?;
        let layer = manifest.layers.iter().find(|layer| layer.media_type == wanted)?;
        Some((format, layer))
    };
    let judged = formats.inspects.iter().copied().find_map(judge);
    let problem = match (judged, &manifest.config) {
        (Some((format, layer)), Some(config)) => {
            let (config, layer) = (read(config, MAX_JSON_BYTES)?, read(layer, MAX_LAYER)?);
            format.served(&ServedLayer {
                repository: &reference.repository,
                tag: reference.tag.as_deref(),
                config: &config,
                layer: &layer,
            })
        }
        _ => None,
    };
    Ok(Served {
        name: format!("{}/{}@{}", reference.registry, reference.repository, manifest.file.digest),
        digest: manifest.file.digest,
        content: judged.map(|(_, layer)| layer.digest),
        version: version(manifest)?,
        problem,
        bundles: texts(MEDIA_TYPE)?,
        sboms: texts(SPDX)?,
        unread: large.len(),
    })
}

/// The version that a manifest says it has, or else its configuration.
fn version(manifest: &FetchedManifest) -> Result<Option<String>, Diagnostic> {
    let said = |text: &&str| !text.is_empty();
    let annotation = manifest.annotations.get(VERSION).map(String::as_str).filter(said);
    if let (None, Some(config)) = (annotation, &manifest.config) {
        let config = read(config, MAX_JSON_BYTES)?;
        // What is no image has no labels.
        let config: serde_json::Value = serde_json::from_slice(&config).unwrap_or_default();
        let label = config.pointer("/config/Labels").and_then(|labels| labels.get(VERSION));
        return Ok(label.and_then(|label| label.as_str()).filter(said).map(str::to_owned));
    }
    Ok(annotation.map(str::to_owned))
}

fn text(layer: &FetchedFile) -> Result<String, Diagnostic> {
    // What is no text is no evidence: it fails where it is parsed.
    Ok(String::from_utf8_lossy(&read(layer, MAX_EVIDENCE)?).into_owned())
}

fn read(file: &FetchedFile, limit: u64) -> Result<Vec<u8>, Diagnostic> {
    if file.size > limit {
        let message = format!("{} of {} bytes is above {limit}", file.digest, file.size);
        return Err(Diagnostic::new(&registry::codes::REGISTRY_LIMIT, message));
    }
    whole(&file.path)
}

/// A fetched file's bytes.
pub(super) fn whole(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    fs::read(path).map_err(|error| {
        let location = Location::file(path.display().to_string());
        Diagnostic::new(&model::codes::FILE_FAILED, format!("cannot read it: {error}")).at(location)
    })
}
