//! `dist/` on disk: listed, read and measured for `verify`, written for the stages before it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use model::{Diagnostic, Digest, FileEntry, Hasher, Location};
use verify::{Dist, Entry};

use crate::codes;
use crate::disk::set_mode;

/// A release's folder.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `root`; whether it is there shows when it is read.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The file at `path`, which uses `/`.
    #[must_use]
    pub fn join(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    /// The file at `path`, to be written: whatever a manifest or record names, it stays in here.
    fn inside(&self, path: &str) -> Result<PathBuf, Diagnostic> {
        match model::path_problem(path).or((path == ".").then_some("is the folder itself")) {
            None => Ok(self.join(path)),
            Some(why) => {
                let message = format!("cannot be written: its path {why}");
                Err(Diagnostic::new(&codes::FILE_PATH, message).at(Location::file(path)))
            }
        }
    }

    /// Writes a new file and measures it; folders are made as needed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(
        &self,
        path: &str,
        bytes: &[u8],
        executable: bool,
    ) -> Result<FileEntry, Diagnostic> {
        let target = self.inside(path)?;
        let write = || {
            if let Some(parent) = target.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&target, bytes)?;
            set_mode(&target, executable)
        };
        write().map_err(|error| failed("write", path, &error))?;
        let size = bytes.len() as u64;
        Ok(FileEntry { path: path.to_owned(), size, digest: Digest::of(bytes) })
    }

    /// Gives the file at `path` a second name, as a hard link or, where the file system has none,
    /// as a copy. Never as a symbolic link: archives and Windows break those.
    ///
    /// # Errors
    /// When neither can be made.
    pub fn link(&self, path: &str, name: &str) -> Result<(), Diagnostic> {
        let (from, to) = (self.inside(path)?, self.inside(name)?);
        let link = || {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ()))
        };
        link().map_err(|error| failed("write", name, &error))
    }

    /// The regular file at `path`, and its size.
    pub(crate) fn open(&self, path: &str) -> Result<(File, u64), Diagnostic> {
        let full = self.join(path);
        let about = fs::symlink_metadata(&full).map_err(|error| failed("read", path, &error))?;
        if !about.is_file() {
            let message = "is a link or no file, expected a regular file";
            return Err(
                Diagnostic::new(&model::codes::FILE_NOT_REGULAR, message).at(Location::file(path))
            );
        }
        let file = File::open(&full).map_err(|error| failed("read", path, &error))?;
        Ok((file, about.len()))
    }

    fn list(&self, folder: &Path, prefix: &str, into: &mut Vec<Entry>) -> io::Result<()> {
        let mut empty = true;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            empty = false;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.list(&entry.path(), &path, into)?;
            } else {
                into.push(Entry { path, regular: kind.is_file() });
            }
        }
        if empty && !prefix.is_empty() {
            into.push(Entry { path: prefix.to_owned(), regular: false });
        }
        Ok(())
    }
}

impl Dist for Folder {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let mut entries = Vec::new();
        self.list(&self.0, "", &mut entries).map_err(|error| failed("list", ".", &error))?;
        entries.sort();
        Ok(entries)
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let (file, size) = self.open(path)?;
        if size > limit {
            let message = format!("has {size} bytes, expected at most {limit}");
            return Err(
                Diagnostic::new(&model::codes::FILE_TOO_LARGE, message).at(Location::file(path))
            );
        }
        let mut bytes = Vec::new();
        let read = file.take(limit).read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(|error| failed("read", path, &error))
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.open(path).map(|(_, size)| size)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        let (mut file, _) = self.open(path)?;
        let mut hasher = Hasher::new();
        let mut buffer = vec![0_u8; 256 << 10];
        let mut size = 0;
        loop {
            let count = file.read(&mut buffer).map_err(|error| failed("read", path, &error))?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                return Ok((size, hasher.finish()));
            };
            hasher.update(bytes);
            size += count as u64;
        }
    }
}

/// The folder that a file is in, and the file's name there.
pub(crate) fn beside(path: &Path) -> (Folder, String) {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (Folder::new(parent.unwrap_or(Path::new("."))), name)
}

fn failed(verb: &str, path: &str, error: &io::Error) -> Diagnostic {
    if error.kind() == io::ErrorKind::NotFound {
        return Diagnostic::new(&model::codes::FILE_MISSING, "is not there")
            .at(Location::file(path));
    }
    Diagnostic::new(&model::codes::FILE_FAILED, format!("cannot {verb} it: {error}"))
        .at(Location::file(path))
}
