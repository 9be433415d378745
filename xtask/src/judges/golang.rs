//! Judges built from source through Go's module proxy: the fallback where no package has them.

use std::process::Command;

use super::Shelf;
use crate::{Failure, workspace};

/// Builds `module@version` and links it as `name`; gives `NAME VERSION`.
pub fn install(shelf: &Shelf, name: &str, module: &str) -> Result<String, Failure> {
    let programs = shelf.folder.join("go");
    let mut go = Command::new("go");
    go.args(["install", "-trimpath", "-ldflags=-s -w", module]);
    go.env("GOBIN", &programs).env("CGO_ENABLED", "0");
    workspace::output_of(&mut go)?;
    shelf.link(name, &programs.join(name))?;
    let version = module.rsplit('@').next().unwrap_or_default();
    Ok(format!("{name} {version} (built with go)"))
}
