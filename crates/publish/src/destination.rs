//! Where releases go: what a destination is asked, and what it is to hold.

use model::{Diagnostic, Digest};
use serde::Serialize;

/// When an item is published. What can be taken back goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Revocable and not visible: images and charts by digest, a GitHub draft with its assets.
    Stage,
    /// The Python index, which never takes a file twice.
    Index,
    /// What makes the rest visible: tags move, the draft is published.
    Finish,
}

/// One thing that a destination is to hold under one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is called there, as a person would write it: `ghcr.io/owner/app:1.2.3`.
    pub name: String,
    /// When it is published.
    pub phase: Phase,
    /// Order within a phase: all of a lower step are there before a higher one begins. (A registry
    /// takes a manifest only after its blobs.)
    pub step: u8,
    /// Its length in bytes; 0 for a name only, such as a tag.
    pub size: u64,
    /// What its bytes hash to; of a tag, what it points at.
    pub digest: Digest,
}

/// What a destination holds under an item's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing, and the destination is sure of it.
    Absent,
    /// These very bytes.
    Same,
    /// Something that may be replaced: a tag such as `latest`, an asset that was sent in part.
    Stale,
    /// Other bytes, which stay. Holds what they are: a digest wherever the destination gives one.
    Other(String),
}

/// A place that releases are published to. Called from several threads.
pub trait Destination: Sync {
    /// What people call it: `oci`, `pypi`, `github`, `local`.
    fn name(&self) -> &str;

    /// All it is to hold, in any order.
    fn items(&self) -> &[Item];

    /// What it holds under the item's name now.
    ///
    /// # Errors
    /// When the question failed, after bounded retries: never the same as [`Answer::Absent`].
    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic>;

    /// Writes the item. Only called after [`Answer::Absent`] or [`Answer::Stale`].
    ///
    /// # Errors
    /// When it was not taken, after bounded retries. Whether it arrived is asked anew.
    fn write(&self, item: &Item) -> Result<(), Diagnostic>;

    /// How many items are written at a time.
    fn concurrency(&self) -> usize {
        4
    }

    /// Writes several items of one step together, where that is quicker than one by one; gives for
    /// each, in their order, what [`Destination::write`] would. Nothing where it is not.
    fn write_all(&self, items: &[&Item]) -> Option<Vec<Result<(), Diagnostic>>> {
        let _ = items;
        None
    }

    /// What it noticed that does not stop the work, such as another publisher. Asked at the end of
    /// a run.
    fn notices(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What cannot be had without credentials of what it holds, as warnings. Asked once all is
    /// there.
    fn hidden(&self) -> Vec<Diagnostic> {
        Vec::new()
    }
}
