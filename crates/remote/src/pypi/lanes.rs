//! Many files at a time: a few uvs side by side, each with a row of files.
//!
//! A start of uv costs about 0.15 s, and with a workflow's identity one exchange of tokens, so it
//! takes several files. All files of a project go the same way: an index that creates a project
//! twice at once may refuse one of the two.

use std::collections::BTreeMap;
use std::thread;

use model::Diagnostic;

use super::uv::{self, UvEnd};
use super::{Pypi, Upload};
use crate::codes;
use crate::{Answer, Item};

/// uvs at a time.
const LANES: usize = 4;

/// Files of one call: with a hundred bytes of path each far below any system's command line.
const MAX_FILES: usize = 40;

/// Bytes of one call: at 1 MB/s within the 15 minutes that an index's token lives.
const MAX_BYTES: u64 = 500 << 20;

/// What uv looks for beside a distribution (PEP 740).
const ATTESTATION: &str = ".publish.attestation";

type Row<'a> = Vec<(&'a Item, &'a Upload)>;

impl Pypi<'_> {
    /// Sends all, and tells of each whether it went well, in the order of `items`.
    pub(super) fn send_all(&self, items: &[&Item]) -> Vec<Result<(), Diagnostic>> {
        let mut known = Vec::new();
        for item in items {
            if let Ok(upload) = self.upload(item) {
                known.push((*item, upload));
            }
        }
        let mut failed: BTreeMap<&str, Diagnostic> = BTreeMap::new();
        thread::scope(|scope| {
            let lanes: Vec<_> = lanes(known)
                .into_iter()
                .map(|lane| scope.spawn(move || self.drive(lane)))
                .collect();
            for lane in lanes {
                failed.extend(lane.join().unwrap_or_default());
            }
        });
        let outcome = |item: &&Item| match failed.remove(item.name.as_str()) {
            Some(problem) => Err(problem),
            None => self.upload(item).map(|_| ()),
        };
        items.iter().map(outcome).collect()
    }

    /// Sends one lane's rows; after a failure the rest is left.
    fn drive<'a>(&self, lane: Row<'a>) -> BTreeMap<&'a str, Diagnostic> {
        let mut rows = rows(lane).into_iter();
        for row in rows.by_ref() {
            if let Err(problem) = self.send(&row) {
                let rest = row.into_iter().chain(rows.flatten());
                return rest.map(|(item, _)| (item.name.as_str(), problem.clone())).collect();
            }
        }
        BTreeMap::new()
    }

    /// Sends a row, again and again where a failure may pass: each time only what the index does
    /// not list by then.
    pub(super) fn send(&self, row: &[(&Item, &Upload)]) -> Result<(), Diagnostic> {
        let attempts = self.http.patience().attempts;
        let mut left: Row<'_> = row.to_vec();
        for attempt in 1.. {
            let end = self.call(&left)?;
            if end.success {
                break;
            }
            if attempt >= attempts || !uv::passes(&end) {
                return Err(uv::failure(&end, &self.setup.auth.secrets()));
            }
            self.http.block_on(self.http.wait(attempt, None));
            left = self.still_absent(left)?;
            if left.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn call(&self, row: &[(&Item, &Upload)]) -> Result<UvEnd, Diagnostic> {
        let auth = &self.setup.auth;
        let mut files = Vec::new();
        for (_, upload) in row {
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
        let command = uv::publish(self.setup.index.upload.as_deref(), auth, &files);
        let end = self.uv.run(&command, &auth.secrets());
        for (_, upload) in row {
            if let Some(mut slot) = self.slot(&upload.project) {
                slot.page = None;
                slot.sent.insert(upload.name.clone());
            }
        }
        end
    }

    fn still_absent<'a>(&self, row: Row<'a>) -> Result<Row<'a>, Diagnostic> {
        let mut left = Vec::new();
        for (item, upload) in row {
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

/// Whole projects on a few lanes, the largest first, each to the lane with the least.
fn lanes<'a>(all: Row<'a>) -> Vec<Row<'a>> {
    let mut projects: BTreeMap<&str, Row<'a>> = BTreeMap::new();
    for (item, upload) in all {
        projects.entry(&upload.project).or_default().push((item, upload));
    }
    let mut projects: Vec<Row<'a>> = projects.into_values().collect();
    projects.sort_by_key(|row| std::cmp::Reverse(weight(row)));
    let mut lanes: Vec<Row<'a>> = Vec::new();
    lanes.resize_with(LANES.min(projects.len()), Row::new);
    for mut project in projects {
        // Who installs meanwhile shall find a wheel before the sdist that would be built.
        project.sort_by_key(|(_, upload)| (!upload.is_wheel, upload.name.clone()));
        if let Some(lane) = lanes.iter_mut().min_by_key(|lane| weight(lane)) {
            lane.extend(project);
        }
    }
    lanes
}

/// What a row costs: its bytes, and for each file about what the same time would carry.
fn weight(row: &Row<'_>) -> u64 {
    row.iter().map(|(item, _)| item.size + FILE_WEIGHT).sum()
}

const FILE_WEIGHT: u64 = 1 << 20;

/// A lane in rows that one call takes.
fn rows(lane: Row<'_>) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut bytes = 0;
    for (item, upload) in lane {
        let full = bytes + item.size > MAX_BYTES;
        match rows.last_mut().filter(|row| !full && row.len() < MAX_FILES) {
            Some(row) => row.push((item, upload)),
            None => {
                rows.push(vec![(item, upload)]);
                bytes = 0;
            }
        }
        bytes += item.size;
    }
    rows
}

fn not_attested(name: &str) -> Diagnostic {
    let message = format!("the attestation of `{name}` stays here: uploads with a token take none");
    Diagnostic::new(&codes::INDEX_ATTESTATION_LEFT, message).help("use trusted publishing")
}
