//! A private key and what is signed with it.

use std::fmt;

use evidence::bundle::{Bundle, Content};
use evidence::{PublicKey, dsse};
use model::{Diagnostic, Digest};
use p256::SecretKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use zeroize::Zeroizing;

use crate::codes;
use crate::pem;

/// A P-256 private key. Its private half is wiped when it is dropped and is never shown.
pub struct Key {
    private: SigningKey,
    public: PublicKey,
}

impl Key {
    /// A key from the operating system's randomness.
    ///
    /// # Errors
    /// `key-random` when there is none.
    pub fn generate() -> Result<Self, Diagnostic> {
        for _ in 0..GENERATE_TRIES {
            let mut scalar = Zeroizing::new([0_u8; 32]);
            getrandom::fill(scalar.as_mut()).map_err(|error| {
                Diagnostic::new(&codes::KEY_RANDOM, format!("no randomness: {error}"))
            })?;
            if let Ok(secret) = SecretKey::from_slice(scalar.as_ref()) {
                return Self::new(&secret);
            }
        }
        Err(Diagnostic::new(&codes::KEY_RANDOM, "the system's randomness gave no usable number"))
    }

    /// Reads an unencrypted P-256 key: PKCS#8 (`PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`), also
    /// with `EC PARAMETERS` before it.
    ///
    /// # Errors
    /// `key-format` for any other key, with the command that makes the right one. No message
    /// holds any part of the text.
    pub fn from_pem(text: &str) -> Result<Self, Diagnostic> {
        Self::new(&pem::read(text)?)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The public half as PEM (SubjectPublicKeyInfo).
    #[must_use]
    pub fn public_pem(&self) -> String {
        self.public.pem()
    }

    /// Signs the file whose digest is given: a bundle with a message signature. The same key and
    /// file give the same bytes (RFC 6979).
    ///
    /// # Errors
    /// `key-sign`; not for any digest that is known.
    pub fn sign_blob(&self, file: &Digest) -> Result<String, Diagnostic> {
        let signature = self.sign(file)?;
        self.bundle(Content::Message { digest: *file, signature })
    }

    /// Signs an in-toto statement, given as its bytes: a bundle with a DSSE envelope around them.
    ///
    /// # Errors
    /// As [`Key::sign_blob`].
    pub fn sign_statement(&self, statement: &[u8]) -> Result<String, Diagnostic> {
        let payload_type = dsse::IN_TOTO_PAYLOAD.to_owned();
        let signature = self.sign(&Digest::of(&dsse::pae(&payload_type, statement)))?;
        self.bundle(Content::Envelope { payload_type, payload: statement.to_vec(), signature })
    }

    fn new(secret: &SecretKey) -> Result<Self, Diagnostic> {
        let private = SigningKey::from(secret);
        let point = private.verifying_key().to_encoded_point(false);
        let public = PublicKey::from_point(point.as_bytes())?;
        Ok(Self { private, public })
    }

    /// In DER, with the lower of the two values that `s` may have.
    fn sign(&self, digest: &Digest) -> Result<Vec<u8>, Diagnostic> {
        let signature: Signature = self
            .private
            .sign_prehash(digest.raw())
            .map_err(|_| Diagnostic::new(&codes::KEY_SIGN, format!("{digest} cannot be signed")))?;
        let signature = signature.normalize_s().unwrap_or(signature);
        Ok(signature.to_der().as_bytes().to_vec())
    }

    fn bundle(&self, content: Content) -> Result<String, Diagnostic> {
        Bundle { hint: self.public.hint(), content }.render()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key {{ public: {}, private: [redacted] }}", self.public.hint())
    }
}

/// One draw in 2^32 is not below the curve's order; eight such draws mean broken randomness.
const GENERATE_TRIES: usize = 8;

#[cfg(test)]
mod tests {
    use evidence::bundle;

    use super::*;
    use crate::P256;
    use crate::pem::tests::{PUBLIC, SEC1};

    #[test]
    fn what_a_key_signs_its_public_half_verifies() {
        for key in [Key::generate().unwrap(), Key::from_pem(SEC1).unwrap()] {
            let file = Digest::of(b"file");
            let public = PublicKey::parse(&key.public_pem()).unwrap();
            let blob = bundle::parse(&key.sign_blob(&file).unwrap()).unwrap();
            blob.verify_file(&file, &public, &P256).unwrap();
            let statement = bundle::parse(&key.sign_statement(b"{}").unwrap()).unwrap();
            assert_eq!(statement.verify_statement(&public, &P256).unwrap(), b"{}");

            let stranger = Key::generate().unwrap();
            let forged = bundle::parse(&stranger.sign_blob(&file).unwrap()).unwrap();
            let forged = Bundle { hint: public.hint(), ..forged };
            let problem = forged.verify_file(&file, &public, &P256).unwrap_err();
            assert_eq!(problem.code.to_string(), "signature-invalid");
        }
    }

    #[test]
    fn every_signature_is_in_its_canonical_form() {
        let key = Key::from_pem(SEC1).unwrap();
        for number in 0_u8..32 {
            let text = key.sign_blob(&Digest::of(&[number])).unwrap();
            assert!(bundle::parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn one_key_and_one_file_give_one_signature() {
        let key = Key::from_pem(SEC1).unwrap();
        let again = Key::from_pem(SEC1).unwrap();
        assert_eq!(key.public_pem(), PUBLIC);
        let file = Digest::of(b"file");
        assert_eq!(key.sign_blob(&file).unwrap(), again.sign_blob(&file).unwrap());
        let other = Digest::of(b"other");
        assert_ne!(key.sign_blob(&file).unwrap(), key.sign_blob(&other).unwrap());
        assert_ne!(Key::generate().unwrap().public(), Key::generate().unwrap().public());
    }

    #[test]
    fn every_changed_byte_of_a_bundle_is_noticed() {
        let key = Key::from_pem(SEC1).unwrap();
        let file = Digest::of(b"file");
        let good = key.sign_blob(&file).unwrap();
        for index in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[index] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let verified = bundle::parse(&text)
                .and_then(|bundle| bundle.verify_file(&file, key.public(), &P256));
            assert!(verified.is_err(), "byte {index}");
        }
    }

    #[test]
    fn no_part_of_the_private_half_is_ever_shown() {
        let key = Key::from_pem(SEC1).unwrap();
        let scalar = key.private.to_bytes();
        let hex: String = scalar.iter().map(|byte| format!("{byte:02x}")).collect();
        let decimal: Vec<String> = scalar.iter().map(ToString::to_string).collect();
        let secrets = [hex, decimal.join(", "), SEC1.lines().nth(1).unwrap()[9..50].to_owned()];
        let shown = [
            format!("{key:?}"),
            format!("{key:#?}"),
            format!("{:?}", Some(&key)),
            key.public_pem(),
            key.sign_blob(&Digest::of(b"file")).unwrap(),
        ];
        for (text, secret) in shown.iter().flat_map(|text| secrets.iter().map(move |s| (text, s))) {
            assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{text}");
        }
    }
}
