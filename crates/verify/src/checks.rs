//! The checks, one a file.

pub(crate) mod assets;
pub(crate) mod checksums;
pub(crate) mod contents;
pub(crate) mod documents;
pub(crate) mod files;
pub(crate) mod manifest;
pub(crate) mod provenance;
pub(crate) mod sboms;
pub(crate) mod signatures;
