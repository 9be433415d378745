//! The sealed example release that whole-product tests look at.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of the example's release: what `PACKAGE_ACTIONS_EXAMPLE_DIST` names, else
/// `examples/contextforge/dist`, which the main job makes.
///
/// Panics where there is none: `cargo xtask ci` runs the main job before the tests.
pub fn example() -> PathBuf {
    let named = env::var_os("PACKAGE_ACTIONS_EXAMPLE_DIST").filter(|path| !path.is_empty());
    let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/contextforge/dist");
    let path = named.map_or_else(made, PathBuf::from);
    let help = "help: run `cargo run --release -- release --local examples/contextforge`";
    assert!(path.join("release.json").is_file(), "no release in `{}`, {help}", path.display());
    path.canonicalize().expect("a folder that is there has a whole path")
}
