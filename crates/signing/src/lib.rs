//! Makes signatures: ECDSA over P-256 with SHA-256, as Sigstore bundles. Also the
//! [`evidence::SignatureCheck`] over the same curve.
//!
//! This room holds private halves of keys while they are needed, and nothing else does. It reads
//! no file: whoever has the key's text brings it, and wipes it.

mod check;
pub mod codes;
#[cfg(feature = "keys")]
mod key;
#[cfg(feature = "keys")]
mod pem;

pub use check::P256;
#[cfg(feature = "keys")]
pub use key::Key;
