//! `release.json` itself: readable, spelled as we spell it, and sound within.

use std::collections::BTreeSet;

use evidence::{Refusal, Why};
use format::Inspects;
use model::limits::MAX_JSON_BYTES;
use model::{Artifact, FileEntry, Manifest, UnitId};

use crate::Dist;
use crate::codes;
use crate::report::Findings;

/// Reads the manifest; nothing when no other check could rely on it.
pub(crate) fn read(
    dist: &dyn Dist,
    formats: &[&dyn Inspects],
    found: &mut Findings,
) -> Option<Manifest> {
    found.look();
    match dist.read(Manifest::FILE, MAX_JSON_BYTES) {
        Ok(bytes) => parse(&bytes, formats, found),
        Err(problem) => {
            let help = "name a folder that `package-actions release --local` or `seal` left, or \
                        one of downloads with the release's `release.json` among them";
            found.add(problem.help(help), Manifest::FILE);
            None
        }
    }
}

/// The manifest from its bytes; nothing when nobody could rely on it.
pub(crate) fn parse(
    bytes: &[u8],
    formats: &[&dyn Inspects],
    found: &mut Findings,
) -> Option<Manifest> {
    let file = Manifest::FILE;
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            let place =
                model::Location { file: file.into(), line: error.line(), column: error.column() };
            let problem =
                model::Diagnostic::new(&codes::MANIFEST_UNREADABLE, error.to_string()).at(place);
            found.add(problem.help("take the release again from where it was published"), file);
            return None;
        }
    };
    if manifest.schema != Manifest::SCHEMA {
        let message =
            format!("is of schema `{}`, expected `{}`", manifest.schema, Manifest::SCHEMA);
        found.wrong(&codes::MANIFEST_SCHEMA, file, message);
        return None;
    }
    if manifest.render().ok().as_deref().map(str::as_bytes) != Some(bytes) {
        let message = "is not spelled as its own content would be rendered";
        found.wrong(&codes::MANIFEST_RENDERING, file, message);
    }
    (sound(&manifest, found) && known(&manifest, formats, found)).then_some(manifest)
}

/// Paths that stay inside, each once, in order: what the other checks rely on.
fn sound(manifest: &Manifest, found: &mut Findings) -> bool {
    let artifacts: Vec<&str> = manifest.artifacts.iter().map(|a| a.file.path.as_str()).collect();
    let documents: Vec<&str> = manifest.documents.iter().map(|d| d.file.path.as_str()).collect();
    let evidence: Vec<&str> = manifest.evidence.iter().map(|e| e.path.as_str()).collect();
    let assets: Vec<&str> = manifest.assets.iter().map(|a| a.name.as_str()).collect();
    let parts =
        manifest.artifacts.iter().flat_map(|a| a.files.iter().map(|f: &FileEntry| f.path.as_str()));
    let sources = manifest.assets.iter().map(|a| a.path.as_str());
    let all =
        artifacts.iter().chain(&documents).chain(&evidence).copied().chain(parts).chain(sources);
    let mut good = true;
    for path in all.collect::<BTreeSet<_>>() {
        if path == "." || model::path_problem(path).is_some() {
            found.wrong(
                &codes::MANIFEST_PATH,
                Manifest::FILE,
                format!("lists `{path}`, no path in `dist/`"),
            );
            good = false;
        }
    }
    for name in &assets {
        if name.contains('/') || model::path_problem(name).is_some() {
            found.wrong(
                &codes::MANIFEST_PATH,
                Manifest::FILE,
                format!("lists the asset `{name}`, no file name"),
            );
            good = false;
        }
    }
    let paths_are_sound = good;
    for artifact in manifest.artifacts.iter().filter(|_| paths_are_sound) {
        if let Some(why) = foreign(artifact) {
            let message = format!("lists `{}`, which {why}", artifact.file.path);
            found.wrong(&codes::MANIFEST_ARTIFACT, Manifest::FILE, message);
            good = false;
        }
    }
    for (what, list) in [
        ("artifacts", artifacts),
        ("documents", documents),
        ("evidence", evidence),
        ("assets", assets),
    ] {
        if !list.is_sorted_by(|a, b| a < b) {
            found.wrong(
                &codes::MANIFEST_ORDER,
                Manifest::FILE,
                format!("lists {what} out of order or twice"),
            );
            good = false;
        }
    }
    good
}

/// Why no unit can have left an artifact. Names of further files are made from its package's.
fn foreign(artifact: &Artifact) -> Option<String> {
    if let Some(why) = model::file_name_problem(&artifact.package) {
        return Some(format!("is of the package `{}`: that name {why}", artifact.package));
    }
    let unit = UnitId::new(&artifact.package, artifact.format, artifact.platform);
    if artifact.unit != unit {
        return Some(format!("is of the unit `{}`, expected `{unit}`", artifact.unit));
    }
    let format = artifact.format;
    (!artifact.file.path.starts_with(&format!("{format}/")))
        .then(|| format!("is not in the folder of its format, `{format}`"))
}

/// Whether each artifact is of a format and a kind that `formats` hold. What is of another is
/// neither good nor bad: nobody here can look into it.
fn known(manifest: &Manifest, formats: &[&dyn Inspects], found: &mut Findings) -> bool {
    let mut good = true;
    for artifact in &manifest.artifacts {
        let Err(problem) = <dyn Inspects>::of_artifact(formats, artifact) else { continue };
        good = false;
        let elsewhere = || formats.iter().flat_map(|format| format.kinds());
        if elsewhere().any(|kind| kind.name == artifact.kind) {
            let message = format!(
                "lists `{}`, which is of another format than {}",
                artifact.file.path, artifact.format
            );
            found.wrong(&codes::MANIFEST_ARTIFACT, Manifest::FILE, message);
        } else {
            found.refuse(Refusal::new(Why::Unknown, problem), Manifest::FILE);
        }
    }
    good
}
