//! Bundles: their one rendering, what others write, and what is refused.

use super::*;
use crate::Identity;
use crate::codes;

/// DER of r = 1, s = 2: canonical, and nobody's signature.
const SIGNATURE: [u8; 8] = [0x30, 6, 2, 1, 1, 2, 1, 2];

/// Says yes to one digest.
struct Only(Digest);

impl SignatureCheck for Only {
    fn verify(
        &self,
        bundle: &Bundle,
        signed: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        let hint = bundle.keys(trusted)?.0.hint();
        match *signed == self.0 {
            true => Ok(Verified::by(Identity::Key { hint })),
            false => Err(Diagnostic::new(&codes::SIGNATURE_INVALID, "no").into()),
        }
    }
}

fn key() -> PublicKey {
    PublicKey::from_point(&[&[4_u8][..], &[7; 64]].concat()).unwrap()
}

fn other_key() -> PublicKey {
    PublicKey::from_point(&[&[4_u8][..], &[8; 64]].concat()).unwrap()
}

fn message() -> Bundle {
    let content = Content::Message { digest: Digest::of(b"file"), signature: SIGNATURE.to_vec() };
    Bundle::new(Signer::Key(key().hint()), content)
}

fn envelope() -> Bundle {
    let content = Content::Envelope {
        payload_type: dsse::IN_TOTO_PAYLOAD.to_owned(),
        payload: b"{}".to_vec(),
        signature: SIGNATURE.to_vec(),
    };
    Bundle::new(Signer::Key(key().hint()), content)
}

/// Everything that a bundle can hold.
fn whole() -> Bundle {
    let proof = InclusionProof {
        log_index: 6,
        root_hash: Digest::of(b"root"),
        tree_size: 8,
        hashes: vec![Digest::of(b"a"), Digest::of(b"b")],
        checkpoint: "log\n8\nroot\n\n\u{2014} log sig\n".to_owned(),
    };
    let entry = LogEntry {
        log_index: 7,
        log_id: b"log".to_vec(),
        kind: "hashedrekord".to_owned(),
        version: "0.0.1".to_owned(),
        integrated_time: Some(1_700_000_000),
        inclusion_promise: Some(b"promise".to_vec()),
        inclusion_proof: Some(proof),
        canonicalized_body: b"{}".to_vec(),
    };
    Bundle {
        signer: Signer::Certificate(Certificate { leaf: b"leaf".to_vec(), chain: Vec::new() }),
        log_entries: vec![entry],
        timestamps: vec![Timestamp(b"stamp".to_vec())],
        ..message()
    }
}

#[test]
fn a_bundle_reads_back_as_it_was_written() {
    let logged = Bundle { signer: message().signer, ..whole() };
    for bundle in [message(), envelope(), whole(), logged] {
        assert_eq!(parse(&bundle.render().unwrap()).unwrap(), bundle);
    }
    let hint = key().hint();
    let expected = format!(
        r#"{{
  "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
  "verificationMaterial": {{
    "publicKey": {{
      "hint": "{hint}"
    }}
  }},
  "dsseEnvelope": {{
    "payload": "e30=",
    "payloadType": "application/vnd.in-toto+json",
    "signatures": [
      {{
        "sig": "MAYCAQECAQI="
      }}
    ]
  }}
}}
"#
    );
    assert_eq!(envelope().render().unwrap(), expected);
}

#[test]
fn what_other_programs_write_is_read_but_is_not_ours() {
    let ours = message().render().unwrap();
    let compact: serde_json::Value = serde_json::from_str(&ours).unwrap();
    let spellings = [
        compact.to_string(),
        ours.replace("bundle.v0.3+json", "bundle+json;version=0.2"),
        ours.replace("\"publicKey\"", "\"tlogEntries\": [], \"publicKey\""),
        ours.replace("MAYCAQECAQI=", "MAYCAQECAQI"),
        ours.trim_end().to_owned(),
    ];
    for text in spellings {
        assert_eq!(read(&text).unwrap(), message(), "{text}");
        assert_eq!(parse(&text).unwrap_err().code.name, "bundle-syntax", "{text}");
    }
}

#[test]
fn ours_always_hint_at_the_key() {
    let text = Bundle { signer: Signer::Key(String::new()), ..message() }.render().unwrap();
    assert!(read(&text).is_ok());
    assert_eq!(parse(&text).unwrap_err().code.name, "bundle-syntax");
}

#[test]
fn broken_bundles_are_refused() {
    let ours = envelope().render().unwrap();
    let check = |from: &str, to: &str, code: &str| {
        assert!(ours.contains(from), "{from}");
        assert_eq!(
            read(&ours.replacen(from, to, 1)).unwrap_err().code.name,
            code,
            "{from} -> {to}"
        );
    };
    check("v0.3+json", "v9+json", "bundle-syntax");
    check("\"publicKey\"", "\"certificate\"", "bundle-syntax");
    check("\"publicKey\"", "\"other\"", "bundle-syntax");
    check(
        "\"publicKey\"",
        "\"certificate\": {\"rawBytes\": \"AA==\"}, \"publicKey\"",
        "bundle-syntax",
    );
    check("\"MAYCAQECAQI=\"", "\"\"", "bundle-syntax");
    check("\"MAYCAQECAQI=\"", "7", "bundle-syntax");
    check("\"MAYCAQECAQI=\"", "null", "bundle-syntax");
    check("dsseEnvelope", "other", "bundle-syntax");
    check("e30=", "e31=", "bundle-syntax");
    check("e30=", "e30===", "bundle-syntax");
    check("e30=", "e3 0=", "bundle-syntax");
    check("\"sig\"", "\"signature\"", "bundle-syntax");
    check("\"signatures\": [", "\"signatures\": [{\"sig\": \"\"},", "bundle-syntax");
    check("\"payload\"", "\"payload\": \"\", \"payload\"", "bundle-syntax");
    let both = "\"messageSignature\": {\"messageDigest\": {\"algorithm\": \"SHA2_256\", \
                \"digest\": \"\"}, \"signature\": \"\"}, \"dsseEnvelope\"";
    check("\"dsseEnvelope\"", both, "bundle-syntax");
    for text in ["", "{}", "[]", &"[".repeat(100_000)] {
        assert_eq!(read(text).unwrap_err().code.name, "bundle-syntax");
    }
    let sha512 = message().render().unwrap().replace("SHA2_256", "SHA2_512");
    assert_eq!(read(&sha512).unwrap_err().code.name, "bundle-syntax");
}

#[test]
fn every_truncation_of_a_bundle_is_refused() {
    for good in [message().render().unwrap(), envelope().render().unwrap()] {
        for length in 0..good.len() {
            assert!(parse(&good[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn a_twin_of_the_signature_is_refused() {
    let twin = [&[0x30, 0x26, 2, 1, 1, 2, 0x21, 0][..], &[0xff; 32]].concat();
    let content = Content::Message { digest: Digest::of(b"file"), signature: twin };
    let text = Bundle { content, ..message() }.render().unwrap();
    assert!(read(&text).is_ok());
    assert_eq!(parse(&text).unwrap_err().code.name, "signature-twin");
}

#[test]
fn a_signature_is_good_for_its_own_file_kind_and_key_only() {
    let file = Digest::of(b"file");
    let pae = Digest::of(b"DSSEv1 28 application/vnd.in-toto+json 2 {}");
    let keys = |keys: &[PublicKey]| -> Vec<TrustedSigner> {
        keys.iter().cloned().map(TrustedSigner::Key).collect()
    };
    let (ours, theirs) = (&keys(&[key()]), &keys(&[other_key()]));
    let code = |result: Result<Verified, Refusal>| match result {
        Ok(verified) => {
            let Identity::Key { hint } = verified.who else { panic!("signed with a key") };
            hint
        }
        Err(refusal) => refusal.diagnostic.code.to_string(),
    };
    let check = |bundle: &Bundle, digest, trusted: &[TrustedSigner], valid, expected: &str| {
        assert_eq!(code(bundle.verify_file(digest, trusted, &Only(valid))), expected);
    };
    let good = key().hint();
    check(&message(), &file, ours, file, &good);
    check(&message(), &file, ours, pae, "signature-invalid");
    check(&message(), &pae, ours, file, "bundle-subject");
    check(&message(), &file, theirs, file, "bundle-key");
    check(&message(), &file, &[], file, "bundle-key");
    check(&message(), &file, &keys(&[other_key(), key()]), file, &good);
    check(&envelope(), &file, ours, pae, "bundle-subject");
    let unhinted = Bundle { signer: Signer::Key(String::new()), ..message() };
    check(&unhinted, &file, theirs, file, &other_key().hint());
    check(&whole(), &file, ours, file, "bundle-unsupported");
    check(&whole(), &pae, ours, file, "bundle-subject");

    let statement = |bundle: &Bundle, valid: Digest| {
        let verified = bundle.verify_statement(ours, &Only(valid));
        code(verified.map(|(payload, verified)| {
            assert_eq!(payload, b"{}");
            verified
        }))
    };
    assert_eq!(statement(&envelope(), pae), good);
    assert_eq!(statement(&envelope(), file), "signature-invalid");
    assert_eq!(statement(&message(), file), "bundle-subject");
}

#[test]
fn a_refusal_says_which_of_the_three_answers_it_is() {
    let (file, trusted) = (Digest::of(b"file"), [TrustedSigner::Key(key())]);
    let check = |bundle: &Bundle, trusted: &[TrustedSigner], valid, expected| {
        let refusal = bundle.verify_file(&file, trusted, &Only(valid)).unwrap_err();
        assert_eq!(refusal.why, expected, "{}", refusal.diagnostic);
    };
    check(&message(), &trusted, Digest::of(b""), Why::Invalid);
    check(&message(), &[TrustedSigner::Key(other_key())], file, Why::Signer);
    check(&envelope(), &trusted, file, Why::Subject);
    check(&whole(), &trusted, file, Why::Unknown);
}

#[test]
fn numbers_may_be_text_or_numbers_and_null_is_absent() {
    let ours = whole().render().unwrap();
    let check = |from: &str, to: &str, expected: Option<u64>| {
        assert!(ours.contains(from), "{from}");
        let read = read(&ours.replacen(from, to, 1));
        let index = read.ok().map(|bundle| bundle.log_entries[0].log_index);
        assert_eq!(index, expected, "{to}");
    };
    let index = "\"logIndex\": \"7\"";
    check(index, "\"logIndex\": 7", Some(7));
    check(index, "\"logIndex\": \"9223372036854775807\"", Some(i64::MAX as u64));
    check(index, "\"logIndex\": null", Some(0));
    for wrong in ["-1", "\"-1\"", "7.5", "\"\"", "\"9223372036854775808\"", "1e99", "true", "[7]"] {
        check(index, &format!("\"logIndex\": {wrong}"), None);
    }
    let absent = ours.replace("\"1700000000\"", "\"0\"");
    assert_eq!(read(&absent).unwrap().log_entries[0].integrated_time, None);
    let stamps = ours.find("\"timestampVerificationData\"").unwrap();
    let end = stamps + ours[stamps..].find(']').unwrap();
    let end = end + ours[end..].find('}').unwrap() + 1;
    let without = format!("{}\"timestampVerificationData\": null{}", &ours[..stamps], &ours[end..]);
    assert_eq!(read(&without).unwrap().timestamps, []);
}

#[test]
fn a_log_entry_of_ours_is_proven_to_be_included() {
    let mut bundle = whole();
    bundle.log_entries[0].inclusion_proof = None;
    let text = bundle.render().unwrap();
    assert_eq!(read(&text).unwrap(), bundle);
    assert_eq!(parse(&text).unwrap_err().code.name, "bundle-syntax");
}

#[test]
fn more_of_anything_than_a_bundle_needs_is_refused() {
    let entry = || whole().log_entries[0].clone();
    let proof = |hashes: usize, checkpoint: usize| {
        let mut entry = entry();
        let proof = entry.inclusion_proof.as_mut().unwrap();
        proof.hashes = vec![Digest::of(b""); hashes];
        proof.checkpoint = "x".repeat(checkpoint);
        Bundle { log_entries: vec![entry], ..whole() }
    };
    let entries = |count: usize| Bundle { log_entries: vec![entry(); count], ..whole() };
    let stamps = |count: usize| Bundle { timestamps: vec![Timestamp(vec![1]); count], ..whole() };
    let leaf = |bytes: usize| {
        let certificate = Certificate { leaf: vec![1; bytes], chain: Vec::new() };
        Bundle { signer: Signer::Certificate(certificate), ..whole() }
    };
    let check = |good: Bundle, bad: Bundle| {
        assert_eq!(parse(&good.render().unwrap()).unwrap(), good);
        assert_eq!(read(&bad.render().unwrap()).unwrap_err().code.name, "bundle-syntax");
    };
    check(entries(32), entries(33));
    check(stamps(32), stamps(33));
    check(proof(64, 1), proof(65, 1));
    check(proof(1, 64 << 10), proof(1, (64 << 10) + 1));
    check(leaf(60 << 10), leaf(66 << 10));
    let chain = |count: usize| {
        let one = vec![r#"{"rawBytes":"AA=="}"#; count].join(",");
        let chain = format!("\"x509CertificateChain\":{{\"certificates\":[{one}]}}");
        let ours = message().render().unwrap();
        let hint = format!("\"publicKey\": {{\n      \"hint\": \"{}\"\n    }}", key().hint());
        assert!(ours.contains(&hint), "{ours}");
        read(&ours.replace(&hint, &chain)).is_ok()
    };
    assert_eq!([0, 1, 10, 11].map(chain), [false, true, true, false]);
    let certificate = Certificate { leaf: vec![1], chain: vec![vec![2]] };
    let chained = Bundle { signer: Signer::Certificate(certificate), ..whole() };
    assert_eq!(
        chained.render().unwrap_err().code.name,
        "bundle-syntax",
        "version 0.3 has no chain"
    );
    // Values of fields that are not known count as well: they cost memory.
    let surplus = |count: usize| {
        let list = vec!["0"; count].join(",");
        read(&message().render().unwrap().replacen('{', &format!("{{\"x\":[{list}],"), 1)).is_ok()
    };
    assert_eq!([9_000, 11_000].map(surplus), [true, false]);
}
