//! Charts: aliases, keys of images, subcharts.

use archive::{Entry, gzip, tar};
use model::Diagnostic;

pub(super) const CASES: super::Cases = &[
    ("yaml-alias", alias, read),
    ("yaml-alias-of-sequence", alias_of_sequence, read),
    ("values-long-key", long_key, read),
    ("values-nested-keys", nested_keys, read),
    ("chart-subcharts", subcharts, read),
    ("chart-subchart-manifests", manifests, read),
];

const MANIFEST: &str = "apiVersion: v2\nname: x\nversion: 1.0.0\n";

fn read(bytes: &[u8]) -> Result<String, Diagnostic> {
    let chart = helm::read_chart("x-1.0.0.tgz", bytes)?;
    Ok(format!("{} files, {} images", chart.files.len(), chart.images.len()))
}

fn chart(files: Vec<Entry>) -> Vec<u8> {
    let mut entries = vec![Entry::new("x/Chart.yaml", MANIFEST)];
    entries.extend(files);
    gzip::write(&tar::write(&entries, 0).unwrap_or_default())
}

fn values(text: String) -> Vec<u8> {
    chart(vec![Entry::new("x/values.yaml", text)])
}

fn alias(scale: usize) -> Vec<u8> {
    values(format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000 * scale), "*a,".repeat(10_000)))
}

fn alias_of_sequence(scale: usize) -> Vec<u8> {
    let items = "x,".repeat(4_000);
    values(format!("a: &a [{items}]\nb: [{}]\n", "*a,".repeat(1_000 * scale)))
}

fn long_key(scale: usize) -> Vec<u8> {
    let items = "{image: a},".repeat(20_000);
    values(format!("? {}\n: [{items}]\n", "k".repeat(50_000 * scale)))
}

fn nested_keys(scale: usize) -> Vec<u8> {
    // A key without a question mark has 1,024 characters at most.
    let key = "k".repeat(1_000);
    let above: String = (0..90).map(|at| format!("{}{key}:\n", " ".repeat(at))).collect();
    values(format!("{above}{}[{}]\n", " ".repeat(90), "{image: a},".repeat(20_000 * scale)))
}

/// Each unpacks to 64 MiB of zeros after its end.
fn subcharts(scale: usize) -> Vec<u8> {
    let manifest = Entry::new("y/Chart.yaml", "name: y\nversion: 1.0.0\n");
    let mut archive = tar::write(&[manifest], 0).unwrap_or_default();
    archive.resize(64 << 20, 0);
    let packed = gzip::write_with(&archive, 9);
    let path = |at: usize| format!("x/charts/c{at}.tgz");
    chart((0..100 * scale).map(|at| Entry::new(path(at), packed.clone())).collect())
}

/// Each has an alias of its own that stays below any limit.
fn manifests(scale: usize) -> Vec<u8> {
    let (text, aliases) = ("x".repeat(20_000), "*a,".repeat(500));
    let manifest = format!("name: y\nversion: 1.0.0\na: &a {text}\nb: [{aliases}]\n");
    let path = |at: usize| format!("x/charts/c{at}/Chart.yaml");
    chart((0..100 * scale).map(|at| Entry::new(path(at), manifest.clone())).collect())
}
