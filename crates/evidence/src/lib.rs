//! What stands beside artifacts and speaks about their digests: checksums, in-toto statements with
//! SLSA provenance, DSSE envelopes and Sigstore bundles. Renders each in one way and reads it back.
//!
//! This crate knows bytes and digests. It makes no signature and checks none by itself: whoever
//! verifies brings a [`SignatureCheck`]. It does not know which files a release holds.

pub mod attestation;
pub mod bundle;
pub mod checksums;
pub mod codes;
pub mod dsse;
mod json;
mod public_key;
mod signature;
pub mod statement;
mod verification;

pub use bundle::SignatureCheck;
pub use public_key::PublicKey;
pub use signature::is_canonical_signature;
pub use verification::{Identity, Refusal, SignedAt, TimeSource, TrustedSigner, Verified, Why};
