//! Step summaries: Markdown that foreign names cannot break, long lists folded, never above what a
//! runner takes.

use std::collections::{BTreeMap, BTreeSet};

use format::{Form, Inspects};
use model::{
    Artifact, BundleSigner, Diagnostics, Format, Manifest, Platform, Severity, UnitRecord,
    UnitStatus,
};
use release::INSPECTS;

/// Bytes of a step's summary that a runner takes (1 MiB), less what other steps may have written.
const MAX_SUMMARY: usize = 1_000_000;

/// Rows of a table that are shown unfolded.
const OPEN_ROWS: usize = 12;

/// Rows of a table at most: more are counted.
const MAX_ROWS: usize = 1_000;

/// The text as far as a runner takes it, cut between lines.
pub(crate) fn bounded(text: &str) -> String {
    if text.len() <= MAX_SUMMARY {
        return text.to_owned();
    }
    let mut cut = String::new();
    for line in text.split_inclusive('\n') {
        if cut.len() + line.len() > MAX_SUMMARY {
            break;
        }
        cut.push_str(line);
    }
    cut.push_str("\n</details>\n\nThe rest is left out: a summary holds 1 MiB.\n");
    cut
}

/// A foreign text as the cell of a table, or inside of a line: nothing in it is Markdown or HTML.
pub(crate) fn plain(text: &str) -> String {
    const MAX_CHARS: usize = 300;
    let mut safe = String::new();
    for c in text.chars().take(MAX_CHARS) {
        match c {
            c if c.is_alphanumeric() || "-./:+=,@; ".contains(c) => safe.push(c),
            c if c.is_control() => safe.push(' '),
            c => safe.push_str(&format!("&#{};", u32::from(c))),
        }
    }
    if text.chars().nth(MAX_CHARS).is_some() {
        safe.push('…');
    }
    safe
}

/// The same in the type of a terminal.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(text))
}

/// A table; folded under `title` when it is long.
pub(crate) fn table(title: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows.iter().take(MAX_ROWS) {
        text.push_str(&format!("| {} |\n", row.join(" | ")));
    }
    if let Some(more) = rows.len().checked_sub(MAX_ROWS).filter(|more| *more > 0) {
        text.push_str(&format!("\n… and {more} more\n"));
    }
    if rows.len() > OPEN_ROWS { folded(&format!("{title} ({})", rows.len()), &text) } else { text }
}

/// A part that opens on a click.
pub(crate) fn folded(title: &str, text: &str) -> String {
    format!("<details><summary>{}</summary>\n\n{text}\n</details>\n\n", plain(title))
}

/// An action that failed: which units ended how, and every problem.
pub(crate) fn failed(action: &str, found: &Diagnostics, ended: &[UnitRecord]) -> String {
    let mut text = format!("### {} failed\n\n", plain(action));
    let rows = ended.iter().filter(|unit| unit.status != UnitStatus::Built);
    let rows: Vec<Vec<String>> = rows
        .map(|unit| vec![code(&unit.id.0), state(unit.status).to_owned(), plain(&unit.reason)])
        .collect();
    text.push_str(&table("Units", &["Unit", "Ended", "Why"], &rows));
    text.push('\n');
    text.push_str(&problems(found));
    text
}

/// Problems, one a row.
pub(crate) fn problems(problems: &Diagnostics) -> String {
    let rows: Vec<Vec<String>> = problems
        .0
        .iter()
        .map(|problem| {
            let location = problem.location.as_ref().map(ToString::to_string).unwrap_or_default();
            let kind = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let help = problem.help.as_deref().unwrap_or_default();
            let cells = [plain(&problem.message), plain(help)];
            let [message, help] = cells;
            let location = if location.is_empty() { location } else { code(&location) };
            vec![format!("{kind} {}", code(problem.code.name)), location, message, help]
        })
        .collect();
    table("Problems", &["Problem", "Location", "What", "Help"], &rows)
}

/// What a unit's end is called.
pub(crate) fn state(status: UnitStatus) -> &'static str {
    match status {
        UnitStatus::Built => "built",
        UnitStatus::NotBuilt => "not built here",
        UnitStatus::Failed => "failed",
    }
}

/// Whether `artifact` joins those of its platforms.
fn is_index(artifact: &Artifact) -> bool {
    form(artifact) == Some(Form::Index)
}

/// How people take `artifact`.
pub(crate) fn form(artifact: &Artifact) -> Option<Form> {
    <dyn Inspects>::of_artifact(INSPECTS, artifact).ok().map(|(_, kind)| kind.form)
}

/// Packages by formats: for each the platforms, or `all`.
pub(crate) fn matrix(artifacts: &[Artifact]) -> String {
    let mut cells: BTreeMap<&str, BTreeMap<Format, BTreeSet<Option<Platform>>>> = BTreeMap::new();
    for artifact in artifacts.iter().filter(|artifact| !is_index(artifact)) {
        let formats = cells.entry(&artifact.package).or_default();
        formats.entry(artifact.format).or_default().insert(artifact.platform);
    }
    let cell = |platforms: Option<&BTreeSet<Option<Platform>>>| {
        let name = |platform: &Option<Platform>| platform.map_or("all", Platform::as_str);
        let names = platforms.into_iter().flatten().map(name);
        names.collect::<Vec<_>>().join(", ")
    };
    let rows: Vec<Vec<String>> = cells
        .iter()
        .map(|(package, formats)| {
            let cells = INSPECTS.iter().map(|format| cell(formats.get(&format.format())));
            std::iter::once(code(package)).chain(cells).collect()
        })
        .collect();
    let formats = INSPECTS.iter().map(|format| format.format().to_string());
    let head: Vec<String> = std::iter::once("Package".to_owned()).chain(formats).collect();
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    table("Packages", &head, &rows)
}

/// Artifacts with sizes and digests.
pub(crate) fn artifacts(artifacts: &[Artifact]) -> String {
    let rows: Vec<Vec<String>> = artifacts
        .iter()
        .map(|artifact| {
            let name = release::display_name(artifact, INSPECTS);
            let more: u64 = artifact.files.iter().map(|file| file.size).sum();
            let platform = artifact.platform.map_or("all", Platform::as_str);
            let bytes = size(artifact.file.size + more);
            vec![code(&name), platform.to_owned(), bytes, code(&artifact.file.digest.to_string())]
        })
        .collect();
    table("Artifacts", &["Artifact", "Platform", "Size", "Digest"], &rows)
}

/// Lines to paste that check the release.
pub(crate) fn checks(manifest: &Manifest, digest: &str) -> String {
    let by_key = manifest.signing.bundles == Some(BundleSigner::Key);
    let key = if by_key { " --key publisher.pub" } else { "" };
    let mut lines = format!("package-actions verify dist{key}\n");
    lines.push_str("(cd dist && sha256sum --check checksums.txt)\n");
    lines.push_str(&format!("echo '{}  dist/release.json' | sha256sum --check\n", hex(digest)));
    if by_key {
        let images = manifest.artifacts.iter().filter(|artifact| is_index(artifact));
        for image in images.take(OPEN_ROWS) {
            lines.push_str(&format!(
                "cosign verify --key publisher.pub {}@{}\n",
                image.reference, image.file.digest
            ));
        }
    }
    format!("\nCheck it:\n\n```sh\n{lines}```\n\n")
}

fn hex(digest: &str) -> &str {
    digest.strip_prefix("sha256:").unwrap_or(digest)
}

/// A size as people read it.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["B", "KiB", "MiB", "GiB"];
    let mut value = bytes;
    let mut tenths = 0;
    let mut unit = 0;
    while value >= 1024 && unit + 1 < UNITS.len() {
        tenths = value % 1024 * 10 / 1024;
        value /= 1024;
        unit += 1;
    }
    let unit_name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{value} {unit_name}") } else { format!("{value}.{tenths} {unit_name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_text_is_neither_markdown_nor_html() {
        let check = |text: &str, expected: &str| assert_eq!(plain(text), expected);
        check("a-1.0/b_c", "a-1.0/b&#95;c");
        check("<b>|`x`*[y](z)", "&#60;b&#62;&#124;&#96;x&#96;&#42;&#91;y&#93;&#40;z&#41;");
        check("a\n| b |\n::set-output::", "a &#124; b &#124; ::set-output::");
        check(&"é".repeat(301), &format!("{}…", "é".repeat(300)));
    }

    #[test]
    fn long_lists_are_folded_and_counted() {
        let rows = |count: usize| vec![vec!["x".to_owned()]; count];
        assert!(!table("T", &["h"], &rows(OPEN_ROWS)).contains("<details>"));
        assert!(table("T", &["h"], &rows(OPEN_ROWS + 1)).contains("<summary>T &#40;13&#41;"));
        assert!(table("T", &["h"], &rows(MAX_ROWS + 7)).contains("and 7 more"));
        assert_eq!(table("T", &["h"], &[]), "");
    }

    #[test]
    fn a_summary_stays_below_what_a_runner_takes() {
        let text = bounded(&"a line of a summary\n".repeat(100_000));
        assert!(text.len() < 1 << 20 && text.contains("left out"));
        assert_eq!(bounded("short"), "short");
    }

    #[test]
    fn sizes_read_well() {
        let check = |bytes, expected: &str| assert_eq!(size(bytes), expected);
        check(0, "0 B");
        check(1023, "1023 B");
        check(1536, "1.5 KiB");
        check(45 << 20, "45.0 MiB");
    }
}
