//! Where downloads and build results live between runs: one root, shared with the product.
//!
//! `PACKAGE_ACTIONS_CACHE`, else `~/.cache/package-actions`.

use std::path::PathBuf;
use std::{env, fs};

use crate::Failure;

/// The variable that names the root.
pub const ROOT_VARIABLE: &str = "PACKAGE_ACTIONS_CACHE";

/// The cache root; it need not exist.
pub fn root() -> Result<PathBuf, Failure> {
    let named = env::var_os(ROOT_VARIABLE).filter(|root| !root.is_empty());
    let home =
        || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/package-actions"));
    named
        .map(PathBuf::from)
        .or_else(home)
        .ok_or_else(|| "neither PACKAGE_ACTIONS_CACHE nor HOME is set".into())
}

/// A folder of the cache, made if it is not there.
pub fn folder(name: &str) -> Result<PathBuf, Failure> {
    let path = root()?.join(name);
    fs::create_dir_all(&path)
        .map_err(|error| format!("cannot make `{}`: {error}", path.display()))?;
    Ok(path)
}
