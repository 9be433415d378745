//! A folder of shell scripts that replace real programs.

use std::fs;
use std::path::{Path, PathBuf};

use model::Invocation;

use crate::run::{RunOptions, run};

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

/// Writes an executable shell script, in another process: if the file were open for writing in this
/// one, a child that another test starts at the same time would keep it open, and it could not run.
pub(crate) fn executable(path: &Path, script: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let write = "printf '#!/bin/sh\\n%s\\n' \"$2\" > \"$1\" && chmod 755 \"$1\"";
    let path = path.to_string_lossy();
    let args = ["-c", write, "sh", &path, script];
    run(&Invocation::new("sh", args), &mut RunOptions::default()).unwrap();
}
