//! What signing leaves: bundles, statements, attestations, lists of checksums, keys.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use evidence::bundle::{self, Bundle, Content, Signer};
use evidence::checksums::{self, Scope};
use evidence::{PublicKey, SignatureCheck as _, TrustedSigner, attestation, statement};
use model::{Budget, Digest};
use signing::{Key, Signer as _, Verifier};
use verify::Policy;

use crate::properties::{accepted, bounded, must, told};
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "bundle",
        about: "a Sigstore bundle: as it is rendered it reads the same; a file verified with it",
        seeds: bundles,
        run: bundle,
    },
    Target {
        name: "statement",
        about: "an in-toto statement, ours and anybody's, and PEP 740 provenance",
        seeds: || seeds(&[&our_statement(), STATEMENT, ATTESTATION]),
        run: statements,
    },
    Target {
        name: "checksums",
        about: "a list of checksums: what it lists reads the same once it is rendered",
        seeds: || seeds(&[CHECKSUMS]),
        run: lists,
    },
    Target {
        name: "key",
        about: "PEM of public and private keys: one that reads signs what its public half verifies",
        seeds: || seeds(&[&pkcs8(), &private(SEC1, "EC PRIVATE KEY"), &public().pem()]),
        run: keys,
    },
];

const CHECKSUMS: &str = "# a list\n\
     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt\n\
     \\e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 *b\\n\\\\c\r\n\
     SHA256 (d (e)) = E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855\n";

/// What stands before and behind the 32 bytes of a P-256 key in PKCS#8 (RFC 5208).
const PKCS8: (&[u8], &[u8]) = (
    b"\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\
      \xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20",
    b"",
);

/// The same in SEC 1 (RFC 5915).
const SEC1: (&[u8], &[u8]) =
    (b"\x30\x31\x02\x01\x01\x04\x20", b"\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07");

/// A private key that is no secret: the number of 32 bytes that are 1.
fn private((before, behind): (&[u8], &[u8]), label: &str) -> String {
    let der = [before, &[1; 32], behind].concat();
    let body = STANDARD.encode(der);
    let (first, second) = body.split_at(64.min(body.len()));
    let second = if second.is_empty() { String::new() } else { format!("{second}\n") };
    format!("-----BEGIN {label}-----\n{first}\n{second}-----END {label}-----\n")
}

/// The key that this program signs with.
pub(crate) fn key() -> Key {
    must("a private key", Key::from_pem(&pkcs8()))
}

fn pkcs8() -> String {
    private(PKCS8, "PRIVATE KEY")
}

const STATEMENT: &str = r#"{"_type": "https://in-toto.io/Statement/v0.1", "predicateType":
"https://slsa.dev/provenance/v0.2", "subject": [{"name": "a", "digest": {"sha256":
"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}}], "predicate": {}}"#;

const ATTESTATION: &str = r#"{"version": 1, "attestation_bundles": [{"publisher": {"kind":
"GitHub"}, "attestations": [{"envelope": {"statement":
"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJzdWJqZWN0IjpbXX0=",
"signature": "AA=="}}]}]}"#;

/// Bytes that a file verified here has.
const FILE: &[u8] = b"x";

/// A public key whose point is on its curve: that of [`pkcs8`].
fn public() -> PublicKey {
    must("its public half", PublicKey::parse(&key().public_pem()))
}

fn our_statement() -> String {
    let subjects = vec![("a.txt".to_owned(), Digest::of(FILE))];
    let input = statement::ProvenanceInput {
        repository: "https://example.org/owner/demo".to_owned(),
        tag: "v1.0.0".to_owned(),
        version: "1.0.0".to_owned(),
        selection: Vec::new(),
        commit: Some("0".repeat(40)),
        dirty: false,
        submodules: BTreeMap::new(),
        epoch: crate::samples::EPOCH,
        plan: Digest::of(b"plan"),
        generator: model::ToolUse::default(),
        tools: Vec::new(),
        materials: Vec::new(),
        subjects,
        byproducts: Vec::new(),
    };
    statement::provenance(&input).unwrap_or_default().into_iter().next().unwrap_or_default()
}

fn bundles() -> Vec<Vec<u8>> {
    let real = [
        include_str!("../../crates/evidence/tests/bundles/sigstore-2.1.0.provenance.sigstore.json"),
        include_str!("../../crates/evidence/tests/bundles/conda-attestation-rekor2.sigstore.json"),
    ];
    let signer = || Signer::Key(public().hint());
    // DER of r = 1, s = 2.
    let signature = vec![0x30, 6, 2, 1, 1, 2, 1, 2];
    let envelope = Content::Envelope {
        payload_type: evidence::dsse::IN_TOTO_PAYLOAD.to_owned(),
        payload: our_statement().into_bytes(),
        signature: signature.clone(),
    };
    let message = Content::Message { digest: Digest::of(FILE), signature };
    let ours = [envelope, message]
        .into_iter()
        .map(|content| Bundle::new(signer(), content).render().unwrap_or_default().into_bytes());
    ours.chain(seeds(&real)).collect()
}

fn bundle(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let read = accepted(bundle::read(text));
    if let Some(parsed) = accepted(bundle::parse(text)) {
        assert_eq!(read.as_ref(), Some(&parsed), "what is ours is not everybody's");
        let again = must("a bundle that was read", parsed.render());
        assert!(again == text, "a bundle of ours has another spelling");
    }
    if let Some(read) = &read {
        let again = must("a bundle that was read", read.render());
        let again = must("what was rendered can be read", bundle::read(&again));
        assert!(again == *read, "a bundle differs once it was rendered");
        let trusted = [TrustedSigner::Key(public())];
        if let Err(refusal) = Verifier.verify(read, &Digest::of(FILE), &trusted) {
            told(&refusal.diagnostic);
        }
        let _ = evidence::is_canonical_signature(read.signature());
    }
    for policy in [Policy::default(), Policy::trust(TrustedSigner::Key(public()))] {
        let report = verify::verify_file("a.txt", &Digest::of(FILE), text, &policy, &Verifier);
        bounded(&report.problems().0);
        // Nobody here can sign: the one key's private half is known, and yet no input has it.
        assert!(!report.is_good() || policy.names_signers(), "nobody is trusted, and it is good");
    }
}

fn statements(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(parsed) = accepted(statement::parse(text)) {
        assert!(must("a statement that was read", parsed.render()) == text, "another spelling");
        let subjects = accepted(parsed.subjects());
        let foreign = must("what is ours is a statement", statement::read(text));
        assert_eq!(subjects, Some(foreign.subjects));
        let _ = accepted(parsed.byproducts());
    }
    let _ = accepted(statement::read(text));
    if let Some(all) = accepted(attestation::read(text)) {
        assert!(all.len() <= 64, "{} attestations", all.len());
    }
    let _ = model::json::ambiguity(bytes, &Budget::of(bytes.len() as u64));
}

fn lists(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(reading) = accepted(checksums::read(text)) else { return };
    crate::properties::located(&reading.improper, "", text);
    if let Some(listed) = accepted(checksums::parse(text)) {
        let entries: Vec<(&str, Digest)> =
            listed.iter().map(|one| (one.path.as_str(), one.digest)).collect();
        let rendered = checksums::render(&entries);
        let again = must("what was rendered can be read", checksums::parse(&rendered));
        let by_path = |listed: &[checksums::Listed]| -> BTreeMap<String, Digest> {
            listed.iter().map(|one| (one.path.clone(), one.digest)).collect()
        };
        assert_eq!(by_path(&again), by_path(&listed));
        let differences = checksums::compare(&listed, &by_path(&listed), Scope::Both);
        assert!(differences.is_empty(), "a list differs from itself: {differences:?}");
    }
}

fn keys(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(read) = accepted(PublicKey::read(text)) {
        let again = must("a key that was read", PublicKey::parse(&read.pem()));
        assert_eq!(again, read);
        assert_eq!(must("its point", PublicKey::from_point(read.point())), read);
    }
    let _ = accepted(PublicKey::parse(text));
    let _ = accepted(TrustedSigner::read_key(text));
    if let Some(private) = accepted(Key::from_pem(text)) {
        let public = must("its public half", PublicKey::parse(&private.public_pem()));
        let digest = Digest::of(FILE);
        let bundle = must("a signature", private.sign_file(&digest));
        let trusted = [TrustedSigner::Key(public)];
        let verified = bundle.verify_file(&digest, &trusted, &Verifier);
        assert!(verified.is_ok(), "what was signed does not verify");
    }
}
