//! Registries (OCI distribution-spec 1.1): images, charts, and what refers to them.
//!
//! The client is our own. The crate `oci-client` would bring 178 crates and a second TLS library
//! in C, and still lacks what a release needs: to skip what is there, to resume an upload, retries,
//! Docker's credentials, and to write the `sha256-…` index where a registry has no referrers API.
//! This room knows the registries' protocol and Helm's use of it. It does not know how images,
//! charts and evidence are made.

mod anonymous;
mod challenge;
mod documents;
mod fetch;
mod hub;
mod login;
mod options;
mod reference;
mod referrers;
mod registry;
mod room;
mod shipment;

pub use fetch::{Fetched, FetchedFile, FetchedManifest, Limits, Referrer, fetch};
pub use login::{Keychain, Login};
pub use options::Options;
pub use reference::Reference;
pub use room::{OciRoom, room};
