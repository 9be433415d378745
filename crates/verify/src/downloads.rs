//! A release as its downloads alone show it: the folder of a GitHub release, without what lies in
//! registries and what is a function of the manifest.
//!
//! The manifest says which file of the release each download is. The checks are those of a whole
//! folder, run over the part of the manifest that is there to be looked at.

use std::collections::{BTreeMap, BTreeSet};

use evidence::SignatureCheck;
use format::{Downloads, Inspects};
use model::{Artifact, Diagnostic, Digest, DocumentKind, EvidenceKind, Manifest};

use crate::checks;
use crate::codes;
use crate::report::Findings;
use crate::{Dist, Entry, Inspect, Policy, Report, Signer};

/// Where a download's list of digests lies in a whole release.
const CHECKSUMS: &str = "github/checksums.txt";

/// How many of a release's downloads must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them: what a place serves.
    Whole,
    /// Those that somebody took, and what ties them to a signer: the manifest, its signature, and
    /// what verifying that takes.
    Part,
}

/// Verifies the downloads in `flat`, a folder of files under their bare names, as those of the
/// release that the manifest among them describes.
#[must_use]
pub fn verify_downloads(
    flat: &dyn Dist,
    extent: Extent,
    formats: &dyn Inspect,
    signatures: &dyn SignatureCheck,
    policy: &Policy,
) -> (Report, Option<Manifest>) {
    let mut report = Report::default();
    let table = formats.formats();
    let read = report.run("manifest", |found| checks::manifest::read(flat, table, found));
    let Some(manifest) = read else {
        return (report, None);
    };
    report.describe(&manifest);
    let mut names = names(&manifest);
    report.notes = notes(&manifest, &Served::of(&manifest, &names, table).offered, table);
    if extent == Extent::Part {
        report.notes.extend(leave_out_absent(&mut names, &manifest, flat));
    }
    let served = Served::of(&manifest, &names, table);
    report.artifacts = served.offered.artifacts.len();
    let has = |path: &str| names.contains_key(path);
    let dist = Unfolded { flat, names: &names };
    report.run("files", |found| {
        checks::files::check(&dist, &served.offered, &[], found);
    });
    if has(CHECKSUMS) {
        report.run("checksums", |found| checksums(&dist, &manifest, found));
    }
    report.run("contents", |found| {
        checks::contents::check(&dist, &served.offered, formats, found);
    });
    report.run("sboms", |found| checks::sboms::check(&dist, &served.described, formats, found));
    let provenance =
        || manifest.documents.iter().filter(|one| one.kind == DocumentKind::Provenance);
    if extent == Extent::Whole || provenance().all(|document| has(&document.file.path)) {
        report.run("provenance", |found| checks::provenance::check(&dist, &manifest, table, found));
    }
    report.run("assets", |found| listed(&manifest, table, found));
    let signed = report.run("signatures", |found| {
        checks::signatures::check(&dist, &served.signed, table, signatures, policy, found)
    });
    report.signer = signed.unwrap_or(Signer::Unsigned);
    report.rename(&names);
    (report, Some(manifest))
}

/// The download's name by each path that it has in a whole release.
fn names(manifest: &Manifest) -> BTreeMap<String, String> {
    let assets = manifest.assets.iter();
    let mut names: BTreeMap<String, String> =
        assets.map(|asset| (asset.path.clone(), asset.name.clone())).collect();
    // They lie beside the assets from the start.
    for path in [CHECKSUMS.to_owned(), format!("{CHECKSUMS}{}", Manifest::BUNDLE_SUFFIX)] {
        let name = path.trim_start_matches("github/").to_owned();
        names.insert(path, name);
    }
    names
}

/// Takes out of `names` what is not in `flat` and need not be; says how much that is.
fn leave_out_absent(
    names: &mut BTreeMap<String, String>,
    manifest: &Manifest,
    flat: &dyn Dist,
) -> Option<String> {
    // A folder that cannot be listed is told of by the check of files.
    let entries = flat.entries().ok()?;
    let here: BTreeSet<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    let signed = manifest.signing.beside(Manifest::FILE, EvidenceKind::Bundle);
    let needed: BTreeSet<String> = [signed, manifest.signing.material()]
        .into_iter()
        .flatten()
        .map(|item| item.path)
        .chain([Manifest::FILE.to_owned()])
        .collect();
    let all = names.len();
    names.retain(|path, name| here.contains(name.as_str()) || needed.contains(path));
    let absent = all - names.len();
    let note = || format!("{absent} of its {all} downloads are not here: not looked at");
    (absent > 0).then(note)
}

/// What a release offers as downloads, as manifests that speak of nothing else.
struct Served {
    /// What is offered.
    offered: Manifest,
    /// What an SBOM is offered of, and those.
    described: Manifest,
    /// What a signature is offered of.
    signed: Manifest,
}

impl Served {
    /// `names` holds what there is, by its path in a whole release.
    fn of(
        manifest: &Manifest,
        names: &BTreeMap<String, String>,
        formats: &[&dyn Inspects],
    ) -> Self {
        let is_there = |path: &str| names.contains_key(path);
        let mut offered = manifest.clone();
        offered.artifacts.retain(|artifact| is_there(&artifact.file.path));
        // What belongs to an artifact lies in a registry.
        offered.artifacts.iter_mut().for_each(|artifact| artifact.files.clear());
        offered.documents.retain(|document| is_there(&document.file.path));
        offered.evidence.retain(|item| is_there(&item.path));
        offered.assets.clear();

        let mut described = manifest.clone();
        described.documents.retain(|document| is_there(&document.file.path));
        let about: BTreeSet<&str> =
            described.documents.iter().filter_map(|document| document.about.as_deref()).collect();
        described.artifacts.retain(|artifact| about.contains(artifact.file.path.as_str()));

        let mut signed = offered.clone();
        let has_bundle = |path: &str| is_there(&format!("{path}{}", Manifest::BUNDLE_SUFFIX));
        signed.artifacts.retain(|artifact| has_bundle(&artifact.file.path));
        signed.documents.retain(|document| has_bundle(&document.file.path));
        signed.evidence = crate::evidence_of(&signed, formats);
        Self { offered, described, signed }
    }
}

/// Bare names as the paths of a whole release.
struct Unfolded<'a> {
    flat: &'a dyn Dist,
    names: &'a BTreeMap<String, String>,
}

impl Unfolded<'_> {
    fn name(&self, path: &str) -> Result<&str, Diagnostic> {
        let unknown =
            || Diagnostic::new(&model::codes::FILE_MISSING, "is not a download of the release");
        self.names.get(path).map(String::as_str).ok_or_else(unknown)
    }
}

impl Dist for Unfolded<'_> {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let paths: BTreeMap<&str, &str> =
            self.names.iter().map(|(path, name)| (name.as_str(), path.as_str())).collect();
        let entries = self.flat.entries()?.into_iter().map(|entry| {
            // One that nothing names keeps its own name, and is told by it.
            let path = paths.get(entry.path.as_str()).map(|path| (*path).to_owned());
            Entry { path: path.unwrap_or(entry.path), ..entry }
        });
        let mut entries: Vec<Entry> = entries.collect();
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        self.flat.read(self.name(path)?, limit)
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.flat.size(self.name(path)?)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        self.flat.measure(self.name(path)?)
    }
}

/// The list of the downloads' digests is the manifest's own.
fn checksums(dist: &dyn Dist, manifest: &Manifest, found: &mut Findings) {
    found.look();
    let expected = evidence::checksums::render(&crate::download_digests(manifest));
    match dist.read(CHECKSUMS, expected.len() as u64 + 1) {
        Ok(bytes) if bytes == expected.as_bytes() => {}
        Ok(_) => {
            let message = "does not list each artifact and SBOM with its digest, in order";
            found.wrong(&codes::CHECKSUMS_RENDERING, CHECKSUMS, message);
        }
        Err(problem) => found.add(problem, CHECKSUMS),
    }
}

/// The manifest lists the downloads and the signatures that follow from it.
fn listed(manifest: &Manifest, formats: &[&dyn Inspects], found: &mut Findings) {
    found.look();
    match crate::assets_of(manifest, formats) {
        Ok(expected) if expected == manifest.assets => {}
        Ok(_) => {
            let message = "does not list the downloads that its artifacts and documents make";
            found.wrong(&codes::ASSETS_LISTED, Manifest::FILE, message);
        }
        Err(problem) => found.add(problem, Manifest::FILE),
    }
    if manifest.evidence != crate::evidence_of(manifest, formats) {
        let message = "does not list the signatures that its artifacts and documents must have";
        found.wrong(&codes::SIGNATURES_LISTED, Manifest::FILE, message);
    }
}

/// What the downloads say nothing about.
fn notes(manifest: &Manifest, offered: &Manifest, formats: &[&dyn Inspects]) -> Vec<String> {
    let mut notes = Vec::new();
    let downloads = |artifact: &Artifact| {
        <dyn Inspects>::of(formats, artifact.format).map(|format| format.downloads())
    };
    let never = |artifact: &&Artifact| downloads(artifact) == Ok(Downloads::Never);
    let images = manifest.artifacts.iter().filter(never);
    let images: BTreeSet<&str> = images.map(|artifact| artifact.reference.as_str()).collect();
    for image in images {
        notes.push(format!("`{image}` lies in its registry: not looked at here"));
    }
    let others = manifest.artifacts.iter().filter(|one| !never(one)).count();
    let missing = others.saturating_sub(offered.artifacts.len());
    if missing > 0 {
        notes.push(format!("{missing} Python files are on an index only: not looked at here"));
    }
    let sboms = |manifest: &Manifest| {
        manifest.documents.iter().filter(|one| one.kind == DocumentKind::Sbom).count()
    };
    let missing = sboms(manifest).saturating_sub(sboms(offered));
    if missing > 0 {
        notes.push(format!("{missing} SBOMs are not downloads: only their digests are known"));
    }
    if !manifest.signing.is_signed() {
        notes.push("nobody signed it: anyone who can write to the release can have made it".into());
    }
    notes
}
