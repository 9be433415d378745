//! How long the public index takes files of a release.

/// Days after which the public index takes no more files of a release.
pub(super) const CLOSED_DAYS: u64 = 14;

/// Days from which there is a warning.
pub(super) const LATE_DAYS: u64 = 10;

/// Seconds of a day.
pub(super) const DAY: u64 = 86_400;
