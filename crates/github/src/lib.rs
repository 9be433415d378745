//! GitHub Releases: a draft, its assets, and one publication.
//!
//! Everything is gathered in a draft, which only people with write access see; publishing it is one
//! request at the very end, after which nothing of it changes (releases may be immutable). What is
//! there is compared by GitHub's own digests. This crate knows GitHub's REST API (2022-11-28); it
//! does not know what the downloads are.

mod api;
pub mod codes;
mod destination;
mod downloads;
mod fetch;
mod releases;
mod repository;
mod responses;

pub use destination::{GithubReleases, Settings};
pub use fetch::{ReleaseAddress, fetch};
pub use repository::Repository;
