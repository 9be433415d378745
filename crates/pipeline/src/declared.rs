//! Every code that the pipeline, or a crate below it, declares, for references.

use model::Codes;

/// The codes of this crate and of all below it.
#[must_use]
pub fn declared_codes() -> Vec<Codes> {
    let mut all = release::declared_codes();
    all.extend([
        tools::codes::CODES,
        remote::codes::CODES,
        signing::codes::CODES,
        crate::codes::CODES,
    ]);
    all
}
