//! Reads a document of our own making, in the one spelling that it has.

use std::collections::BTreeSet;

use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Digest};

use crate::codes;
use crate::limits::{MAX_COMPONENTS, MAX_EDGES, at_most};
use crate::namespace::namespace;
use crate::spdx_json::{
    ARTIFACT_ID, DATA_LICENSE, DOCUMENT_ID, Document, Package, SPDX_VERSION, render,
};

/// What a document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SbomFacts {
    /// The document's name.
    pub name: String,
    /// The artifact's name.
    pub subject: String,
    /// The artifact's version.
    pub version: String,
    /// The artifact's file name; empty for images.
    pub file_name: String,
    /// The artifact's digest.
    pub digest: Digest,
    /// The artifact's package URL.
    pub purl: String,
    /// When it was made: RFC 3339.
    pub created: String,
    /// Package URLs of the components below the artifact, in the document's order.
    pub components: Vec<String>,
}

/// Reads a document.
///
/// # Errors
/// `sbom-syntax` when it is no such document or is spelled otherwise; `sbom-subject` when it does
/// not describe one artifact by its digest; `sbom-components` when its packages and relationships
/// do not fit together.
pub fn parse(text: &str) -> Result<SbomFacts, Diagnostic> {
    document(text).map(|(facts, _)| facts)
}

/// The same, with the document itself.
pub(crate) fn document(text: &str) -> Result<(SbomFacts, Document), Diagnostic> {
    if text.len() as u64 > MAX_JSON_BYTES {
        return Err(Diagnostic::new(&codes::SBOM_SYNTAX, "the SBOM is too long"));
    }
    let document: Document = serde_json::from_str(text)
        .map_err(|error| syntax(&format!("the SBOM cannot be read: {error}")))?;
    at_most(MAX_COMPONENTS, document.packages.len(), &codes::SBOM_COMPONENTS, "packages")?;
    at_most(MAX_EDGES, document.relationships.len(), &codes::SBOM_COMPONENTS, "relationships")?;
    check_spelling(&document, text)?;
    let facts = check_subject(&document)?;
    check_relationships(&document)?;
    Ok((facts, document))
}

fn check_spelling(document: &Document, text: &str) -> Result<(), Diagnostic> {
    let fixed = [
        ("spdxVersion", &document.spdx_version, SPDX_VERSION),
        ("dataLicense", &document.data_license, DATA_LICENSE),
        ("SPDXID", &document.id, DOCUMENT_ID),
    ];
    for (field, found, expected) in fixed {
        if found != expected {
            return Err(syntax(&format!("`{field}` should be `{expected}` and is `{found}`")));
        }
    }
    let nameless = Document { document_namespace: String::new(), ..document.clone() };
    if document.document_namespace != namespace(&document.name, &render(&nameless)?) {
        return Err(syntax("`documentNamespace` does not fit the rest of the SBOM"));
    }
    if render(document)? != text {
        return Err(syntax("the SBOM is not spelled as it would be rendered"));
    }
    Ok(())
}

fn check_subject(document: &Document) -> Result<SbomFacts, Diagnostic> {
    let wrong = |message: &str| Diagnostic::new(&codes::SBOM_SUBJECT, message);
    let Some((root, components)) = document.packages.split_first() else {
        return Err(wrong("the SBOM describes nothing"));
    };
    if root.id != ARTIFACT_ID {
        return Err(wrong("the first package is not the artifact"));
    }
    let [checksum] = root.checksums.as_slice() else {
        return Err(wrong("the artifact has not one checksum"));
    };
    let digest = Digest::from_hex(&checksum.checksum_value)
        .ok()
        .filter(|_| checksum.algorithm == "SHA256")
        .ok_or_else(|| wrong("the artifact's checksum is not a SHA-256"))?;
    let components: Option<Vec<String>> = components.iter().map(purl).collect();
    Ok(SbomFacts {
        name: document.name.clone(),
        subject: root.name.clone(),
        version: root.version_info.clone(),
        file_name: root.package_file_name.clone(),
        digest,
        purl: purl(root).ok_or_else(|| wrong("the artifact has no package URL"))?,
        created: document.creation_info.created.clone(),
        components: components.ok_or_else(|| {
            Diagnostic::new(&codes::SBOM_COMPONENTS, "a component has no package URL")
        })?,
    })
}

fn check_relationships(document: &Document) -> Result<(), Diagnostic> {
    let wrong = |message: String| Err(Diagnostic::new(&codes::SBOM_COMPONENTS, message));
    let mut ids = BTreeSet::from([DOCUMENT_ID]);
    for package in &document.packages {
        if !ids.insert(&package.id) {
            return wrong(format!("`{}` appears twice", package.id));
        }
    }
    if !document.relationships.is_sorted_by(|a, b| a < b) {
        return wrong("the relationships are not in order, or one appears twice".to_owned());
    }
    let mut reached = BTreeSet::new();
    for relationship in &document.relationships {
        for end in [&relationship.from, &relationship.to] {
            if !ids.contains(end.as_str()) {
                return wrong(format!("`{end}` is in a relationship, but is not a package"));
            }
        }
        let described = relationship.kind == "DESCRIBES";
        let of_document = relationship.from == DOCUMENT_ID && relationship.to == ARTIFACT_ID;
        if described != of_document {
            return wrong("the document must describe the artifact and nothing else".to_owned());
        }
        if !described && !["CONTAINS", "DEPENDS_ON"].contains(&relationship.kind.as_str()) {
            return wrong(format!("`{}` is not a known type of relationship", relationship.kind));
        }
        reached.insert(relationship.to.as_str());
    }
    match document.packages.iter().find(|package| !reached.contains(package.id.as_str())) {
        Some(package) => wrong(format!("nothing leads to `{}`", package.id)),
        None => Ok(()),
    }
}

fn purl(package: &Package) -> Option<String> {
    let mut purls = package.external_refs.iter().filter(|other| other.reference_type == "purl");
    purls.next().map(|found| found.reference_locator.clone())
}

fn syntax(message: &str) -> Diagnostic {
    Diagnostic::new(&codes::SBOM_SYNTAX, message)
}

#[cfg(test)]
mod tests;
