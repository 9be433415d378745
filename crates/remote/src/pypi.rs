//! A Python index: uploads through uv, questions to the index's own pages.
//!
//! An index takes a file name once and forever, so each is asked about first, by digest. uv uploads
//! (with the workflow's identity, or a token that only its environment holds); what it says is
//! quoted, and what counts is what the index lists afterwards. This room knows the simple
//! repository API and uv's command line; it does not know what is inside a wheel.

mod fetch;
mod found;
mod html;
mod index;
mod lanes;
mod page;
mod preflight;
mod uv;
mod window;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use archive::time::epoch_of_rfc3339;
use model::{Diagnostic, Diagnostics, Manifest};

use self::index::Index;
use self::page::Page;
use crate::codes;
use crate::http::Http;
use crate::{Answer, Item, Phase, Room};

pub use fetch::{FetchedDistribution, VersionAddress, fetch, names_of, versions_of};
pub use found::{IndexAddress, IndexSources, find_index};
pub use preflight::{Workflow, preflight};
pub use uv::{IDENTITY, PypiAuth, Trusted, Uv, UvEnd};

/// Where the files go, and as whom.
#[derive(Debug, Clone)]
pub struct PypiSetup {
    /// Where; see [`find_index`].
    pub index: IndexAddress,
    /// As whom.
    pub auth: PypiAuth,
    /// Seconds since 1970, now.
    pub now: u64,
}

/// The room `pypi`.
pub struct Pypi<'u> {
    http: Arc<Http>,
    uv: &'u dyn Uv,
    index: Index,
    setup: PypiSetup,
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

/// A file on its way.
struct Upload {
    name: String,
    path: PathBuf,
    project: String,
    version: String,
    is_wheel: bool,
}

/// What is known of a project.
#[derive(Default)]
struct Slot {
    /// Its page; an inner nothing when the index has no such project.
    page: Option<Option<Arc<Page>>>,
    /// Files that this run sent.
    sent: BTreeSet<String>,
}

impl<'u> Pypi<'u> {
    /// A room for the wheels and sdists of a release. Nothing is asked yet.
    ///
    /// # Errors
    /// `index-unknown` when no index for questions is known; `remote-…` when its address is none;
    /// `index-file-name`.
    pub fn new(
        http: &Arc<Http>,
        manifest: &Manifest,
        dist: &Path,
        setup: PypiSetup,
        uv: &'u dyn Uv,
    ) -> Result<Self, Diagnostics> {
        let one = |problem| Diagnostics(vec![problem]);
        let check = setup.index.check.as_deref().ok_or_else(|| one(unknown_index()))?;
        let index = Index::new(http, check).map_err(one)?;
        if let Some(upload) = &setup.index.upload {
            crate::http::address(upload).map_err(one)?;
        }
        let (mut items, mut files, mut problems) =
            (Vec::new(), BTreeMap::new(), Diagnostics::new());
        for artifact in preflight::distributions(manifest) {
            let file = preflight::file_name(artifact);
            let Some((project, version)) = preflight::project(file) else {
                let message = format!("`{}` is no name of a wheel or sdist", file.escape_debug());
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
        Ok(Self { http, uv, index, setup, items, files, pages, noticed: Mutex::default() })
    }

    fn slot(&self, project: &str) -> Option<MutexGuard<'_, Slot>> {
        Some(self.pages.get(project)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn upload(&self, item: &Item) -> Result<&Upload, Diagnostic> {
        let unknown =
            || Diagnostic::new(&codes::INDEX_ITEM, format!("`{}` is not ours", item.name));
        self.files.get(&item.name).ok_or_else(unknown)
    }

    /// A project's page, asked once, and for a file that this run sent until it is listed: indexes
    /// show what they took after a moment.
    fn page(&self, file: &Upload) -> Result<Option<Arc<Page>>, Diagnostic> {
        let Some(mut slot) = self.slot(&file.project) else { return Ok(None) };
        let waits = if slot.sent.contains(&file.name) { self.http.patience().attempts } else { 1 };
        let mut attempt = 1;
        loop {
            let page = match &slot.page {
                Some(page) => page.clone(),
                None => self.http.block_on(self.index.page(&file.project))?.map(Arc::new),
            };
            slot.page = Some(page.clone());
            if page.is_none() && waits == 1 {
                self.noticed().new.insert(file.project.clone());
            }
            let lists = |page: &Arc<Page>| page.files.iter().any(|one| one.name == file.name);
            if page.as_ref().is_some_and(lists) || attempt >= waits {
                return Ok(page);
            }
            self.http.block_on(self.http.wait(attempt, None));
            slot.page = None;
            attempt += 1;
        }
    }

    fn answer(&self, item: &Item) -> Result<Answer, Diagnostic> {
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
        let days = self.setup.now.saturating_sub(first) / window::DAY;
        if days < window::LATE_DAYS {
            return Ok(());
        }
        let message = format!(
            "`{} {}` is on the index for {days} days, without `{}`",
            file.project, file.version, file.name
        );
        let help = format!(
            "the public index takes no more files of a release after {} days: {}",
            window::CLOSED_DAYS,
            if days < window::CLOSED_DAYS { "publish the rest soon" } else { "use a new version" }
        );
        // Other indexes may have no such rule: theirs say no themselves.
        if days >= window::CLOSED_DAYS && self.setup.index.upload.is_none() {
            return Err(Diagnostic::new(&codes::INDEX_WINDOW, message).help(help));
        }
        self.notice(Diagnostic::warning(&codes::INDEX_WINDOW, message).help(help));
        Ok(())
    }

    fn notice(&self, problem: Diagnostic) {
        self.noticed().problems.insert(problem);
    }

    fn noticed(&self) -> MutexGuard<'_, Noticed> {
        self.noticed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room for Pypi<'_> {
    fn name(&self) -> &str {
        "pypi"
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
        let public = self.setup.index.upload.is_none();
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
