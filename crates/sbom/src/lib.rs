//! The `sbom` room.
