//! Registries (OCI distribution-spec 1.1): images, charts, and what refers to them.
//!
//! The client is our own. The crate `oci-client` would bring 178 crates and a second TLS library
//! in C, and still lacks what a release needs: to skip what is there, to resume an upload, retries,
//! Docker's credentials, and to write the `sha256-…` index where a registry has no referrers API.
//! This crate knows the protocol of registries. It knows no format: what an artifact is made of,
//! its format says; and it does not know how artifacts and evidence are made.

mod anonymous;
mod challenge;
mod client;
pub mod codes;
mod descriptor;
mod destination;
mod fetch;
mod link;
mod login;
mod reference;
mod referrers;
mod shipment;

pub use challenge::{Challenge, parse as challenge};
pub use destination::{RegistryDestination, destination};
pub use fetch::{Fetched, FetchedFile, FetchedManifest, Limits, Referrer, fetch};
pub use link::next_link;
pub use login::{Keychain, Login};
pub use reference::Reference;
pub use shipment::Options;
