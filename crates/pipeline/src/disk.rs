//! Files on disk: read with a limit, copied, their modes and links.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use archive::Entry;
use model::Diagnostic;
use model::limits::MAX_TEXT_BYTES;

/// The bytes of a file; nothing where it is no file, or larger than a text may be.
pub(crate) fn text(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let about = file.symlink_metadata()?;
    if !about.is_file() || about.len() > MAX_TEXT_BYTES {
        return Ok(None);
    }
    // One byte of room more, so that the end is found without another allocation.
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or_default() + 1);
    // No more than the limit, should the file grow meanwhile.
    File::open(file)?.take(MAX_TEXT_BYTES).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// All files below `folder`, sorted by path.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let entry = entry?;
            let slash = if inside.is_empty() { "" } else { "/" };
            let path = format!("{inside}{slash}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                files.push(Entry::new(path, fs::read(entry.path())?));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A link's target, with slashes.
pub(crate) fn slashed(target: &Path) -> String {
    target.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(unix)]
pub(crate) fn is_executable(about: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    about.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
pub(crate) fn is_executable(_: &Metadata) -> bool {
    false
}

/// Makes `folder`, and what is missing above it below `root`, for everyone to read: an image may
/// take over the modes of folders.
pub(crate) fn make(root: &Path, folder: &Path) -> io::Result<()> {
    let missing: Vec<&Path> =
        folder.ancestors().take_while(|at| at.starts_with(root) && !at.is_dir()).collect();
    fs::create_dir_all(folder)?;
    missing.into_iter().try_for_each(|folder| set_mode(folder, true))
}

/// Makes a link at `at`.
#[cfg(unix)]
pub(crate) fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

/// Makes a link at `at`.
#[cfg(windows)]
pub(crate) fn link(target: &Path, at: &Path) -> io::Result<()> {
    let leads = at.parent().unwrap_or(at).join(target);
    if leads.is_dir() {
        std::os::windows::fs::symlink_dir(target, at)
    } else {
        std::os::windows::fs::symlink_file(target, at)
    }
}

/// Copies a file, or a link as a link, to `path` below `root`.
pub(crate) fn copy(from: &Path, root: &Path, path: &str) -> Result<(), Diagnostic> {
    let to = root.join(path);
    if let Some(parent) = to.parent() {
        make(root, parent).map_err(|error| cannot("make", parent, &error))?;
    }
    let copied = match fs::read_link(from) {
        Ok(target) => link(&target, &to),
        Err(_) => fs::copy(from, &to).map(|_| ()),
    };
    copied.map_err(|error| cannot("copy", from, &error))
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, executable: bool) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if executable { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: bool) -> io::Result<()> {
    Ok(())
}

pub(crate) fn cannot(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        &model::codes::FILE_FAILED,
        format!("cannot {verb} `{}`: {error}", path.display()),
    )
}
