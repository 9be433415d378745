//! CycloneDX documents, in the shape that maturin writes.

use super::*;

const BOM: &str = r#"{
  "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
  "metadata": {"component": {
    "type": "library", "bom-ref": "path+file:///build/me#0.1.0", "name": "me", "version": "0.1.0",
    "licenses": [{"expression": "Apache-2.0"}],
    "purl": "pkg:cargo/me@0.1.0?download_url=file://.",
    "components": [{"name": "me", "version": "0.1.0", "bom-ref": "bin"}]
  }},
  "components": [
    {"type": "library", "bom-ref": "registry#a@1.0.0", "author": "A <a@example.com>",
     "name": "a", "version": "1.0.0", "purl": "pkg:cargo/a@1.0.0",
     "hashes": [{"alg": "SHA-1", "content": "00"}, {"alg": "SHA-256", "content":
     "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"}],
     "licenses": [{"license": {"id": "MIT"}}, {"expression": "ISC OR Zlib"}]},
    {"bom-ref": "git+https://github.com/o/b#1", "name": "b", "version": "2.0.0",
     "purl": "pkg:cargo/b@2.0.0", "licenses": [{"license": {"name": "Own Licence"}}],
     "components": [{"bom-ref": "c", "name": "c", "version": "3",
       "supplier": {"name": "C Inc"}}]}
  ],
  "dependencies": [
    {"ref": "path+file:///build/me#0.1.0", "dependsOn": ["registry#a@1.0.0", "gone"]},
    {"ref": "registry#a@1.0.0", "dependsOn": ["git+https://github.com/o/b#1"]},
    {"ref": "gone", "dependsOn": ["c"]}
  ]
}"#;

#[test]
fn components_keep_hash_licence_and_edges() {
    let contents = cyclonedx(BOM.as_bytes()).unwrap();
    let component = |purl: &str| contents.components[purl].clone();
    assert_eq!(
        contents.components.keys().collect::<Vec<_>>(),
        ["pkg:cargo/a@1.0.0", "pkg:cargo/b@2.0.0", "pkg:cargo/me@0.1.0", "pkg:generic/c@3"]
    );
    let a = component("pkg:cargo/a@1.0.0");
    assert_eq!(a.digest, Some(Digest::of(b"")));
    assert_eq!(a.license, "MIT AND (ISC OR Zlib)");
    assert_eq!(a.supplier, Supplier::named(supplier::CRATES));
    let b = component("pkg:cargo/b@2.0.0");
    assert_eq!((b.license.as_str(), b.supplier), ("", Supplier::named("github.com/o")));
    assert_eq!(component("pkg:generic/c@3").supplier, Supplier::named("C Inc"));
    let me = component("pkg:cargo/me@0.1.0");
    assert_eq!((me.license.as_str(), me.supplier), ("Apache-2.0", Supplier::Publisher));
    let edges: Vec<(Option<&str>, Link, &str)> =
        contents.edges.iter().map(|edge| (edge.from.as_deref(), edge.link, &*edge.to)).collect();
    assert_eq!(
        edges,
        [
            (None, Link::Contains, "pkg:cargo/me@0.1.0"),
            (Some("pkg:cargo/a@1.0.0"), Link::DependsOn, "pkg:cargo/b@2.0.0"),
            (Some("pkg:cargo/me@0.1.0"), Link::DependsOn, "pkg:cargo/a@1.0.0"),
        ]
    );
}

#[test]
fn broken_documents_are_refused() {
    for json in ["", "{}", "[]", r#"{"bomFormat":"SPDX"}"#, &"{\"a\":".repeat(100_000)] {
        assert_eq!(cyclonedx(json.as_bytes()).unwrap_err().code, CODE);
    }
    let bare = cyclonedx(br#"{"bomFormat":"CycloneDX"}"#).unwrap();
    assert_eq!(bare, Contents::default());
}

#[test]
fn edges_and_components_cost_what_their_names_do() {
    let code = |components: usize, chars: usize, edges: usize| {
        let name = |at: usize| format!("{at}{}", "x".repeat(chars));
        let part = |at: usize| format!(r#"{{"name":"{}","bom-ref":"{at}"}}"#, name(at));
        let parts: Vec<String> = (0..components).map(part).collect();
        let needs = |at: usize| {
            let to: Vec<String> = (0..edges).map(|to| format!("\"{to}\"")).collect();
            format!(r#"{{"ref":"{at}","dependsOn":[{}]}}"#, to.join(","))
        };
        let dependencies: Vec<String> = (0..edges).map(needs).collect();
        let json = format!(
            r#"{{"bomFormat":"CycloneDX","components":[{}],"dependencies":[{}]}}"#,
            parts.join(","),
            dependencies.join(",")
        );
        let read = cyclonedx_within(json.as_bytes(), &Budget::limited(1 << 20));
        read.map_or_else(|problem| problem.code.name, |_| "")
    };
    assert_eq!(code(100, 10, 20), "");
    assert_eq!(code(20, 4_000, 20), "too-much-work", "edges between long names");
    assert_eq!(code(100, 10, 100), "too-much-work", "many edges");
    assert_eq!(code(2_000, 10, 1), "too-much-work", "many components");
    assert_eq!(code(10, 4_000, 1), "");
}

#[test]
fn a_document_in_which_a_key_appears_twice_is_refused() {
    let check = |from: &str, to: &str| {
        assert!(BOM.contains(from));
        let problem = cyclonedx(BOM.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(problem.message.contains("appears twice"), "{problem}");
    };
    check("\"version\": 1,", "\"version\": 1, \"version\": 2,");
    check("\"name\": \"a\"", "\"name\": \"a\", \"name\": \"b\"");
    check("{\"ref\": \"gone\"", "{\"x\": {\"y\": 1, \"y\": 1}, \"ref\": \"gone\"");
}
