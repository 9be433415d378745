//! `report.html`: the release on one self-contained page, for people who would rather look.
//!
//! No script, no font, no address to load: it reads the same from a disk in ten years. On narrow
//! screens each row of a table becomes a card, whose labels stand in `data-label`.

mod artifacts;
mod html;
mod packages;

use format::Inspects;
use model::{BundleSigner, DocumentKind, Manifest, UnitStatus};

use html::{escape, head, prose, size, table};

/// Renders the page.
pub(super) fn render(manifest: &Manifest, formats: &[&dyn Inspects]) -> String {
    let title = format!("Release {}", manifest.release.version);
    let mut page = head(&title, include_str!("report.css"));
    page.push_str(&header(manifest, &title));
    page.push_str(&packages::matrix(manifest, formats));
    page.push_str(&packages::missing(manifest, formats));
    page.push_str(&warnings(manifest));
    page.push_str(&artifacts::table(manifest, formats));
    page.push_str(&tools(manifest));
    page.push_str(&check(manifest));
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn header(manifest: &Manifest, title: &str) -> String {
    let source = &manifest.source;
    let mut html = format!("<header>\n<h1>{}</h1>\n", escape(title));
    let repository = &manifest.release.repository;
    if !repository.is_empty() {
        html.push_str(&format!("<p class=\"soft\">{}</p>\n", escape(repository)));
    }
    html.push_str("<dl class=\"facts\">\n");
    for (name, value, more) in facts(manifest) {
        let more = if more.is_empty() { more } else { format!("<small>{}</small>", escape(&more)) };
        let value = escape(&value);
        html.push_str(&format!("<div><dt>{name}</dt><dd>{value}{more}</dd></div>\n"));
    }
    html.push_str("</dl>\n");
    for note in &source.notes {
        html.push_str(&format!("<p class=\"soft\">Note: {}</p>\n", prose(note)));
    }
    html.push_str("</header>\n<main>\n");
    html
}

/// What the cards at the top say: a name, a value, and what a reader should know beside it.
fn facts(manifest: &Manifest) -> [(&'static str, String, String); 6] {
    let source = &manifest.source;
    let commit = source.commit.as_deref();
    let commit = commit.map_or("none", |commit| commit.get(..12).unwrap_or(commit));
    let state = if source.dirty { "with local changes" } else { "" };
    let count = |status| manifest.units.iter().filter(|unit| unit.status == status).count();
    let (built, failed) = (count(UnitStatus::Built), count(UnitStatus::Failed));
    let ended = match (count(UnitStatus::NotBuilt), failed) {
        (0, 0) => String::new(),
        (skipped, 0) => format!("{skipped} not built here"),
        (0, failed) => format!("{failed} failed"),
        (skipped, failed) => format!("{skipped} not built here, {failed} failed"),
    };
    let sboms = manifest.documents.iter().filter(|doc| doc.kind == DocumentKind::Sbom);
    let components: usize = sboms.clone().map(|doc| doc.components).sum();
    let bytes: u64 = manifest.artifacts.iter().map(artifacts::total_size).sum();
    let (signed, by) = match manifest.signing.bundles {
        None => ("none", ""),
        Some(BundleSigner::Local) => {
            ("integrity only", "a key of this one run: the signer is unknown")
        }
        Some(BundleSigner::Key) => ("by key", "the publisher's key, beside this page"),
    };
    [
        ("Tag", manifest.release.tag.clone(), String::new()),
        ("Commit", commit.to_owned(), state.to_owned()),
        ("Units built", format!("{built} of {}", manifest.units.len()), ended),
        ("Artifacts", manifest.artifacts.len().to_string(), size(bytes)),
        ("SBOMs", sboms.count().to_string(), format!("{components} components")),
        ("Signatures", signed.to_owned(), by.to_owned()),
    ]
}

/// What a person should look at, though it stopped nothing.
fn warnings(manifest: &Manifest) -> String {
    if manifest.warnings.is_empty() {
        return String::new();
    }
    let rows = manifest.warnings.iter().map(|warning| {
        let units: Vec<&str> = warning.units.iter().map(|unit| unit.0.as_str()).collect();
        let location = warning.location.as_ref().map(ToString::to_string);
        let help = warning.help.as_deref().map(prose);
        let help = help.map_or(String::new(), |help| format!("<p class=\"soft\">{help}</p>"));
        vec![
            escape(&location.unwrap_or_default()),
            escape(&units.join(", ")),
            format!("<p>{}</p>{help}", prose(&warning.message)),
            format!("<code>{}</code>", escape(&warning.code)),
        ]
    });
    let columns = [("Where", ""), ("Unit", ""), ("What", "reason"), ("Code", "")];
    format!("<h2>Warnings</h2>\n{}", table(&columns, &[(None, rows.collect())]))
}

fn tools(manifest: &Manifest) -> String {
    let rows = std::iter::once(&manifest.generator).chain(&manifest.tools).map(|tool| {
        let digest = tool.digest.map_or("–".to_owned(), |digest| {
            format!("<code class=\"digest\">{}</code>", digest.hex())
        });
        vec![escape(&tool.name), escape(&tool.version), digest]
    });
    let columns = [("Tool", ""), ("Version", ""), ("SHA-256 of the download", "")];
    format!("<h2>Made with</h2>\n{}", table(&columns, &[(None, rows.collect())]))
}

fn check(manifest: &Manifest) -> String {
    let words = match manifest.signing.bundles {
        None => "Nothing is signed: the digests show only that files fit together.",
        Some(BundleSigner::Local) => {
            "The key was made for this run: it shows that nothing was changed since."
        }
        Some(BundleSigner::Key) => "Pass the publisher's public key from a place that you trust.",
    };
    let lines = "sha256sum --check checksums.txt\npackage-actions verify .";
    format!(
        "<h2>Check it</h2>\n<p>In the folder of this page. {words}</p>\n\
         <pre><code>{lines}</code></pre>\n"
    )
}
