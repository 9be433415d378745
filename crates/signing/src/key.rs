//! A private key and what is signed with it.

use std::fmt;

use evidence::bundle::{self, Bundle, Content};
use evidence::{PublicKey, TrustedSigner, dsse};
use model::{Diagnostic, Digest};
use p256::SecretKey;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{Signature, SigningKey};
use zeroize::Zeroizing;

use crate::codes;
use crate::{Signer, pem};

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

    /// The public half as PEM (SubjectPublicKeyInfo).
    #[must_use]
    pub fn public_pem(&self) -> String {
        self.public.pem()
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

    fn bundle(&self, content: Content) -> Bundle {
        Bundle::new(bundle::Signer::Key(self.public.hint()), content)
    }
}

/// One key and the same bytes give the same bundle (RFC 6979).
impl Signer for Key {
    fn sign_file(&self, file: &Digest) -> Result<Bundle, Diagnostic> {
        let signature = self.sign(file)?;
        Ok(self.bundle(Content::Message { digest: *file, signature }))
    }

    fn sign_statement(&self, statement: &[u8]) -> Result<Bundle, Diagnostic> {
        let payload_type = dsse::IN_TOTO_PAYLOAD.to_owned();
        let signature = self.sign(&Digest::of(&dsse::pae(&payload_type, statement)))?;
        Ok(self.bundle(Content::Envelope { payload_type, payload: statement.to_vec(), signature }))
    }

    fn key_file(&self) -> Option<String> {
        Some(self.public_pem())
    }

    fn trusted(&self) -> TrustedSigner {
        TrustedSigner::Key(self.public.clone())
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
    use evidence::Why;

    use super::*;
    use crate::Verifier;
    use crate::pem::tests::{PUBLIC, SEC1};

    fn signed(key: &Key, file: &Digest) -> String {
        key.sign_file(file).unwrap().render().unwrap()
    }

    #[test]
    fn what_a_key_signs_its_public_half_verifies() {
        for key in [Key::generate().unwrap(), Key::from_pem(SEC1).unwrap()] {
            let file = Digest::of(b"file");
            let public = TrustedSigner::parse_key(&key.key_file().unwrap()).unwrap();
            assert_eq!(public, key.trusted());
            let trusted = [public];
            let blob = bundle::parse(&signed(&key, &file)).unwrap();
            let verified = blob.verify_file(&file, &trusted, &Verifier).unwrap();
            assert_eq!((verified.who, verified.when), (key.trusted().identity(), None));
            let statement = key.sign_statement(b"{}").unwrap();
            assert_eq!(bundle::parse(&statement.render().unwrap()).unwrap(), statement);
            assert_eq!(statement.verify_statement(&trusted, &Verifier).unwrap().0, b"{}");

            let stranger = Key::generate().unwrap();
            let forged = Bundle { signer: blob.signer, ..stranger.sign_file(&file).unwrap() };
            let refusal = forged.verify_file(&file, &trusted, &Verifier).unwrap_err();
            assert_eq!(refusal.why, Why::Invalid);
            assert_eq!(refusal.diagnostic.code.name, "signature-invalid");
        }
    }

    #[test]
    fn every_signature_is_in_its_canonical_form() {
        let key = Key::from_pem(SEC1).unwrap();
        for number in 0_u8..32 {
            let text = signed(&key, &Digest::of(&[number]));
            assert!(bundle::parse(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn one_key_and_one_file_give_one_signature() {
        let key = Key::from_pem(SEC1).unwrap();
        let again = Key::from_pem(SEC1).unwrap();
        assert_eq!(key.key_file().unwrap(), PUBLIC);
        let file = Digest::of(b"file");
        assert_eq!(signed(&key, &file), signed(&again, &file));
        let other = Digest::of(b"other");
        assert_ne!(signed(&key, &file), signed(&key, &other));
        assert_ne!(Key::generate().unwrap().key_file(), Key::generate().unwrap().key_file());
    }

    #[test]
    fn every_changed_byte_of_a_bundle_is_noticed() {
        let key = Key::from_pem(SEC1).unwrap();
        let file = Digest::of(b"file");
        let good = signed(&key, &file);
        for index in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[index] ^= 1;
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let verified = bundle::parse(&text).and_then(|bundle| {
                bundle.verify_file(&file, &[key.trusted()], &Verifier).map_err(|it| it.diagnostic)
            });
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
            key.key_file().unwrap(),
            signed(&key, &Digest::of(b"file")),
        ];
        for (text, secret) in shown.iter().flat_map(|text| secrets.iter().map(move |s| (text, s))) {
            assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "{text}");
        }
    }
}
