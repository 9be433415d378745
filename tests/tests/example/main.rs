//! Strangers judge the example release: installers, registries, linters, kernels and checkers that
//! nobody here wrote take what `release --local` made, and refuse what was spoiled.
//!
//! A room for each kind of thing. They look at a sealed release only: how it came to be is not
//! theirs to know.

mod binaries;
mod charts;
mod checksums;
mod guide;
mod images;
mod manifest;
mod mcp;
mod page;
mod python;
mod sboms;
mod serving;
mod signatures;
