//! What the next step needs of a format: files, digests, references.

use std::collections::BTreeMap;
use std::path::Path;

use format::{Form, Inspects};
use model::{Artifact, Format, Manifest};
use pipeline::ItemReport;
use release::INSPECTS;
use serde_json::json;

use crate::Outcome;
use crate::build::absolute;
use crate::summary::form;

/// Adds the outputs and subjects of `format`. `asked` is what became of the publication's items;
/// `sent` says that it all went out.
pub(super) fn add(
    format: Option<Format>,
    outcome: &mut Outcome,
    manifest: &Manifest,
    dist: &Path,
    asked: Option<&[ItemReport]>,
    sent: bool,
) {
    let named = format.and_then(|format| <dyn Inspects>::of(INSPECTS, format).ok());
    let has = |form| named.is_some_and(|one| one.kinds().iter().any(|kind| kind.form == form));
    match format {
        Some(_) if has(Form::Index) => images(outcome, manifest, sent),
        Some(format) if has(Form::FileAndManifest) => {
            charts(outcome, manifest, dist, format, asked.unwrap_or_default());
        }
        Some(format) => files(outcome, manifest, dist, Some(format)),
        None => {
            files(outcome, manifest, dist, None);
            images_as_subjects(outcome, manifest, sent);
        }
    }
    // A publication leaves its own; without one, the references that there would be.
    if !outcome.outputs.iter().any(|(name, _)| *name == "refs") {
        let only = format.map(crate::publish::home).into_iter().collect();
        let refs = crate::publish::refs(manifest, &only);
        outcome.outputs.push(("refs", json!(refs).to_string()));
    }
}

fn images(outcome: &mut Outcome, manifest: &Manifest, sent: bool) {
    let one = only_one(manifest, Form::Index);
    let mut digests: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for artifact in manifest.artifacts.iter().filter(|one| form(one) == Some(Form::Manifest)) {
        let platform = artifact.platform.map(|platform| platform.to_string()).unwrap_or_default();
        let digest = artifact.file.digest.to_string();
        digests.entry(&artifact.reference).or_default().insert(platform, digest);
    }
    if let Some(image) = one {
        let (reference, digest) = (&image.reference, image.file.digest);
        outcome.outputs.push(("digest", digest.to_string()));
        outcome.outputs.push(("ref", format!("{reference}:{}@{digest}", image.version)));
        outcome.outputs.push(("image", reference.clone()));
    }
    let digests = match digests.values().next() {
        Some(own) if one.is_some() => json!(own),
        _ => json!(digests),
    };
    outcome.outputs.push(("digests", digests.to_string()));
    images_as_subjects(outcome, manifest, sent);
}

/// An attestation is about what people can pull.
fn images_as_subjects(outcome: &mut Outcome, manifest: &Manifest, sent: bool) {
    let index = |artifact: &&Artifact| form(artifact) == Some(Form::Index) && sent;
    for image in manifest.artifacts.iter().filter(index) {
        outcome.subjects.push(format!("oci://{}@{}", image.reference, image.file.digest));
    }
}

fn charts(
    outcome: &mut Outcome,
    manifest: &Manifest,
    dist: &Path,
    format: Format,
    asked: &[ItemReport],
) {
    if let Some(own) = only_one(manifest, Form::FileAndManifest) {
        // The digest of the chart in its registry, which only the destination works out.
        let tag = format!("{}:{}", own.reference, own.version.replace('+', "_"));
        let pushed = asked.iter().find(|ended| ended.item.name.ends_with(&tag));
        if let Some(pushed) = pushed {
            outcome.outputs.push(("digest", pushed.item.digest.to_string()));
        }
        outcome.outputs.push(("ref", format!("oci://{}:{}", own.reference, own.version)));
        outcome.outputs.push(("chart", absolute(&dist.join(&own.file.path))));
    }
    files(outcome, manifest, dist, Some(format));
}

fn files(outcome: &mut Outcome, manifest: &Manifest, dist: &Path, format: Option<Format>) {
    let own = manifest.artifacts.iter().filter(|artifact| {
        let image = form(artifact).is_some_and(Form::is_image);
        !image && format.is_none_or(|format| artifact.format == format)
    });
    let own: Vec<&Artifact> = own.collect();
    let paths: Vec<String> = own.iter().map(|a| absolute(&dist.join(&a.file.path))).collect();
    let digests: BTreeMap<&str, String> = own
        .iter()
        .map(|artifact| {
            let name = artifact.file.path.rsplit('/').next().unwrap_or_default();
            (name, artifact.file.digest.to_string())
        })
        .collect();
    outcome.outputs.push(("files", json!(paths).to_string()));
    outcome.outputs.push(("digests", json!(digests).to_string()));
    outcome.subjects.extend(paths);
}

/// The one artifact of this form, where there is no second: only then can outputs be single.
fn only_one(manifest: &Manifest, wanted: Form) -> Option<&Artifact> {
    let mut found = manifest.artifacts.iter().filter(|one| form(one) == Some(wanted));
    found.next().filter(|_| found.next().is_none())
}
