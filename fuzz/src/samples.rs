//! What the seeds and checks of several targets share.

use archive::tar::{self, Kind, Member};

/// A time that all formats can hold, in seconds since 1970.
pub(crate) const EPOCH: u64 = 1_700_000_000;

/// A layer with folders, modes and owners, as our writer makes it.
pub(crate) fn layer() -> Vec<u8> {
    let member = |path: &str, kind: Kind, mode: u32, bytes: &'static [u8]| Member {
        path: path.to_owned(),
        kind,
        mode,
        uid: 1_000,
        bytes,
    };
    let members = [
        member("app", Kind::Folder, 0o755, b""),
        member("app/run", Kind::File, 0o755, b"#!/bin/sh\n"),
        member("app/.wh.old", Kind::File, 0o644, b""),
        member("etc/os-release", Kind::File, 0o644, b"ID=alpine\nVERSION_ID=3.20\n"),
    ];
    tar::write_members(&members, EPOCH).unwrap_or_default()
}
