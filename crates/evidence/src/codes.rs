//! The codes of this crate.

model::codes! {
    /// Attestation syntax.
    ATTESTATION_SYNTAX = "attestation-syntax", Invalid;
    /// The bundle was signed with a key that is not trusted.
    BUNDLE_KEY = "bundle-key", Invalid;
    /// The signature is over {digest}; the file is {file}.
    BUNDLE_SUBJECT = "bundle-subject", Invalid;
    /// Not a Sigstore bundle, or one of ours that is not spelled as it would be rendered.
    BUNDLE_SYNTAX = "bundle-syntax", Invalid;
    /// The bundle holds what is not judged yet: a certificate, log entries or timestamps.
    BUNDLE_UNSUPPORTED = "bundle-unsupported", Unsupported;
    /// `{path}` should be {expected} and is {digest}.
    CHECKSUMS_MISMATCH = "checksums-mismatch", Differs;
    /// `{path}` is listed, not there.
    CHECKSUMS_MISSING = "checksums-missing", Invalid;
    /// The list is longer than 16 MiB.
    CHECKSUMS_SYNTAX = "checksums-syntax", Invalid;
    /// `{path}` is not listed.
    CHECKSUMS_UNLISTED = "checksums-unlisted", Invalid;
    /// The public key is not spelled as it would be rendered.
    PUBLIC_KEY = "public-key", Invalid;
    /// The signature is not in its canonical form (DER with the lower `s`).
    SIGNATURE_TWIN = "signature-twin", Invalid;
    /// The digest of `{}`: {error}.
    STATEMENT_BYPRODUCTS = "statement-byproducts", Invalid;
    /// It has {count} subjects; {MAX_STATEMENT_SUBJECTS} may be.
    STATEMENT_SUBJECTS = "statement-subjects", Invalid;
    /// `_type` should be `{STATEMENT_TYPE}` and is `{}`.
    STATEMENT_TYPE = "statement-type", Invalid;
    /// Statement syntax.
    STATEMENT_SYNTAX = "statement-syntax", Invalid;
    /// The signature is not DER of two numbers.
    SIGNATURE_INVALID = "signature-invalid", Invalid;
}
