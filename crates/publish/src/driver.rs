//! The one way in which anything is published: ask, write, ask again.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use model::{Diagnostic, Diagnostics};
use serde::Serialize;

use crate::codes;
use crate::concurrency::map_concurrently;
use crate::destination::{Answer, Destination, Item, Phase};

/// What is to be published now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The phases to write in. All others are only asked about.
    pub phases: BTreeSet<Phase>,
    /// Ask everything, write nothing.
    pub dry_run: bool,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// It was there.
    AlreadyThere,
    /// It was written, and read back.
    Written,
    /// It is not there. A dry run would write it; else its phase was not asked for, or the run
    /// ended before its turn.
    Missing,
    /// Other bytes are there.
    Refused,
    /// Whether it is there could not be learned, or it could not be written.
    Failed,
    /// It was not asked about any more: something before it had failed.
    Unknown,
}

/// An item at the end of a run, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemReport {
    /// The destination that it is for.
    pub destination: String,
    /// The item.
    #[serde(flatten)]
    pub item: Item,
    /// What became of it.
    #[serde(rename = "fate")]
    pub status: ItemStatus,
}

/// A run at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// Every item of every destination: by destination, in the order in which they are published.
    pub items: Vec<ItemReport>,
    /// Why it stopped; empty when all went well.
    pub problems: Diagnostics,
}

/// Something that happened while publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'a> {
    /// A destination is about to be asked about that many items.
    Asking {
        /// The destination.
        destination: &'a str,
        /// How many.
        items: usize,
    },
    /// Items of one step are about to be written to a destination.
    Writing {
        /// The destination.
        destination: &'a str,
        /// How many.
        items: usize,
        /// Their bytes together.
        bytes: u64,
    },
    /// An item was written and read back.
    Written {
        /// The destination.
        destination: &'a str,
        /// The item.
        item: &'a Item,
    },
}

/// Listens to a run. Called from several threads.
pub type Listener<'a> = &'a (dyn Fn(&Event<'_>) + Sync);

/// Brings every destination to what it is to hold, phase by phase.
///
/// Every item of every destination is asked about before the first is written: other bytes anywhere
/// (`publish-other-bytes`), a question that failed, or an earlier phase that is not done
/// (`publish-too-early`) stop the run with nothing written. What was written and is not served ends
/// it with `publish-read-back`.
#[must_use]
pub fn publish(
    destinations: &[Box<dyn Destination + '_>],
    options: &Options,
    listen: Listener<'_>,
) -> Run {
    let mut entries = ask(destinations, listen);
    let mut problems: Vec<Diagnostic> = entries.iter().flat_map(Entry::objection).collect();
    problems.extend(too_early(&entries, options));
    if problems.is_empty() && !options.dry_run {
        problems = write_all(&mut entries, options, listen);
    }
    let items = entries.into_iter().map(Entry::end).collect();
    Run { items, problems: Diagnostics(problems).sorted() }
}

/// An item, where it goes, and what is known of it.
struct Entry<'r> {
    destination: &'r dyn Destination,
    item: &'r Item,
    /// Nothing where the question was not asked any more.
    answer: Option<Result<Answer, Diagnostic>>,
    written: bool,
}

impl Entry<'_> {
    /// Why nothing may be written.
    fn objection(&self) -> Option<Diagnostic> {
        match self.answer.as_ref()? {
            Ok(Answer::Other(found)) => Some(other(self.item, found)),
            Ok(_) => None,
            Err(problem) => Some(problem.clone()),
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self.answer, Some(Ok(Answer::Absent | Answer::Stale)))
    }

    fn end(self) -> ItemReport {
        let status = match &self.answer {
            None => ItemStatus::Unknown,
            Some(Ok(Answer::Same)) if self.written => ItemStatus::Written,
            Some(Ok(Answer::Same)) => ItemStatus::AlreadyThere,
            Some(Ok(Answer::Absent | Answer::Stale)) => ItemStatus::Missing,
            Some(Ok(Answer::Other(_))) => ItemStatus::Refused,
            Some(Err(_)) => ItemStatus::Failed,
        };
        let destination = self.destination.name().to_owned();
        ItemReport { destination, item: self.item.clone(), status }
    }
}

fn ask<'r>(destinations: &'r [Box<dyn Destination + '_>], listen: Listener<'_>) -> Vec<Entry<'r>> {
    let mut entries = Vec::new();
    for destination in destinations {
        let destination = destination.as_ref();
        let mut items: Vec<&Item> = destination.items().iter().collect();
        items.sort_by_key(|item| (item.phase, item.step));
        listen(&Event::Asking { destination: destination.name(), items: items.len() });
        // Questions are small: more of them at a time than of writes.
        let answers =
            map_concurrently(&items, destination.concurrency() * 2, |item| destination.ask(item));
        for (item, answer) in items.into_iter().zip(answers) {
            entries.push(Entry { destination, item, answer, written: false });
        }
    }
    entries
}

/// What makes a release seen must not go out before all that it shows is there.
fn too_early(entries: &[Entry<'_>], options: &Options) -> Vec<Diagnostic> {
    let last = options.phases.last().copied().unwrap_or(Phase::Stage);
    let left = |entry: &&Entry<'_>| {
        let phase = entry.item.phase;
        entry.is_missing() && phase < last && !options.phases.contains(&phase)
    };
    let left: Vec<&Entry<'_>> = entries.iter().filter(left).collect();
    let Some(first) = left.first() else { return Vec::new() };
    let message = match left.len() - 1 {
        0 => format!("`{}` is not there yet", first.item.name),
        more => format!("`{}` is not there yet, nor are {more} more items", first.item.name),
    };
    vec![
        Diagnostic::new(&codes::PUBLISH_TOO_EARLY, message)
            .help("publish what comes before first: `--stage`, then the Python packages"),
    ]
}

/// Writes what is missing, all destinations' first step before any destination's second.
fn write_all(
    entries: &mut [Entry<'_>],
    options: &Options,
    listen: Listener<'_>,
) -> Vec<Diagnostic> {
    let ranks: BTreeSet<(Phase, u8)> = entries
        .iter()
        .filter(|entry| entry.is_missing() && options.phases.contains(&entry.item.phase))
        .map(|entry| (entry.item.phase, entry.item.step))
        .collect();
    for rank in ranks {
        for group in entries.chunk_by_mut(|a, b| std::ptr::addr_eq(a.destination, b.destination)) {
            let problems = write(group, rank, listen);
            if !problems.is_empty() {
                return problems;
            }
        }
    }
    Vec::new()
}

/// Writes what is missing of one step of one destination.
fn write(group: &mut [Entry<'_>], rank: (Phase, u8), listen: Listener<'_>) -> Vec<Diagnostic> {
    let mut missing: Vec<&mut Entry<'_>> = group
        .iter_mut()
        .filter(|entry| entry.is_missing() && (entry.item.phase, entry.item.step) == rank)
        .collect();
    let Some(destination) = missing.first().map(|entry| entry.destination) else {
        return Vec::new();
    };
    // The largest first: the small ones pass by while it goes.
    missing.sort_by_key(|entry| std::cmp::Reverse(entry.item.size));
    let items: Vec<&Item> = missing.iter().map(|entry| entry.item).collect();
    let bytes = items.iter().map(|item| item.size).sum();
    listen(&Event::Writing { destination: destination.name(), items: items.len(), bytes });
    let answers = match destination.write_all(&items) {
        Some(written) => {
            let pairs: Vec<_> = items.iter().copied().zip(written).collect();
            map_concurrently(&pairs, destination.concurrency(), |(item, written)| {
                confirm(destination, item, written.clone(), listen)
            })
        }
        None => map_concurrently(&items, destination.concurrency(), |item| {
            confirm(destination, item, destination.write(item), listen)
        }),
    };
    let mut problems = Vec::new();
    for (entry, answer) in missing.iter_mut().zip(answers) {
        // Those that no one came to stay missing.
        let Some(answer) = answer else { continue };
        entry.written = answer.is_ok();
        problems.extend(answer.as_ref().err().cloned());
        entry.answer = Some(answer.map(|()| Answer::Same));
    }
    problems
}

/// Asks again about what was written. A write that broke off may have arrived all the same, and one
/// that went well may have lost against another publisher: only what the destination serves now
/// counts.
fn confirm(
    destination: &dyn Destination,
    item: &Item,
    written: Result<(), Diagnostic>,
    listen: Listener<'_>,
) -> Result<(), Diagnostic> {
    match (destination.ask(item)?, written) {
        (Answer::Same, _) => {
            listen(&Event::Written { destination: destination.name(), item });
            Ok(())
        }
        (Answer::Other(found), _) => Err(other(item, &found)),
        (_, Err(problem)) => Err(problem),
        (_, Ok(())) => Err(not_served(item)),
    }
}

fn other(item: &Item, found: &str) -> Diagnostic {
    let message = format!("`{}` is there with other bytes: {found}", item.name);
    Diagnostic::new(
        &codes::PUBLISH_OTHER_BYTES,
        format!("{message}; this release has {}", item.digest),
    )
    .help("what was published stays; release this under a new version")
}

fn not_served(item: &Item) -> Diagnostic {
    let message = format!("`{}` was taken, but is not served", item.name);
    Diagnostic::new(&codes::PUBLISH_READ_BACK, message).help("run the same command again")
}
