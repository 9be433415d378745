//! Measurements, on repositories made for them: `cargo xtask bench [plan]`.
//!
//! Every figure is a median over several runs of the program that users get, in a fresh process.

mod plan;
mod repository;

use crate::Failure;

/// Runs one benchmark, or all.
pub fn run(name: Option<&str>) -> Result<(), Failure> {
    match name {
        None | Some("plan") => plan::run(),
        Some(other) => Err(format!("no benchmark `{other}`, help: there is `plan`").into()),
    }
}
