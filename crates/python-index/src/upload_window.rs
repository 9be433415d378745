//! How long the public index takes files of a release.

/// Days after which the public index takes no more files of a release.
pub(crate) const CLOSED_DAYS: u64 = 14;

/// Days from which there is a warning.
pub(crate) const LATE_DAYS: u64 = 10;

/// Seconds of a day.
pub(crate) const DAY: u64 = 86_400;
