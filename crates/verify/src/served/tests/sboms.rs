//! Bills of materials: the one that the key names, and those of anybody else.

use evidence::statement::Byproduct;
use model::{Artifact, FileEntry, UnitId};

use super::*;

/// The text of an SBOM about something with that digest.
fn sbom(about: Digest, license: &str) -> String {
    let artifact = Artifact {
        unit: UnitId::new("app", oci::FORMAT, None),
        package: "app".to_owned(),
        format: oci::FORMAT,
        kind: oci::IMAGE_INDEX,
        platform: None,
        version: "1.0.0".to_owned(),
        reference: NAME.to_owned(),
        file: FileEntry { path: "oci/app/index".to_owned(), size: 1, digest: about },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    let generator = ToolUse { name: "x".to_owned(), version: "1".to_owned(), digest: None };
    let subject = components::Subject { purl: components::PurlType::Oci, purpose: "CONTAINER" };
    let context = components::Context { generator: &generator, epoch: 0, repository: "", license };
    let document =
        components::describe(&artifact, subject, &components::Contents::default(), &context)
            .unwrap();
    document.render().unwrap()
}

/// An index whose provenance names its own SBOM and that of one platform, with these beside it.
fn index(sboms: &[String]) -> Served {
    let mut input = provenance("1.0.0");
    let named = [("index", ""), ("arm64", "#linux-arm64")];
    input.byproducts = named
        .map(|(of, name)| Byproduct {
            about: vec![format!("{NAME}{name}")],
            name: format!("{of}.spdx.json"),
            digest: Digest::of(sbom(digest(&format!("{of} 1.0.0")), "MIT").as_bytes()),
            media_type: "application/spdx+json".to_owned(),
        })
        .into();
    let mut served = served("index", "1.0.0");
    served.bundles[0] = signed(&statement::provenance(&input).unwrap()[0]);
    Served { sboms: sboms.to_vec(), ..served }
}

fn check(served: Served, codes: &[&str], notes: &[&str]) -> Report {
    let asked = Asked { reference: NAME, tag: None, pinned: true };
    let report = verify_served(&asked, &[served], &policy(), &Good);
    let problems = report.problems().0.into_iter();
    assert_eq!(
        problems.map(|problem| problem.code.to_string()).collect::<Vec<_>>(),
        codes,
        "{report}"
    );
    assert_eq!(report.notes, notes, "{report}");
    report
}

const FOREIGN: &str = r#"{"spdxVersion":"SPDX-2.3","name":"by a scanner"}"#;

#[test]
fn an_sbom_counts_when_the_key_names_it_and_it_speaks_of_this() {
    let own = sbom(digest("index 1.0.0"), "MIT");
    let report = check(index(std::slice::from_ref(&own)), &[], &[]);
    assert!(report.to_string().contains("sboms        ok      1 checked, 0 wrong"), "{report}");
    // In good order, about this, and by nobody that the key knows.
    let forged = sbom(digest("index 1.0.0"), "Apache-2.0");
    check(index(std::slice::from_ref(&forged)), &["image-sbom"], &[]);
    check(index(&[]), &["image-sbom"], &[]);
    // Named by the key, and about something else.
    let of_a_platform = sbom(digest("arm64 1.0.0"), "MIT");
    check(index(std::slice::from_ref(&of_a_platform)), &["image-sbom"], &[]);
    let others = ["3 other SBOMs refer to it: not by the given key, passed over"];
    check(index(&[FOREIGN.to_owned(), of_a_platform, own, forged]), &[], &others);
}

#[test]
fn where_the_key_names_no_sbom_none_is_said_to_be_its_own() {
    let bare = |sboms: &[&str]| {
        let sboms = sboms.iter().map(|text| (*text).to_owned()).collect();
        Served { sboms, ..served("index", "1.0.0") }
    };
    let notes =
        ["of 1 of these no statement by the given key names an SBOM: what refers to it as \
                  one was not looked at"];
    let report = check(bare(&[FOREIGN]), &[], &notes);
    assert!(report.to_string().contains("sboms        ok      0 checked, 0 wrong"), "{report}");
    check(bare(&[]), &["image-sbom"], &[]);
}

#[test]
fn what_is_too_large_to_be_evidence_of_a_release_is_told() {
    let own = sbom(digest("index 1.0.0"), "MIT");
    let notes = ["2 documents that refer to it are too large to be of a release: not read"];
    check(Served { unread: 2, ..index(&[own]) }, &[], &notes);
}
