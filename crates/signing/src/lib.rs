//! The `signing` room.
