//! What an executable is: format, machine, system and what it needs to run, from its bytes alone.

mod elf;
mod macho;
mod pe;

use crate::codes;
use model::{Budget, Diagnostic, Exhausted, Platform};
use object::read::{Object, ObjectSection};
use object::{BinaryFormat, File, FileKind, Section};

/// The three formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Linux and most of Unix (System V gABI).
    Elf,
    /// macOS.
    MachO,
    /// Windows.
    Pe,
}

/// What was read from an executable's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executable {
    /// Its format.
    pub kind: Kind,
    /// The platform it runs on; `None` if it is not a known one, or if there are several.
    pub platform: Option<Platform>,
    /// A description: `ELF 64-bit x86-64 (linux)`.
    pub machine: String,
    /// Whether it is a program; a library or an object file is not.
    pub is_program: bool,
    /// Whether it needs nothing but the system itself: on Linux no loader and no library, on macOS
    /// and Windows only the libraries that the system always has.
    pub is_static: bool,
    /// Whether symbols and debug sections were stripped.
    pub is_stripped: bool,
    /// The loader it asks for (`PT_INTERP`); ELF only.
    pub interpreter: Option<String>,
    /// Libraries it loads, in the file's order.
    pub needed: Vec<String>,
}

/// The most libraries that are listed; real programs need a few dozens.
const MAX_NEEDED: usize = 1_000;

/// The most bytes of an executable: GitHub's limit for an asset.
const MAX_BINARY_BYTES: usize = 2 << 30;

/// What was read, and the end of the last part of the file that its headers name.
type Found = (Executable, u64);

/// Reads an executable. A file for several platforms (fat Mach-O) has no single platform.
///
/// # Errors
/// `binary-format` if it has none of the three formats, `binary-broken` if its headers are invalid
/// or point behind its end, `binary-too-large` above 2 GiB.
pub fn read_binary(bytes: &[u8]) -> Result<Executable, Diagnostic> {
    if bytes.len() > MAX_BINARY_BYTES {
        return Err(Diagnostic::new(&codes::BINARY_TOO_LARGE, "is larger than 2 GiB"));
    }
    let kind = FileKind::parse(bytes).map_err(|_| unknown(bytes))?;
    let budget = Budget::of(bytes.len() as u64);
    let read = match kind {
        FileKind::Elf32 | FileKind::Elf64 => elf::read(bytes, &budget),
        FileKind::MachO32 | FileKind::MachO64 => macho::read(bytes).map_err(Fault::Broken),
        FileKind::MachOFat32 | FileKind::MachOFat64 => {
            macho::read_fat(bytes).map_err(Fault::Broken)
        }
        FileKind::Pe32 | FileKind::Pe64 => pe::read(bytes, &budget),
        _ => return Err(unknown(bytes)),
    };
    let (read, end) = read.map_err(Fault::problem)?;
    if end > bytes.len() as u64 {
        let message = format!("is cut off: its headers name {end} bytes, it has {}", bytes.len());
        return Err(Diagnostic::new(&codes::BINARY_BROKEN, message));
    }
    Ok(read)
}

/// Why an executable cannot be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Its headers are invalid.
    Broken(object::read::Error),
    /// Its headers name the same bytes so often that reading them would take too long.
    TooMuchWork(Exhausted),
}

impl Fault {
    pub(crate) fn problem(self) -> Diagnostic {
        match self {
            Self::Broken(error) => broken(error),
            Self::TooMuchWork(exhausted) => too_much_work(exhausted),
        }
    }
}

impl From<object::read::Error> for Fault {
    fn from(error: object::read::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Exhausted> for Fault {
    fn from(exhausted: Exhausted) -> Self {
        Self::TooMuchWork(exhausted)
    }
}

/// Like the other problems of an executable it has no location: callers know the file's name.
pub(crate) fn too_much_work(exhausted: Exhausted) -> Diagnostic {
    Diagnostic { location: None, ..exhausted.problem("") }
}

/// The first section called `name`.
pub(crate) fn section_named<'d, 'f>(
    file: &'f File<'d>,
    name: &str,
    budget: &Budget,
) -> Result<Option<Section<'d, 'f>>, Exhausted> {
    // Mach-O's names have 16 bytes, and other spellings that `object` knows.
    if file.format() == BinaryFormat::MachO {
        return Ok(file.section_by_name(name));
    }
    section_among(file.sections(), name, budget)
}

/// The first of `sections` called `name`. A name is as long as its file says, and many sections may
/// share a long one, so the names that are compared are taken from `budget`.
fn section_among<'d, S: ObjectSection<'d>>(
    sections: impl Iterator<Item = S>,
    name: &str,
    budget: &Budget,
) -> Result<Option<S>, Exhausted> {
    for section in sections {
        let Ok(found) = section.name_bytes() else { continue };
        budget.spend_len(found.len())?;
        if found == name.as_bytes() {
            return Ok(Some(section));
        }
    }
    Ok(None)
}

/// The files for one platform each in `bytes`: itself, or the parts of a fat Mach-O file.
pub(crate) fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    match FileKind::parse(bytes) {
        Ok(FileKind::MachOFat32 | FileKind::MachOFat64) => macho::parts(bytes).unwrap_or_default(),
        _ => vec![bytes],
    }
}

pub(crate) fn broken(error: object::read::Error) -> Diagnostic {
    Diagnostic::new(&codes::BINARY_BROKEN, format!("cannot be read as an executable: {error}"))
}

/// A name from a file, shortened to a readable length.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name.get(..name.len().min(256)).unwrap_or_default()).into_owned()
}

fn unknown(bytes: &[u8]) -> Diagnostic {
    let what = if bytes.starts_with(b"#!") {
        "is a script, not an executable"
    } else if bytes.is_empty() {
        "is empty"
    } else {
        "is not an ELF, Mach-O or PE executable"
    };
    Diagnostic::new(&codes::BINARY_FORMAT, what)
}

#[cfg(test)]
mod tests;
