//! The codes of this crate.

model::codes! {
    /// The image for {platform} has no annotation `{name}`.
    IMAGE_ANNOTATION = "image-annotation", Invalid, warning;
    /// The image's archive has invalid members.
    IMAGE_ARCHIVE = "image-archive", Invalid;
    /// A layer of the image for {platform} holds `{path}`, and `{link}` as a link.
    IMAGE_BEHIND_LINK = "image-behind-link", Invalid;
    /// An executable with this name cannot be at an image's root.
    IMAGE_BINARY_NAME = "image-binary-name", Invalid;
    /// Holds images for {}, not one.
    IMAGE_COUNT = "image-count", Invalid;
    /// `{path}` in the image for {platform} is a device or a pipe.
    IMAGE_DEVICE = "image-device", Invalid;
    /// A layer of the image for {platform} contains `{path}` twice.
    IMAGE_DUPLICATE = "image-duplicate", Invalid, warning;
    /// Image index.
    IMAGE_INDEX = "image-index", Invalid;
    /// `{path}` in the image for {platform} is an executable for {machine}.
    IMAGE_MACHINE = "image-machine", Invalid;
    /// The metadata of buildx cannot be read: {why}.
    IMAGE_METADATA = "image-metadata", Invalid;
    /// The image `{}` needs the binary of `{}` for {platform}, which is not built.
    IMAGE_NEEDS_BINARY = "image-needs-binary", Invalid;
    /// The image for {platform} has nothing to run.
    IMAGE_NO_COMMAND = "image-no-command", Invalid;
    /// The image `{}` has no platform.
    IMAGE_NO_PLATFORM = "image-no-platform", Invalid;
    /// Is for `{}`, asked for `{}`.
    IMAGE_PLATFORM_OTHER = "image-platform-other", Differs;
    /// The image for {platform} sets `{name}`, which looks like a secret.
    IMAGE_SECRET = "image-secret", Invalid, warning;
    /// `{path}` in the image for {platform} runs as root (set-id).
    IMAGE_SET_ID = "image-set-id", Invalid, warning;
    /// The image for {platform} runs as root.
    IMAGE_USER_ROOT = "image-user-root", Invalid;
    /// The image for {platform} runs as `{user}`, which it does not know.
    IMAGE_USER_UNKNOWN = "image-user-unknown", Invalid;
    /// Image version.
    IMAGE_VERSION = "image-version", Invalid;
    /// Is an index inside too many others.
    OCI_DEPTH = "oci-depth", Invalid;
    /// Names {names} layers, the manifest {layers}.
    OCI_DIFF_ID = "oci-diff-id", Invalid;
    /// Hashes to `{found}`.
    OCI_DIGEST = "oci-digest", Differs;
    /// Points at nothing.
    OCI_EMPTY = "oci-empty", Invalid;
    /// Belongs to no image of the layout.
    OCI_EXTRA_FILE = "oci-extra-file", Invalid;
    /// Oci index.
    OCI_INDEX = "oci-index", Invalid;
    /// Oci json.
    OCI_JSON = "oci-json", Invalid;
    /// Has the layout version `{}`.
    OCI_LAYOUT_VERSION = "oci-layout-version", Invalid;
    /// Has or names the media type `{found}`.
    OCI_MEDIA_TYPE = "oci-media-type", Invalid;
    /// Lacks the blob {digest}.
    OCI_MISSING_FILE = "oci-missing-file", Invalid;
    /// Is for `{found}`, the index says `{expected}`.
    OCI_PLATFORM = "oci-platform", Invalid;
    /// Has the schema version {schema}, not 2.
    OCI_SCHEMA_VERSION = "oci-schema-version", Invalid;
    /// Has {} bytes, not {}.
    OCI_SIZE = "oci-size", Invalid;
    /// Says `{key}: {found}`, expected `{expected}`.
    OCI_TITLE = "oci-title", Invalid;
    /// Takes the layers over {MAX_UNPACKED_BYTES} bytes.
    OCI_TOO_LARGE = "oci-too-large", Invalid;
    /// Is one image too many.
    OCI_TOO_MANY_IMAGES = "oci-too-many-images", Invalid;
    /// Has more than {MAX_LAYERS} layers.
    OCI_TOO_MANY_LAYERS = "oci-too-many-layers", Invalid;
}
