//! Crates: which of them are inside, and how they hang together.

use model::Digest;

use super::*;

fn arrows(contents: &Contents) -> String {
    let short = |purl: &str| purl.trim_start_matches("pkg:cargo/").to_owned();
    let edges = contents.edges.iter().map(|edge| {
        format!("{}>{}", edge.from.as_deref().map_or(".".to_owned(), short), short(&edge.to))
    });
    edges.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_only_built_other_crates_is_not_inside() {
    let json = br#"{"packages":[
        {"name":"a","version":"1.0.0","source":"registry","dependencies":[1,2]},
        {"name":"b","version":"1.0.0","source":"registry","kind":"build"},
        {"name":"c","version":"1.0.0","source":"git"},
        {"name":"me","version":"0.1.0","source":"local","dependencies":[0,1,4],"root":true},
        {"name":"mine","version":"0.1.0","source":"local","new-field":1}
    ],"format":8}"#;
    let contents = cargo_audit(json).unwrap();
    assert_eq!(arrows(&contents), ".>a@1.0.0 .>mine@0.1.0 a@1.0.0>c@1.0.0");
    let supplier = |purl: &str| contents.components[purl].supplier.clone();
    assert_eq!(contents.components.len(), 3);
    assert_eq!(supplier("pkg:cargo/a@1.0.0"), Supplier::named(supplier::CRATES));
    assert_eq!(supplier("pkg:cargo/c@1.0.0"), Supplier::Unknown);
    assert_eq!(supplier("pkg:cargo/mine@0.1.0"), Supplier::Publisher);
}

#[test]
fn broken_lists_of_crates_are_refused() {
    let circle =
        br#"{"packages":[{"name":"a","version":"1","source":"local","dependencies":[0]}]}"#;
    assert!(cargo_audit(circle).unwrap().edges.is_empty());
    let depending = |index: &str| {
        let package = "{\"name\":\"a\",\"version\":\"1\",\"source\":\"x\",\"dependencies\":";
        format!("{{\"packages\":[{package}[{index}]}}]}}")
    };
    assert!(cargo_audit(depending("").as_bytes()).is_ok());
    let broken = [depending("9"), depending("-1"), depending("99999999999999999999999")];
    let cases = broken.iter().map(String::as_str);
    for json in cases.chain(["", "{}", "{\"packages\":[{\"name\":\"a\"}]}"]) {
        assert_eq!(cargo_audit(json.as_bytes()).unwrap_err().code, CODE, "{json}");
    }
    assert_eq!(cargo_audit(&b"[".repeat(100_000)).unwrap_err().code, CODE);
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "me"
version = "0.1.0"
dependencies = ["a 1.0.0", "c"]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://example.com/index"
checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
dependencies = ["c"]

[[package]]
name = "a"
version = "2.0.0"
source = "registry+https://example.com/index"

[[package]]
name = "c"
version = "1.0.0"
source = "git+https://github.com/o/c#0123"
dependencies = ["a 1.0.0 (registry+https://example.com/index)"]

[[package]]
name = "other-member"
version = "0.1.0"
dependencies = ["a 2.0.0"]
"#;

#[test]
fn only_what_the_crate_needs_is_taken_from_a_lock() {
    let contents = cargo_lock(LOCK, "me").unwrap();
    assert_eq!(arrows(&contents), ".>a@1.0.0 .>c@1.0.0 a@1.0.0>c@1.0.0 c@1.0.0>a@1.0.0");
    let a = &contents.components["pkg:cargo/a@1.0.0"];
    assert_eq!(a.digest, Some(Digest::of(b"")));
    let c = &contents.components["pkg:cargo/c@1.0.0"];
    assert_eq!(c.supplier, Supplier::named("github.com/o"));
    assert_eq!(cargo_lock(LOCK, "a").unwrap_err().code, CODE);
    assert_eq!(cargo_lock("not toml", "me").unwrap_err().code, CODE);
}

#[test]
fn a_lock_gives_checksums_to_crates_that_are_inside() {
    let json = br#"{"packages":[{"name":"a","version":"1.0.0","source":"registry"}]}"#;
    let mut contents = cargo_audit(json).unwrap();
    add_checksums(&mut contents, LOCK).unwrap();
    assert_eq!(contents.components.len(), 1);
    assert_eq!(contents.components["pkg:cargo/a@1.0.0"].digest, Some(Digest::of(b"")));
}

#[test]
fn crates_that_are_inside_get_their_licences() {
    let json = br#"{"packages":[{"name":"a","version":"1.0.0","source":"registry"},
        {"name":"b","version":"1.0.0","source":"registry"}]}"#;
    let mut contents = cargo_audit(json).unwrap();
    let licenses = r#"{"a 1.0.0":"MIT/ISC","a 2.0.0":"Zlib","c 1.0.0":"MIT"}"#;
    let licenses: Licenses = serde_json::from_str(licenses).unwrap();
    add_licenses(&mut contents, &licenses);
    let licenses: Vec<&str> = contents.components.values().map(|c| c.license.as_str()).collect();
    assert_eq!(licenses, ["MIT/ISC", ""]);
    assert!(serde_json::from_str::<Licenses>(r#"{"a":"MIT"}"#).is_err(), "no version");
}
