//! What this crate finds wrong with container images and OCI layouts, as declared codes.

model::codes! {
    /// The image has no title or version annotation.
    IMAGE_ANNOTATION = "image-annotation", Invalid, warning;
    /// The image's archive contains a file twice or something that is not a file.
    IMAGE_ARCHIVE = "image-archive", Invalid;
    /// A layer has a path below a symbolic link of the same layer.
    IMAGE_BEHIND_LINK = "image-behind-link", Invalid;
    /// The executable's name cannot be used at the root of the image.
    IMAGE_BINARY_NAME = "image-binary-name", Invalid;
    /// The build did not produce exactly one image.
    IMAGE_COUNT = "image-count", Invalid;
    /// The certificate authorities or time zones of the image were not in what was fetched.
    IMAGE_DATA = "image-data", Failed;
    /// A layer of the image contains a device or a pipe.
    IMAGE_DEVICE = "image-device", Invalid;
    /// A layer of the image contains the same path more than once.
    IMAGE_DUPLICATE = "image-duplicate", Invalid, warning;
    /// A file cannot go where `files` puts it in the image, or the tree does not have it.
    IMAGE_FILE = "image-file", Invalid;
    /// The image needs a package that does not exist or has no files for its platform.
    IMAGE_FROM_RELEASE = "image-from-release", Invalid;
    /// The build context of the image is not the root of the repository, which `git` asks for.
    IMAGE_GIT = "image-git", Invalid;
    /// The image index would be empty, or its manifests lack or repeat a platform.
    IMAGE_INDEX = "image-index", Invalid;
    /// The image's executable is for another architecture than the image.
    IMAGE_MACHINE = "image-machine", Invalid;
    /// The metadata file that buildx wrote cannot be read.
    IMAGE_METADATA = "image-metadata", Invalid;
    /// The name of the image is not one that a registry accepts.
    IMAGE_NAME = "image-name", Invalid;
    /// The image needs the package's binary for a platform that it is not built for.
    IMAGE_NEEDS_BINARY = "image-needs-binary", Invalid;
    /// The image is to be made from the binary of a package that has none.
    IMAGE_NO_BINARY = "image-no-binary", Invalid;
    /// The image has neither an entrypoint nor a command.
    IMAGE_NO_COMMAND = "image-no-command", Invalid;
    /// The image is configured without a platform.
    IMAGE_NO_PLATFORM = "image-no-platform", Invalid;
    /// The path of the image is not among the blobs of an OCI layout.
    IMAGE_PATH = "image-path", Invalid;
    /// The image was built for another platform than requested.
    IMAGE_PLATFORM_OTHER = "image-platform-other", Differs;
    /// The image would run as root.
    IMAGE_ROOT = "image-root", Invalid;
    /// A file of the image's layout is not one that was sealed.
    IMAGE_SEALED = "image-sealed", Differs;
    /// The image sets an environment variable whose name looks like a secret.
    IMAGE_SECRET = "image-secret", Invalid, warning;
    /// The name of a build secret is not the name of an environment variable.
    IMAGE_SECRET_NAME = "image-secret-name", Invalid;
    /// The image contains an executable that runs as root through its set-id bit.
    IMAGE_SET_ID = "image-set-id", Invalid, warning;
    /// The image runs as root.
    IMAGE_USER_ROOT = "image-user-root", Invalid;
    /// The image runs as a user that is not in its `/etc/passwd`.
    IMAGE_USER_UNKNOWN = "image-user-unknown", Invalid;
    /// The image's version cannot be written as a tag.
    IMAGE_VERSION = "image-version", Invalid;
    /// The image indexes of the layout are nested too deeply.
    OCI_DEPTH = "oci-depth", Invalid;
    /// The image configuration's diff IDs do not match the layers of the manifest.
    OCI_DIFF_ID = "oci-diff-id", Invalid;
    /// A blob's bytes do not have the digest of its descriptor.
    OCI_DIGEST = "oci-digest", Differs;
    /// The layout's `index.json` lists no manifest.
    OCI_EMPTY = "oci-empty", Invalid;
    /// The layout contains a file that belongs to none of its images.
    OCI_EXTRA_FILE = "oci-extra-file", Invalid;
    /// The image index has a wrong tag, or a manifest with a missing or repeated platform.
    OCI_INDEX = "oci-index", Invalid;
    /// A JSON document of the layout is too long or does not follow the image specification.
    OCI_JSON = "oci-json", Invalid;
    /// The `oci-layout` file has a layout version other than 1.0.0.
    OCI_LAYOUT_VERSION = "oci-layout-version", Invalid;
    /// A document or layer has an unexpected media type.
    OCI_MEDIA_TYPE = "oci-media-type", Invalid;
    /// The layout lacks a blob or one of its required files.
    OCI_MISSING_FILE = "oci-missing-file", Invalid;
    /// An image is for another platform than the index says.
    OCI_PLATFORM = "oci-platform", Invalid;
    /// A manifest or index has a schema version other than 2.
    OCI_SCHEMA_VERSION = "oci-schema-version", Invalid;
    /// A blob does not have the size of its descriptor.
    OCI_SIZE = "oci-size", Differs;
    /// The image's title or version is not the one of the release.
    OCI_TITLE = "oci-title", Differs;
    /// The layers unpack to more bytes than are accepted.
    OCI_TOO_LARGE = "oci-too-large", Invalid;
    /// The layout contains more images than are accepted.
    OCI_TOO_MANY_IMAGES = "oci-too-many-images", Invalid;
    /// The image has more layers than are accepted.
    OCI_TOO_MANY_LAYERS = "oci-too-many-layers", Invalid;
}
