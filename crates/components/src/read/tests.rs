//! What is read back, and what is refused.

use model::Artifact;

use super::*;
use crate::describe::tests::{WHEEL, artifact, write};
use crate::requirements;

fn subject() -> Artifact {
    artifact(WHEEL, "pypi/name-1.0.0-py3-none-any.whl")
}

fn document() -> String {
    let contents = requirements(&["b==2", "a==1", "c>=3"]);
    write(&subject(), &contents, "https://github.com/owner/repo").render().unwrap()
}

/// The document with a part replaced, and a namespace that fits again.
fn forged(from: &str, to: &str) -> String {
    let text = document();
    assert!(text.contains(from), "{from}");
    let text = text.replacen(from, to, 1);
    let Ok(mut document) = serde_json::from_str::<Document>(&text) else { return text };
    document.document_namespace = String::new();
    document.document_namespace = namespace(&document.name, &render(&document).unwrap());
    render(&document).unwrap()
}

#[test]
fn a_document_reads_back_as_it_was_written() {
    let facts = parse(&document()).unwrap();
    assert_eq!(facts.digest, subject().file.digest);
    assert_eq!(facts.file_name, "name-1.0.0-py3-none-any.whl");
    assert_eq!((facts.subject.as_str(), facts.version.as_str()), ("name", "1.0.0"));
    assert_eq!(facts.components, ["pkg:pypi/a@1", "pkg:pypi/b@2"]);
    assert_eq!(facts.created, "1980-01-01T00:00:00Z");
}

#[test]
fn forgeries_are_refused() {
    let check = |from: &str, to: &str, code: &str| {
        assert_eq!(parse(&forged(from, to)).unwrap_err().code.to_string(), code, "{from} -> {to}");
    };
    let hex = subject().file.digest.hex();
    let b = serde_json::from_str::<Document>(&document()).unwrap().packages[2].id.clone();
    check(&hex, &hex[1..], "sbom-subject");
    check("\"SHA256\"", "\"SHA1\"", "sbom-subject");
    check("\"SPDXRef-Artifact\"", "\"SPDXRef-Other\"", "sbom-subject");
    check("DESCRIBES", "DEPENDS_ON", "sbom-components");
    check("DEPENDS_ON", "GENERATES", "sbom-components");
    check("DEPENDS_ON", "DESCRIBES", "sbom-components");
    check(&b, "SPDXRef-Artifact", "sbom-components");
    check(
        &format!("\"relatedSpdxElement\": \"{b}\""),
        "\"relatedSpdxElement\": \"SPDXRef-x\"",
        "sbom-components",
    );
    check("\"purl\"", "\"other\"", "sbom-subject");
    check("SPDX-2.3", "SPDX-2.2", "sbom-syntax");
    check("\"packages\": [", "\"files\": [], \"packages\": [", "sbom-syntax");
    check("\"packages\": [", "\"packages\": [], \"packages\": [", "sbom-syntax");
    for text in ["", "{}", "[]", &"[".repeat(100_000)] {
        assert_eq!(parse(text).unwrap_err().code.to_string(), "sbom-syntax");
    }
}

#[test]
fn a_package_that_nothing_leads_to_is_refused() {
    let mut document: Document = serde_json::from_str(&document()).unwrap();
    document.relationships.remove(0);
    document.document_namespace = String::new();
    document.document_namespace = namespace(&document.name, &render(&document).unwrap());
    assert_eq!(parse(&render(&document).unwrap()).unwrap_err().code.to_string(), "sbom-components");
}

#[test]
fn every_changed_byte_is_noticed() {
    let good = document();
    for index in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[index] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(parse(&text).is_err(), "byte {index}");
    }
    for length in 0..good.len() {
        assert!(parse(&good[..length]).is_err(), "{length} bytes");
    }
}
