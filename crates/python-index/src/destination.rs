//! The destination: what it is to hold, what the index lists, and what to report at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use archive::time::epoch_of_rfc3339;
use format::Inspects;
use http::{Attempt, Http};
use model::{Diagnostic, Diagnostics, Manifest};
use publish::{Answer, Destination, Item, Phase};

use crate::codes;
use crate::configured::IndexAddress;
use crate::index::Index;
use crate::page::Page;
use crate::uv::{UploadAuth, Uv};
use crate::{preflight, upload_window};

/// Where the files go, and as whom.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where; see [`find_index`](crate::find_index).
    pub index: IndexAddress,
    /// As whom.
    pub auth: UploadAuth,
    /// Seconds since 1970, now.
    pub now: u64,
}

/// The Python index as a destination, `pypi`.
pub struct PythonIndex<'u> {
    name: String,
    pub(crate) http: Arc<Http>,
    pub(crate) uv: &'u dyn Uv,
    index: Index,
    pub(crate) settings: Settings,
    items: Vec<Item>,
    files: BTreeMap<String, Upload>,
    /// Each project's page, once asked; its own lock each, so that projects are asked at a time.
    pages: BTreeMap<String, Mutex<Slot>>,
    noticed: Mutex<Noticed>,
}

/// What people should know at the end.
#[derive(Default)]
struct Noticed {
    problems: BTreeSet<Diagnostic>,
    /// Projects that the index did not know.
    new: BTreeSet<String>,
}

/// A file to be uploaded.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) project: String,
    version: String,
    pub(crate) is_wheel: bool,
}

/// What is known of a project.
#[derive(Default)]
pub(crate) struct Slot {
    /// Its page; an inner nothing when the index has no such project.
    pub(crate) page: Option<Option<Arc<Page>>>,
    /// Files that this run sent.
    pub(crate) sent: BTreeSet<String>,
}

impl<'u> PythonIndex<'u> {
    /// The destination for the wheels and sdists of a release. Nothing is asked yet.
    ///
    /// # Errors
    /// `index-unknown` when no index for questions is known; `remote-…` when its address is not
    /// valid; `index-file-name`.
    pub fn new(
        http: &Arc<Http>,
        (manifest, formats): (&Manifest, &[&dyn Inspects]),
        dist: &Path,
        settings: Settings,
        uv: &'u dyn Uv,
    ) -> Result<Self, Diagnostics> {
        let one = |problem| Diagnostics(vec![problem]);
        let check = settings.index.check.as_deref().ok_or_else(|| one(unknown_index()))?;
        let index = Index::new(http, check).map_err(one)?;
        if let Some(upload) = &settings.index.upload {
            http::address(upload).map_err(one)?;
        }
        let (mut items, mut files, mut problems) =
            (Vec::new(), BTreeMap::new(), Diagnostics::new());
        for artifact in preflight::distributions(manifest, formats) {
            let file = preflight::file_name(artifact);
            let Some((project, version)) = preflight::project(file) else {
                let message =
                    format!("`{}` is not the name of a wheel or sdist", file.escape_debug());
                problems.push(Diagnostic::new(&codes::INDEX_FILE_NAME, message));
                continue;
            };
            let (size, digest) = (artifact.file.size, artifact.file.digest);
            let name = format!("pypi:{file}");
            items.push(Item { name: name.clone(), phase: Phase::Index, step: 0, size, digest });
            let (path, file) = (dist.join(&artifact.file.path), file.to_owned());
            let is_wheel = file.ends_with(".whl");
            files.insert(name, Upload { name: file, path, project, version, is_wheel });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let pages = files.values().map(|file| (file.project.clone(), Mutex::default())).collect();
        let http = Arc::clone(http);
        // What people call the destination is what they call the format.
        let name = formats.first().map_or_else(String::new, |one| one.format().to_string());
        let noticed = Mutex::default();
        Ok(Self { name, http, uv, index, settings, items, files, pages, noticed })
    }

    pub(crate) fn slot(&self, project: &str) -> Option<MutexGuard<'_, Slot>> {
        Some(self.pages.get(project)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn upload(&self, item: &Item) -> Result<&Upload, Diagnostic> {
        let unknown =
            || Diagnostic::new(&codes::INDEX_ITEM, format!("`{}` is not ours", item.name));
        self.files.get(&item.name).ok_or_else(unknown)
    }

    /// A project's page, asked once, and for a file that this run sent until it is listed: indexes
    /// show what they took after a moment.
    fn page(&self, file: &Upload) -> Result<Option<Arc<Page>>, Diagnostic> {
        let Some(mut slot) = self.slot(&file.project) else { return Ok(None) };
        let was_sent = slot.sent.contains(&file.name);
        self.http.retry_blocking(|attempt| {
            if attempt > 1 {
                slot.page = None;
            }
            let page = match &slot.page {
                Some(page) => page.clone(),
                None => self.http.block_on(self.index.page(&file.project))?.map(Arc::new),
            };
            slot.page = Some(page.clone());
            if page.is_none() && !was_sent {
                self.noticed().new.insert(file.project.clone());
            }
            let lists = |page: &Arc<Page>| page.files.iter().any(|one| one.name == file.name);
            if was_sent && !page.as_ref().is_some_and(lists) {
                return Ok(Attempt::retry(Ok(page)));
            }
            Ok(Attempt::Done(page))
        })
    }

    pub(crate) fn answer(&self, item: &Item) -> Result<Answer, Diagnostic> {
        let file = self.upload(item)?;
        let Some(page) = self.page(file)? else { return Ok(Answer::Absent) };
        let Some(listed) = page.file(&file.name)? else {
            return self.within_window(file, &page).map(|()| Answer::Absent);
        };
        let found = match listed.sha256 {
            Some(digest) => Some(digest),
            None => self.http.block_on(self.index.hashed(listed, item.size))?,
        };
        Ok(match found {
            Some(digest) if digest == item.digest => Answer::Same,
            Some(digest) => Answer::Other(digest.to_string()),
            None => Answer::Other(format!("more than {} bytes", item.size)),
        })
    }

    /// The public index closes a release to further files after two weeks.
    fn within_window(&self, file: &Upload, page: &Page) -> Result<(), Diagnostic> {
        let of_release = page.files.iter().filter(|listed| {
            preflight::project(&listed.name).is_some_and(|(_, version)| version == file.version)
        });
        let times = of_release.filter_map(|listed| epoch_of_rfc3339(listed.uploaded.as_deref()?));
        let Some(first) = times.min() else { return Ok(()) };
        let days = self.settings.now.saturating_sub(first) / upload_window::DAY;
        if days < upload_window::LATE_DAYS {
            return Ok(());
        }
        let message = format!(
            "`{} {}` has been on the index for {days} days, without `{}`",
            file.project, file.version, file.name
        );
        let help = format!(
            "the public index takes no more files of a release after {} days: {}",
            upload_window::CLOSED_DAYS,
            if days < upload_window::CLOSED_DAYS {
                "publish the rest soon"
            } else {
                "use a new version"
            }
        );
        // Other indexes may have no such rule: theirs say no themselves.
        if days >= upload_window::CLOSED_DAYS && self.settings.index.upload.is_none() {
            return Err(Diagnostic::new(&codes::INDEX_WINDOW, message).help(help));
        }
        self.notice(Diagnostic::warning(&codes::INDEX_WINDOW, message).help(help));
        Ok(())
    }

    pub(crate) fn notice(&self, problem: Diagnostic) {
        self.noticed().problems.insert(problem);
    }

    fn noticed(&self) -> MutexGuard<'_, Noticed> {
        self.noticed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Destination for PythonIndex<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn items(&self) -> &[Item] {
        &self.items
    }

    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic> {
        self.answer(item)
    }

    fn write(&self, item: &Item) -> Result<(), Diagnostic> {
        let upload = self.upload(item)?;
        self.send(&[(item, upload)])
    }

    fn write_all(&self, items: &[&Item]) -> Option<Vec<Result<(), Diagnostic>>> {
        Some(self.send_all(items))
    }

    fn notices(&self) -> Vec<Diagnostic> {
        let noticed = self.noticed();
        // Only the public index is known to count new projects.
        let public = self.settings.index.upload.is_none();
        let new = preflight::many_new(noticed.new.len()).filter(|_| public);
        noticed.problems.iter().cloned().chain(new).collect()
    }
}

/// What is missing where no index for questions is known.
#[must_use]
pub fn unknown_index() -> Diagnostic {
    let message = "whether files are on the Python index cannot be asked: no index is configured";
    Diagnostic::new(&codes::INDEX_UNKNOWN, message).help(
        "set `UV_PUBLISH_CHECK_URL` (or `--check-url`, or `check-url` in `uv.toml`) to the index's \
         simple API, the address that pip installs from",
    )
}

#[cfg(test)]
mod tests;
