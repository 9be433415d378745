//! Checks a download against its pinned hash and unpacks it.
//!
//! Python's `zipfile` and `tarfile` unpack it, in a separate process: Python is there anyway,
//! because pip downloads, and the bytes are checked before they are opened.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use model::{Digest, Hasher, Invocation};

use crate::error::ToolError;
use crate::pins::Source;
use crate::prerequisites::Python;
use crate::run::{RunOptions, run};

const SCRIPT: &str = include_str!("unpack.py");

/// Refuses `file` unless its bytes are the pinned ones.
pub(crate) fn check_hash(file: &Path, source: &Source) -> Result<(), ToolError> {
    let found = digest_of(file)?;
    if found == source.digest {
        return Ok(());
    }
    Err(ToolError::WrongHash { file: source.file.clone(), expected: source.digest, found })
}

/// Unpacks `file` into `folder`, as its source says.
pub(crate) fn unpack(
    python: &Python,
    file: &Path,
    source: &Source,
    folder: &Path,
) -> Result<(), ToolError> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let program = text(&python.program);
    let args = ["-I".to_owned(), "-c".to_owned(), SCRIPT.to_owned(), text(file), text(folder)];
    let parts = [part(&source.inner), part(&source.only)];
    let invocation = Invocation::new(program, args.into_iter().chain(parts));
    run(&invocation, &mut RunOptions::default())?;
    Ok(())
}

fn digest_of(file: &Path) -> Result<Digest, ToolError> {
    let mut reader = File::open(file).map_err(ToolError::io(file, "read"))?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = reader.read(&mut buffer).map_err(ToolError::io(file, "read"))?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            return Ok(hasher.finish());
        };
        hasher.update(bytes);
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
