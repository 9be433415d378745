//! A P-256 public key as a PEM file (RFC 7468, SubjectPublicKeyInfo of RFC 5480). Whether its
//! point lies on the curve is for the [`crate::SignatureCheck`] to say.

use std::fmt;

use crate::codes;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{Diagnostic, Digest};

/// A public key for ECDSA over P-256.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
}

impl PublicKey {
    /// The key whose point is given uncompressed (SEC 1, 2.3.3): `0x04`, x, y.
    ///
    /// # Errors
    /// `public-key` when these are not 65 bytes that start with 4.
    pub fn from_point(point: &[u8]) -> Result<Self, Diagnostic> {
        Self::from_der([&SPKI_HEAD, point].concat())
    }

    /// Reads the one spelling that [`PublicKey::pem`] writes.
    ///
    /// # Errors
    /// `public-key` for another algorithm, and for another spelling of the same key.
    pub fn parse(pem: &str) -> Result<Self, Diagnostic> {
        let key = Self::read(pem)?;
        if key.pem() == pem {
            return Ok(key);
        }
        Err(Diagnostic::new(
            &codes::PUBLIC_KEY,
            "the public key is not spelled as it would be rendered",
        ))
    }

    /// Reads a key that somebody else wrote: any line width and line end, text around the block.
    ///
    /// # Errors
    /// `public-key` for another algorithm or kind of file, and for several keys in one.
    pub fn read(pem: &str) -> Result<Self, Diagnostic> {
        let wrong = |message: &str| Diagnostic::new(&codes::PUBLIC_KEY, message).help(HELP);
        if pem.len() > MAX_PEM_BYTES {
            return Err(wrong("the file is too long for a public key"));
        }
        let (_, rest) =
            pem.split_once(BEGIN).ok_or_else(|| wrong("holds no `PUBLIC KEY` block"))?;
        let (body, after) = rest.split_once(END).ok_or_else(|| wrong("its block has no end"))?;
        if after.contains(BEGIN) {
            return Err(wrong("holds several keys, of which one would have to be meant"));
        }
        let compact: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(compact).map_err(|_| wrong("its block is not base64"))?;
        Self::from_der(der)
    }

    /// PEM: 64 columns, a newline at the end.
    #[must_use]
    pub fn pem(&self) -> String {
        let body = STANDARD.encode(&self.der);
        let mut pem = format!("{BEGIN}\n");
        for (index, c) in body.chars().enumerate() {
            if index > 0 && index % PEM_COLUMNS == 0 {
                pem.push('\n');
            }
            pem.push(c);
        }
        pem.push('\n');
        pem.push_str(END);
        pem.push('\n');
        pem
    }

    /// DER of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The uncompressed point: 65 bytes.
    #[must_use]
    pub fn point(&self) -> &[u8] {
        self.der.get(SPKI_HEAD.len()..).unwrap_or_default()
    }

    /// How a Sigstore bundle hints at it: base64 of the SHA-256 of its DER, as cosign does.
    #[must_use]
    pub fn hint(&self) -> String {
        STANDARD.encode(Digest::of(&self.der).raw())
    }

    fn from_der(der: Vec<u8>) -> Result<Self, Diagnostic> {
        let point = der.strip_prefix(SPKI_HEAD.as_slice());
        if point.is_some_and(|point| point.len() == POINT_BYTES && point.first() == Some(&4)) {
            return Ok(Self { der });
        }
        let message = "the key is not one for ECDSA over P-256 with its point uncompressed";
        Err(Diagnostic::new(&codes::PUBLIC_KEY, message).help(HELP))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.hint())
    }
}

const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";
const HELP: &str = "`openssl pkey -in KEY -pubout` writes the public half of a P-256 key";
const PEM_COLUMNS: usize = 64;
/// A P-256 key takes 178 bytes; the rest is room for comments around it.
const MAX_PEM_BYTES: usize = 64 << 10;
/// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING } without the 65 bytes of point.
const SPKI_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
const POINT_BYTES: usize = 65;

#[cfg(test)]
mod tests {
    use super::*;

    /// Written by `openssl ecparam -genkey` and `openssl pkey -pubout`; the hint by
    /// `openssl pkey -pubin -outform DER | sha256sum | xxd -r -p | base64`.
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE42yKyLw6482hTOf1HVD6sCU1rYMz\n\
nX2J9rFUxI2LMN+UoY1jvEMM438A0CduIdQF02OSkZjMPOOSdV73NYpPTQ==\n\
-----END PUBLIC KEY-----\n";
    const HINT: &str = "qD/PIciavZkdKhWIjXZJye70rKSVK3EpMMHgvpDVGC0=";

    #[test]
    fn a_key_of_openssl_reads_back_and_hints_as_cosign_does() {
        let key = PublicKey::parse(PEM).unwrap();
        assert_eq!(key.pem(), PEM);
        assert_eq!(key.hint(), HINT);
        assert_eq!(PublicKey::from_point(key.point()).unwrap(), key);
    }

    #[test]
    fn another_spelling_of_a_key_is_read_but_is_not_ours() {
        let spellings = [
            PEM.replace('\n', "\r\n"),
            format!("comment\n{PEM}"),
            format!("{PEM}\n"),
            PEM.trim_end().to_owned(),
        ];
        for pem in spellings {
            assert!(PublicKey::read(&pem).is_ok(), "{pem:?}");
            assert!(PublicKey::parse(&pem).is_err(), "{pem:?}");
        }
    }

    #[test]
    fn every_changed_byte_gives_another_key_or_none() {
        let key = PublicKey::parse(PEM).unwrap();
        for index in 0..PEM.len() {
            let mut bytes = PEM.as_bytes().to_vec();
            bytes[index] ^= 1;
            let other = PublicKey::parse(&String::from_utf8(bytes).unwrap());
            assert_ne!(other.as_ref(), Ok(&key), "byte {index}");
        }
    }

    #[test]
    fn keys_of_other_kinds_are_refused() {
        let ed25519 = "-----BEGIN PUBLIC KEY-----\n\
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
            -----END PUBLIC KEY-----\n";
        let cut = &PEM[..100];
        let private = PEM.replace("PUBLIC", "PRIVATE");
        for pem in
            ["", ed25519, cut, &private, "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----"]
        {
            assert_eq!(PublicKey::read(pem).unwrap_err().code.to_string(), "public-key", "{pem}");
        }
    }
}
