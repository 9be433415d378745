//! Private keys as other programs write them, told apart so that each refusal says what to do.

use crate::codes;
use model::Diagnostic;
use p256::SecretKey;
use p256::pkcs8::{DecodePrivateKey as _, ObjectIdentifier, PrivateKeyInfo, SecretDocument};

/// Reads an unencrypted P-256 key.
///
/// # Errors
/// `key-format`, with no part of the text in the message.
pub(crate) fn read(text: &str) -> Result<SecretKey, Diagnostic> {
    if text.len() > MAX_PEM_BYTES {
        return Err(wrong("the file is too long for a private key").help(GENERATE));
    }
    let block = private_block(text)?;
    match label(block).unwrap_or_default() {
        "PRIVATE KEY" => read_pkcs8(block),
        "EC PRIVATE KEY" if block.contains("ENCRYPTED") => Err(encrypted()),
        "EC PRIVATE KEY" => SecretKey::from_sec1_pem(&tidy(block))
            .map_err(|_| wrong("the `EC PRIVATE KEY` block is not a P-256 key").help(GENERATE)),
        "ENCRYPTED PRIVATE KEY" => Err(encrypted()),
        "ENCRYPTED COSIGN PRIVATE KEY" | "ENCRYPTED SIGSTORE PRIVATE KEY" => {
            let message = "the key is one of cosign's, which are always encrypted";
            Err(wrong(message).help(
                "sign with a key that is not encrypted: `openssl genpkey -algorithm EC -pkeyopt \
                 ec_paramgen_curve:P-256 -out KEY`; cosign takes it as well, by `cosign \
                 import-key-pair --key KEY`",
            ))
        }
        "RSA PRIVATE KEY" => Err(algorithm("RSA")),
        "OPENSSH PRIVATE KEY" => Err(wrong("the key is one of OpenSSH's")
            .help("`ssh-keygen -p -m pkcs8 -f KEY` turns a P-256 key of OpenSSH into this form")),
        "PUBLIC KEY" | "CERTIFICATE" => {
            Err(wrong("the file holds a public half only").help("name the private key's file"))
        }
        _ => Err(wrong("the file holds no private key that is known here").help(GENERATE)),
    }
}

/// From the first `-----BEGIN` that is not that of curve parameters.
fn private_block(text: &str) -> Result<&str, Diagnostic> {
    let begins = text.match_indices(BEGIN).map(|(at, _)| text.get(at..).unwrap_or_default());
    let block = begins
        .into_iter()
        .find(|block| label(block) != Some("EC PARAMETERS"))
        .ok_or_else(|| wrong("the file holds no PEM block").help(GENERATE))?;
    let ending = label(block).map(|label| format!("-----END {label}-----"));
    ending
        .and_then(|ending| block.find(&ending).map(|at| at + ending.len()))
        .and_then(|end| block.get(..end))
        .ok_or_else(|| wrong("the PEM block has no end").help(GENERATE))
}

fn label(block: &str) -> Option<&str> {
    block.strip_prefix(BEGIN)?.split_once("-----").map(|(label, _)| label)
}

/// Lines may be indented or end in `\r`, as when a key travelled through a secret's field.
fn tidy(block: &str) -> zeroize::Zeroizing<String> {
    // Room for all of it at once, so that no shorter copy is left behind unwiped.
    let mut tidy = zeroize::Zeroizing::new(String::with_capacity(block.len() + 2));
    for line in block.lines() {
        tidy.push_str(line.trim());
        tidy.push('\n');
    }
    tidy
}

fn read_pkcs8(block: &str) -> Result<SecretKey, Diagnostic> {
    let (_, document) = SecretDocument::from_pem(&tidy(block))
        .map_err(|_| wrong("the `PRIVATE KEY` block cannot be read").help(GENERATE))?;
    let info = PrivateKeyInfo::try_from(document.as_bytes())
        .map_err(|_| wrong("the `PRIVATE KEY` block is not PKCS#8").help(GENERATE))?;
    match info.algorithm.oid {
        EC => SecretKey::from_pkcs8_der(document.as_bytes())
            .map_err(|_| algorithm("elliptic curves, but another curve than P-256")),
        RSA | RSA_PSS => Err(algorithm("RSA")),
        ED25519 => Err(algorithm("Ed25519")),
        _ => Err(algorithm("an algorithm that is not known here")),
    }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::KEY_FORMAT, message)
}

fn algorithm(name: &str) -> Diagnostic {
    wrong(format!("the key is for {name}; keys here are for ECDSA over P-256")).help(GENERATE)
}

fn encrypted() -> Diagnostic {
    wrong("the key is encrypted").help(
        "`openssl pkcs8 -topk8 -nocrypt -in KEY -out PLAIN` asks for the passphrase and writes it \
         in the clear: keep that file where only the signing job can read it",
    )
}

const BEGIN: &str = "-----BEGIN ";
const GENERATE: &str = "make one by `openssl genpkey -algorithm EC -pkeyopt \
                        ec_paramgen_curve:P-256 -out KEY`";
/// A P-256 key takes 240 bytes; large RSA keys, which are named as such, about 12 KiB.
const MAX_PEM_BYTES: usize = 64 << 10;
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

#[cfg(test)]
pub(crate) mod tests;
