//! The documents that are made of the program: the command line's reference, the configuration's,
//! its JSON schema, the list of problem codes, and what actions and workflows take and give.
//!
//! They are committed, so that a reader needs no build, and compared in CI, so that they stay true.

mod actions;
mod codes;
mod config;

use std::fs;
use std::path::PathBuf;

use crate::{Failure, workspace};

/// Writes all of them anew.
pub fn write() -> Result<(), Failure> {
    for (path, text) in generated()? {
        let place = workspace::root().join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(place, text)?;
        println!("wrote {path}");
    }
    Ok(())
}

/// Fails, naming each, if one differs from what would be written.
pub fn check() -> Result<(), Failure> {
    let stands = |path: &str| fs::read_to_string(workspace::root().join(path)).unwrap_or_default();
    let stale: Vec<&str> = generated()?
        .into_iter()
        .filter(|(path, text)| stands(path) != *text)
        .map(|(path, _)| path)
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("out of date: {}\nhelp: run `cargo xtask docs`", stale.join(", ")).into())
}

fn generated() -> Result<Vec<(&'static str, String)>, Failure> {
    let program = product()?.display().to_string();
    let print = |command| workspace::output(&program, &[command]).map(|text| format!("{text}\n"));
    let schema = print("schema")?;
    let codes = workspace::output(&program, &["explain", "--output", "json"])?;
    Ok(vec![
        ("docs/reference/actions.md", actions::actions()?),
        ("docs/reference/cli.md", print("reference")?),
        ("docs/reference/config.md", config::markdown(&serde_json::from_str(&schema)?)?),
        ("docs/reference/package-actions.schema.json", schema),
        ("docs/reference/problem-codes.md", codes::markdown(&serde_json::from_str(&codes)?)?),
        ("docs/reference/workflows.md", actions::workflows()?),
    ])
}

/// Builds `package-actions` (with the features that the tests use, so nothing is built twice) and
/// gives its path.
pub fn product() -> Result<PathBuf, Failure> {
    let build = [
        "build",
        "--release",
        "--workspace",
        "--exclude",
        "xtask",
        "--bins",
        "--locked",
        "--quiet",
    ];
    workspace::output("cargo", &build)?;
    Ok(workspace::target_folder()?.join("release/package-actions"))
}
