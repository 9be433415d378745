//! Files that are made once and then belong to the user: written where nothing stands yet.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use model::Diagnostic;

use crate::Failure;
use crate::codes;

/// Writes `text` to a file that is not there yet, and makes the folders above it.
pub(crate) fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let folders = file.parent().map_or(Ok(()), fs::create_dir_all);
    let opened = folders.and_then(|()| fs::File::create_new(file));
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::usage(
            Diagnostic::new(&codes::INIT_EXISTS, format!("`{}` already exists", file.display()))
                .help("edit it; `--dry-run` shows what would be written"),
        )),
        Err(error) => {
            let message = format!("cannot write `{}`: {error}", file.display());
            Err(Diagnostic::new(&model::codes::FILE_FAILED, message).into())
        }
    }
}
