//! The `steps` room.
