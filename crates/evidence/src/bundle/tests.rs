//! Bundles: their one rendering, what others write, and what is refused.

use super::*;

/// DER of r = 1, s = 2: canonical, and nobody's signature.
const SIGNATURE: [u8; 8] = [0x30, 6, 2, 1, 1, 2, 1, 2];

/// Says yes to one digest.
struct Only(Digest);

impl SignatureCheck for Only {
    fn verify(&self, _: &PublicKey, digest: &Digest, _: &[u8]) -> Result<(), Diagnostic> {
        (*digest == self.0)
            .then_some(())
            .ok_or_else(|| Diagnostic::new(&codes::SIGNATURE_INVALID, "no"))
    }
}

fn key() -> PublicKey {
    PublicKey::from_point(&[&[4_u8][..], &[7; 64]].concat()).unwrap()
}

fn message() -> Bundle {
    let content = Content::Message { digest: Digest::of(b"file"), signature: SIGNATURE.to_vec() };
    Bundle { hint: key().hint(), content }
}

fn envelope() -> Bundle {
    let content = Content::Envelope {
        payload_type: dsse::IN_TOTO_PAYLOAD.to_owned(),
        payload: b"{}".to_vec(),
        signature: SIGNATURE.to_vec(),
    };
    Bundle { hint: key().hint(), content }
}

#[test]
fn a_bundle_reads_back_as_it_was_written() {
    for bundle in [message(), envelope()] {
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
        assert_eq!(parse(&text).unwrap_err().code.to_string(), "bundle-syntax", "{text}");
    }
}

#[test]
fn ours_always_hint_at_the_key() {
    let text = Bundle { hint: String::new(), ..message() }.render().unwrap();
    assert!(read(&text).is_ok());
    assert_eq!(parse(&text).unwrap_err().code.to_string(), "bundle-syntax");
}

#[test]
fn broken_bundles_are_refused() {
    let ours = envelope().render().unwrap();
    let check = |from: &str, to: &str, code: &str| {
        assert!(ours.contains(from), "{from}");
        assert_eq!(
            read(&ours.replacen(from, to, 1)).unwrap_err().code.to_string(),
            code,
            "{from} -> {to}"
        );
    };
    check("v0.3+json", "v9+json", "bundle-syntax");
    check("\"publicKey\"", "\"certificate\"", "bundle-unsupported");
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
        assert_eq!(read(text).unwrap_err().code.to_string(), "bundle-syntax");
    }
    let sha512 = message().render().unwrap().replace("SHA2_256", "SHA2_512");
    assert_eq!(read(&sha512).unwrap_err().code.to_string(), "bundle-syntax");
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
    assert_eq!(parse(&text).unwrap_err().code.to_string(), "signature-twin");
}

#[test]
fn a_signature_is_good_for_its_own_file_kind_and_key_only() {
    let file = Digest::of(b"file");
    let pae = Digest::of(b"DSSEv1 28 application/vnd.in-toto+json 2 {}");
    let code = |result: Result<(), Diagnostic>| {
        result.map_or_else(|p| p.code.to_string(), |()| "good".to_owned())
    };
    let other_key = PublicKey::from_point(&[&[4_u8][..], &[8; 64]].concat()).unwrap();
    let check = |bundle: &Bundle, digest: &Digest, key: &PublicKey, valid: Digest, expected| {
        assert_eq!(code(bundle.verify_file(digest, key, &Only(valid))), expected);
    };
    check(&message(), &file, &key(), file, "good");
    check(&message(), &file, &key(), pae, "signature-invalid");
    check(&message(), &pae, &key(), file, "bundle-subject");
    check(&message(), &file, &other_key, file, "bundle-key");
    check(&envelope(), &file, &key(), pae, "bundle-subject");
    check(&Bundle { hint: String::new(), ..message() }, &file, &other_key, file, "good");

    let statement = |bundle: &Bundle, valid: Digest| {
        code(bundle.verify_statement(&key(), &Only(valid)).map(|payload| {
            assert_eq!(payload, b"{}");
        }))
    };
    assert_eq!(statement(&envelope(), pae), "good");
    assert_eq!(statement(&envelope(), file), "signature-invalid");
    assert_eq!(statement(&message(), file), "bundle-subject");
}
