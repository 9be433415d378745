//! tar, gzip and zip.

use archive::{Entry, gzip, tar, zip};
use model::Budget;

use crate::Target;
use crate::properties::{must, told};
use crate::samples::{EPOCH, layer};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "tar",
        about: "a tar archive, as a package and as a layer: written again it reads the same",
        seeds: tar_seeds,
        run: read_tar,
    },
    Target {
        name: "gzip",
        about: "a gzip file: its content packed again unpacks to the same",
        seeds: || vec![gzip::write(b""), gzip::write(&b"text ".repeat(200))],
        run: read_gzip,
    },
    Target {
        name: "zip",
        about: "a zip archive: written again it reads the same",
        seeds: zip_seeds,
        run: read_zip,
    },
];

fn entries() -> Vec<Entry> {
    vec![
        Entry::new("a.txt", "text\n"),
        Entry::executable("bin/run", "#!/bin/sh\n"),
        Entry::new(format!("{}ö.txt", "long/".repeat(30)), "x".repeat(600)),
    ]
}

fn tar_seeds() -> Vec<Vec<u8>> {
    vec![tar::write(&entries(), EPOCH).unwrap_or_default(), layer(), vec![0; 1_024]]
}

fn read_tar(bytes: &[u8]) {
    let files = tar::read(bytes);
    let members = tar::members(bytes);
    let within = tar::members_within(bytes, &Budget::of(bytes.len() as u64));
    if let Err(error) = &files {
        told(&error.problem("a.tar"));
    }
    if let Ok(files) = files {
        let written = must("what was read can be written", tar::write(&files, EPOCH));
        let again = must("what was written can be read", tar::read(&written));
        assert!(files == again, "files differ once they were written");
        assert!(members.is_ok(), "a package that is refused as a layer");
    }
    let Ok(members) = members else { return };
    if let Ok(within) = within {
        assert!(members == within, "a budget changes what is read");
    }
    assert!(tar::repeated(&members).len() <= members.len() / 2, "more repeated than there are");
    if let Ok(written) = tar::write_members(&members, EPOCH) {
        let again = must("what was written can be read", tar::members(&written));
        assert!(members == again, "members differ once they were written");
    }
}

fn read_gzip(bytes: &[u8]) {
    let nested = gzip::read_nested(bytes, &Budget::of(bytes.len() as u64));
    match gzip::read(bytes) {
        Ok(content) => {
            if let Ok(nested) = nested {
                assert!(content == nested, "a budget changes what is read");
            }
            // Repeated bytes pack so well that the limit on unpacking them holds for our own too.
            if let Ok(again) = gzip::read(&gzip::write(&content)) {
                assert!(content == again, "content differs once it was packed");
            }
        }
        Err(error) => {
            told(&error.problem("a.gz"));
            assert!(nested.is_err(), "a budget lets through what is refused without");
        }
    }
}

fn zip_seeds() -> Vec<Vec<u8>> {
    vec![
        zip::write(&entries(), EPOCH).unwrap_or_default(),
        zip::write(&[], EPOCH).unwrap_or_default(),
    ]
}

fn read_zip(bytes: &[u8]) {
    match zip::read(bytes) {
        Ok(files) => {
            let written = must("what was read can be written", zip::write(&files, EPOCH));
            // Repeated bytes pack so well that the limit on unpacking them holds for our own too.
            if let Ok(again) = zip::read(&written) {
                assert!(files == again, "files differ once they were written");
            }
        }
        Err(error) => told(&error.problem("a.zip")),
    }
}
