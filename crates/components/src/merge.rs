//! Several documents of our own making as one that describes all their artifacts.

use std::collections::{BTreeMap, BTreeSet};

use archive::time::Moment;
use model::{Diagnostic, Digest, ToolUse};

use crate::codes;
use crate::limits::{MAX_COMPONENTS, MAX_EDGES, at_most};
use crate::namespace::namespace;
use crate::spdx_json::{
    ARTIFACT_ID, CreationInfo, DATA_LICENSE, DOCUMENT_ID, Document, NO_ASSERTION, Package,
    Relationship, SPDX_VERSION, render,
};
use crate::{Sbom, read};

/// One document called `name`. A component that several list stands once: its id follows from its
/// package URL. Artifacts come first, in order of their digests; the order of `texts` is no matter.
///
/// # Errors
/// `sbom-merge` for no document, a name that is empty, two documents about one artifact, or a
/// component that two documents give other digests; and as [`crate::parse`] for each document.
pub fn merge(
    name: &str,
    texts: &[String],
    generator: &ToolUse,
    epoch: u64,
) -> Result<Sbom, Diagnostic> {
    if name.trim().is_empty() || texts.is_empty() {
        let message = "a merged SBOM needs a name, and documents to be made of";
        return Err(Diagnostic::new(&codes::SBOM_MERGE, message));
    }
    let mut gathered = Gathered::default();
    for text in texts {
        let (facts, document) = read::document(text)?;
        gathered.take(&facts.name, &facts.digest, document)?;
    }
    gathered.creators.insert(format!("Tool: {}-{}", generator.name, generator.version));
    let packages: Vec<Package> =
        gathered.roots.into_values().chain(gathered.parts.into_values()).collect();
    at_most(MAX_COMPONENTS, packages.len(), &codes::SBOM_COMPONENTS, "packages")?;
    at_most(MAX_EDGES, gathered.edges.len(), &codes::SBOM_COMPONENTS, "relationships")?;
    let mut document = Document {
        spdx_version: SPDX_VERSION.to_owned(),
        data_license: DATA_LICENSE.to_owned(),
        id: DOCUMENT_ID.to_owned(),
        name: name.to_owned(),
        document_namespace: String::new(),
        creation_info: CreationInfo {
            created: Moment::at(epoch).rfc3339(),
            creators: gathered.creators.into_iter().collect(),
        },
        comment: gathered.comments.into_iter().collect::<Vec<_>>().join("\n"),
        packages,
        relationships: gathered.edges.into_iter().collect(),
    };
    document.document_namespace = namespace(&document.name, &render(&document)?);
    Ok(Sbom::new(document))
}

/// What was taken from the documents so far, by ids of the new one.
#[derive(Default)]
struct Gathered {
    roots: BTreeMap<String, Package>,
    parts: BTreeMap<String, Package>,
    edges: BTreeSet<Relationship>,
    comments: BTreeSet<String>,
    creators: BTreeSet<String>,
}

impl Gathered {
    /// Takes in the document `name` about the artifact with that digest.
    fn take(&mut self, name: &str, digest: &Digest, document: Document) -> Result<(), Diagnostic> {
        // Every document calls its artifact the same.
        let root = format!("{ARTIFACT_ID}-{}", digest.hex());
        let renamed = |id: String| if id == ARTIFACT_ID { root.clone() } else { id };
        for package in document.packages {
            let id = renamed(package.id.clone());
            let package = Package { id: id.clone(), ..package };
            if id == root {
                if self.roots.insert(id, package).is_some() {
                    let message = format!("two documents are about {digest}");
                    return Err(Diagnostic::new(&codes::SBOM_MERGE, message));
                }
                continue;
            }
            let package = match self.parts.remove(&id) {
                Some(known) => joined(known, package)?,
                None => package,
            };
            self.parts.insert(id, package);
        }
        let edges = document.relationships.into_iter();
        self.edges.extend(edges.map(|Relationship { from, kind, to }| Relationship {
            from: renamed(from),
            kind,
            to: renamed(to),
        }));
        if !document.comment.is_empty() {
            self.comments.insert(format!("{name}: {}", document.comment));
        }
        self.creators.extend(document.creation_info.creators);
        Ok(())
    }
}

/// One component from two descriptions that complete each other, whichever comes first.
fn joined(one: Package, other: Package) -> Result<Package, Diagnostic> {
    let differ = one.checksums != other.checksums;
    if differ && !one.checksums.is_empty() && !other.checksums.is_empty() {
        let message = format!("two documents give `{}` different digests", one.name);
        return Err(Diagnostic::new(&codes::SBOM_MERGE, message));
    }
    // The smaller of two texts that both say something.
    let told = |a: String, b: String| match (a.as_str(), b.as_str()) {
        (NO_ASSERTION | "", _) => b,
        (_, NO_ASSERTION | "") => a,
        _ => a.min(b),
    };
    let mut external_refs = [one.external_refs, other.external_refs].concat();
    external_refs.sort();
    external_refs.dedup();
    let checksums = if one.checksums.is_empty() { other.checksums } else { one.checksums };
    Ok(Package {
        supplier: told(one.supplier, other.supplier),
        license_declared: told(one.license_declared, other.license_declared),
        primary_package_purpose: one.primary_package_purpose.min(other.primary_package_purpose),
        comment: told(one.comment, other.comment),
        checksums,
        external_refs,
        id: one.id,
        name: one.name,
        version_info: one.version_info,
        package_file_name: one.package_file_name,
        download_location: one.download_location,
        files_analyzed: one.files_analyzed,
        homepage: told(one.homepage, other.homepage),
        license_concluded: one.license_concluded,
        copyright_text: one.copyright_text,
    })
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::describe::tests::{WHEEL, artifact, write};
    use crate::{Component, Contents, Link, parse};

    fn generator() -> ToolUse {
        ToolUse { name: "package-actions".into(), version: "0.1.0".into(), digest: None }
    }

    /// A wheel's document with one component, which has the licence `license`.
    fn document(file: &str, license: &str) -> String {
        let mut contents = Contents::default();
        let component = Component {
            name: "serde".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            ..Component::default()
        };
        contents.add("pkg:cargo/serde@1.0.0", component);
        contents.join(None, Link::Contains, "pkg:cargo/serde@1.0.0");
        let artifact = artifact(WHEEL, file);
        write(&artifact, &contents, "https://github.com/owner/repo").render().unwrap()
    }

    fn code(name: &str, texts: &[String]) -> String {
        merge(name, texts, &generator(), 0).unwrap_err().code.to_string()
    }

    #[test]
    fn a_component_of_several_documents_stands_once_and_the_order_is_no_matter() {
        let (one, two) = (document("pypi/a.whl", "MIT"), document("pypi/b.whl", ""));
        let both = merge("all", &[one.clone(), two.clone()], &generator(), 0).unwrap();
        let turned = merge("all", &[two, one], &generator(), 0).unwrap();
        assert_eq!(both.render().unwrap(), turned.render().unwrap());
        assert_eq!(both.components(), 1);
        let text = both.render().unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&str> = value["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["name", "name", "serde"]);
        assert_eq!(value["packages"][2]["licenseDeclared"], "MIT");
        let described = value["relationships"].as_array().unwrap().iter();
        assert_eq!(described.filter(|edge| edge["relationshipType"] == "DESCRIBES").count(), 2);
    }

    #[test]
    fn what_cannot_be_merged_is_refused() {
        let one = document("pypi/a.whl", "MIT");
        assert_eq!(code("all", &[]), "sbom-merge");
        assert_eq!(code(" ", std::slice::from_ref(&one)), "sbom-merge");
        assert_eq!(code("all", &[one.clone(), one.clone()]), "sbom-merge");
        assert_eq!(code("all", &[one.replace("serde", "serdf")]), "sbom-syntax");
        let merged = merge("all", std::slice::from_ref(&one), &generator(), 0).unwrap();
        assert!(
            parse(&merged.render().unwrap()).is_err(),
            "a merged document is about no one file"
        );
    }
}
