//! `report.html`: the release on one self-contained page, for people who would rather look.
//!
//! No script, no font, no address to load: it reads the same from a disk in ten years.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Artifact, DocumentKind, EvidenceKind, Format, Manifest, Signing, UnitRecord, UnitStatus,
};

/// Renders the page.
pub(super) fn render(manifest: &Manifest) -> String {
    let title = format!("Release {}", manifest.release.version);
    let mut page = String::new();
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta http-equiv=\"Content-Security-Policy\" ");
    page.push_str("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    page.push_str(&format!("<title>{}</title>\n<style>\n", escape(&title)));
    page.push_str(include_str!("report.css"));
    page.push_str("</style>\n</head>\n<body>\n");
    page.push_str(&header(manifest, &title));
    page.push_str(&matrix(manifest));
    page.push_str(&missing(manifest));
    page.push_str(&artifacts(manifest));
    page.push_str(&tools(manifest));
    page.push_str("</body>\n</html>\n");
    page
}

fn header(manifest: &Manifest, title: &str) -> String {
    let source = &manifest.source;
    let commit =
        source.commit.as_deref().map_or("none", |commit| commit.get(..12).unwrap_or(commit));
    let state = if source.dirty { " with local changes" } else { "" };
    let built = manifest.units.iter().filter(|unit| unit.status == UnitStatus::Built).count();
    let sboms = manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Sbom);
    let bytes: u64 = manifest.artifacts.iter().map(total_size).sum();
    let facts = [
        ("Tag", manifest.release.tag.clone()),
        ("Commit", format!("{commit}{state}")),
        ("Units built", format!("{built} of {}", manifest.units.len())),
        ("Artifacts", format!("{} ({})", manifest.artifacts.len(), size(bytes))),
        ("SBOMs", sboms.count().to_string()),
        ("Signatures", signing(manifest).to_owned()),
    ];
    let mut html = format!("<h1>{}</h1>\n", escape(title));
    let repository = &manifest.release.repository;
    if !repository.is_empty() {
        html.push_str(&format!("<p class=\"soft\">{}</p>\n", escape(repository)));
    }
    html.push_str("<dl class=\"facts\">\n");
    for (name, value) in facts {
        html.push_str(&format!("<div><dt>{name}</dt><dd>{}</dd></div>\n", escape(&value)));
    }
    html.push_str("</dl>\n");
    for note in &source.notes {
        html.push_str(&format!("<p class=\"soft\">Note: {}</p>\n", escape(note)));
    }
    html
}

fn signing(manifest: &Manifest) -> &'static str {
    match manifest.signing {
        Signing::None => "none",
        Signing::Local => "integrity only, signer unknown",
        Signing::Key => "by the publisher's key",
    }
}

/// Packages down, formats across, one chip a unit.
fn matrix(manifest: &Manifest) -> String {
    let mut cells: BTreeMap<(&str, &str), Vec<&UnitRecord>> = BTreeMap::new();
    let mut packages: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    for unit in &manifest.units {
        let mut parts = unit.id.0.splitn(3, '/');
        let (package, format) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        cells.entry((package, format)).or_default().push(unit);
        if seen.insert(package) {
            packages.push(package);
        }
    }
    let mut html = "<h2>Packages and formats</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\
                    <th scope=\"col\">Package</th>"
        .to_owned();
    for format in Format::ALL {
        html.push_str(&format!("<th scope=\"col\">{}</th>", heading(format)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for package in packages {
        html.push_str(&format!("<tr><th scope=\"row\">{}</th>", escape(package)));
        for format in Format::ALL {
            let units = cells.get(&(package, format.as_str()));
            let chips: String = units.into_iter().flatten().map(|unit| chip(unit)).collect();
            let none = "<span class=\"none\">–</span>".to_owned();
            html.push_str(&format!("<td>{}</td>", if chips.is_empty() { none } else { chips }));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

fn heading(format: Format) -> &'static str {
    match format {
        Format::Pypi => "Python",
        Format::Oci => "Image",
        Format::Helm => "Chart",
        Format::Binary => "Binary",
    }
}

fn chip(unit: &UnitRecord) -> String {
    let (class, mark) = match unit.status {
        UnitStatus::Built => ("built", "✓"),
        UnitStatus::NotBuilt => ("not-built", "not built:"),
        UnitStatus::Failed => ("failed", "failed:"),
    };
    let platform = unit.id.0.splitn(3, '/').nth(2).unwrap_or("all");
    format!("<span class=\"chip {class}\">{mark} {}</span>", escape(platform))
}

fn missing(manifest: &Manifest) -> String {
    let missing: Vec<&UnitRecord> =
        manifest.units.iter().filter(|unit| unit.status != UnitStatus::Built).collect();
    if missing.is_empty() {
        return String::new();
    }
    let mut html = "<h2>Not built</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\
                    <th scope=\"col\">Unit</th><th scope=\"col\">State</th>\
                    <th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n"
        .to_owned();
    for unit in missing {
        let state = if unit.status == UnitStatus::Failed { "failed" } else { "not built" };
        html.push_str(&format!(
            "<tr><td><code>{}</code></td><td>{state}</td><td>{}</td></tr>\n",
            escape(&unit.id.0),
            escape(&unit.reason)
        ));
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

fn artifacts(manifest: &Manifest) -> String {
    let mut components = BTreeMap::new();
    for document in manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Sbom) {
        if let Some(about) = &document.about {
            components.insert(about.as_str(), document.components);
        }
    }
    let bundles = manifest.evidence.iter().filter(|item| item.kind == EvidenceKind::Bundle);
    let signed: BTreeSet<&str> = bundles.filter_map(|item| item.about.as_deref()).collect();
    let mut html = "<h2>Artifacts</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\
                    <th scope=\"col\">File</th><th scope=\"col\">Platform</th>\
                    <th scope=\"col\">Size</th><th scope=\"col\">SHA-256</th>\
                    <th scope=\"col\">SBOM</th><th scope=\"col\">Signature</th></tr></thead>\n\
                    <tbody>\n"
        .to_owned();
    for artifact in &manifest.artifacts {
        let path = artifact.file.path.as_str();
        let sbom =
            components.get(path).map_or("none".to_owned(), |count| format!("{count} components"));
        let signature = if signed.contains(path) { "yes" } else { "provenance" };
        let signature = if manifest.signing == Signing::None { "none" } else { signature };
        html.push_str(&format!(
            "<tr><td>{}{}</td><td>{}</td><td class=\"number\">{}</td><td><code>{}</code></td>\
             <td>{sbom}</td><td>{signature}</td></tr>\n",
            shown_name(artifact),
            notes(artifact),
            artifact.platform.map_or("all", model::Platform::as_str),
            size(total_size(artifact)),
            artifact.file.digest.hex(),
        ));
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

fn shown_name(artifact: &Artifact) -> String {
    let name = artifact.file.path.rsplit('/').next().unwrap_or(&artifact.file.path);
    match artifact.kind {
        model::ArtifactKind::Image | model::ArtifactKind::ImageIndex => {
            let kind = if artifact.platform.is_some() { "image manifest" } else { "image index" };
            format!(
                "<code>{}</code> <span class=\"soft\">{kind}</span>",
                escape(&artifact.reference)
            )
        }
        _ => format!("<code>{}</code>", escape(name)),
    }
}

fn notes(artifact: &Artifact) -> String {
    let notes = artifact.notes.iter();
    notes.map(|note| format!("<br><span class=\"soft\">{}</span>", escape(note))).collect()
}

fn tools(manifest: &Manifest) -> String {
    let mut html = "<h2>Made with</h2>\n<div class=\"scroll\"><table>\n<thead><tr>\
                    <th scope=\"col\">Tool</th><th scope=\"col\">Version</th>\
                    <th scope=\"col\">SHA-256 of the download</th></tr></thead>\n<tbody>\n"
        .to_owned();
    for tool in std::iter::once(&manifest.generator).chain(&manifest.tools) {
        let digest = tool.digest.map_or("–".to_owned(), |digest| digest.hex());
        html.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td><code>{digest}</code></td></tr>\n",
            escape(&tool.name),
            escape(&tool.version)
        ));
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

fn total_size(artifact: &Artifact) -> u64 {
    artifact.file.size + artifact.files.iter().map(|file| file.size).sum::<u64>()
}

/// A size for people: `512 B`, `4.2 kB`, `13.3 MB`, in powers of 1,000.
fn size(bytes: u64) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => return format!("{bytes} B"),
        1_000..1_000_000 => ("kB", 1_000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000),
    };
    let tenths = bytes.saturating_mul(10) / divisor;
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() && c != '\n' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_powers_of_a_thousand() {
        let shown = [0, 999, 1_000, 13_340_000, 2_000_000_000].map(size);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "13.3 MB", "2.0 GB"]);
    }

    #[test]
    fn text_from_outside_cannot_become_markup() {
        assert_eq!(escape("<a href='x'>&\u{1b}"), "&lt;a href=&#39;x&#39;&gt;&amp;\u{fffd}");
    }
}
