//! zip (APPNOTE 6.3.10): a deterministic writer, and a reader that accepts only unambiguous
//! archives.
//!
//! The reader reads the file once, from its first byte to its last, as a streaming reader would,
//! and requires that every record agrees with the directory. So an installer that starts at the end
//! sees what a scanner sees that starts at the front. It refuses what the public Python index
//! refuses, and also encryption, links and ambiguous names.

mod extra;
mod fields;
mod records;
mod write;

use std::collections::BTreeMap;

use flate2::{Crc, Decompress, FlushDecompress, Status};
use model::limits::{MAX_ARCHIVE_ENTRIES, MAX_UNPACKED_BYTES};

use crate::error::shown;
use crate::gzip::allowance;
use crate::path::{self, Paths};
use crate::{ArchiveError, Entry};
use records::{Central, Local, Records};
pub use write::write;

/// Reads all files, in the order in which they are stored; folders are checked and skipped.
///
/// # Errors
/// For any defect (see the module), with the name of its member.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    if !bytes.starts_with(b"PK") {
        return Err(ArchiveError::NotThis { format: "zip" });
    }
    if is_tar(bytes) {
        return Err(ArchiveError::Polyglot);
    }
    let records = records::walk(bytes)?;
    let members = matched(&records)?;
    check_limits(&members, bytes.len() as u64)?;
    let mut paths = Paths::default();
    let mut entries = Vec::new();
    for (local, central) in &members {
        let name = local.name;
        if let Some(folder) = name.strip_suffix('/') {
            path::check(folder)?;
            paths.folder(folder);
            if local.size != 0 {
                return Err(corrupt(name, "is a folder with content"));
            }
            inflate(local)?;
            continue;
        }
        path::check(name)?;
        paths.file(name)?;
        // As pip decides: permissions without a kind of file are not of a Unix system.
        let executable = central.mode & FILE_KIND == REGULAR && central.mode & 0o111 != 0;
        entries.push(Entry { path: name.to_owned(), bytes: inflate(local)?, executable });
    }
    paths.finish()?;
    Ok(entries)
}

type Pair<'r, 'a> = (&'r Local<'a>, &'r Central<'a>);

/// Each file with its entry in the directory.
fn matched<'r, 'a>(records: &'r Records<'a>) -> Result<Vec<Pair<'r, 'a>>, ArchiveError> {
    let mut directory = BTreeMap::new();
    for central in &records.directory {
        if directory.insert(central.name, central).is_some() {
            return Err(ArchiveError::Duplicate { member: shown(central.name.as_bytes()) });
        }
    }
    let mut pairs = Vec::new();
    for local in &records.files {
        let member = || shown(local.name.as_bytes());
        let central = directory.remove(local.name);
        let Some(central) = central else {
            let twice = records.directory.iter().any(|central| central.name == local.name);
            let member = member();
            return Err(match twice {
                true => ArchiveError::Duplicate { member },
                false => ArchiveError::Unlisted { member },
            });
        };
        let facts = [
            ("flags", u64::from(local.flags), u64::from(central.flags)),
            ("method", u64::from(local.method), u64::from(central.method)),
            ("checksum", u64::from(local.crc), u64::from(central.crc)),
            ("packed size", local.packed.len() as u64, central.packed_size),
            ("size", local.size, central.size),
            ("offset", local.offset as u64, central.offset),
        ];
        if let Some((what, ..)) = facts.into_iter().find(|(_, here, there)| here != there) {
            return Err(ArchiveError::Mismatch { member: member(), what });
        }
        check_kind(local.name, central)?;
        pairs.push((local, central));
    }
    match directory.keys().next() {
        Some(name) => Err(ArchiveError::Unlisted { member: shown(name.as_bytes()) }),
        None => Ok(pairs),
    }
}

/// Unix writers store the type of a member in the directory; 0 if unknown.
fn check_kind(name: &str, central: &Central<'_>) -> Result<(), ArchiveError> {
    let special = |kind| Err(ArchiveError::Special { member: shown(name.as_bytes()), kind });
    if central.dos_folder && !name.ends_with('/') {
        return special("a folder by its attributes only");
    }
    match (central.mode & FILE_KIND, name.ends_with('/')) {
        (0, _) | (REGULAR, false) | (FOLDER, true) => Ok(()),
        (LINK, _) => special("a symbolic link"),
        (REGULAR, true) | (FOLDER, false) => special("a folder by name or by kind only"),
        _ => special("a device or a pipe"),
    }
}

fn check_limits(members: &[Pair<'_, '_>], packed: u64) -> Result<(), ArchiveError> {
    if members.len() > MAX_ARCHIVE_ENTRIES {
        return Err(ArchiveError::TooManyEntries);
    }
    let mut total = 0_u64;
    for (local, _) in members {
        total = total.saturating_add(local.size);
        if total > MAX_UNPACKED_BYTES {
            return Err(ArchiveError::TooLarge { member: shown(local.name.as_bytes()) });
        }
    }
    if total > allowance(packed) { Err(ArchiveError::Bomb { packed }) } else { Ok(()) }
}

/// Decompresses one member to the size in its header, and not a byte more.
fn inflate(local: &Local<'_>) -> Result<Vec<u8>, ArchiveError> {
    let bytes = match local.method {
        STORED => local.packed.to_vec(),
        _ => inflate_deflated(local)?,
    };
    if bytes.len() as u64 != local.size {
        return Err(corrupt(local.name, "is not as long as its header says"));
    }
    let mut crc = Crc::new();
    crc.update(&bytes);
    if crc.sum() != local.crc {
        return Err(ArchiveError::Checksum { member: shown(local.name.as_bytes()) });
    }
    Ok(bytes)
}

fn inflate_deflated(local: &Local<'_>) -> Result<Vec<u8>, ArchiveError> {
    let packed_size = local.packed.len() as u64;
    if local.size > packed_size.saturating_mul(MAX_DEFLATE_RATIO) {
        return Err(corrupt(local.name, "states a larger size than its bytes can have"));
    }
    let size = usize::try_from(local.size)
        .map_err(|_| ArchiveError::TooLarge { member: shown(local.name.as_bytes()) })?;
    let mut inflater = Decompress::new(false);
    // One byte more than announced, to detect a longer stream.
    let mut out = Vec::with_capacity(size + 1);
    loop {
        let before = (inflater.total_in(), inflater.total_out());
        let read = usize::try_from(before.0).unwrap_or(usize::MAX);
        let rest = local.packed.get(read..).unwrap_or_default();
        let status = inflater
            .decompress_vec(rest, &mut out, FlushDecompress::Finish)
            .map_err(|_| corrupt(local.name, "holds damaged compressed data"))?;
        if status == Status::StreamEnd {
            break;
        }
        if out.len() > size {
            return Err(corrupt(local.name, "is not as long as its header says"));
        }
        if before == (inflater.total_in(), inflater.total_out()) {
            return Err(corrupt(local.name, "holds compressed data that is cut off"));
        }
    }
    if inflater.total_in() != packed_size {
        return Err(corrupt(local.name, "has bytes after its compressed data"));
    }
    Ok(out)
}

/// Whether the first block is a tar header: some tools would open the same file as a tar archive.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(..512).is_some_and(|block| {
        let sum = block.get(148..156).and_then(crate::tar::octal);
        sum.is_some_and(|sum| sum != 0 && sum == crate::tar::checksum(block))
    })
}

fn corrupt(name: &str, why: &'static str) -> ArchiveError {
    ArchiveError::Corrupt { member: shown(name.as_bytes()), why }
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Deflate's best case is 258 bytes from two bits: 1,032 to 1.
const MAX_DEFLATE_RATIO: u64 = 1_033;
const FILE_KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

#[cfg(test)]
mod tests;
