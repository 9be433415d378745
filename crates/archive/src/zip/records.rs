//! The records of a zip file, in the one order that is accepted: files, directory, end.

use model::limits::MAX_ARCHIVE_ENTRIES;

use super::extra::{self, Sizes};
use super::fields::Fields;
use super::{DEFLATED, STORED, corrupt};
use crate::ArchiveError;
use crate::error::shown;

/// A file's own header and its packed bytes.
#[derive(Debug)]
pub(super) struct Local<'a> {
    pub(super) name: &'a str,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) size: u64,
    pub(super) packed: &'a [u8],
    pub(super) offset: usize,
}

/// An entry of the directory.
#[derive(Debug)]
pub(super) struct Central<'a> {
    pub(super) name: &'a str,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) size: u64,
    pub(super) packed_size: u64,
    pub(super) offset: u64,
    /// Unix mode, from the upper half of the external attributes.
    pub(super) mode: u32,
    /// DOS's attribute of a folder.
    pub(super) dos_folder: bool,
}

/// All records except that of the end.
#[derive(Debug, Default)]
pub(super) struct Records<'a> {
    pub(super) files: Vec<Local<'a>>,
    pub(super) directory: Vec<Central<'a>>,
}

/// Reads from the first byte to the last.
pub(super) fn walk(bytes: &[u8]) -> Result<Records<'_>, ArchiveError> {
    let mut records = Records::default();
    let mut rest = Fields(bytes);
    let at = |rest: Fields<'_>| bytes.len() - rest.0.len();
    while rest.0.starts_with(FILE) {
        if records.files.len() > MAX_ARCHIVE_ENTRIES {
            return Err(ArchiveError::TooManyEntries);
        }
        let offset = at(rest);
        let cut = || ArchiveError::Truncated { member: file_name(rest.0, 26, 30) };
        let file = local(&mut rest.clone(), offset).ok_or_else(cut)??;
        let read = file.1;
        rest.take(read).ok_or_else(cut)?;
        records.files.push(file.0);
    }
    let directory_at = at(rest);
    while rest.0.starts_with(ROW) {
        if records.directory.len() > MAX_ARCHIVE_ENTRIES {
            return Err(ArchiveError::TooManyEntries);
        }
        let cut = ArchiveError::Truncated { member: file_name(rest.0, 28, 46) };
        records.directory.push(central(&mut rest).ok_or(cut)??);
    }
    let found = Directory {
        rows: records.directory.len() as u64,
        offset: directory_at as u64,
        size: (at(rest) - directory_at) as u64,
    };
    let end_at = at(rest);
    let zip64 = rest.0.starts_with(END64);
    if zip64 {
        let said = end64(&mut rest, end_at as u64).ok_or(end_cut())??;
        found.compare(said)?;
    }
    if !rest.0.starts_with(END) {
        let cut = END.starts_with(rest.0);
        return Err(if cut { end_cut() } else { ArchiveError::UnknownRecord { offset: at(rest) } });
    }
    end(&mut rest, found, zip64).ok_or(end_cut())??;
    Ok(records)
}

/// The offset and the size of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Directory {
    rows: u64,
    offset: u64,
    size: u64,
}

impl Directory {
    fn compare(self, said: Self) -> Result<(), ArchiveError> {
        let why = if self.rows != said.rows {
            "counts other entries than there are"
        } else if self.offset != said.offset {
            "says that the directory is elsewhere"
        } else if self.size != said.size {
            "says that the directory has another size"
        } else {
            return Ok(());
        };
        Err(ArchiveError::EndRecord { why })
    }
}

type Parsed<T> = Option<Result<T, ArchiveError>>;

/// A file's header and content, and their size; `None` if they are truncated.
fn local<'a>(rest: &mut Fields<'a>, offset: usize) -> Parsed<(Local<'a>, usize)> {
    let whole = rest.0.len();
    let _signature = rest.take(4)?;
    let version = rest.u16()?;
    let (flags, method) = (rest.u16()?, rest.u16()?);
    let _time = rest.take(4)?;
    let (crc, packed, size) = (rest.u32()?, rest.u32()?, rest.u32()?);
    let (name_length, extra_length) = (rest.u16()?, rest.u16()?);
    let name = rest.take(usize::from(name_length))?;
    let extra = rest.take(usize::from(extra_length))?;
    let name = match checked_name(name, version, flags, method) {
        Ok(name) => name,
        Err(error) => return Some(Err(error)),
    };
    let said = Sizes { size: size.into(), packed: packed.into(), offset: None };
    let sizes = match extra::resolve(name, extra, said) {
        Ok(sizes) => sizes,
        Err(error) => return Some(Err(error)),
    };
    let packed = rest.take(usize::try_from(sizes.packed).ok()?)?;
    if method == STORED && sizes.size != sizes.packed {
        return Some(Err(corrupt(name, "is stored, but has two sizes")));
    }
    let file = Local { name, flags: flags & FLAGS, method, crc, size: sizes.size, packed, offset };
    Some(Ok((file, whole - rest.0.len())))
}

fn central<'a>(rest: &mut Fields<'a>) -> Parsed<Central<'a>> {
    let _signature_and_maker = rest.take(6)?;
    let version = rest.u16()?;
    let (flags, method) = (rest.u16()?, rest.u16()?);
    let _time = rest.take(4)?;
    let (crc, packed, size) = (rest.u32()?, rest.u32()?, rest.u32()?);
    let (name_length, extra_length, comment) = (rest.u16()?, rest.u16()?, rest.u16()?);
    let disk = rest.u16()?;
    let _internal = rest.u16()?;
    let (attributes, offset) = (rest.u32()?, rest.u32()?);
    let name = rest.take(usize::from(name_length))?;
    let extra = rest.take(usize::from(extra_length))?;
    let name = match checked_name(name, version, flags, method) {
        Ok(name) => name,
        Err(error) => return Some(Err(error)),
    };
    if comment != 0 {
        return Some(Err(ArchiveError::Comment { member: shown(name.as_bytes()) }));
    }
    if disk != 0 {
        return Some(Err(corrupt(name, "is on another disk")));
    }
    let said = Sizes { size: size.into(), packed: packed.into(), offset: Some(offset.into()) };
    Some(extra::resolve(name, extra, said).map(|sizes| Central {
        name,
        flags: flags & FLAGS,
        method,
        crc,
        size: sizes.size,
        packed_size: sizes.packed,
        offset: sizes.offset.unwrap_or_default(),
        mode: attributes >> 16,
        dos_folder: attributes & DOS_FOLDER != 0,
    }))
}

/// The name as text, if it is unambiguous and the content can be decompressed.
fn checked_name(name: &[u8], version: u16, flags: u16, method: u16) -> Result<&str, ArchiveError> {
    let member = || shown(name);
    let text = std::str::from_utf8(name)
        .map_err(|_| ArchiveError::Path { member: member(), why: "is not UTF-8" })?;
    if !text.is_ascii() && flags & UTF8 == 0 {
        let why = "is not ASCII, and not flagged as UTF-8";
        return Err(ArchiveError::Path { member: member(), why });
    }
    if text.chars().any(char::is_control) {
        return Err(ArchiveError::Path { member: member(), why: "holds a control character" });
    }
    if flags & ENCRYPTED != 0 {
        return Err(ArchiveError::Encrypted { member: member() });
    }
    if flags & DESCRIPTOR != 0 {
        return Err(ArchiveError::DataDescriptor { member: member() });
    }
    if flags & PATCH != 0 {
        return Err(corrupt(text, "is a patch, not a file"));
    }
    // The upper byte is the system of the writer.
    if version & 0xff > NEWEST_VERSION {
        return Err(corrupt(text, "needs a newer version of zip than there is"));
    }
    match method {
        STORED | DEFLATED => Ok(text),
        _ => Err(ArchiveError::Method { member: member(), method }),
    }
}

/// The zip64 end record and its locator.
fn end64(rest: &mut Fields<'_>, end_at: u64) -> Parsed<Directory> {
    let wrong = |why| Some(Err(ArchiveError::EndRecord { why }));
    let _signature = rest.take(4)?;
    if rest.u64()? != END64_SIZE {
        return wrong("has space for extensible data");
    }
    let _versions = rest.take(4)?;
    let disks = (rest.u32()?, rest.u32()?);
    let (rows_here, rows) = (rest.u64()?, rest.u64()?);
    let (size, offset) = (rest.u64()?, rest.u64()?);
    if !rest.0.starts_with(LOCATOR) {
        return wrong("for zip64 has no locator");
    }
    let _signature = rest.take(4)?;
    let (disk, place, all_disks) = (rest.u32()?, rest.u64()?, rest.u32()?);
    if disks != (0, 0) || disk != 0 || all_disks > 1 || rows_here != rows {
        return wrong("speaks of several disks");
    }
    if place != end_at {
        return wrong("for zip64 is not where its locator says");
    }
    Some(Ok(Directory { rows, offset, size }))
}

fn end(rest: &mut Fields<'_>, found: Directory, zip64: bool) -> Parsed<()> {
    let wrong = |why| Some(Err(ArchiveError::EndRecord { why }));
    let _signature = rest.take(4)?;
    let disks = (rest.u16()?, rest.u16()?);
    let (rows_here, rows) = (rest.u16()?, rest.u16()?);
    let (size, offset) = (rest.u32()?, rest.u32()?);
    let comment = rest.u16()?;
    let all_ones = |value: u16| zip64 && value == u16::MAX;
    if !(disks == (0, 0) || all_ones(disks.0) && all_ones(disks.1)) || rows_here != rows {
        return wrong("speaks of several disks");
    }
    // With zip64 a field of ones has no meaning; any other value must still agree.
    let said = Directory {
        rows: if all_ones(rows) { found.rows } else { rows.into() },
        offset: if zip64 && offset == u32::MAX { found.offset } else { offset.into() },
        size: if zip64 && size == u32::MAX { found.size } else { size.into() },
    };
    if let Err(error) = found.compare(said) {
        return Some(Err(error));
    }
    let comment = rest.take(usize::from(comment))?;
    if comment.windows(END.len()).any(|window| window == END) {
        return wrong("has a comment that holds another end record");
    }
    match rest.0.len() {
        0 => Some(Ok(())),
        count => Some(Err(ArchiveError::TrailingBytes { count })),
    }
}

/// The name in a record that may be truncated.
fn file_name(record: &[u8], length_at: usize, name_at: usize) -> String {
    let mut length = Fields(record.get(length_at..).unwrap_or_default());
    let length = usize::from(length.u16().unwrap_or_default());
    let name = record.get(name_at..).unwrap_or_default();
    shown(name.get(..length).unwrap_or(name))
}

fn end_cut() -> ArchiveError {
    ArchiveError::Truncated { member: "the end record".to_owned() }
}

/// 6.3, the newest version needed to extract (APPNOTE 4.4.3.2): Python refuses larger ones.
const NEWEST_VERSION: u16 = 63;
const FILE: &[u8] = b"PK\x03\x04";
const ROW: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END64: &[u8] = b"PK\x06\x06";
const LOCATOR: &[u8] = b"PK\x06\x07";
/// Bytes of the zip64 end record after its own size.
const END64_SIZE: u64 = 44;

/// Bits of the general-purpose flags (APPNOTE 4.4.4): encrypted, strongly encrypted, encrypted
/// header.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
const DESCRIPTOR: u16 = 1 << 3;
const PATCH: u16 = 1 << 5;
const UTF8: u16 = 1 << 11;
/// Of the external attributes.
const DOS_FOLDER: u32 = 0x10;
/// The bits that both headers must agree on; the others are hints about the compression.
const FLAGS: u16 = ENCRYPTED | DESCRIPTOR | PATCH | UTF8;
