//! One HTTP client for everything that is asked over the network: time-outs, retries, redirects,
//! limits, and messages without secrets.
//!
//! Looks synchronous from outside: [`Http::block_on`] runs a request on the client's own runtime.
//! This crate does not know which registry, index or service is asked, or what for.

mod address;
mod body;
mod client;
pub mod codes;
mod download;
mod fault;
mod file_body;
mod redact;
mod request;
mod retry;
mod secret;
mod stall;
#[cfg(test)]
mod test_server;
mod unreachable;

pub use address::{address, is_loopback_name, redirect, same_origin, shown};
pub use body::Incoming;
pub use client::Http;
pub use request::{Content, DEFAULT_BODY_LIMIT, Reply, Request};
pub use retry::{Attempt, RetryPolicy, is_transient};
pub use secret::Secret;
