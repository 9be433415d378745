//! The `helm` room.
