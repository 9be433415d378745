//! Every step answers whatever it is asked, with one JSON object.

use std::collections::BTreeMap;

use evidence::bundle::Bundle;
use evidence::{Refusal, TrustedSigner, Verified};
use model::{Diagnostic, Digest, MemoryTree};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::checksums::Scope;
use ::verify::{Dist, Entry};
use evidence::SignatureCheck;

/// No file at all, and signatures that are never good.
struct Empty;

impl Dist for Empty {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        Ok(Vec::new())
    }

    fn read(&self, _: &str, _: u64) -> Result<Vec<u8>, Diagnostic> {
        Err(Diagnostic::new(&model::codes::FILE_MISSING, "is not there"))
    }

    fn size(&self, _: &str) -> Result<u64, Diagnostic> {
        Err(Diagnostic::new(&model::codes::FILE_MISSING, "is not there"))
    }

    fn measure(&self, _: &str) -> Result<(u64, model::Digest), Diagnostic> {
        Err(Diagnostic::new(&model::codes::FILE_MISSING, "is not there"))
    }
}

impl SignatureCheck for Empty {
    fn verify(&self, _: &Bundle, _: &Digest, _: &[TrustedSigner]) -> Result<Verified, Refusal> {
        Err(Diagnostic::new(&evidence::codes::SIGNATURE_INVALID, "never").into())
    }
}

/// What a step answers, as JSON, and how it ended.
struct Answered {
    json: String,
    status: Status,
}

fn ask<R: DeserializeOwned, T: Serialize>(
    request: &str,
    step: impl FnOnce(R) -> Outcome<T>,
) -> Answered {
    let result = read(request).and_then(step);
    Answered { json: render(&result), status: Status::of(&result) }
}

/// All steps by name, asked the same.
fn all(request: &str, bytes: &[u8]) -> BTreeMap<&'static str, Answered> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let tree = MemoryTree::new([("package-actions.toml", text)]);
    BTreeMap::from([
        ("checksums", ask(request, checksums)),
        ("event", ask(request, event)),
        ("merge", ask(request, merge)),
        ("plan", ask(request, |request| plan(request, &tree, &Digest::of))),
        ("provenance", ask(request, provenance)),
        ("sbom", ask(request, |request| sbom(request, bytes))),
        ("verify", ask(request, |request| verify(request, &Empty, &Empty))),
        ("version", ask(request, version)),
        ("wheel-name", ask(request, wheel_name)),
    ])
}

fn value(answered: &Answered) -> Value {
    serde_json::from_str(&answered.json).unwrap()
}

fn codes(answered: &Answered) -> Vec<String> {
    let problems = value(answered)["problems"].as_array().unwrap().clone();
    problems.iter().map(|problem| problem["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_request_that_is_none_is_answered_with_a_problem() {
    let deep = "[".repeat(100_000);
    for request in ["", "nul", "[]", "{", "{\"unknown\":1}", "\u{0}", deep.as_str()] {
        for (name, answer) in all(request, b"") {
            // An event or a selection may be empty, so an empty list of fields is a request.
            if request != "[]" {
                assert_eq!(answer.status, Status::Usage, "{name}: {request:.20}");
                assert_eq!(codes(&answer), ["request-syntax"], "{name}: {request:.20}");
            }
            assert!(!answer.json.contains('\n'), "{name}");
        }
    }
}

#[test]
fn whatever_is_asked_is_answered() {
    // xorshift64 (Marsaglia 2003): the same bytes in every run.
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let seeds = [
        r#"{"parse":{"files":["a-1.0-py3-none-any.whl"]}}"#,
        r#"{"build":{"name":"a","version":"1","pythons":"py3","abis":"none","platforms":"any"}}"#,
        r#"{"compare":{"text":"","files":[]}}"#,
        r#"{"file":"a-1.0-py3-none-any.whl","version":"1","epoch":18446744073709551615}"#,
        r#"{"file":"a.tgz"}"#,
        r#"{"file":"a-1.tar.gz"}"#,
        r#"{"file":"app","version":"1.0.0"}"#,
        r#"{"version":"99999999999999999999!1.0.0rc1+x"}"#,
        r#"{"tag":"v1","pattern":"v{version}"}"#,
        r#"{"name":"all","documents":["{}"]}"#,
        r#"{"files":[{"path":"a","digest":"sha256:"}],"epoch":1e400}"#,
        r#"{"max-legs":"9999999999999999999999","whole":true}"#,
        r#"{"event":"pull_request","payload":"{}"}"#,
        "[release]\nversion = \"1.0.0\"\n[[package]]\nname = \"a\"\nchart = { path = \"c\" }\n",
    ];
    for round in 0..4_000 {
        let seed = seeds[next() as usize % seeds.len()];
        let mut request = seed.as_bytes().to_vec();
        for _ in 0..next() % 6 {
            let at = next() as usize % request.len();
            match next() % 4 {
                0 => request[at] = next() as u8,
                1 => request.insert(at, next() as u8),
                2 => drop(request.remove(at)),
                _ => request.extend_from_within(at..),
            }
        }
        let mut bytes: Vec<u8> = (0..next() % 600).map(|_| next() as u8).collect();
        let heads: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\x7fELF\x02\x01", b"MZ"];
        bytes.splice(0..0, heads[next() as usize % heads.len()].iter().copied());
        for (name, answer) in all(&String::from_utf8_lossy(&request), &bytes) {
            assert!(value(&answer)["problems"].is_array(), "{name} in round {round}");
        }
        assert!(!annotations(&String::from_utf8_lossy(&request)).contains('\n'));
    }
}

#[test]
fn a_wheels_name_is_made_and_taken_apart_again() {
    let built = |version: &str, platforms: &str| {
        let parts = json!({ "name": "My.Pkg", "version": version, "pythons": ["py3", "py2"],
            "abis": "none", "platforms": platforms });
        ask(&json!({ "build": parts }).to_string(), wheel_name)
    };
    let answer = built("1.0-RC.1", "any");
    assert_eq!(value(&answer)["file"], "my_pkg-1.0rc1-py2.py3-none-any.whl");
    let parsed = ask(r#"{"parse":{"files":"my_pkg-1.0rc1-py2.py3-none-any.whl"}}"#, wheel_name);
    assert_eq!(value(&parsed)["wheels"][0]["name"], "my-pkg");
    assert_eq!(value(&parsed)["wheels"][0]["tags"], json!(["py2-none-any", "py3-none-any"]));
    assert_eq!(codes(&built("1.0-nightly", "any")), ["wheel-version"]);
    assert_eq!(codes(&built("1.0", "")), ["wheel-name"]);
    assert_eq!(codes(&built("1.0", "$(id)")), ["wheel-name"]);
}

#[test]
fn a_list_that_differs_is_a_no() {
    let digest = model::Digest::of(b"a");
    let text = format!("{}  a\n", digest.hex());
    let compare = |text: &str, paths: &[&str], scope| {
        let file = |path: &&str| checksums::File { path: (*path).to_owned(), digest };
        let files = paths.iter().map(file).collect();
        let (text, list) = (text.to_owned(), String::new());
        checksums(checksums::Request::Compare { text, files, list, scope })
    };
    let check = |list: &str, paths: &[&str], scope, expected: Status, problems: usize| {
        let outcome = compare(list, paths, scope);
        let found = (Status::of(&outcome), outcome.unwrap().problems.0.len());
        assert_eq!(found, (expected, problems), "{list:?} {paths:?} {scope:?}");
    };
    assert_eq!(render(&compare(&text, &["a"], Scope::Both)), r#"{"problems":[]}"#);
    check(&text, &["a", "b"], Scope::Listed, Status::Done, 0);
    check(&text, &["b"], Scope::Listed, Status::No, 1);
    check(&text, &["b"], Scope::Given, Status::No, 1);
    check(&text, &["b"], Scope::Both, Status::No, 2);
    // A line that is no checksum is told; it counts where every line does.
    let noisy = format!("not a checksum\n{text}");
    check(&noisy, &["a"], Scope::Listed, Status::Done, 1);
    check(&noisy, &["a"], Scope::Both, Status::No, 1);
    check("not a checksum\n", &["a"], Scope::Listed, Status::No, 1);
}

#[test]
fn an_annotation_list_is_never_lost() {
    let list = json!([
        Diagnostic::new(&codes::REQUEST_SYNTAX, "a\n::b"),
        Diagnostic::warning(&release::codes::LEG_MISSING, "c")
    ])
    .to_string();
    assert_eq!(
        annotations(&list),
        "::error title=request-syntax::a%0A::b\n::warning title=leg-missing::c"
    );
    assert!(annotations("nonsense").starts_with("::error title=request-syntax::"));
}
