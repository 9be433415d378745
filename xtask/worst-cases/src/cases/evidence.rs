//! Lists of components and the edges between them, and images that many entries name.

use std::collections::BTreeMap;

use archive::{Entry, tar};
use model::{Diagnostic, Digest};

pub(super) const CASES: super::Cases = &[
    ("cyclonedx-edges", cyclonedx, read_cyclonedx),
    ("cyclonedx-components", components, read_cyclonedx),
    ("audit-edges", audit, read_audit),
    ("cargo-lock-edges", lock_edges, read_lock),
    ("cargo-lock-one-name", lock_one_name, read_lock),
    ("oci-annotations", annotations, read_layout),
];

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

fn told(contents: &components::Contents) -> Result<String, Diagnostic> {
    Ok(format!("{} components, {} edges", contents.components.len(), contents.edges.len()))
}

fn read_cyclonedx(bytes: &[u8]) -> Result<String, Diagnostic> {
    told(&components::cyclonedx(bytes)?)
}

/// 300 components with long names, each of which needs every other one.
fn cyclonedx(scale: usize) -> Vec<u8> {
    let name = "n".repeat(3_000 * scale);
    let parts = list(300, |at| format!(r#"{{"name":"{at}{name}","bom-ref":"{at}"}}"#));
    let all = list(300, |at| format!("\"{at}\""));
    let needs = list(300, |at| format!(r#"{{"ref":"{at}","dependsOn":[{all}]}}"#));
    let start = r#"{"bomFormat":"CycloneDX","components":["#;
    format!("{start}{parts}],\"dependencies\":[{needs}]}}").into_bytes()
}

fn components(scale: usize) -> Vec<u8> {
    let parts = list(50_000 * scale, |at| format!(r#"{{"name":"{at}"}}"#));
    format!(r#"{{"bomFormat":"CycloneDX","components":[{parts}]}}"#).into_bytes()
}

fn read_audit(bytes: &[u8]) -> Result<String, Diagnostic> {
    told(&components::cargo_audit(bytes)?)
}

fn audit(scale: usize) -> Vec<u8> {
    let (name, all) = ("n".repeat(3_000 * scale), list(300, |at| at.to_string()));
    let package = |at| {
        let head = format!(r#""name":"{at}{name}","version":"1.0.0","source":"registry""#);
        format!(r#"{{{head},"dependencies":[{all}]}}"#)
    };
    format!(r#"{{"packages":[{}]}}"#, list(300, package)).into_bytes()
}

fn read_lock(bytes: &[u8]) -> Result<String, Diagnostic> {
    told(&components::cargo_lock(std::str::from_utf8(bytes).unwrap_or_default(), "0")?)
}

fn lock_edges(scale: usize) -> Vec<u8> {
    let (version, all) = ("9".repeat(3_000 * scale), list(300, |at| format!("\"{at}\"")));
    let package = |at: usize| {
        let head = format!("[[package]]\nname = \"{at}\"\nversion = \"{version}\"\n");
        format!("{head}dependencies = [{all}]\n")
    };
    (0..300).map(package).collect::<String>().into_bytes()
}

fn lock_one_name(scale: usize) -> Vec<u8> {
    let count = 12_000 * scale;
    let needs = list(count, |at| format!("\"a {at}.0.0\""));
    let root =
        format!("[[package]]\nname = \"0\"\nversion = \"1.0.0\"\ndependencies = [{needs}]\n");
    let package = |at| format!("[[package]]\nname = \"a\"\nversion = \"{at}.0.0\"\n");
    (root + &(0..count).map(package).collect::<String>()).into_bytes()
}

/// The files of a layout in a tar archive.
fn read_layout(bytes: &[u8]) -> Result<String, Diagnostic> {
    let files = tar::read(bytes).map_err(|error| error.problem("layout"))?;
    let files: BTreeMap<String, &[u8]> =
        files.iter().map(|file| (file.path.clone(), &*file.bytes)).collect();
    let layout = oci::read_layout("oci/a", &files)?;
    Ok(format!("{} roots", layout.roots.len()))
}

/// An index with one long annotation, which many entries of `index.json` name.
fn annotations(scale: usize) -> Vec<u8> {
    let media = "application/vnd.oci.image.index.v1+json";
    let text = "t".repeat(400_000 * scale);
    let head = format!(r#""schemaVersion":2,"mediaType":"{media}","manifests""#);
    let index = format!(r#"{{{head}:[],"annotations":{{"a":"{text}"}}}}"#);
    let digest = Digest::of(index.as_bytes());
    let size = index.len();
    let entry = format!(r#"{{"mediaType":"{media}","digest":"{digest}","size":{size}}}"#);
    let top = format!("{{{head}:[{}]}}", list(2_400 * scale, |_| entry.clone()));
    let files = [
        Entry::new(format!("oci/a/blobs/sha256/{}", digest.hex()), index),
        Entry::new("oci/a/index.json", top),
        Entry::new("oci/a/oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#),
    ];
    tar::write(&files, 0).unwrap_or_default()
}
