//! The `tools` room.
