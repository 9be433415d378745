//! Wheels and sdists: lists of lines, licence files, links.

use archive::tar::{Kind, Member};
use archive::{Entry, gzip, tar, zip};
use model::Diagnostic;

pub(super) const CASES: super::Cases = &[
    ("record-lines", record_lines, lint_wheel),
    ("record-twice", record_twice, lint_wheel),
    ("entry-points", entry_points, lint_wheel),
    ("license-files", license_files, lint_wheel),
    ("metadata-headers", metadata_headers, lint_wheel),
    ("stray-members", stray_members, lint_wheel),
    ("sdist-links", sdist_links, lint_sdist),
];

const INFO: &str = "a-1.0.dist-info";
const HEADERS: &str = "Metadata-Version: 2.4\nName: a\nVersion: 1.0\nSummary: s\n";

fn told(problems: &[Diagnostic]) -> Result<String, Diagnostic> {
    let last = problems.last().map(ToString::to_string).unwrap_or_default();
    Ok(format!("{} findings; {}", problems.len(), last.lines().next().unwrap_or_default()))
}

fn lint_wheel(bytes: &[u8]) -> Result<String, Diagnostic> {
    told(&pypi::lint_wheel("a-1.0-py3-none-any.whl", bytes))
}

fn lint_sdist(bytes: &[u8]) -> Result<String, Diagnostic> {
    told(&pypi::lint_sdist("a-1.0.tar.gz", bytes))
}

fn wheel(metadata: String, record: String, others: Vec<Entry>) -> Vec<u8> {
    let tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let mut entries = others;
    entries.push(Entry::new(format!("{INFO}/METADATA"), metadata));
    entries.push(Entry::new(format!("{INFO}/WHEEL"), tags));
    entries.push(Entry::new(format!("{INFO}/RECORD"), record));
    zip::write(&entries, 315_532_800).unwrap_or_default()
}

/// At scale 4 what unpacks stays below 64 MiB.
fn record_lines(scale: usize) -> Vec<u8> {
    wheel(format!("{HEADERS}\nText.\n"), ",,\n".repeat(5_000_000 * scale), Vec::new())
}

fn record_twice(scale: usize) -> Vec<u8> {
    wheel(format!("{HEADERS}\nText.\n"), "a,b,c\n".repeat(50_000 * scale), Vec::new())
}

fn entry_points(scale: usize) -> Vec<u8> {
    let lines: String = (0..1_000_000 * scale).map(|at| format!("{at:x}=a\n")).collect();
    let file =
        Entry::new(format!("{INFO}/entry_points.txt"), format!("[console_scripts]\n{lines}"));
    wheel(format!("{HEADERS}\nText.\n"), String::new(), vec![file])
}

fn license_files(scale: usize) -> Vec<u8> {
    let fields: String = (0..19_000).map(|at| format!("License-File: {at:x}\n")).collect();
    let files = (0..15_000 * scale).map(|at| Entry::new(format!("a/{at:x}"), "")).collect();
    wheel(format!("{HEADERS}{fields}\nText.\n"), String::new(), files)
}

fn metadata_headers(scale: usize) -> Vec<u8> {
    let fields: String = (0..4_900 * scale)
        .map(|at| format!("Classifier: {at:x} :: b\nRequires-Dist: {at:x} !\nProject-URL: x\n"))
        .take(6_000)
        .collect();
    wheel(format!("{HEADERS}{fields}\nText.\n"), String::new(), Vec::new())
}

fn stray_members(scale: usize) -> Vec<u8> {
    let files = (0..15_000 * scale).map(|at| Entry::new(format!("a-1.0.data/{at:x}.pyc"), ""));
    wheel(format!("{HEADERS}\nText.\n"), String::new(), files.collect())
}

/// Chains of links with long paths, all of them through each other.
fn sdist_links(scale: usize) -> Vec<u8> {
    let file = |path: &str, bytes: &'static [u8]| Member {
        path: path.to_owned(),
        kind: Kind::File,
        mode: 0o644,
        uid: 0,
        bytes,
    };
    let start = tar::write_members(&[file("a-1.0/PKG-INFO", HEADERS.as_bytes())], 0);
    let mut archive = start.unwrap_or_default();
    archive.truncate(archive.len() - 1_024);
    let deep = "d/".repeat(30);
    for at in 0..20_000 * scale {
        let mut header = tar::write_members(&[file(&format!("a-1.0/{deep}{at:06}"), b"")], 0)
            .unwrap_or_default();
        header.truncate(512);
        let target = if at % 14 == 0 { "PKG-INFO".to_owned() } else { format!("{:06}", at - 1) };
        let target = if at % 14 == 0 { format!("{}{target}", "../".repeat(30)) } else { target };
        link(&mut header, &target);
        archive.extend(header);
    }
    archive.resize(archive.len() + 1_024, 0);
    gzip::write(&archive)
}

/// Makes a header one of a symbolic link.
fn link(header: &mut [u8], target: &str) {
    let mut set = |at: usize, bytes: &[u8]| {
        if let Some(field) = header.get_mut(at..at + bytes.len()) {
            field.copy_from_slice(bytes);
        }
    };
    set(156, b"2");
    set(157, &target.as_bytes()[..target.len().min(100)]);
    set(148, b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    if let Some(field) = header.get_mut(148..156) {
        field.copy_from_slice(sum.as_bytes());
    }
}
