//! How much work and memory one artifact may cost.
//!
//! A file of a stranger is worth a multiple of its own size, not what it claims or expands to. One
//! [`Budget`] is made for an artifact from its size, and every reader of a part of it takes from
//! the same one: archives inside of archives, aliases, lines, names that are repeated per item.
//! Knows no format.

use std::cell::Cell;

use crate::limits::{BUDGET_FACTOR, BUDGET_FLOOR_BYTES, BUDGET_FOR_CONTENT_BYTES};
use crate::{Diagnostic, Location, codes};

/// What is left of one artifact's allowance, in bytes.
///
/// Shared by reference: spending needs no `&mut`, so that readers can hand it on freely.
#[derive(Debug)]
pub struct Budget {
    limit: u64,
    left: Cell<u64>,
    /// What [`Budget::unpack`] may still take.
    content: Cell<u64>,
}

/// An artifact would cost more than its size allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted {
    /// The allowance of the whole artifact, in bytes.
    pub limit: u64,
}

impl Budget {
    /// The allowance of an artifact of `bytes_in` bytes: 48 MiB, and four times its size.
    #[must_use]
    pub fn of(bytes_in: u64) -> Self {
        Self::limited(BUDGET_FLOOR_BYTES.saturating_add(bytes_in.saturating_mul(BUDGET_FACTOR)))
    }

    /// An allowance of `limit` bytes, for tests of what happens at the limit.
    #[must_use]
    pub fn limited(limit: u64) -> Self {
        let content = BUDGET_FOR_CONTENT_BYTES.min(limit / 12 * 11);
        Self { limit, left: Cell::new(limit), content: Cell::new(content) }
    }

    /// Takes `bytes`: what is about to be allocated, or looked at once more than the input itself.
    /// Ask before the work is done.
    ///
    /// # Errors
    /// [`Exhausted`] when less is left; nothing is left afterwards, so that work stops for good.
    pub fn spend(&self, bytes: u64) -> Result<(), Exhausted> {
        match self.left.get().checked_sub(bytes) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(Exhausted { limit: self.limit })
            }
        }
    }

    /// The same for a count of things in memory.
    ///
    /// # Errors
    /// As [`Budget::spend`].
    pub fn spend_len(&self, bytes: usize) -> Result<(), Exhausted> {
        self.spend(bytes as u64)
    }

    /// Counts what the artifact itself unpacks to. That has a limit of its own (the ratio of
    /// [`crate::limits::MAX_UNPACK_RATIO`]), so it takes no more than
    /// [`BUDGET_FOR_CONTENT_BYTES`]: the rest is for reading it.
    pub fn unpack(&self, bytes: u64) {
        let counted = bytes.min(self.content.get());
        self.content.set(self.content.get() - counted);
        self.left.set(self.left.get().saturating_sub(counted));
    }

    /// What is left, in bytes.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left.get()
    }
}

impl Exhausted {
    /// The refusal of the file at `file`.
    #[must_use]
    pub fn problem(self, file: impl Into<String>) -> Diagnostic {
        let Self { limit } = self;
        let message = format!("would take more than the {limit} bytes that its size allows");
        Diagnostic::new(&codes::TOO_MUCH_WORK, message).at(Location::file(file)).help(
            "the limit is 48 MiB and 4 times the size; what repeats itself so often is refused",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_artifact_is_worth_48_mib_and_four_times_its_size() {
        assert_eq!(Budget::of(0).left(), 48 << 20);
        assert_eq!(Budget::of(1 << 20).left(), 52 << 20);
        assert_eq!(Budget::of(u64::MAX).left(), u64::MAX);
    }

    #[test]
    fn what_was_spent_is_gone_for_every_reader() {
        let budget = Budget::limited(10);
        assert_eq!(budget.spend(4), Ok(()));
        assert_eq!(budget.spend_len(6), Ok(()));
        assert_eq!(budget.spend(0), Ok(()));
        assert_eq!(budget.spend(1), Err(Exhausted { limit: 10 }));
    }

    #[test]
    fn after_a_refusal_nothing_is_left() {
        let budget = Budget::limited(10);
        assert!(budget.spend(11).is_err());
        assert!(budget.spend(1).is_err());
    }

    #[test]
    fn content_leaves_something_for_reading_it() {
        let budget = Budget::of(1);
        budget.unpack(40 << 20);
        budget.unpack(1 << 30);
        assert_eq!(budget.left(), (4 << 20) + 4);
        let budget = Budget::limited(120);
        budget.unpack(1_000);
        assert_eq!(budget.left(), 10);
        let budget = Budget::of(0);
        budget.unpack(1 << 20);
        assert_eq!(budget.left(), 47 << 20);
    }

    #[test]
    fn the_refusal_names_the_file_and_the_limit() {
        let problem = Budget::limited(7).spend(8).unwrap_err().problem("a.tgz");
        let expected = "a.tgz: error[too-much-work]: would take more than the 7 bytes";
        assert!(problem.to_string().starts_with(expected), "{problem}");
    }
}
