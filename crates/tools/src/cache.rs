//! The cache: one folder for everything that is fetched, with atomic installation.
//!
//! A tool is unpacked beside its final folder and renamed while a lock is held, so a folder under
//! its final name is complete, even if a process was killed.

use std::env;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::Digest;

use crate::error::ToolError;
use crate::logs::Logs;

/// The paths of the cache. A value: the file system is not accessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePaths {
    /// The root of the cache.
    pub root: PathBuf,
}

/// The cache on disk.
#[derive(Debug, Clone)]
pub struct Cache {
    paths: CachePaths,
    logs: Arc<Logs>,
}

/// The default cache: `PACKAGE_ACTIONS_CACHE`, or `package-actions` in the system's folder for
/// caches (XDG base directories on Linux). `None` if the environment names neither.
#[must_use]
pub fn default_cache_root() -> Option<PathBuf> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    if let Some(named) = env::var_os("PACKAGE_ACTIONS_CACHE").filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named));
    }
    let caches = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("package-actions"))
}

impl CachePaths {
    /// The folder of one tool: named by version and download, so that two versions can coexist and
    /// a new pin never finds an old folder.
    #[must_use]
    pub fn tool(&self, name: &str, version: &str, digest: &Digest) -> PathBuf {
        self.root.join("tools").join(format!("{name}-{version}-{}", digest.short()))
    }

    /// The folder in which copies of trees are built.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.root.join("work").join(APART)
    }

    /// Our own `RUSTUP_HOME`.
    #[must_use]
    pub fn rustup(&self) -> PathBuf {
        self.root.join("rustup")
    }

    /// Our own `CARGO_HOME`.
    #[must_use]
    pub fn cargo_home(&self) -> PathBuf {
        self.root.join("cargo")
    }

    /// `ZIG_GLOBAL_CACHE_DIR`.
    #[must_use]
    pub fn zig(&self) -> PathBuf {
        self.root.join("zig")
    }

    /// `CARGO_ZIGBUILD_CACHE_DIR`.
    #[must_use]
    pub fn zigbuild(&self) -> PathBuf {
        self.root.join("zigbuild")
    }

    /// `GOCACHE`.
    #[must_use]
    pub fn go_build(&self) -> PathBuf {
        self.root.join("go-build")
    }

    /// `GOPATH`; the modules are in its `pkg/mod`.
    #[must_use]
    pub fn go_path(&self) -> PathBuf {
        self.root.join("go")
    }

    /// `UV_CACHE_DIR`.
    #[must_use]
    pub fn uv(&self) -> PathBuf {
        self.root.join("uv")
    }

    /// The target folder for one compiler and one lock file, so that a fresh clone of the same tree
    /// reuses what was built before.
    #[must_use]
    pub fn target(&self, rust_version: &str, lock: &Digest) -> PathBuf {
        self.root.join("target").join(format!("{rust_version}-{}", lock.short()))
    }
}

/// A folder in which a package is not part of a workspace, wherever the cache is. cargo takes a
/// package below a workspace for a member that is not listed, and searches all parent folders; but
/// not those of `target/package`, where it unpacks crates itself.
pub(crate) const APART: &str = "target/package";

impl Cache {
    /// Opens the cache at `root`, creating the folder.
    ///
    /// # Errors
    /// If the folder cannot be created.
    pub fn open(root: &Path) -> Result<Self, ToolError> {
        fs::create_dir_all(root.join("locks")).map_err(|error| match error.kind() {
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                ToolError::BelowFile { folder: root.to_owned() }
            }
            _ => ToolError::io(root, "written")(error),
        })?;
        let root = std::path::absolute(root).map_err(ToolError::io(root, "read"))?;
        let logs = Arc::new(Logs::below(&root.join("logs")));
        Ok(Self { paths: CachePaths { root }, logs })
    }

    /// The logs of the commands of this run.
    #[must_use]
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// The paths of the cache.
    #[must_use]
    pub fn paths(&self) -> &CachePaths {
        &self.paths
    }

    /// Holds the lock called `name` until the returned file is dropped. `waiting` is called once if
    /// another process holds it. The system releases the lock of a killed process.
    ///
    /// # Errors
    /// If the lock file cannot be created or locked.
    pub fn lock(&self, name: &str, waiting: impl FnOnce()) -> Result<File, ToolError> {
        let path = self.paths.root.join("locks").join(name);
        let file = File::create(&path).map_err(ToolError::io(&path, "written"))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => waiting(),
            Err(TryLockError::Error(error)) => return Err(ToolError::io(&path, "locked")(error)),
        }
        file.lock().map_err(ToolError::io(&path, "locked"))?;
        Ok(file)
    }

    /// Creates `folder` from what `fill` writes into an empty folder beside it. The caller
    /// holds the lock of `folder`. The leftovers of a killed run are removed first.
    ///
    /// # Errors
    /// Those of `fill`, and if the folders cannot be created, renamed or removed; then `folder`
    /// does not exist.
    pub(crate) fn install(
        &self,
        folder: &Path,
        fill: impl FnOnce(&Path) -> Result<PathBuf, ToolError>,
    ) -> Result<(), ToolError> {
        let Some(name) = folder.file_name() else {
            return Err(ToolError::Missing { what: folder.display().to_string() });
        };
        let staging = self.paths.root.join("partial").join(name);
        remove_folder(&staging)?;
        fs::create_dir_all(&staging).map_err(ToolError::io(&staging, "written"))?;
        let filled = fill(&staging).and_then(|whole| {
            let parent = folder.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(ToolError::io(parent, "written"))?;
            fs::rename(&whole, folder).map_err(ToolError::io(folder, "written"))
        });
        let removed = remove_folder(&staging);
        filled.and(removed)
    }
}

/// Removes a folder with its contents; it is not an error if there is none.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), ToolError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(ToolError::io(folder, "removed")(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
