//! Bundles that other programs made, signed with certificates: they are read, and they survive
//! being written in our one spelling.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test ends where it fails")]

use std::collections::BTreeSet;

use evidence::bundle::{self, Bundle, Content, Signer};
use model::Digest;

const NPM_0_1: &str = include_str!("bundles/sigstore-2.0.0.provenance.sigstore.json");
const NPM_0_3: &str = include_str!("bundles/sigstore-2.1.0.provenance.sigstore.json");
const GITHUB: &str = include_str!("bundles/pypi_attestations-0.0.19.slsa.sigstore.json");
const GITLAB: &str = include_str!("bundles/gitlab_oidc_project-0.0.3.publish.sigstore.json");
const REKOR_2: &str = include_str!("bundles/conda-attestation-rekor2.sigstore.json");

/// What one of them holds: bytes of the leaf, certificates above it, entries and timestamps.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    chain: usize,
    timestamps: usize,
    log_index: u64,
    kind: String,
    integrated_time: Option<u64>,
    promise: bool,
    hashes: usize,
}

fn shape(bundle: &Bundle) -> Shape {
    let Signer::Certificate(certificate) = &bundle.signer else { panic!("signed with a key") };
    assert_eq!(certificate.leaf[0], 0x30, "DER");
    let [entry] = bundle.log_entries.as_slice() else { panic!("one log entry") };
    let proof = entry.inclusion_proof.as_ref().unwrap();
    assert!(proof.log_index < proof.tree_size);
    assert!(proof.checkpoint.contains(&proof.tree_size.to_string()), "{}", proof.checkpoint);
    assert!(entry.canonicalized_body.starts_with(b"{\"apiVersion\""));
    let Content::Envelope { payload, .. } = &bundle.content else { panic!("an envelope") };
    evidence::statement::read(std::str::from_utf8(payload).unwrap()).unwrap();
    Shape {
        chain: certificate.chain.len(),
        timestamps: bundle.timestamps.len(),
        log_index: entry.log_index,
        kind: format!("{} {}", entry.kind, entry.version),
        integrated_time: entry.integrated_time,
        promise: entry.inclusion_promise.is_some(),
        hashes: proof.hashes.len(),
    }
}

#[test]
fn bundles_of_strangers_are_read() {
    let check = |text: &str, expected: (usize, usize, u64, &str, Option<u64>, bool, usize)| {
        let (chain, timestamps, log_index, kind, integrated_time, promise, hashes) = expected;
        let kind = kind.to_owned();
        let expected =
            Shape { chain, timestamps, log_index, kind, integrated_time, promise, hashes };
        assert_eq!(shape(&bundle::read(text).unwrap()), expected);
    };
    check(NPM_0_1, (0, 0, 31_821_305, "intoto 0.0.2", Some(1_692_374_735), true, 10));
    check(NPM_0_3, (0, 0, 33_351_527, "intoto 0.0.2", Some(1_693_323_623), true, 11));
    check(REKOR_2, (0, 1, 4_197_416, "hashedrekord 0.0.2", None, false, 6));
    for text in [GITHUB, GITLAB] {
        let shape = shape(&bundle::read(text).unwrap());
        assert_eq!((shape.chain, shape.kind.as_str(), shape.promise), (0, "dsse 0.0.1", true));
    }
}

#[test]
fn what_was_read_of_a_stranger_survives_our_spelling() {
    for text in [NPM_0_1, NPM_0_3, GITHUB, GITLAB, REKOR_2] {
        let read = bundle::read(text).unwrap();
        let ours = read.render().unwrap();
        assert_eq!(bundle::parse(&ours).unwrap(), read);
        assert_eq!(bundle::parse(&ours).unwrap().render().unwrap(), ours);
        assert_eq!(bundle::parse(text).unwrap_err().code.name, "bundle-syntax", "another spelling");
    }
}

#[test]
fn an_unknown_field_anywhere_is_no_matter_of_strangers_and_refused_in_ours() {
    let read = bundle::read(REKOR_2).unwrap();
    let ours = read.render().unwrap();
    let tree: serde_json::Value = serde_json::from_str(&ours).unwrap();
    let mut objects = BTreeSet::new();
    objects_of(&tree, "", &mut objects);
    assert!(objects.len() > 10, "{objects:?}");
    for object in objects {
        let mut spoiled = tree.clone();
        spoiled.pointer_mut(&object).unwrap()["surplus"] = "x".into();
        let text = format!("{spoiled}");
        assert_eq!(bundle::read(&text).unwrap(), read, "{object}");
        let text = with_surplus(&ours, &object);
        assert_eq!(bundle::read(&text).unwrap(), read, "{object}");
        assert_eq!(bundle::parse(&text).unwrap_err().code.name, "bundle-syntax", "{object}");
    }
}

#[test]
fn every_change_of_one_byte_of_ours_is_another_bundle_or_none() {
    let good = bundle::read(REKOR_2).unwrap().render().unwrap();
    let bundle = bundle::parse(&good).unwrap();
    // Each place in a group of four characters of base64 among them.
    for index in (0..good.len()).step_by(13) {
        let mut bytes = good.clone().into_bytes();
        bytes[index] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(bundle::parse(&text).ok().as_ref() != Some(&bundle), "byte {index}");
    }
}

#[test]
fn a_certificate_leaves_the_signature_unknown_but_not_what_it_is_over() {
    use evidence::{Refusal, SignatureCheck, TrustedSigner, Verified, Why};

    struct Keys;

    impl SignatureCheck for Keys {
        fn verify(
            &self,
            bundle: &Bundle,
            _: &Digest,
            trusted: &[TrustedSigner],
        ) -> Result<Verified, Refusal> {
            bundle.keys(trusted).map(|_| panic!("there is no key"))
        }
    }

    let bundle = bundle::read(GITHUB).unwrap();
    let refusal = bundle.verify_statement(&[], &Keys).unwrap_err();
    assert_eq!((refusal.why, refusal.diagnostic.code.name), (Why::Unknown, "bundle-unsupported"));
    let refusal = bundle.verify_file(&Digest::of(b"file"), &[], &Keys).unwrap_err();
    assert_eq!((refusal.why, refusal.diagnostic.code.name), (Why::Subject, "bundle-subject"));
}

/// The pointers (RFC 6901) of all objects in `value`.
fn objects_of(value: &serde_json::Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            found.insert(at.to_owned());
            fields
                .iter()
                .for_each(|(name, value)| objects_of(value, &format!("{at}/{name}"), found));
        }
        serde_json::Value::Array(values) => {
            let values = values.iter().enumerate();
            values.for_each(|(index, value)| objects_of(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// Our spelling, with a field more at the front of the object at `pointer`.
fn with_surplus(ours: &str, pointer: &str) -> String {
    let mut at = 0;
    for name in pointer.split('/').skip(1) {
        at += match name.parse::<usize>() {
            Ok(_) => ours[at..].find('[').unwrap() + 1,
            Err(_) => ours[at..].find(&format!("\"{name}\":")).unwrap() + name.len() + 3,
        };
    }
    let open = at + ours[at..].find('{').unwrap() + 1;
    format!("{} \"surplus\": \"x\",{}", &ours[..open], &ours[open..])
}
