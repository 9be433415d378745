//! Every artifact: its name and digest, how large it is, what speaks for it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use format::{Form, Inspects};
use model::{Artifact, DocumentKind, EvidenceKind, Manifest, Platform, Signing};

use super::html::{self, Group, escape, prose, size};

/// Notes that hold for many artifacts are said once, below the table.
struct Notes<'a> {
    /// In the order in which they first occur.
    all: Vec<&'a str>,
    /// What each is numbered by, from 1.
    numbers: BTreeMap<&'a str, usize>,
}

/// The table, one group of rows a format.
pub(super) fn table(manifest: &Manifest, formats: &[&dyn Inspects]) -> String {
    let vouchers = Vouchers::of(manifest);
    let notes = notes(manifest);
    let mut groups: Vec<Group> = Vec::new();
    for format in formats {
        let mine = manifest.artifacts.iter().filter(|artifact| artifact.format == format.format());
        let rows: Vec<_> = mine.map(|artifact| row(artifact, *format, &vouchers, &notes)).collect();
        if !rows.is_empty() {
            groups.push((Some(format.headings().long.to_owned()), rows));
        }
    }
    let columns = [
        ("File and SHA-256", ""),
        ("Platform", ""),
        ("Size", "number"),
        ("SBOM", "number"),
        ("Signature", ""),
    ];
    let mut html = format!("<h2>Artifacts</h2>\n{}", html::table(&columns, &groups));
    for (index, note) in notes.all.iter().enumerate() {
        let number = index + 1;
        html.push_str(&format!(
            "<p class=\"soft\" id=\"note-{number}\"><sup>{number}</sup> {}</p>\n",
            prose(note)
        ));
    }
    html
}

/// The bytes of an artifact with all that belongs to it.
pub(super) fn total_size(artifact: &Artifact) -> u64 {
    artifact.file.size + artifact.files.iter().map(|file| file.size).sum::<u64>()
}

/// The distinct notes, in the order in which they first occur.
fn notes(manifest: &Manifest) -> Notes<'_> {
    let mut found = Notes { all: Vec::new(), numbers: BTreeMap::new() };
    for note in manifest.artifacts.iter().flat_map(|artifact| &artifact.notes) {
        if let Entry::Vacant(new) = found.numbers.entry(note) {
            found.all.push(note);
            new.insert(found.all.len());
        }
    }
    found
}

/// What speaks for artifacts, by path.
struct Vouchers<'a> {
    components: BTreeMap<&'a str, String>,
    signed: BTreeSet<&'a str>,
    signing: Signing,
}

impl<'a> Vouchers<'a> {
    fn of(manifest: &'a Manifest) -> Self {
        let mut components = BTreeMap::new();
        for document in manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Sbom) {
            if let Some(about) = &document.about {
                let told = match document.components {
                    0 => "no components".to_owned(),
                    1 => "1 component".to_owned(),
                    count => format!("{count} components"),
                };
                components.insert(about.as_str(), told);
            }
        }
        let own = [EvidenceKind::Bundle, EvidenceKind::ImageSignature];
        let bundles = manifest.evidence.iter().filter(|item| own.contains(&item.kind));
        let signed = bundles.filter_map(|item| item.about.as_deref()).collect();
        Self { components, signed, signing: manifest.signing }
    }

    fn signature(&self, path: &str) -> &'static str {
        match self.signing.is_signed() {
            false => "none",
            true if self.signed.contains(path) => "own bundle",
            true => "in provenance",
        }
    }
}

fn row(
    artifact: &Artifact,
    format: &dyn Inspects,
    vouchers: &Vouchers,
    notes: &Notes,
) -> Vec<String> {
    let path = artifact.file.path.as_str();
    let marks: BTreeSet<&usize> =
        artifact.notes.iter().filter_map(|note| notes.numbers.get(note.as_str())).collect();
    let marks: String = marks
        .into_iter()
        .map(|number| format!("<sup><a href=\"#note-{number}\">{number}</a></sup>"))
        .collect();
    let digest = artifact.file.digest.hex();
    vec![
        format!("{}{marks}<code class=\"digest\">{digest}</code>", name(artifact, format)),
        artifact.platform.map_or("any", Platform::as_str).to_owned(),
        size(total_size(artifact)),
        vouchers.components.get(path).cloned().unwrap_or_else(|| "none".to_owned()),
        vouchers.signature(path).to_owned(),
    ]
}

fn name(artifact: &Artifact, format: &dyn Inspects) -> String {
    let kind = format.kinds().iter().find(|kind| kind.name == artifact.kind);
    let soft = |name: &str, kind: &str| {
        format!("<code>{}</code> <span class=\"soft\">{kind}</span>", escape(name))
    };
    match kind.map(|kind| kind.form) {
        Some(Form::Index) => {
            soft(&format!("{}:{}", artifact.reference, artifact.version), "image index")
        }
        Some(Form::Manifest) => soft(&artifact.reference, "image manifest"),
        _ => {
            let path = artifact.file.path.as_str();
            format!("<code>{}</code>", escape(path.rsplit('/').next().unwrap_or(path)))
        }
    }
}
