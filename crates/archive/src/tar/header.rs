//! Parses one header block of 512 bytes (POSIX.1-2001, "ustar Interchange Format").

use std::ops::Range;

use crate::ArchiveError;
use crate::error::shown;

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// The fields of a header that are used.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) path: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) kind: u8,
    pub(super) size: u64,
    pub(super) mode: u32,
    pub(super) uid: u64,
}

/// Parses `block`. If the `first` one is not a header, the file is not a tar archive.
pub(super) fn fields(block: &[u8], first: bool) -> Result<Fields, ArchiveError> {
    let damaged = || {
        let member = shown(text(block.get(..NAME_BYTES).unwrap_or_default()));
        let not_tar = ArchiveError::NotThis { format: "tar" };
        if first { not_tar } else { ArchiveError::Checksum { member } }
    };
    if block.len() != BLOCK {
        return Err(damaged());
    }
    let header = tar::Header::from_byte_slice(block);
    let old = header.as_old();
    if octal(&old.cksum) != Some(checksum(block)) {
        return Err(damaged());
    }
    let mut path = text(&old.name).to_vec();
    let front = text(block.get(PREFIX).unwrap_or_default());
    if !front.is_empty() {
        path = [front, b"/", &path].concat();
    }
    let corrupt = |why| ArchiveError::Corrupt { member: shown(&path), why };
    let [kind] = old.linkflag;
    let is_ustar = header.as_ustar().is_some();
    if let Some(why) = odd_prefix(block, front, is_ustar).or_else(|| odd_number(block, kind)) {
        return Err(corrupt(why));
    }
    let owner = |field: &[u8]| octal(field).or_else(|| base_256(field)).filter(|id| *id <= MAX_ID);
    let (Some(uid), Some(_)) = (owner(&old.uid), owner(&old.gid)) else {
        return Err(corrupt("has an owner that no system has"));
    };
    let size = octal(&old.size).ok_or_else(|| corrupt("has a size that is not an octal number"))?;
    let mode = octal(&old.mode).ok_or_else(|| corrupt("has a mode that is not an octal number"))?;
    Ok(Fields {
        link: text(&old.linkname).to_vec(),
        kind,
        size,
        mode: u32::try_from(mode & 0o7777).unwrap_or(0),
        uid,
        path,
    })
}

/// What is odd about the prefix of a path, `front`, or about what some read in its place.
fn odd_prefix(block: &[u8], front: &[u8], is_ustar: bool) -> Option<&'static str> {
    // Python puts the prefix before the path whatever the magic is, Go with GNU's as well where it
    // is not a time; and it is shorter for Go where a block ends as star's do.
    if !front.is_empty() && !is_ustar {
        return Some("has a prefix of its path without ustar's magic, which some ignore");
    }
    let is_star = block.ends_with(b"tar\0");
    if is_star && front.len() > STAR_PREFIX_BYTES {
        return Some("has a prefix of its path that star cuts off");
    }
    let is_time = |field| block.get(field).and_then(octal).is_some();
    if is_star && !STAR_TIMES.into_iter().all(is_time) {
        return Some("has a time of star that is not an octal number");
    }
    None
}

/// What is odd about the numbers that are not used here: where Python cannot read one it ends the
/// archive, and Go and GNU tar fail.
fn odd_number(block: &[u8], kind: u8) -> Option<&'static str> {
    for (field, why) in NUMBERS {
        let field = block.get(field).unwrap_or_default();
        if octal(field).is_none() && !is_base_256(field) {
            return Some(why);
        }
    }
    let blank =
        |field: Range<usize>| block.get(field).unwrap_or_default().iter().all(|byte| *byte == b' ');
    if NEVER_BLANK.into_iter().any(blank) {
        return Some("has a number of blanks alone, which GNU tar does not read");
    }
    let number = |field: Range<usize>| block.get(field).and_then(octal);
    let exists = |field: Range<usize>| {
        !blank(field.clone()) && number(field).is_some_and(|number| number <= MAX_DEVICE)
    };
    let device = matches!(kind, b'3' | b'4');
    (device && !DEVICE.into_iter().all(exists)).then_some("is a device that no system has")
}

/// The sum of all bytes, with spaces in place of the checksum field.
pub(crate) fn checksum(block: &[u8]) -> u64 {
    let sum =
        |bytes: Option<&[u8]>| bytes.unwrap_or_default().iter().map(|byte| u64::from(*byte)).sum();
    let (front, back): (u64, u64) = (sum(block.get(..148)), sum(block.get(156..)));
    front + back + 8 * u64::from(b' ')
}

/// The bytes before the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Octal digits, after spaces and before NULs or spaces; an empty field is 0.
pub(crate) fn octal(field: &[u8]) -> Option<u64> {
    let start = field.iter().position(|byte| *byte != b' ').unwrap_or(field.len());
    let (_, rest) = field.split_at_checked(start)?;
    let digits = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, filler) = rest.split_at_checked(digits)?;
    if !filler.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return None;
    }
    digits.iter().try_fold(0_u64, |value, digit| match digit {
        b'0'..=b'7' => Some(value * 8 + u64::from(digit - b'0')),
        _ => None,
    })
}

/// Whether GNU's form of large and negative numbers is one that every reader takes: the first byte
/// tells the sign, and the value fits 64 bits.
fn is_base_256(field: &[u8]) -> bool {
    let Some((first, rest)) = field.split_first() else { return false };
    let (sign, tail) = rest.split_at(rest.len().saturating_sub(8));
    let top = tail.first().filter(|_| tail.len() == 8).map(|byte| byte & 0x80 != 0);
    match first {
        0x80 => sign.iter().all(|byte| *byte == 0) && top != Some(true),
        0xff => sign.iter().all(|byte| *byte == 0xff) && top != Some(false),
        _ => false,
    }
}

/// The value of a field in that form (ids above 2,097,151 have it), unless it is negative.
fn base_256(field: &[u8]) -> Option<u64> {
    let (first, tail) = field.split_first()?;
    (*first == 0x80).then(|| tail.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

const NAME_BYTES: usize = 100;
/// Linux has ids of 32 bits, and GNU tar refuses larger and negative ones.
const MAX_ID: u64 = u32::MAX as u64;
/// GNU tar reads the numbers of devices into 31 bits.
const MAX_DEVICE: u64 = i32::MAX as u64;
const PREFIX: Range<usize> = 345..500;
/// Bytes of the prefix in star's headers, which have times after it.
const STAR_PREFIX_BYTES: usize = 131;
const STAR_TIMES: [Range<usize>; 2] = [476..488, 488..500];
const DEVICE: [Range<usize>; 2] = [329..337, 337..345];
const NUMBERS: [(Range<usize>, &str); 5] = [
    (108..116, "has an owner that is not an octal number"),
    (116..124, "has a group that is not an octal number"),
    (136..148, "has a time that is not an octal number"),
    (329..337, "has a device that is not an octal number"),
    (337..345, "has a device that is not an octal number"),
];
/// Mode, owner, group, size and time.
const NEVER_BLANK: [Range<usize>; 5] = [100..108, 108..116, 116..124, 124..136, 136..148];
