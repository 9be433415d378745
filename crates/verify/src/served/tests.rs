//! What a registry may serve beside the key's own statements, and instead of them.

use std::collections::BTreeMap;

use evidence::bundle::{self, Bundle, Content};
use evidence::statement::{self, ProvenanceInput};
use evidence::{PublicKey, Refusal, TrustedSigner};
use model::ToolUse;

use super::*;

mod sboms;

/// Takes one signature for the key's.
struct Good;

impl SignatureCheck for Good {
    fn verify(
        &self,
        bundle: &Bundle,
        _: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        bundle.keys(trusted)?;
        match bundle.signature() {
            b"good" => Ok(Verified::by(trusted[0].identity())),
            _ => Err(Diagnostic::new(&evidence::codes::SIGNATURE_INVALID, "is not right").into()),
        }
    }
}

fn policy() -> Policy {
    let key = PublicKey::from_point(&[&[4][..], &[1; 64]].concat()).unwrap();
    Policy::trust(TrustedSigner::Key(key))
}

/// The release's signer, as reports name it.
fn publisher() -> Signer {
    Signer::Trusted(Verified::by(policy().trusted[0].identity()))
}

const NAME: &str = "localhost/o/app";

fn digest(what: &str) -> Digest {
    Digest::of(what.as_bytes())
}

fn signed(statement: &str) -> String {
    let content = Content::Envelope {
        payload_type: "application/vnd.in-toto+json".to_owned(),
        payload: statement.into(),
        signature: b"good".into(),
    };
    Bundle::new(bundle::Signer::Key(String::new()), content).render().unwrap()
}

/// How the image of a release was built: an index over two platforms.
fn provenance(version: &str) -> ProvenanceInput {
    let subject =
        |name: &str, of: &str| (format!("{NAME}{name}"), digest(&format!("{of} {version}")));
    ProvenanceInput {
        repository: String::new(),
        tag: format!("v{version}"),
        version: version.to_owned(),
        selection: Vec::new(),
        commit: None,
        dirty: false,
        submodules: BTreeMap::new(),
        materials: Vec::new(),
        epoch: 0,
        plan: digest("plan"),
        generator: ToolUse::default(),
        tools: Vec::new(),
        subjects: vec![
            subject("", "index"),
            subject("#linux-amd64", "amd64"),
            subject("#linux-arm64", "arm64"),
        ],
        byproducts: Vec::new(),
    }
}

/// One of the three, with the evidence that a release brings.
fn served(of: &str, version: &str) -> Served {
    let digest = digest(&format!("{of} {version}"));
    let statements = statement::provenance(&provenance(version)).unwrap();
    let image = statement::image_statement(NAME, &digest).unwrap();
    Served {
        name: format!("{NAME}@{digest}"),
        digest,
        content: None,
        version: Some(version.to_owned()),
        problem: None,
        bundles: statements.iter().chain([&image]).map(|text| signed(text)).collect(),
        sboms: Vec::new(),
        unread: 0,
    }
}

/// Verifies as if asked for `tag`; the SBOMs are another matter.
fn look(tag: Option<&str>, pinned: bool, served: &[Served]) -> (Vec<String>, Report) {
    let named = tag.map_or(NAME.to_owned(), |tag| format!("{NAME}:{tag}"));
    let reference = format!("{named}@{}", served[0].digest);
    let asked = Asked { reference: &reference, tag, pinned };
    let report = verify_served(&asked, served, &policy(), &Good);
    let problems = report.problems().0.into_iter();
    let codes =
        problems.map(|problem| problem.code.to_string()).filter(|code| code != "image-sbom");
    (codes.collect(), report)
}

#[test]
fn a_version_tag_is_held_against_what_the_signed_bytes_say() {
    let check = |tag: &str, version: &str, expected: &[&str]| {
        let (codes, report) = look(Some(tag), false, &[served("index", version)]);
        assert_eq!(codes, expected, "{version} under {tag}");
        // It is the key's all the same.
        assert_eq!(report.signer, publisher());
    };
    check("1.0.0", "1.0.0", &[]);
    check("v1.0.0", "1.0.0", &[]);
    check("1", "1.0.0", &[]);
    check("1.0.0", "0.9.0", &["image-other"]);
    check("1", "0.9.0", &["image-other"]);
    check("latest", "0.9.0", &[]);
    let (_, report) = look(Some("latest"), false, &[served("index", "0.9.0")]);
    assert_eq!(report.notes, ["`localhost/o/app:latest` holds the version `0.9.0`"]);
    let (codes, _) = look(Some("1.0.0"), true, &[served("index", "0.9.0")]);
    assert_eq!(codes, ["image-other"], "beside a digest the tag is a claim as well");
    let (codes, report) = look(None, true, &[served("index", "0.9.0")]);
    assert_eq!((codes.len(), report.notes.len()), (0, 0), "a digest claims no version");
}

#[test]
fn what_says_a_version_is_found_wherever_it_is_signed() {
    let silent = |of: &str| Served { version: None, ..served(of, "0.9.0") };
    let (codes, _) = look(Some("1.0.0"), false, &[silent("index"), served("amd64", "0.9.0")]);
    assert_eq!(codes, ["image-other"], "by a platform");
    let (codes, report) = look(Some("1.0.0"), false, &[silent("index")]);
    assert_eq!(codes, ["image-other"], "by the provenance");
    assert_eq!(report.signer, publisher());
    let (codes, _) = look(Some("0.9.0"), false, &[silent("index")]);
    assert!(codes.is_empty(), "{codes:?}");
    // Another program's statement of how it was built, which says none.
    let mut foreign = silent("index");
    foreign.bundles[0] = signed(&format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","predicateType":"{}",
            "subject":[{{"digest":{{"sha256":"{}"}}}}],"predicate":{{}}}}"#,
        statement::PREDICATE_TYPE,
        foreign.digest.hex()
    ));
    let (codes, report) = look(Some("1.0.0"), false, &[foreign]);
    assert!(codes.is_empty(), "{codes:?}");
    let note = "nothing that is signed says which version `localhost/o/app:1.0.0` is";
    assert_eq!(report.notes, [note]);
}

#[test]
fn a_tag_on_one_platform_of_an_image_is_not_the_image() {
    let check = |tag: Option<&str>, pinned: bool, expected: &[&str]| {
        let (codes, report) = look(tag, pinned, &[served("arm64", "1.0.0")]);
        assert_eq!(codes, expected, "{tag:?}");
        report
    };
    let report = check(Some("1.0.0"), false, &["image-part"]);
    let problems = report.problems().0;
    let message = &problems.iter().find(|one| one.code.name == "image-part").unwrap().message;
    let index = digest("index 1.0.0").to_string();
    assert!(message.contains("linux-arm64") && message.contains(&index), "{message}");
    check(Some("1"), false, &["image-part"]);
    check(Some("latest"), false, &["image-part"]);
    check(Some("1.0.0"), true, &[]);
    check(None, true, &[]);
    let report = check(Some("1.0.0-slim"), false, &[]);
    assert!(report.notes.iter().any(|note| note.contains("linux-arm64 alone")), "{report}");
}

#[test]
fn the_same_bytes_may_be_signed_under_several_names() {
    let mut both = served("index", "1.0.0");
    let other = statement::image_statement("localhost/o/other", &both.digest).unwrap();
    both.bundles.insert(0, signed(&other));
    let (codes, _) = look(Some("1.0.0"), false, &[both.clone()]);
    assert!(codes.is_empty(), "{codes:?}");
    both.bundles.truncate(2);
    let (codes, report) = look(Some("1.0.0"), false, &[both.clone()]);
    assert_eq!((codes, report.signer), (vec!["image-other".to_owned()], publisher()));
    both.bundles.clear();
    let (codes, report) = look(Some("1.0.0"), false, &[both]);
    assert_eq!(codes, ["image-signature", "image-provenance"]);
    assert_eq!(report.signer, Signer::Unsigned);
}

#[test]
fn a_copy_keeps_its_name_and_another_image_has_another() {
    let check = |signed: &str, served: &str, expected: bool| {
        assert_eq!(is_other(signed, served), expected, "{signed} as {served}");
    };
    check("ghcr.io/o/app", "ghcr.io/o/app@sha256:1", false);
    check("ghcr.io/o/app", "127.0.0.1:5000/mirror/o/app@sha256:1", false);
    check("ghcr.io/o/app:1.0@sha256:1", "ghcr.io/o/app@sha256:1", false);
    check("ghcr.io/o/app", "ghcr.io/o/other@sha256:1", true);
    check("", "ghcr.io/o/app@sha256:1", false);
}

/// In a release of more subjects than one statement holds, a chart's archive may stand in another
/// one than its manifest.
#[test]
fn what_says_how_a_charts_manifest_was_built_says_it_of_the_archive_that_it_names() {
    let chart = Served { content: Some(digest("archive")), ..served("index", "1.0.0") };
    let (codes, _) = look(None, true, &[chart]);
    assert!(codes.is_empty(), "{codes:?}");
}
