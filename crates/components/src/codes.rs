//! What this crate finds wrong with SBOMs and what they are made from, as declared codes.

model::codes! {
    /// The SBOM's packages and relationships are not consistent or not those expected.
    SBOM_COMPONENTS = "sbom-components", Invalid;
    /// The CycloneDX document cannot be read or exceeds the limits.
    SBOM_CYCLONEDX = "sbom-cyclonedx", Invalid;
    /// The Go build information lists more modules than are accepted.
    SBOM_GO = "sbom-go", Invalid;
    /// The SBOMs cannot be merged: none is given, or they contradict each other.
    SBOM_MERGE = "sbom-merge", Invalid;
    /// The list of crates in the executable cannot be read or exceeds the limits.
    SBOM_RUST = "sbom-rust", Invalid;
    /// The SBOM does not describe the expected artifact.
    SBOM_SUBJECT = "sbom-subject", Invalid;
    /// The SBOM is too long or is not spelled as this project writes SPDX 2.3 JSON.
    SBOM_SYNTAX = "sbom-syntax", Invalid;
}
