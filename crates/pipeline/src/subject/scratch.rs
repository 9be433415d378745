//! A folder for what was fetched, gone at the end.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, process};

use model::Diagnostic;

/// A folder of this run's own below the system's temporary one, removed at the end.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new() -> Result<Self, Diagnostic> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("package-actions-verify-{}-{number}", process::id());
        let path = std::env::temp_dir().join(name);
        // One that is there already is somebody else's.
        fs::create_dir(&path).map(|()| Self(path.clone())).map_err(|error| {
            let message = format!("cannot make `{}`: {error}", path.display());
            Diagnostic::new(&model::codes::FILE_FAILED, message)
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is litter under the temporary folder, not a wrong answer.
        let _ = fs::remove_dir_all(&self.0);
    }
}
