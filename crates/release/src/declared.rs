//! Every code that a pure crate declares, for references.

use model::Codes;

/// The codes of this crate and of all below it.
#[must_use]
pub fn declared_codes() -> Vec<Codes> {
    vec![
        model::codes::CODES,
        archive::codes::CODES,
        manifests::codes::CODES,
        components::codes::CODES,
        evidence::codes::CODES,
        config::codes::CODES,
        format::codes::CODES,
        plan::codes::CODES,
        pypi::codes::CODES,
        oci::codes::CODES,
        helm::codes::CODES,
        binary::codes::CODES,
        verify::codes::CODES,
        crate::codes::CODES,
    ]
}
