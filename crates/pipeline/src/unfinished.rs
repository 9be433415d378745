//! Folders that a run is writing to, so that one that is interrupted leaves none of them behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static FOLDERS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Folders that go with an interrupted run. While it is held, no run is interrupted.
pub(crate) fn hold() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes `folder` as one that goes.
pub(crate) fn add(folder: &Path) {
    hold().insert(folder.to_owned());
}

/// Forgets `folder`: it is done, or gone.
pub(crate) fn forget(folder: &Path) {
    hold().remove(folder);
}

/// Removes what this process was writing, and ends it with `code`: on a signal.
/// `last` is called in between.
pub fn abandon(code: i32, last: impl FnOnce()) -> ! {
    let folders = hold();
    // Twice, should a thread have written into one meanwhile. The next run removes what stays.
    for folder in folders.iter().chain(folders.iter()) {
        let _ = fs::remove_dir_all(folder);
    }
    last();
    std::process::exit(code)
}
