//! The `binary` room.
