//! A Python index: uploads through uv, questions to the index's own pages.
//!
//! An index takes a file name once and forever, so each is asked about first, by digest. uv uploads
//! (with the workflow's identity, or a token that only its environment holds); what it says is
//! quoted, and what counts is what the index lists afterwards. This crate knows the simple
//! repository API and uv's command line; it does not know what is inside a wheel.

mod batches;
pub mod codes;
mod configured;
mod destination;
mod fetch;
mod index;
mod page;
mod percent;
mod preflight;
mod upload_window;
mod uv;

pub use configured::{IndexAddress, IndexSources, find_index};
pub use destination::{PythonIndex, Settings, unknown_index};
pub use fetch::{FetchedDistribution, VersionAddress, fetch, names_of, versions_of};
pub use page::files_listed;
pub use preflight::{Workflow, preflight};
pub use uv::{IDENTITY, Trusted, UploadAuth, Uv, UvEnd};
