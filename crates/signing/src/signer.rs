//! What signs, whoever it is.

use evidence::TrustedSigner;
use evidence::bundle::Bundle;
use model::{Diagnostic, Digest};

/// Makes signatures as Sigstore bundles.
pub trait Signer {
    /// Signs the file whose digest is given: a bundle with a message signature.
    ///
    /// # Errors
    /// When it cannot sign.
    fn sign_file(&self, file: &Digest) -> Result<Bundle, Diagnostic>;

    /// Signs an in-toto statement, given as its bytes: a bundle with a DSSE envelope around them.
    ///
    /// # Errors
    /// As [`Signer::sign_file`].
    fn sign_statement(&self, statement: &[u8]) -> Result<Bundle, Diagnostic>;

    /// What must stand beside the bundles for whoever verifies them: the public key's file (PEM),
    /// or nothing where each bundle holds a certificate.
    fn key_file(&self) -> Option<String>;

    /// How a policy names it.
    fn trusted(&self) -> TrustedSigner;
}
