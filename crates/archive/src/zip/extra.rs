//! Extra fields (APPNOTE 4.5): zip64 sizes, and names in a second encoding.

use super::corrupt;
use super::fields::Fields;
use crate::ArchiveError;

/// The sizes and the offset that a 32-bit field may leave to zip64.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) size: u64,
    pub(super) packed: u64,
    /// Absent in a file's own header.
    pub(super) offset: Option<u64>,
}

/// Checks the extra fields of `name` and gives the true sizes.
pub(super) fn resolve(name: &str, extra: &[u8], said: Sizes) -> Result<Sizes, ArchiveError> {
    let mut rest = Fields(extra);
    let mut zip64 = None;
    let mut unicode_path = false;
    while !rest.0.is_empty() {
        let (id, body) =
            next(&mut rest).ok_or_else(|| corrupt(name, "has a malformed extra field"))?;
        match id {
            ZIP64 if zip64.is_some() => return Err(corrupt(name, "has two zip64 fields")),
            ZIP64 => zip64 = Some(body),
            UNICODE_PATH if unicode_path || body.get(5..) != Some(name.as_bytes()) => {
                return Err(corrupt(name, "has another name in an extra field"));
            }
            UNICODE_PATH => unicode_path = true,
            _ => {}
        }
    }
    let left = [Some(said.size), Some(said.packed), said.offset];
    match zip64 {
        None if left.contains(&Some(SATURATED)) => {
            Err(corrupt(name, "leaves its size to a zip64 field that it does not have"))
        }
        None => Ok(said),
        Some(body) => match said.offset {
            None => local(said, body),
            Some(offset) => central(said, offset, body),
        }
        .ok_or_else(|| corrupt(name, "has a zip64 field that does not fit its header")),
    }
}

fn next<'a>(rest: &mut Fields<'a>) -> Option<(u16, &'a [u8])> {
    let (id, length) = (rest.u16()?, rest.u16()?);
    Some((id, rest.take(usize::from(length))?))
}

/// A file's own header has both sizes or neither.
fn local(said: Sizes, body: &[u8]) -> Option<Sizes> {
    let mut rest = Fields(body);
    if body.is_empty() {
        return (said.size != SATURATED && said.packed != SATURATED).then_some(said);
    }
    let (size, packed) = (rest.u64()?, rest.u64()?);
    let agrees = |header: u64, field: u64| header == SATURATED || header == field;
    let fits = agrees(said.size, size) && agrees(said.packed, packed);
    let length = matches!(body.len(), 16 | 24 | 28);
    (fits && length).then_some(Sizes { size, packed, offset: None })
}

/// The directory has exactly those that the header leaves out.
fn central(said: Sizes, offset: u64, body: &[u8]) -> Option<Sizes> {
    let mut rest = Fields(body);
    let mut pick = |header: u64| if header == SATURATED { rest.u64() } else { Some(header) };
    let sizes =
        Sizes { size: pick(said.size)?, packed: pick(said.packed)?, offset: Some(pick(offset)?) };
    // What some writers add although the header has it already, and the number of the disk.
    matches!(body.len(), 0 | 8 | 16 | 24 | 28).then_some(sizes)
}

/// The value of a 32-bit field whose real value is in the zip64 field.
const SATURATED: u64 = 0xFFFF_FFFF;
const ZIP64: u16 = 0x0001;
const UNICODE_PATH: u16 = 0x7075;
