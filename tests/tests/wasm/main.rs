//! The WASM modules under Node: they answer as the command line does, and the doors made of them do
//! what their readers are told.
//!
//! `cargo xtask wasm` builds what is tested here; the Node is the one that GitHub's runners bring.

mod agree;
mod cases;
mod doors;
mod hostile;
mod installed;
mod package;
mod setup;
