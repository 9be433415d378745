//! What a unit is packed with besides the tree: fetched, held against what was fetched before, and
//! kept, so that it can be packed again offline.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use format::{BuildContext, Fetch, FetchedFile};
use model::{Diagnostic, Digest};

use super::Task;
use super::job::Builder;
use super::outcome::{JobError, Stop};
use crate::codes;
use crate::disk::cannot;
use crate::toolbox::text;

impl Builder<'_> {
    /// Fetches what `task` is packed with into folders below `out`; offline, what was kept of it.
    pub(super) fn fetch(
        &self,
        task: &Task<'_>,
        context: &BuildContext,
        out: &Path,
    ) -> Result<Vec<FetchedFile>, JobError> {
        let fetches = |job| task.format.fetches(job, self.source, context);
        let wanted = task.jobs.iter().flat_map(fetches);
        wanted.map(|fetch| self.fetched(&fetch, context, out)).collect()
    }

    fn fetched(
        &self,
        fetch: &Fetch,
        context: &BuildContext,
        out: &Path,
    ) -> Result<FetchedFile, JobError> {
        let kept = self.kept(&fetch.uri);
        let before = read(&kept).map_err(Stop::Broken)?;
        let of = |bytes: Vec<u8>| FetchedFile {
            uri: fetch.uri.clone(),
            digest: Digest::of(&bytes),
            bytes,
        };
        if context.offline {
            let bytes = before.ok_or_else(|| Stop::Failed(not_kept(&fetch.uri)))?;
            return Ok(of(bytes));
        }
        let folder = out.join(&fetch.folder);
        fs::create_dir_all(&folder)
            .map_err(|error| Stop::Broken(cannot("make", &folder, &error)))?;
        self.ask(&fetch.command.clone().dir(text(out)), context)?;
        let found = of(only_file(&folder, &fetch.uri)?);
        match before.map(|bytes| Digest::of(&bytes)) {
            Some(before) if before != found.digest => {
                return Err(Stop::Failed(differs(&fetch.uri, before, found.digest, &kept)).into());
            }
            Some(_) => {}
            None => keep(&kept, &found.bytes).map_err(Stop::Broken)?,
        }
        Ok(found)
    }

    /// Where what was fetched from `uri` is kept.
    fn kept(&self, uri: &str) -> PathBuf {
        self.toolbox.cache().paths().root.join("fetched").join(Digest::of(uri.as_bytes()).hex())
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Diagnostic> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read", path, &error)),
    }
}

/// Complete or not at all: another build may fetch the same.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
    let partial = path.with_extension(std::process::id().to_string());
    fs::write(&partial, bytes).map_err(|error| cannot("write", &partial, &error))?;
    fs::rename(&partial, path).map_err(|error| cannot("write", path, &error))
}

/// The one file that a command left in `folder`.
fn only_file(folder: &Path, uri: &str) -> Result<Vec<u8>, Stop> {
    let failed = |error: &std::io::Error| Stop::Broken(cannot("read", folder, error));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| failed(&error))? {
        files.push(entry.map_err(|error| failed(&error))?.path());
    }
    match files.as_slice() {
        [file] => fs::read(file).map_err(|error| Stop::Broken(cannot("read", file, &error))),
        _ => {
            let message = format!("fetching `{uri}` left {} files, expected one", files.len());
            Err(Stop::Failed(Diagnostic::new(&format::codes::OUTPUT_MISSING, message)))
        }
    }
}

fn not_kept(uri: &str) -> Diagnostic {
    let message = format!("`{uri}` was never fetched here, and nothing is fetched offline");
    Diagnostic::new(&codes::FETCHED_ABSENT, message).help("build once without `--offline`")
}

fn differs(uri: &str, before: Digest, now: Digest, kept: &Path) -> Diagnostic {
    let message = format!("`{uri}` was {before} when it was fetched before, and is {now} now");
    Diagnostic::new(&codes::FETCHED_DIFFERS, message).help(format!(
        "ask the maintainers of the repository; to take the new bytes, delete `{}`",
        kept.display()
    ))
}
