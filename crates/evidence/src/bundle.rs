//! Sigstore bundles: a message signature over one file, or a DSSE envelope around one statement,
//! with what verifying it takes: a hint to a key or a certificate, log entries, timestamps.
//!
//! The fields are those of the protobuf messages (sigstore `bundle.v1`, `common.v1`, `rekor.v1`).
//! Nothing here looks into a certificate, a log entry or a timestamp.

use model::{Diagnostic, Digest};

use crate::codes;
use crate::{PublicKey, Refusal, TrustedSigner, Verified, Why, dsse, is_canonical_signature, json};

mod read;
mod write;

/// Verifies bundles. Implemented outside of the pure crates, or over any provider of the
/// arithmetic.
pub trait SignatureCheck {
    /// That one of `trusted` made the signature in `bundle` over the message whose SHA-256 is
    /// `signed`. The caller has computed `signed`; what the bundle says of it is a claim.
    ///
    /// # Errors
    /// Why it is not so, or why that cannot be known.
    fn verify(
        &self,
        bundle: &Bundle,
        signed: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal>;
}

/// A bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Who signed it, as far as the bundle says.
    pub signer: Signer,
    /// Where the signature was logged.
    pub log_entries: Vec<LogEntry>,
    /// When it was there.
    pub timestamps: Vec<Timestamp>,
    /// What was signed.
    pub content: Content,
}

/// How a bundle names its signer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// By a hint to the key, which is not inside: see [`PublicKey::hint`]. Empty where another
    /// program gave none.
    Key(String),
    /// By a certificate.
    Certificate(Certificate),
}

/// An X.509 certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The signer's own, DER.
    pub leaf: Vec<u8>,
    /// Those that issued it, DER; bundles of version 0.3 have none.
    pub chain: Vec<Vec<u8>>,
}

/// An entry of a transparency log (`rekor.v1.TransparencyLogEntry`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its index among all entries of the log, from 0.
    pub log_index: u64,
    /// The log: SHA-256 of its key, or what its checkpoints call it.
    pub log_id: Vec<u8>,
    /// What kind of entry it is, such as `hashedrekord`.
    pub kind: String,
    /// The version of that kind, such as `0.0.1`.
    pub version: String,
    /// When the log took it, in seconds since 1970; logs of version 2 do not say.
    pub integrated_time: Option<u64>,
    /// The log's signature over its promise to include it.
    pub inclusion_promise: Option<Vec<u8>>,
    /// That it is included.
    pub inclusion_proof: Option<InclusionProof>,
    /// The bytes that were logged.
    pub canonicalized_body: Vec<u8>,
}

/// That an entry is in a log (RFC 9162, 2.1.3; `rekor.v1.InclusionProof`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Its index in this tree, from 0.
    pub log_index: u64,
    /// The tree's root.
    pub root_hash: Digest,
    /// Entries in the tree.
    pub tree_size: u64,
    /// The audit path, from the leaf up.
    pub hashes: Vec<Digest>,
    /// The log's signed note about that root.
    pub checkpoint: String,
}

/// A signed timestamp: a response of RFC 3161, DER.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp(pub Vec<u8>);

/// What a bundle holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A signature over a file.
    Message {
        /// SHA-256 of the file.
        digest: Digest,
        /// The signature, DER.
        signature: Vec<u8>,
    },
    /// A DSSE envelope with one signature.
    Envelope {
        /// The payload's media type.
        payload_type: String,
        /// The payload.
        payload: Vec<u8>,
        /// The signature over the pre-authentication encoding, DER.
        signature: Vec<u8>,
    },
}

/// `mediaType` of what is written.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// The one algorithm of message digests (`common.v1.HashAlgorithm`).
const SHA256: &str = "SHA2_256";

/// Reads a bundle of our own making, in the one spelling that it has: its own re-rendering, which
/// leaves no field unknown, with a canonical signature where a key made it.
///
/// # Errors
/// `bundle-syntax` for anything else; `signature-twin` for a signature that would verify but is
/// not the one that was made.
pub fn parse(text: &str) -> Result<Bundle, Diagnostic> {
    let bundle = read(text)?;
    json::same(&codes::BUNDLE_SYNTAX, "bundle", text, &bundle.render()?)?;
    if bundle.log_entries.iter().any(|entry| entry.inclusion_proof.is_none()) {
        return Err(wrong("a log entry has no inclusion proof, which version 0.3 demands"));
    }
    match &bundle.signer {
        Signer::Key(hint) if hint.is_empty() => {
            Err(wrong("the bundle does not hint at the key that signed it"))
        }
        Signer::Key(_) if !is_canonical_signature(bundle.signature()) => {
            let message = "the signature is not in its canonical form (DER with the lower `s`)";
            Err(Diagnostic::new(&codes::SIGNATURE_TWIN, message))
        }
        Signer::Key(_) | Signer::Certificate(_) => Ok(bundle),
    }
}

/// Reads a bundle that another program wrote: any white space, older spellings of the media type
/// (v0.1 to v0.3), fields that are not known here.
///
/// # Errors
/// `bundle-syntax` when it is not a bundle.
pub fn read(text: &str) -> Result<Bundle, Diagnostic> {
    read::read(text)
}

impl Bundle {
    /// A bundle with neither log entries nor timestamps.
    #[must_use]
    pub fn new(signer: Signer, content: Content) -> Self {
        Self { signer, log_entries: Vec::new(), timestamps: Vec::new(), content }
    }

    /// The one rendering.
    ///
    /// # Errors
    /// `bundle-syntax` when it holds a chain of certificates, for which version 0.3 has no place.
    pub fn render(&self) -> Result<String, Diagnostic> {
        write::render(self)
    }

    /// The signature, DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } | Content::Envelope { signature, .. } => signature,
        }
    }

    /// That one of `trusted` signed the file whose digest is `file`.
    ///
    /// # Errors
    /// `bundle-subject` when it is about another file or about a statement, else what `check`
    /// refuses with.
    pub fn verify_file(
        &self,
        file: &Digest,
        trusted: &[TrustedSigner],
        check: &dyn SignatureCheck,
    ) -> Result<Verified, Refusal> {
        match &self.content {
            Content::Message { digest, .. } if digest == file => check.verify(self, file, trusted),
            Content::Message { digest, .. } => {
                Err(subject(format!("the signature is over {digest}; the file is {file}")))
            }
            Content::Envelope { .. } => {
                Err(subject("the bundle holds a signed statement, not a signature over a file"))
            }
        }
    }

    /// That one of `trusted` signed the in-toto statement. Gives the statement's bytes as well,
    /// which no one should believe before.
    ///
    /// # Errors
    /// As [`Bundle::verify_file`].
    pub fn verify_statement(
        &self,
        trusted: &[TrustedSigner],
        check: &dyn SignatureCheck,
    ) -> Result<(&[u8], Verified), Refusal> {
        match &self.content {
            Content::Envelope { payload_type, payload, .. }
                if payload_type == dsse::IN_TOTO_PAYLOAD =>
            {
                let signed = Digest::of(&dsse::pae(payload_type, payload));
                let verified = check.verify(self, &signed, trusted)?;
                Ok((payload, verified))
            }
            Content::Envelope { payload_type, .. } => Err(subject(format!(
                "the envelope holds `{payload_type}`; an in-toto statement is `{}`",
                dsse::IN_TOTO_PAYLOAD
            ))),
            Content::Message { .. } => {
                Err(subject("the bundle holds a signature over a file, not a signed statement"))
            }
        }
    }

    /// The keys among `trusted` that may have made the signature: one, and any others.
    ///
    /// # Errors
    /// `bundle-key` when the bundle hints at none of them; `bundle-unsupported`, which leaves it
    /// unknown, when it was signed with a certificate.
    pub fn keys<'t>(
        &self,
        trusted: &'t [TrustedSigner],
    ) -> Result<(&'t PublicKey, Vec<&'t PublicKey>), Refusal> {
        let hint = match &self.signer {
            Signer::Key(hint) => hint,
            Signer::Certificate(_) => {
                let message = "the bundle was signed with a certificate, which is not judged yet";
                let problem = Diagnostic::new(&codes::BUNDLE_UNSUPPORTED, message)
                    .help("verify it with `cosign verify-blob` and the signer's identity");
                return Err(Refusal::new(Why::Unknown, problem));
            }
        };
        let keys: Vec<&PublicKey> = trusted
            .iter()
            .map(|signer| match signer {
                TrustedSigner::Key(key) => key,
            })
            .collect();
        // Foreign bundles may carry no hint; one that names another key is wrong all the same.
        let hinted = |key: &&PublicKey| hint.is_empty() || key.hint() == *hint;
        let mut hinted = keys.iter().copied().filter(hinted);
        if let Some(first) = hinted.next() {
            return Ok((first, hinted.collect()));
        }
        let named: Vec<String> = keys.iter().map(|key| format!("`{}`", key.hint())).collect();
        let hint = hint.escape_debug();
        let message = match named.as_slice() {
            [] => "no signer is trusted".to_owned(),
            [key] => format!("the bundle hints at key `{hint}`; this one is {key}"),
            several => {
                format!(
                    "the bundle hints at key `{hint}`; the trusted ones are {}",
                    several.join(", ")
                )
            }
        };
        let problem = Diagnostic::new(&codes::BUNDLE_KEY, message);
        let problem = problem.help("verify with the public half of the key that signed it");
        Err(Refusal::new(Why::Signer, problem))
    }
}

fn subject(message: impl Into<String>) -> Refusal {
    Refusal::new(Why::Subject, Diagnostic::new(&codes::BUNDLE_SUBJECT, message))
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(&codes::BUNDLE_SYNTAX, message)
}

#[cfg(test)]
mod tests;
