//! Where releases go: registries, a Python index, GitHub Releases, the stores in `dist/` itself.
//!
//! Every place is a [`Room`] that answers one question and takes one order, for one [`Item`] after
//! another: *do you hold these bytes under this name?* and *take them*. [`publish`] asks every room
//! about everything before it writes anything anywhere, writes what is absent, and asks again. So a
//! run that was killed is simply run again, and a second run writes nothing.
//!
//! This room knows the protocols. It does not know how a release is built, sealed or verified.

mod age;
pub mod codes;
mod drive;
pub mod github;
pub mod http;
mod local;
pub mod oci;
pub mod pypi;
#[cfg(test)]
mod scripted;
mod secret;

use model::{Diagnostic, Digest};
use serde::Serialize;

pub use drive::{Ended, Event, Fate, Listener, Order, Run, publish};
pub use local::{Local, Measure};
pub use secret::Secret;

/// When an item goes out. What can be taken back goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Revocable and unseen: images and charts by digest, a GitHub draft with its assets.
    Stage,
    /// The Python index, which never takes a file twice.
    Index,
    /// What makes the rest seen: tags move, the draft is published.
    Finish,
}

/// One thing that a room is to hold under one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is called there, as a person would write it: `ghcr.io/owner/app:1.2.3`.
    pub name: String,
    /// When it goes out.
    pub phase: Phase,
    /// Order within a phase: all of a lower step are there before a higher one begins. (A registry
    /// takes a manifest only after its blobs.)
    pub step: u8,
    /// Its bytes' length; 0 for a name only, such as a tag.
    pub size: u64,
    /// What its bytes hash to; of a tag, what it points at.
    pub digest: Digest,
}

/// What a room holds under an item's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing, and the room is sure of it.
    Absent,
    /// These very bytes.
    Same,
    /// Something that may be replaced: a tag such as `latest`, an asset that was sent in part.
    Stale,
    /// Other bytes, which stay. Holds what they are: a digest wherever the room tells one.
    Other(String),
}

/// A place that takes releases. Called from several threads.
pub trait Room: Sync {
    /// What people call it: `oci`, `pypi`, `github`, `local`.
    fn name(&self) -> &str;

    /// All it is to hold, in any order.
    fn items(&self) -> &[Item];

    /// What it holds under the item's name now.
    ///
    /// # Errors
    /// When the question failed, after bounded retries: never the same as [`Answer::Absent`].
    fn ask(&self, item: &Item) -> Result<Answer, Diagnostic>;

    /// Takes the item in. Only called after [`Answer::Absent`] or [`Answer::Stale`].
    ///
    /// # Errors
    /// When it was not taken, after bounded retries. Whether it arrived is asked anew.
    fn write(&self, item: &Item) -> Result<(), Diagnostic>;

    /// How many items are written at a time.
    fn width(&self) -> usize {
        4
    }

    /// Takes in several items of one step together, where that is quicker than one by one; tells
    /// of each, in their order, what [`Room::write`] would. Nothing where it is not.
    fn write_all(&self, items: &[&Item]) -> Option<Vec<Result<(), Diagnostic>>> {
        let _ = items;
        None
    }

    /// What it came across that does not stop the work, such as another publisher. Asked at the
    /// end of a run.
    fn notices(&self) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What a stranger cannot get of what it holds, as warnings. Asked once all is there.
    fn hidden(&self) -> Vec<Diagnostic> {
        Vec::new()
    }
}
