//! What Go wrote into an executable about how it was built (`go version -m`; Go's package
//! `debug/buildinfo` defines the bytes).
//!
//! A blob of 32 bytes that starts with a magic word is at a multiple of 16 in the data segment.
//! Since Go 1.18 two length-prefixed texts follow it; before, it held pointers to Go strings.

mod modules;

use model::{Budget, Diagnostic, Exhausted};
use object::read::{Object, ObjectSection, ObjectSegment};
use object::{File, SectionFlags, pe};

use crate::codes;
use crate::executable::{broken, parts, section_named, too_much_work};

/// Go's information about an executable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoBuildInfo {
    /// The toolchain: `go1.27.3`.
    pub go_version: String,
    /// Import path of the main package.
    pub path: String,
    /// The module of the main package; none outside modules.
    pub main: Option<GoModule>,
    /// The modules compiled in, as they are after replacement, in Go's order.
    pub deps: Vec<GoModule>,
    /// Build settings: `GOOS`, `-trimpath`, `CGO_ENABLED`, in Go's order.
    pub settings: Vec<(String, String)>,
}

/// A Go module.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoModule {
    /// Module path.
    pub path: String,
    /// `v1.2.3`; `(devel)` or empty for a module that was not downloaded.
    pub version: String,
    /// `h1:…`, the hash over its files; empty for a module that was not downloaded.
    pub sum: String,
    /// The module that it replaces by a `replace` directive: path and version.
    pub replaces: Option<(String, String)>,
}

const MAGIC: &[u8] = b"\xff Go buildinf:";
const HEADER: usize = 32;

/// The most bytes of one of the two texts: 16 MiB are enough for 100,000 modules.
const MAX_TEXT: u64 = 16 << 20;

/// Reads Go's build information from an ELF, Mach-O (also fat) or PE file; `None` if the file was
/// not built by Go.
///
/// # Errors
/// `binary-format` or `binary-broken` if it is not an executable, `go-build-info` if the blob is
/// invalid.
pub fn go_build_info(bytes: &[u8]) -> Result<Option<GoBuildInfo>, Diagnostic> {
    let budget = Budget::of(bytes.len() as u64);
    for part in parts(bytes) {
        let file = File::parse(part).map_err(broken)?;
        let found = find(&file, &budget).map_err(too_much_work)?;
        let Some((data, blob)) = found else { continue };
        let texts = texts(&file, data, blob).ok_or_else(|| {
            Diagnostic::new(&codes::GO_BUILD_INFO, "Go's build information is cut off or damaged")
        })?;
        return Ok(Some(modules::parse(&texts.0, &texts.1)));
    }
    Ok(None)
}

/// The data with the blob, and the offset of the blob. Sections and segments may lie over each
/// other, so what is searched is taken from `budget`; those of a real file are searched twice.
fn find<'d>(file: &File<'d>, budget: &Budget) -> Result<Option<(&'d [u8], usize)>, Exhausted> {
    for name in [".go.buildinfo", "__go_buildinfo"] {
        let section = section_named(file, name, budget)?;
        if let Some(data) = section.and_then(|section| section.data().ok())
            && let Some(offset) = offset(data)
        {
            return Ok(Some((data, offset)));
        }
    }
    // PE has no section for it, and others may have lost their names: it is in writable data.
    let writable = |flags| match flags {
        SectionFlags::Coff { characteristics } => characteristics.contains(pe::IMAGE_SCN_MEM_WRITE),
        _ => true,
    };
    let sections = file.sections().filter(|section| writable(section.flags()));
    let data = sections.filter_map(|section| section.data().ok());
    let segments = file.segments().filter_map(|segment| segment.data().ok());
    for data in data.chain(segments) {
        budget.spend_len(data.len())?;
        if let Some(offset) = offset(data) {
            return Ok(Some((data, offset)));
        }
    }
    Ok(None)
}

/// Segments start at pages, so multiples of 16 in them are multiples of 16 in memory.
fn offset(data: &[u8]) -> Option<usize> {
    let found = data.chunks(16).position(|chunk| chunk.starts_with(MAGIC))? * 16;
    (data.len() - found >= HEADER).then_some(found)
}

/// Go's version and the module text.
fn texts(file: &File<'_>, data: &[u8], blob: usize) -> Option<(String, Vec<u8>)> {
    const INLINE: u8 = 2;
    let flags = *data.get(blob + 15)?;
    let (version, modules) = if flags & INLINE != 0 {
        let mut rest = data.get(blob + HEADER..)?;
        (varint_text(&mut rest)?.to_vec(), varint_text(&mut rest)?.to_vec())
    } else {
        let pointers =
            Pointers { file, size: usize::from(*data.get(blob + 14)?), big_endian: flags & 1 != 0 };
        let at = |index: usize| {
            let start = blob + 16 + index * pointers.size;
            pointers.number(data.get(start..start + pointers.size)?)
        };
        (pointers.text(at(0)?)?, pointers.text(at(1)?)?)
    };
    Some((String::from_utf8(version).ok()?, modules))
}

/// A length as Go's `binary.Uvarint`, then as many bytes.
fn varint_text<'d>(rest: &mut &'d [u8]) -> Option<&'d [u8]> {
    let mut length = 0_u64;
    for index in 0..10 {
        let byte = *rest.get(index)?;
        length |= u64::from(byte & 0x7f).checked_shl(7 * index as u32)?;
        if byte & 0x80 == 0 {
            if length > MAX_TEXT {
                return None;
            }
            let (text, after) = rest.get(index + 1..)?.split_at_checked(length as usize)?;
            *rest = after;
            return Some(text);
        }
    }
    None
}

/// Go strings as they are in memory: an address and a length.
struct Pointers<'f, 'd> {
    file: &'f File<'d>,
    size: usize,
    big_endian: bool,
}

impl Pointers<'_, '_> {
    fn number(&self, raw: &[u8]) -> Option<u64> {
        if !matches!(self.size, 4 | 8) {
            return None;
        }
        let fold = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.big_endian {
            raw.iter().fold(0, fold)
        } else {
            raw.iter().rev().fold(0, fold)
        })
    }

    /// The bytes of the Go string whose header is at `address`; empty for a null pointer.
    fn text(&self, address: u64) -> Option<Vec<u8>> {
        if address == 0 {
            return Some(Vec::new());
        }
        let header = self.memory(address, 2 * self.size as u64)?;
        let (start, length) = header.split_at_checked(self.size)?;
        let length = self.number(length)?;
        if length > MAX_TEXT {
            return None;
        }
        Some(self.memory(self.number(start)?, length)?.to_vec())
    }

    fn memory(&self, address: u64, length: u64) -> Option<&[u8]> {
        self.file.segments().find_map(|part| part.data_range(address, length).ok().flatten())
    }
}

#[cfg(test)]
mod tests;
