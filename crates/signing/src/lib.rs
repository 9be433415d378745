//! Makes signatures as Sigstore bundles, and verifies them: [`Signer`] and
//! [`evidence::SignatureCheck`], both for keys of ECDSA over P-256 with SHA-256.
//!
//! This crate holds private halves of keys while they are needed, and nothing else does. It reads
//! no file: whoever has the key's text brings it, and wipes it.

mod check;
pub mod codes;
#[cfg(feature = "keys")]
mod key;
#[cfg(feature = "keys")]
mod pem;
mod signer;

pub use check::Verifier;
#[cfg(feature = "keys")]
pub use key::Key;
pub use signer::Signer;
