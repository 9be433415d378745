//! The deterministic writer.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::{DEFLATED, STORED};
use crate::error::shown;
use crate::path::{self, Paths};
use crate::time::Moment;
use crate::{ArchiveError, Entry};

/// Writes files in the order given: deflated at level 6, or stored if that is not larger;
/// modes 0644 and 0755; every time that of `epoch` in UTC, kept within zip's years 1980 to 2107;
/// no comment, no extra field, no data descriptor, no folder.
///
/// # Errors
/// For a path that [`super::read`] would refuse, a path given twice, and what needs zip64.
pub fn write(entries: &[Entry], epoch: u64) -> Result<Vec<u8>, ArchiveError> {
    let time = dos_time(epoch);
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    let mut paths = Paths::default();
    for entry in entries {
        path::check(&entry.path)?;
        paths.file(&entry.path)?;
        append(&mut out, &mut directory, entry, time)?;
    }
    paths.finish()?;
    let offset = u32_of(out.len(), "the directory")?;
    let size = u32_of(directory.len(), "the directory")?;
    let rows = u16::try_from(entries.len())
        .ok()
        .filter(|rows| *rows < u16::MAX)
        .ok_or(ArchiveError::TooManyEntries)?;
    out.append(&mut directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&rows.to_le_bytes());
    out.extend_from_slice(&rows.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&[0; 2]);
    Ok(out)
}

fn append(
    out: &mut Vec<u8>,
    directory: &mut Vec<u8>,
    entry: &Entry,
    (date, time): (u16, u16),
) -> Result<(), ArchiveError> {
    let path = &entry.path;
    let deflated = deflate(&entry.bytes);
    let (method, packed) = match deflated.len() < entry.bytes.len() {
        true => (DEFLATED, deflated.as_slice()),
        false => (STORED, entry.bytes.as_slice()),
    };
    let mut crc = Crc::new();
    crc.update(&entry.bytes);
    let utf8: u16 = if path.is_ascii() { 0 } else { 1 << 11 };
    let name_length = u16::try_from(path.len())
        .map_err(|_| ArchiveError::TooLarge { member: shown(path.as_bytes()) })?;

    let mut shared = Vec::new();
    shared.extend_from_slice(&VERSION.to_le_bytes());
    for number in [utf8, method, time, date] {
        shared.extend_from_slice(&number.to_le_bytes());
    }
    for number in [crc.sum(), u32_of(packed.len(), path)?, u32_of(entry.bytes.len(), path)?] {
        shared.extend_from_slice(&number.to_le_bytes());
    }
    shared.extend_from_slice(&name_length.to_le_bytes());
    shared.extend_from_slice(&[0; 2]);

    let offset = u32_of(out.len(), path)?;
    out.extend_from_slice(b"PK\x03\x04");
    out.extend_from_slice(&shared);
    out.extend_from_slice(path.as_bytes());
    out.extend_from_slice(packed);

    let mode: u32 = if entry.executable { 0o100_755 } else { 0o100_644 };
    directory.extend_from_slice(b"PK\x01\x02");
    directory.extend_from_slice(&MADE_BY.to_le_bytes());
    directory.extend_from_slice(&shared);
    directory.extend_from_slice(&[0; 6]);
    directory.extend_from_slice(&(mode << 16).to_le_bytes());
    directory.extend_from_slice(&offset.to_le_bytes());
    directory.extend_from_slice(path.as_bytes());
    Ok(())
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(LEVEL));
    // Writing into memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn u32_of(size: usize, member: &str) -> Result<u32, ArchiveError> {
    u32::try_from(size)
        .ok()
        .filter(|size| *size < u32::MAX)
        .ok_or_else(|| ArchiveError::TooLarge { member: shown(member.as_bytes()) })
}

/// Date and time in DOS format: years since 1980, seconds divided by two.
fn dos_time(epoch: u64) -> (u16, u16) {
    let moment = Moment::at(epoch.clamp(START_OF_1980, END_OF_2107));
    let date = (moment.year - 1980) << 9 | moment.month << 5 | moment.day;
    let time = moment.hour << 11 | moment.minute << 5 | (moment.second / 2);
    (u16::try_from(date).unwrap_or(0), u16::try_from(time).unwrap_or(0))
}

const LEVEL: u32 = 6;
/// 2.0: deflate.
const VERSION: u16 = 20;
/// 2.0 on Unix, so that the upper half of the attributes is a mode.
const MADE_BY: u16 = 3 << 8 | 20;
const START_OF_1980: u64 = 315_532_800;
const END_OF_2107: u64 = 4_354_819_199;
