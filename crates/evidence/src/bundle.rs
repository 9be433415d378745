//! Sigstore bundles v0.3 for signatures made with a key: a message signature over one file, or a
//! DSSE envelope around one statement. The key itself is never inside, only a hint to it.

use model::{Diagnostic, Digest};

use crate::codes;
use crate::{PublicKey, SignatureCheck, dsse, is_canonical_signature, json};

mod wire;

/// A bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Which key it was signed with: see [`PublicKey::hint`].
    pub hint: String,
    /// What was signed.
    pub content: Content,
}

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

/// Reads a bundle of our own making, in the one spelling that it has: its own re-rendering, with a
/// canonical signature.
///
/// # Errors
/// `bundle-syntax` for anything else; `signature-twin` for a signature that would verify but is
/// not the one that was made.
pub fn parse(text: &str) -> Result<Bundle, Diagnostic> {
    let bundle = read(text)?;
    json::same(&codes::BUNDLE_SYNTAX, "bundle", text, &bundle.render()?)?;
    if bundle.hint.is_empty() {
        let message = "the bundle does not hint at the key that signed it";
        return Err(Diagnostic::new(&codes::BUNDLE_SYNTAX, message));
    }
    if is_canonical_signature(bundle.signature()) {
        return Ok(bundle);
    }
    let message = "the signature is not in its canonical form (DER with the lower `s`)";
    Err(Diagnostic::new(&codes::SIGNATURE_TWIN, message))
}

/// Reads a bundle that another program wrote: any white space, older spellings of the media type
/// (v0.1 to v0.3), fields that are not known here.
///
/// # Errors
/// `bundle-syntax` when it is no such bundle; `bundle-unsupported` when it was signed with a
/// certificate instead of a key.
pub fn read(text: &str) -> Result<Bundle, Diagnostic> {
    let wire: wire::Bundle = json::read(&codes::BUNDLE_SYNTAX, "bundle", text)?;
    wire.check()
}

impl Bundle {
    /// The one rendering.
    ///
    /// # Errors
    /// Never for these types; the signature leaves it to the caller all the same.
    pub fn render(&self) -> Result<String, Diagnostic> {
        json::render(&codes::BUNDLE_SYNTAX, &wire::Bundle::from(self))
    }

    /// The signature, DER.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        match &self.content {
            Content::Message { signature, .. } | Content::Envelope { signature, .. } => signature,
        }
    }

    /// The digest that was signed: of the file, or of the envelope's encoding.
    #[must_use]
    pub fn signed_digest(&self) -> Digest {
        match &self.content {
            Content::Message { digest, .. } => *digest,
            Content::Envelope { payload_type, payload, .. } => {
                Digest::of(&dsse::pae(payload_type, payload))
            }
        }
    }

    /// That this is `key`'s signature over the file whose digest is `file`.
    ///
    /// # Errors
    /// `bundle-subject` when it is about another file or about a statement, `bundle-key` when it
    /// hints at another key, `signature-invalid` when `check` says no.
    pub fn verify_file(
        &self,
        file: &Digest,
        key: &PublicKey,
        check: &dyn SignatureCheck,
    ) -> Result<(), Diagnostic> {
        match &self.content {
            Content::Message { digest, .. } if digest == file => self.verify(key, check),
            Content::Message { digest, .. } => {
                let message = format!("the signature is over {digest}; the file is {file}");
                Err(Diagnostic::new(&codes::BUNDLE_SUBJECT, message))
            }
            Content::Envelope { .. } => {
                let message = "the bundle holds a signed statement, not a signature over a file";
                Err(Diagnostic::new(&codes::BUNDLE_SUBJECT, message))
            }
        }
    }

    /// That this is `key`'s signed in-toto statement. Gives the statement's bytes, which no one
    /// should look at before.
    ///
    /// # Errors
    /// As [`Bundle::verify_file`].
    pub fn verify_statement(
        &self,
        key: &PublicKey,
        check: &dyn SignatureCheck,
    ) -> Result<&[u8], Diagnostic> {
        match &self.content {
            Content::Envelope { payload_type, payload, .. }
                if payload_type == dsse::IN_TOTO_PAYLOAD =>
            {
                self.verify(key, check)?;
                Ok(payload)
            }
            Content::Envelope { payload_type, .. } => {
                let message = format!(
                    "the envelope holds `{payload_type}`; an in-toto statement is `{}`",
                    dsse::IN_TOTO_PAYLOAD
                );
                Err(Diagnostic::new(&codes::BUNDLE_SUBJECT, message))
            }
            Content::Message { .. } => {
                let message = "the bundle holds a signature over a file, not a signed statement";
                Err(Diagnostic::new(&codes::BUNDLE_SUBJECT, message))
            }
        }
    }

    fn verify(&self, key: &PublicKey, check: &dyn SignatureCheck) -> Result<(), Diagnostic> {
        // Foreign bundles may carry no hint; one that names another key is wrong all the same.
        if !self.hint.is_empty() && self.hint != key.hint() {
            let message =
                format!("the bundle hints at key `{}`; this one is `{}`", self.hint, key.hint());
            return Err(Diagnostic::new(&codes::BUNDLE_KEY, message)
                .help("verify with the public half of the key that signed it"));
        }
        check.verify(key, &self.signed_digest(), self.signature())
    }
}

#[cfg(test)]
mod tests;
