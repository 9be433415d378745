//! Archives: what our readers make of them, beside what others do.

use archive::tar::Kind as Member;
use serde_json::{Value, json};

use crate::chance::{Chance, damage};
use crate::compare::{Kind, check};
use crate::others::Other;
use crate::others::Other::{GnuTar, Go, Python};
use crate::reading::{Reading, digest};
use crate::{tars, zips};

const TAR: Kind = Kind {
    name: "tar",
    ours: our_tar,
    others: &[Python('T', "Python's tarfile"), Go('T', "Go's archive/tar"), GnuTar],
    visible: |other, ours| match other {
        GnuTar => without_digests(&ours),
        _ => ours[0].clone(),
    },
    spelled: spelled_tar,
};

const ZIP: Kind = Kind {
    name: "zip",
    ours: our_zip,
    others: &[Python('Z', "Python's zipfile"), Go('Z', "Go's archive/zip")],
    visible: |_, ours| ours,
    spelled: |_, theirs| files(theirs),
};

const GZIP: Kind = Kind {
    name: "gzip",
    ours: |bytes| {
        let read = archive::gzip::read(bytes).map_err(|error| error.to_string())?;
        Ok(json!(digest(&read)))
    },
    others: &[Python('G', "Python's gzip"), Go('G', "Go's compress/gzip")],
    visible: |_, ours| ours,
    spelled: |_, theirs| theirs,
};

fn our_tar(bytes: &[u8]) -> Reading {
    let members = archive::tar::members(bytes).map_err(|error| error.to_string())?;
    let mut contents = Vec::new();
    let mut rows = Vec::new();
    for member in members {
        let (kind, link) = match &member.kind {
            Member::File => ("file", ""),
            Member::Folder => ("folder", ""),
            Member::Symlink(target) => ("symlink", target.as_str()),
            Member::Hardlink(target) => ("hardlink", target.as_str()),
            Member::Device => ("device", ""),
        };
        contents.extend(member.bytes);
        rows.push(json!([member.path, kind, member.mode, member.uid, link, digest(member.bytes)]));
    }
    Ok(json!([rows, digest(&contents)]))
}

/// GNU tar puts out the contents of all files as one.
fn without_digests(ours: &Value) -> Value {
    let rows = ours[0].as_array().unwrap().iter();
    let rows: Vec<&[Value]> = rows.map(|row| &row.as_array().unwrap()[..5]).collect();
    json!([rows, ours[1]])
}

/// Names as our reader gives them: without empty parts and `.`.
fn spelled_tar(other: Other, theirs: Value) -> Value {
    let (mut rows, all) = match other {
        GnuTar => (theirs[0].clone(), Some(theirs[1].clone())),
        _ => (theirs, None),
    };
    for row in rows.as_array_mut().unwrap() {
        let name = row[0].as_str().unwrap();
        // Absolute ones stay what they are.
        if !name.starts_with('/') {
            let parts: Vec<&str> =
                name.split('/').filter(|part| !["", "."].contains(part)).collect();
            row[0] = json!(parts.join("/"));
        }
    }
    all.map_or_else(|| rows.clone(), |all| json!([rows, all]))
}

fn our_zip(bytes: &[u8]) -> Reading {
    let entries = archive::zip::read(bytes).map_err(|error| error.to_string())?;
    let row = |entry: &archive::Entry| {
        json!([entry.path, "file", entry.executable, digest(&entry.bytes)])
    };
    Ok(sorted(entries.iter().map(row).collect()))
}

/// Without folders, which our reader skips, and in one order: others go by the directory.
fn files(theirs: Value) -> Value {
    let rows = theirs.as_array().unwrap().iter().filter(|row| row[1] != "folder");
    sorted(rows.cloned().collect())
}

fn sorted(mut rows: Vec<Value>) -> Value {
    rows.sort_by_key(ToString::to_string);
    Value::Array(rows)
}

fn tar_inputs(count: usize) -> Vec<Vec<u8>> {
    let seeds = tars::seeds();
    let mut chance = Chance::new(1);
    let changed = (0..count).map(|at| tars::changed(&seeds[at % seeds.len()], &mut chance));
    seeds.iter().cloned().chain(changed).collect()
}

fn zip_inputs(count: usize) -> Vec<Vec<u8>> {
    let seeds = zips::seeds();
    let mut chance = Chance::new(2);
    let changed = (0..count).map(|at| zips::changed(&seeds[at % seeds.len()], &mut chance));
    seeds.iter().map(zips::Zip::bytes).chain(changed).collect()
}

#[test]
fn tar_archives_are_read_as_others_read_them() {
    check(&TAR, &tar_inputs(1_500));
}

#[test]
#[ignore = "slow readers: 2 min, 12,000 archives"]
fn many_tar_archives_are_read_as_others_read_them() {
    check(&TAR, &tar_inputs(12_000));
}

#[test]
fn zip_archives_are_read_as_others_read_them() {
    check(&ZIP, &zip_inputs(1_500));
}

#[test]
#[ignore = "slow readers: 1 min, 12,000 archives"]
fn many_zip_archives_are_read_as_others_read_them() {
    check(&ZIP, &zip_inputs(12_000));
}

#[test]
fn gzip_streams_are_read_as_others_read_them() {
    check(&GZIP, &gzip_inputs(800));
}

/// Streams with every field of a header (RFC 1952), of one member and of two.
fn gzip_inputs(count: usize) -> Vec<Vec<u8>> {
    let plain = archive::gzip::write(b"some text, some text, some text");
    let with = |flags: u8, fields: &[u8]| {
        let (head, rest) = plain.split_at(10);
        let mut head = head.to_vec();
        head[3] = flags;
        [&head, fields, rest].concat()
    };
    let mut seeds = vec![
        plain.clone(),
        [plain.clone(), plain.clone()].concat(),
        with(1, b""),
        with(4, b"\x04\0abcd"),
        with(8, b"name\0"),
        with(16, b"comment\0"),
        with(28, b"\x01\0xname\0comment\0"),
        archive::gzip::write_with(b"stored", 0),
    ];
    let head = [&with(2, b"")[..10]].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&head);
    seeds.push(with(2, &crc.sum().to_le_bytes()[..2]));
    let mut chance = Chance::new(3);
    let mut inputs = seeds.clone();
    for at in 0..count {
        let mut bytes = seeds[at % seeds.len()].clone();
        match chance.below(8) {
            0 => bytes.extend(chance.pick(&[&b"\0"[..], b"\0\0\0\0", b"more", b"\x1f\x8b"])),
            1 => bytes[3] = chance.byte(),
            2 | 3 => bytes[3 + chance.below(7)] = chance.byte(),
            _ => damage(&mut bytes, &mut chance),
        }
        inputs.push(bytes);
    }
    inputs
}
