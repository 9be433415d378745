//! Judges built from source through Go's module proxy: where no package has them.

use std::fs;
use std::process::Command;

use super::Shelf;
use crate::{Failure, workspace};

/// Servers that are a library of somebody else's and ten lines to start it: name, module and
/// version, program.
const SERVERS: &[(&str, &str, &str)] = &[(
    "registry-with-referrers",
    "github.com/google/go-containerregistry@v0.22.1",
    include_str!("registry.go.txt"),
)];

/// For the full tier alone: name, module and version.
const COMMANDS: &[(&str, &str)] = &[(
    "conformance",
    "github.com/opencontainers/distribution-spec/conformance@\
     v0.0.0-20260831232431-97274622c111",
)];

/// The programs of the full tier.
pub fn full_programs() -> Vec<&'static str> {
    COMMANDS.iter().map(|row| row.0).collect()
}

/// What is asked for in the full tier.
pub fn full_table() -> String {
    format!("{COMMANDS:?}")
}

/// Builds those of the full tier and links them.
pub fn fetch_full(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    COMMANDS.iter().map(|(name, module)| install(shelf, name, module)).collect()
}

/// The programs that are built here.
pub fn programs() -> Vec<&'static str> {
    SERVERS.iter().map(|row| row.0).collect()
}

/// What is asked for.
pub fn table() -> String {
    format!("{SERVERS:?}")
}

/// Builds the servers and links them.
pub fn fetch(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    SERVERS.iter().map(|row| server(shelf, row)).collect()
}

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

fn server(shelf: &Shelf, row: &(&str, &str, &str)) -> Result<String, Failure> {
    let (name, module, source) = *row;
    let folder = shelf.folder.join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("main.go"), source)?;
    fs::write(folder.join("go.mod"), format!("module {name}\n\ngo 1.24\n"))?;
    let output = folder.join("server").display().to_string();
    for words in [&["get", module][..], &["mod", "tidy"], &["build", "-o", &output, "."]] {
        let mut go = Command::new("go");
        go.arg("-C").arg(&folder).args(words).env("CGO_ENABLED", "0");
        workspace::output_of(&mut go)?;
    }
    shelf.link(name, &folder.join("server"))?;
    Ok(format!("{name} {} (built with go)", module.rsplit('@').next().unwrap_or_default()))
}
