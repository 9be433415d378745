//! The actions in use: a downstream repository, `act` as the runner, the forge as everything else.
//!
//! `act` runs what a runner would, in this machine's own processes. Where it lags behind GitHub,
//! the tree that it gets is the one for GitHub Enterprise Server, which lags likewise.

mod alone;
mod attacked;
mod dockerfile;
mod downstream;
mod identity;
mod many;
mod mirror;
mod own;
mod refused;
mod self_release;
mod smoke;
mod tee;
mod templates;
mod tree;
mod whole;

pub use downstream::Downstream;
