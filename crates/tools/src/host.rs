//! The machine we run on, and the programs on its `PATH`.

use std::env;
use std::path::{Path, PathBuf};

use model::Platform;

/// The platform of this machine; `None` if no tool is pinned for it.
#[must_use]
pub fn host_platform() -> Option<Platform> {
    match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => Some(Platform::LinuxAmd64),
        ("linux", "aarch64") => Some(Platform::LinuxArm64),
        ("macos", "x86_64") => Some(Platform::DarwinAmd64),
        ("macos", "aarch64") => Some(Platform::DarwinArm64),
        ("windows", "x86_64") => Some(Platform::WindowsAmd64),
        _ => None,
    }
}

/// The first executable file called `name` in the folders of `search`, a value like `PATH`'s.
/// Relative folders are skipped: their meaning depends on the current directory.
#[must_use]
pub fn find_on_path(name: &str, search: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(search)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|path| is_executable(path))
}

/// Whether `path` is an executable file.
pub(crate) fn is_executable(path: &Path) -> bool {
    let Ok(metadata) = path.metadata() else { return false };
    metadata.is_file() && executable_bit(&metadata)
}

#[cfg(unix)]
fn executable_bit(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn executable_bit(_: &std::fs::Metadata) -> bool {
    true
}
