//! The WASM modules under Node: they answer as the command line does, and the actions made of them
//! do what their READMEs say.
//!
//! `cargo xtask wasm` builds what is tested here; the Node is the one that GitHub's runners bring.

mod actions;
mod agree;
mod cases;
mod environment;
mod hostile;
mod installed;
mod package;
mod setup;
