//! The codes of this crate.

model::codes! {
    /// Does not list the downloads that its artifacts and documents make.
    ASSET_BYTES = "asset-bytes", Invalid;
    /// `{other}` and `{path}` would be one download, `{name}`.
    ASSET_NAME_TWICE = "asset-name-twice", Invalid;
    /// Does not list the downloads that its artifacts and documents make.
    ASSETS_LISTED = "assets-listed", Invalid;
    /// Its bytes were signed as `{signed_as}`, not under this name.
    BUNDLE_NAME = "bundle-name", Invalid;
    /// Does not list each artifact and SBOM with its digest, in order.
    CHECKSUMS_RENDERING = "checksums-rendering", Invalid;
    /// Differs from its rendering at byte {same} ({} bytes, expected {}).
    DOCUMENT_RENDERING = "document-rendering", Invalid;
    /// Has digest {digest}, expected {}.
    FILE_DIGEST = "file-digest", Differs;
    /// Is not part of the release.
    FILE_EXTRA = "file-extra", Invalid;
    /// Is not UTF-8.
    FILE_NOT_TEXT = "file-not-text", Invalid;
    /// Has {size} bytes, expected {expected}.
    FILE_SIZE = "file-size", Invalid;
    /// `{named}` holds the version `{version}`.
    IMAGE_OTHER = "image-other", Differs;
    /// {alone}; {whole} was released under that name.
    IMAGE_PART = "image-part", Invalid;
    /// Says how was built.
    IMAGE_PROVENANCE = "image-provenance", Invalid;
    /// No SBOM refers to {}.
    IMAGE_SBOM = "image-sbom", Invalid;
    /// Image signature.
    IMAGE_SIGNATURE = "image-signature", Invalid;
    /// An attestation of it is not about {} of that name.
    INDEX_ATTESTATION = "index-attestation", Invalid;
    /// Has digest {}; the index says {stated}.
    INDEX_DIGEST = "index-digest", Differs;
    /// Is not listed by the release's manifest.
    INDEX_FOREIGN = "index-foreign", Invalid;
    /// Is part of the release, and the index lacks it.
    INDEX_MISSING = "index-missing", Absent;
    /// Has digest {}, expected {}.
    INDEX_OTHER = "index-other", Differs;
    /// Lists `{}`, which {why}.
    MANIFEST_ARTIFACT = "manifest-artifact", Invalid;
    /// Lists {what} out of order or twice.
    MANIFEST_ORDER = "manifest-order", Invalid;
    /// The manifest cannot be written: {error}.
    MANIFEST_RENDERING = "manifest-rendering", Invalid;
    /// Is of schema `{}`, expected `{}`.
    MANIFEST_SCHEMA = "manifest-schema", Invalid;
    /// Is not what `{}` was made over.
    MANIFEST_SIGNATURE = "manifest-signature", Invalid;
    /// Is no manifest.
    MANIFEST_UNREADABLE = "manifest-unreadable", Failed;
    /// Lists the provenance {listed:?}, expected {named:?}.
    PROVENANCE_MISSING = "provenance-missing", Invalid;
    /// Speaks of `{name}` as {digest}, which is no artifact.
    PROVENANCE_SUBJECTS = "provenance-subjects", Invalid;
    /// Has no SBOM, expected one.
    SBOM_MISSING = "sbom-missing", Invalid;
    /// Has {} SBOMs, expected one.
    SBOM_TWICE = "sbom-twice", Invalid;
    /// Is not UTF-8.
    SBOM_UNREADABLE = "sbom-unreadable", Failed;
    /// Holds another statement than `{about}`.
    SIGNATURE_STATEMENT = "signature-statement", Invalid;
    /// `{path}` is no image of this release.
    SIGNATURE_SUBJECT = "signature-subject", Invalid;
    /// Made none of the {by_others} signatures, which hint at another key.
    SIGNATURES_KEY = "signatures-key", Invalid;
    /// Lists other signatures than such a release has.
    SIGNATURES_LISTED = "signatures-listed", Invalid;
    /// Says the release is not signed, expected signatures by the given key.
    SIGNATURES_NONE = "signatures-none", Invalid;
    /// Lists `{path}`, no path in `dist/`.
    MANIFEST_PATH = "manifest-path", Invalid;
}
