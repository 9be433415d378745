//! The codes of this crate.

model::codes! {
    /// A component has no package URL.
    SBOM_COMPONENTS = "sbom-components", Invalid;
    /// Sbom cyclonedx.
    SBOM_CYCLONEDX = "sbom-cyclonedx", Invalid;
    /// A merged SBOM needs a name, and documents to be made of.
    SBOM_MERGE = "sbom-merge", Invalid;
    /// Sbom rust.
    SBOM_RUST = "sbom-rust", Invalid;
    /// Sbom subject.
    SBOM_SUBJECT = "sbom-subject", Invalid;
    /// The SBOM is too long.
    SBOM_SYNTAX = "sbom-syntax", Invalid;
    /// Sbom go.
    SBOM_GO = "sbom-go", Invalid;
}
