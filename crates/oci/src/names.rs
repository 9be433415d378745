//! What plans and manifests call the format, its artifacts, and the ways in which they come about.

use model::{ArtifactKind, Format};

/// Container images as an OCI layout.
pub const FORMAT: Format = Format::new("oci");
/// An image manifest for one platform (OCI image-spec).
pub const IMAGE: ArtifactKind = ArtifactKind::new("image");
/// An image index over platforms (OCI image-spec).
pub const IMAGE_INDEX: ArtifactKind = ArtifactKind::new("image-index");

/// Ways in which units come about.
pub mod recipes {
    use model::Recipe;

    /// An image for one platform, from this release's binary.
    pub const FROM_BINARY: Recipe = Recipe::new("binary-image");
    /// An image for one platform, from a Dockerfile.
    pub const FROM_DOCKERFILE: Recipe = Recipe::new("dockerfile-image");
    /// The index over an image's platforms.
    pub const INDEX: Recipe = Recipe::new("image-index");
}
