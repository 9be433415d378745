//! Whether the double is honest. Strangers say so: the registries' conformance suite, a proxy that
//! knows GitHub's own API description, the clients of Python's index. What they do not ask about,
//! faults above all, is asked here by a plain client.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a panic is how a test says no, and counts are printed"
)]

mod artifacts;
mod client;
mod clients;
mod conformance;
mod faults;
mod index;
mod judge;
mod prism;
mod publishing;
mod registry;
mod releases;
