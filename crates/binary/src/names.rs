//! What plans and manifests call the format, its artifacts, and the ways in which they come about.

use model::{ArtifactKind, Format};

/// Static executables.
pub const FORMAT: Format = Format::new("binary");
/// A static executable.
pub const BINARY: ArtifactKind = ArtifactKind::new("binary");

/// Ways in which units come about.
pub mod recipes {
    use model::Recipe;

    /// A Go executable for one platform.
    pub const GO: Recipe = Recipe::new("go-binary");
    /// A Rust executable for one platform.
    pub const RUST: Recipe = Recipe::new("rust-binary");
}
