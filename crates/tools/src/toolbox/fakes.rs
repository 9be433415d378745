//! A folder of small shell scripts that stand for real programs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// The folder; removed at the end.
pub(crate) struct Fakes(PathBuf);

impl Fakes {
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tools-{name}-{}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(folder.join("bin")).unwrap();
        Self(folder)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    /// A `PATH` of this folder alone.
    pub(crate) fn search(&self) -> String {
        self.0.join("bin").to_string_lossy().into_owned()
    }

    /// A program called `name` that runs `script`.
    pub(crate) fn program(&self, name: &str, script: &str) -> PathBuf {
        let path = self.0.join("bin").join(name);
        executable(&path, script);
        path
    }
}

impl Drop for Fakes {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// Writes an executable shell script.
pub(crate) fn executable(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
