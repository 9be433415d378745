//! Measurements, on repositories made for them: `cargo xtask bench [bytes|plan|publish|wasm]`.
//!
//! Every figure is a median over several runs of the program that users get, in a fresh process.

mod bytes;
mod plan;
mod publish;
mod repository;
mod wasm;

use crate::Failure;

/// Runs one benchmark, or all.
pub fn run(name: Option<&str>) -> Result<(), Failure> {
    match name {
        None => {
            plan::run()?;
            publish::run()?;
            wasm::run()?;
            bytes::run()
        }
        Some("bytes") => bytes::run(),
        Some("plan") => plan::run(),
        Some("publish") => publish::run(),
        Some("wasm") => wasm::run(),
        Some(other) => Err(format!(
            "no benchmark `{other}`, help: there are `bytes`, `plan`, `publish` and `wasm`"
        )
        .into()),
    }
}
