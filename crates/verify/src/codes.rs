//! Codes of the checks on a sealed release, and on what a registry or an index serves of it.

model::codes! {
    /// The bytes of a download differ from the bytes of the file it stands for.
    ASSET_BYTES = "asset-bytes", Differs;
    /// Two files of the release would be downloads of the same name.
    ASSET_NAME_TWICE = "asset-name-twice", Invalid;
    /// The manifest does not list the downloads that follow from its contents.
    ASSETS_LISTED = "assets-listed", Invalid;
    /// The bundle signs these bytes under a different file name.
    BUNDLE_NAME = "bundle-name", Differs;
    /// The checksum file differs from the one that follows from the manifest.
    CHECKSUMS_RENDERING = "checksums-rendering", Differs;
    /// The document differs from the one that follows from the manifest.
    DOCUMENT_RENDERING = "document-rendering", Differs;
    /// The digest of the file differs from the one in the manifest.
    FILE_DIGEST = "file-digest", Differs;
    /// The file is not part of the release.
    FILE_EXTRA = "file-extra", Invalid;
    /// The file is not UTF-8 text.
    FILE_NOT_TEXT = "file-not-text", Invalid;
    /// The size of the file differs from the one in the manifest.
    FILE_SIZE = "file-size", Differs;
    /// The registry serves a different image or version under this name.
    IMAGE_OTHER = "image-other", Differs;
    /// The tag points to the image of one platform instead of the released index.
    IMAGE_PART = "image-part", Differs;
    /// No provenance that the key signed describes how the image was built.
    IMAGE_PROVENANCE = "image-provenance", Invalid;
    /// No SBOM in the registry describes the image.
    IMAGE_SBOM = "image-sbom", Invalid;
    /// No signature by the key covers the image.
    IMAGE_SIGNATURE = "image-signature", Invalid;
    /// An attestation on the index has a subject other than the file.
    INDEX_ATTESTATION = "index-attestation", Invalid;
    /// The digest of the file differs from the one that the index states.
    INDEX_DIGEST = "index-digest", Differs;
    /// The index serves a file that the manifest does not list.
    INDEX_FOREIGN = "index-foreign", Invalid;
    /// The index lacks a file of the release.
    INDEX_MISSING = "index-missing", Absent;
    /// The file on the index is not the one that the manifest lists.
    INDEX_OTHER = "index-other", Differs;
    /// The manifest lists an artifact whose package, unit, format or path disagree.
    MANIFEST_ARTIFACT = "manifest-artifact", Invalid;
    /// A list of the manifest is out of order or has an entry twice.
    MANIFEST_ORDER = "manifest-order", Invalid;
    /// The manifest lists a path that is not valid inside the release.
    MANIFEST_PATH = "manifest-path", Invalid;
    /// The manifest is not in its canonical rendering.
    MANIFEST_RENDERING = "manifest-rendering", Invalid;
    /// The manifest has a schema that this version does not read.
    MANIFEST_SCHEMA = "manifest-schema", Unsupported;
    /// The manifest is not the one that its bundle signs.
    MANIFEST_SIGNATURE = "manifest-signature", Differs;
    /// The manifest is not valid JSON or lacks required fields.
    MANIFEST_UNREADABLE = "manifest-unreadable", Invalid;
    /// The manifest does not list exactly the provenance that its artifacts need.
    PROVENANCE_MISSING = "provenance-missing", Invalid;
    /// The provenance differs from what the manifest says of its subjects and build.
    PROVENANCE_SUBJECTS = "provenance-subjects", Differs;
    /// The artifact has no SBOM.
    SBOM_MISSING = "sbom-missing", Invalid;
    /// The artifact has more than one SBOM.
    SBOM_TWICE = "sbom-twice", Invalid;
    /// The SBOM is not UTF-8 text.
    SBOM_UNREADABLE = "sbom-unreadable", Invalid;
    /// The bundle signs a statement other than the expected one.
    SIGNATURE_STATEMENT = "signature-statement", Differs;
    /// The signature is for an image that is not part of the release.
    SIGNATURE_SUBJECT = "signature-subject", Invalid;
    /// The release is signed with a key other than the given one.
    SIGNATURES_KEY = "signatures-key", Differs;
    /// The manifest does not list the signatures that follow from its contents.
    SIGNATURES_LISTED = "signatures-listed", Invalid;
    /// The release is not signed although a key was given to verify it with.
    SIGNATURES_NONE = "signatures-none", Differs;
}
