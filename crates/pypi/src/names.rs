//! What plans and manifests call the format, its artifacts, and the ways in which they come about.

use model::{ArtifactKind, Format};

/// Wheels and sdists for a Python package index.
pub const FORMAT: Format = Format::new("pypi");
/// A wheel (PEP 427).
pub const WHEEL: ArtifactKind = ArtifactKind::new("wheel");
/// A source distribution (PEP 625).
pub const SDIST: ArtifactKind = ArtifactKind::new("sdist");

/// Ways in which units come about.
pub mod recipes {
    use model::Recipe;

    /// Wheel and sdist of a pure project, by its own PEP 517 backend.
    pub const PROJECT: Recipe = Recipe::new("python-project");
    /// The sdist of a maturin project.
    pub const SDIST: Recipe = Recipe::new("python-sdist");
    /// The wheels of a maturin project for one platform.
    pub const WHEEL: Recipe = Recipe::new("python-wheel");
    /// Wheel and sdist of a meta package, written by us.
    pub const META: Recipe = Recipe::new("python-meta");
}
