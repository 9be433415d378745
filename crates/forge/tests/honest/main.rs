//! Compares the double with independent judges: the conformance suite of registries, a proxy that
//! knows GitHub's API description, the clients of the Python index. What these do not test, faults
//! above all, is tested with a plain client.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a panic is how a test fails, and counts are printed"
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
