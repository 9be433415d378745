//! Verifies bundles: those that keys signed, with the crate `p256`. What a certificate signed is
//! not judged yet.

use evidence::bundle::Bundle;
use evidence::{Identity, PublicKey, Refusal, SignatureCheck, TrustedSigner, Verified};
use model::{Diagnostic, Digest};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use p256::ecdsa::{Signature, VerifyingKey};

/// Verifies bundles against whoever is trusted. Log entries and timestamps of a key's bundle are
/// not looked at: it says who signed, and not when.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verifier;

impl SignatureCheck for Verifier {
    fn verify(
        &self,
        bundle: &Bundle,
        signed: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        let (first, others) = bundle.keys(trusted)?;
        let one = |key: &PublicKey| {
            p256(key, signed, bundle.signature())
                .map(|()| Verified::by(Identity::Key { hint: key.hint() }))
        };
        // Without a hint each of the trusted keys may be meant; the first one says why not.
        let verified = one(first);
        let other = || others.into_iter().find_map(|key| one(key).ok());
        verified.or_else(|problem| other().ok_or_else(|| problem.into()))
    }
}

/// ECDSA over P-256 (FIPS 186-5, 6.4.2), signatures in DER. Takes both values that `s` may have:
/// who wants one spelling only asks [`evidence::is_canonical_signature`] as well.
fn p256(key: &PublicKey, digest: &Digest, signature: &[u8]) -> Result<(), Diagnostic> {
    let key = VerifyingKey::from_sec1_bytes(key.point()).map_err(|_| {
        Diagnostic::new(&evidence::codes::PUBLIC_KEY, "the key's point is not on its curve")
    })?;
    let signature = Signature::from_der(signature).map_err(|_| {
        Diagnostic::new(
            &evidence::codes::SIGNATURE_INVALID,
            "the signature is not DER of two numbers",
        )
    })?;
    key.verify_prehash(digest.raw(), &signature).map_err(|_| {
        Diagnostic::new(
            &evidence::codes::SIGNATURE_INVALID,
            "the signature does not fit the bytes and the key",
        )
    })
}

#[cfg(test)]
mod tests {
    use evidence::Why;
    use evidence::bundle::{Certificate, Signer};

    use super::*;

    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE42yKyLw6482hTOf1HVD6sCU1rYMz\n\
nX2J9rFUxI2LMN+UoY1jvEMM438A0CduIdQF02OSkZjMPOOSdV73NYpPTQ==\n\
-----END PUBLIC KEY-----\n";

    /// Written by `printf message | openssl dgst -sha256 -sign`.
    const SIGNATURE: &str = "\
        304402202cc7204a7b8bee6c3156f9087bc92990d39c6c5b2dbe8e094442c50b28a02285\
        022067221dca74771c71c705262a0d15b67bb80f1a4b3e2ca129cabdd01ea36028b9";

    fn signature() -> Vec<u8> {
        let digit = |c: char| c.to_digit(16).unwrap() as u8;
        let digits: Vec<u8> = SIGNATURE.chars().map(digit).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
    }

    fn check(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        p256(key, &Digest::of(message), signature).is_ok()
    }

    #[test]
    fn a_signature_of_openssl_is_good_for_its_message_only() {
        let key = PublicKey::parse(PUBLIC).unwrap();
        assert!(check(&key, b"message", &signature()));
        assert!(!check(&key, b"messagf", &signature()));
        assert!(!check(&key, b"", &signature()));
    }

    #[test]
    fn every_changed_byte_of_a_signature_is_noticed() {
        let key = PublicKey::parse(PUBLIC).unwrap();
        for index in 0..signature().len() {
            let mut changed = signature();
            changed[index] ^= 1 << (index % 8);
            assert!(!check(&key, b"message", &changed), "byte {index}");
        }
        for length in 0..signature().len() {
            assert!(!check(&key, b"message", &signature()[..length]), "{length} bytes");
        }
    }

    #[test]
    fn a_point_beside_the_curve_is_no_key() {
        let key = PublicKey::from_point(&[&[4_u8][..], &[7; 64]].concat()).unwrap();
        let problem = p256(&key, &Digest::of(b""), &signature()).unwrap_err();
        assert_eq!(problem.code.name, "public-key");
    }

    /// Written by `cosign sign-blob --key` over `hello` and a newline, with the same key.
    #[test]
    fn a_bundle_of_cosign_is_good_for_its_file_only() {
        let text = r#"{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial":{"publicKey":{
                "hint":"qD/PIciavZkdKhWIjXZJye70rKSVK3EpMMHgvpDVGC0="}},
            "messageSignature":{"messageDigest":{"algorithm":"SHA2_256",
                "digest":"WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="},
            "signature":"MEQCIAVHu1Gpiaakd1SHpwE8kl5D4ASwa7x1YUaRrxvKYeN5AiBqOJIV79qG\
                DrP29EZbitOyGv+VMg5vMWCNMGV1kaP+cw=="}}"#;
        let bundle = evidence::bundle::read(&text.replace("\\\n                ", "")).unwrap();
        let ours = TrustedSigner::parse_key(PUBLIC).unwrap();
        let theirs = PublicKey::from_point(&[&[4_u8][..], &[7; 64]].concat()).unwrap();
        let theirs = TrustedSigner::Key(theirs);
        let file = Digest::of(b"hello\n");
        let good = Ok(Verified { who: ours.identity(), when: None });
        assert_eq!(bundle.verify_file(&file, std::slice::from_ref(&ours), &Verifier), good);
        assert_eq!(bundle.verify_file(&file, &[theirs.clone(), ours.clone()], &Verifier), good);
        let other =
            bundle.verify_file(&Digest::of(b"hello"), std::slice::from_ref(&ours), &Verifier);
        assert_eq!(other.unwrap_err().why, Why::Subject);
        let other = bundle.verify_file(&file, std::slice::from_ref(&theirs), &Verifier);
        assert_eq!(other.unwrap_err().why, Why::Signer);

        // Without a hint any of the trusted keys may have made it.
        let unhinted = Bundle { signer: Signer::Key(String::new()), ..bundle.clone() };
        for trusted in [[theirs.clone(), ours.clone()], [ours, theirs.clone()]] {
            assert_eq!(unhinted.verify_file(&file, &trusted, &Verifier), good);
        }
        let other =
            unhinted.verify_file(&file, std::slice::from_ref(&theirs), &Verifier).unwrap_err();
        assert_eq!((other.why, other.diagnostic.code.name), (Why::Invalid, "public-key"));

        let certificate = Certificate { leaf: vec![0x30], chain: Vec::new() };
        let certified = Bundle { signer: Signer::Certificate(certificate), ..bundle };
        let unknown = certified.verify_file(&file, &[theirs], &Verifier).unwrap_err();
        assert_eq!(unknown.why, Why::Unknown);
    }
}
