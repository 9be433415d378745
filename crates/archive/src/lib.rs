//! The `archive` room.
