//! The documents that are functions of the manifest: `INSTALL.md`, `report.html`, and those of the
//! formats.
//!
//! Nothing but the manifest reaches them, so `verify` renders them again and compares.

mod install;
mod report;

use format::Inspects;
use model::Manifest;

/// Path in `dist/` and text of each document, sorted by path.
#[must_use]
pub fn render(manifest: &Manifest, formats: &[&dyn Inspects]) -> Vec<(String, String)> {
    let mut documents = vec![
        ("INSTALL.md".to_owned(), install::render(manifest, formats)),
        ("report.html".to_owned(), report::render(manifest, formats)),
    ];
    documents.extend(formats.iter().flat_map(|format| format.documents(manifest)));
    documents.sort();
    documents
}
