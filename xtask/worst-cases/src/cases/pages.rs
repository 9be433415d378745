//! Pages of an index, and a configuration of many mistakes.

use model::{Diagnostic, Diagnostics, MemoryTree};

pub(super) const CASES: super::Cases = &[
    ("page-long-base", long_base, read_page),
    ("page-ampersands", ampersands, read_page),
    ("page-links", links, read_page),
    ("config-one-line", one_line, read_config),
];

fn read_page(bytes: &[u8]) -> Result<String, Diagnostic> {
    let url = "https://index.example/simple/a/";
    Ok(format!("{} files", python_index::files_listed(url, "a", "text/html", bytes)?))
}

fn long_base(scale: usize) -> Vec<u8> {
    let base = format!("<base href='https://o.example/{}/'>", "b".repeat(100_000 * scale));
    (base + &"<a href=x>".repeat(10_000 * scale)).into_bytes()
}

fn ampersands(scale: usize) -> Vec<u8> {
    format!("<a href='{}'>", "&".repeat(700_000 * scale)).into_bytes()
}

fn links(scale: usize) -> Vec<u8> {
    "<a href=x>".repeat(100_000 * scale).into_bytes()
}

fn read_config(bytes: &[u8]) -> Result<String, Diagnostic> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let tree = MemoryTree::new([(config::CONFIG_FILE, text)]);
    let mut problems = Diagnostics::new();
    config::read(&tree, &[], &mut problems);
    let last = problems.0.last().map(ToString::to_string).unwrap_or_default();
    Ok(format!("{} problems; {}", problems.0.len(), last.lines().next().unwrap_or_default()))
}

/// At scale 4 just below the limit of a configuration.
fn one_line(scale: usize) -> Vec<u8> {
    let keys: Vec<String> = (0..20_000 * scale).map(|at| format!("k{at:x} = 1")).collect();
    format!("release = {{ {} }}\n", keys.join(", ")).into_bytes()
}
