//! Codes of checksums, statements, signatures and bundles.

model::codes! {
    /// The provenance object of the index is malformed or of an unknown version.
    ATTESTATION_SYNTAX = "attestation-syntax", Invalid;
    /// The bundle was signed with a key other than the given one.
    BUNDLE_KEY = "bundle-key", Differs;
    /// The bundle does not sign the file or statement that is verified.
    BUNDLE_SUBJECT = "bundle-subject", Differs;
    /// The Sigstore bundle is malformed or is not in its canonical rendering.
    BUNDLE_SYNTAX = "bundle-syntax", Invalid;
    /// The bundle was signed with a certificate instead of a key.
    BUNDLE_UNSUPPORTED = "bundle-unsupported", Unsupported;
    /// The digest of the file differs from the one in the checksum list.
    CHECKSUMS_MISMATCH = "checksums-mismatch", Differs;
    /// A listed file does not exist, or the manifest lacks a checksum file.
    CHECKSUMS_MISSING = "checksums-missing", Invalid;
    /// The checksum list is malformed, cut off or too long.
    CHECKSUMS_SYNTAX = "checksums-syntax", Invalid;
    /// The file is not in the checksum list.
    CHECKSUMS_UNLISTED = "checksums-unlisted", Invalid;
    /// The public key is malformed, not canonical, or of an unsupported algorithm.
    PUBLIC_KEY = "public-key", Invalid;
    /// The signature is malformed or does not match the bytes and the key.
    SIGNATURE_INVALID = "signature-invalid", Invalid;
    /// The signature is valid but is not in its canonical form.
    SIGNATURE_TWIN = "signature-twin", Invalid;
    /// The byproducts of the statement are malformed, repeated or out of order.
    STATEMENT_BYPRODUCTS = "statement-byproducts", Invalid;
    /// The subjects of the statement are missing, too many, malformed or repeated.
    STATEMENT_SUBJECTS = "statement-subjects", Invalid;
    /// The statement is malformed or is not in its canonical rendering.
    STATEMENT_SYNTAX = "statement-syntax", Invalid;
    /// A type or the builder that the statement names is not the expected one.
    STATEMENT_TYPE = "statement-type", Invalid;
}
