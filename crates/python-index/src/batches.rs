//! Many files at a time: a few processes of uv side by side, each with a batch of files.
//!
//! A start of uv costs about 0.15 s, and with a workflow's identity one exchange of tokens, so it
//! takes several files. All files of a project are uploaded by the same worker: an index that
//! creates a project twice at once may refuse one of the two.

use std::collections::BTreeMap;
use std::thread;

use http::Attempt;
use model::Diagnostic;
use publish::{Answer, Item};

use crate::codes;
use crate::destination::{PythonIndex, Upload};
use crate::uv::{self, UvEnd};

/// Processes of uv at a time.
const WORKERS: usize = 4;

/// Files of one call: with a hundred bytes of path each far below any system's command line.
const MAX_FILES: usize = 40;

/// Bytes of one call: at 1 MB/s within the 15 minutes that an index's token lives.
const MAX_BYTES: u64 = 500 << 20;

/// What uv looks for beside a distribution (PEP 740).
const ATTESTATION: &str = ".publish.attestation";

/// Files that are uploaded one after the other.
type Batch<'a> = Vec<(&'a Item, &'a Upload)>;

impl PythonIndex<'_> {
    /// Sends all; gives for each whether it went well, in the order of `items`.
    pub(crate) fn send_all(&self, items: &[&Item]) -> Vec<Result<(), Diagnostic>> {
        let mut known = Vec::new();
        for item in items {
            if let Ok(upload) = self.upload(item) {
                known.push((*item, upload));
            }
        }
        let mut failed: BTreeMap<&str, Diagnostic> = BTreeMap::new();
        thread::scope(|scope| {
            let workers: Vec<_> = by_worker(known)
                .into_iter()
                .map(|files| scope.spawn(move || self.send_batches(files)))
                .collect();
            for worker in workers {
                failed.extend(worker.join().unwrap_or_default());
            }
        });
        let outcome = |item: &&Item| match failed.remove(item.name.as_str()) {
            Some(problem) => Err(problem),
            None => self.upload(item).map(|_| ()),
        };
        items.iter().map(outcome).collect()
    }

    /// Sends one worker's files in batches; after a failure the rest is left.
    fn send_batches<'a>(&self, files: Batch<'a>) -> BTreeMap<&'a str, Diagnostic> {
        let mut batches = batches(files).into_iter();
        for batch in batches.by_ref() {
            if let Err(problem) = self.send(&batch) {
                let rest = batch.into_iter().chain(batches.flatten());
                return rest.map(|(item, _)| (item.name.as_str(), problem.clone())).collect();
            }
        }
        BTreeMap::new()
    }

    /// Sends a batch, again where a failure may pass: each time only what the index does not list
    /// by then.
    pub(crate) fn send(&self, batch: &[(&Item, &Upload)]) -> Result<(), Diagnostic> {
        let mut left: Batch<'_> = batch.to_vec();
        self.http.retry_blocking(|attempt| {
            if attempt > 1 {
                left = self.still_absent(std::mem::take(&mut left))?;
                if left.is_empty() {
                    return Ok(Attempt::Done(()));
                }
            }
            let end = self.call(&left)?;
            if end.success {
                return Ok(Attempt::Done(()));
            }
            let problem = uv::failure(&end, &self.settings.auth.secrets());
            if uv::passes(&end) { Ok(Attempt::retry(Err(problem))) } else { Err(problem) }
        })
    }

    fn call(&self, batch: &[(&Item, &Upload)]) -> Result<UvEnd, Diagnostic> {
        let auth = &self.settings.auth;
        let mut files = Vec::new();
        for (_, upload) in batch {
            let path = upload.path.to_string_lossy().into_owned();
            let attestation = format!("{path}{ATTESTATION}");
            let attested = std::path::Path::new(&attestation).is_file();
            files.push(path);
            if attested && auth.is_trusted() {
                files.push(attestation);
            } else if attested {
                self.notice(not_attested(&upload.name));
            }
        }
        let command = uv::publish(self.settings.index.upload.as_deref(), auth, &files);
        let end = self.uv.run(&command, &auth.secrets());
        for (_, upload) in batch {
            if let Some(mut slot) = self.slot(&upload.project) {
                slot.page = None;
                slot.sent.insert(upload.name.clone());
            }
        }
        end
    }

    fn still_absent<'a>(&self, batch: Batch<'a>) -> Result<Batch<'a>, Diagnostic> {
        let mut left = Vec::new();
        for (item, upload) in batch {
            // It may never come: nothing is waited for here.
            if let Some(mut slot) = self.slot(&upload.project) {
                slot.sent.remove(&upload.name);
            }
            if self.answer(item)? == Answer::Absent {
                left.push((item, upload));
            }
        }
        Ok(left)
    }
}

/// Whole projects for a few workers, the largest first, each for the worker with the least to do.
fn by_worker<'a>(all: Batch<'a>) -> Vec<Batch<'a>> {
    let mut projects: BTreeMap<&str, Batch<'a>> = BTreeMap::new();
    for (item, upload) in all {
        projects.entry(&upload.project).or_default().push((item, upload));
    }
    let mut projects: Vec<Batch<'a>> = projects.into_values().collect();
    projects.sort_by_key(|files| std::cmp::Reverse(weight(files)));
    let mut workers: Vec<Batch<'a>> = Vec::new();
    workers.resize_with(WORKERS.min(projects.len()), Batch::new);
    for mut project in projects {
        // Anyone who installs in the meantime should find a wheel before the sdist, which would
        // have to be built.
        project.sort_by_key(|(_, upload)| (!upload.is_wheel, upload.name.clone()));
        if let Some(worker) = workers.iter_mut().min_by_key(|files| weight(files)) {
            worker.extend(project);
        }
    }
    workers
}

/// What a batch costs: its bytes, and for each file about what the same time would carry.
fn weight(files: &Batch<'_>) -> u64 {
    files.iter().map(|(item, _)| item.size + FILE_WEIGHT).sum()
}

const FILE_WEIGHT: u64 = 1 << 20;

/// Files in batches that one call takes.
fn batches(files: Batch<'_>) -> Vec<Batch<'_>> {
    let mut batches: Vec<Batch<'_>> = Vec::new();
    let mut bytes = 0;
    for (item, upload) in files {
        let full = bytes + item.size > MAX_BYTES;
        match batches.last_mut().filter(|batch| !full && batch.len() < MAX_FILES) {
            Some(batch) => batch.push((item, upload)),
            None => {
                batches.push(vec![(item, upload)]);
                bytes = 0;
            }
        }
        bytes += item.size;
    }
    batches
}

fn not_attested(name: &str) -> Diagnostic {
    let message =
        format!("the attestation of `{name}` is not uploaded: uploads with a token take none");
    Diagnostic::new(&codes::INDEX_ATTESTATION_LEFT, message).help("use trusted publishing")
}
