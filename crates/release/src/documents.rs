//! The documents that are functions of the manifest: `INSTALL.md`, `report.html`, the Python index.
//!
//! Nothing but the manifest reaches them, so `verify` renders them again and compares.

mod install;
mod report;

use model::Manifest;

/// Path in `dist/` and text of each document, sorted by path.
#[must_use]
pub fn render(manifest: &Manifest) -> Vec<(String, String)> {
    let mut documents = vec![
        ("INSTALL.md".to_owned(), install::render(manifest)),
        ("report.html".to_owned(), report::render(manifest)),
    ];
    documents.extend(pypi::simple_index(&manifest.artifacts));
    documents.sort();
    documents
}
