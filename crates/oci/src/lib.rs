//! The `oci` room.
