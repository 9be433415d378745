//! ELF (System V gABI): program headers decide, since section headers may be stripped or wrong.

use model::{Budget, Exhausted, Platform};
use object::Endianness;
use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionHeader};
use object::read::{FileKind, Result};

use super::{Executable, Fault, Found, Kind, MAX_NEEDED, shown};

/// Segments and sections may lie over each other, so that each of a million headers names the same
/// megabyte: what is read through them is taken from `budget`.
pub(super) fn read(bytes: &[u8], budget: &Budget) -> std::result::Result<Found, Fault> {
    match FileKind::parse(bytes)? {
        FileKind::Elf32 => of(elf::FileHeader32::<Endianness>::parse(bytes)?, bytes, budget),
        _ => of(elf::FileHeader64::<Endianness>::parse(bytes)?, bytes, budget),
    }
}

fn of<Elf: FileHeader<Endian = Endianness>>(
    header: &Elf,
    bytes: &[u8],
    budget: &Budget,
) -> std::result::Result<Found, Fault> {
    let endian = header.endian()?;
    let segments = header.program_headers(endian, bytes)?;
    let mut interpreter = None;
    for segment in segments {
        let found = segment.interpreter(endian, bytes)?;
        budget.spend_len(found.map_or(0, <[u8]>::len))?;
        interpreter = interpreter.or(found.map(shown));
    }
    let dynamic = dynamic::<Elf>(endian, segments, bytes, budget)?;
    let needed = needed::<Elf>(endian, segments, &dynamic, bytes, budget)?;
    let system = system::<Elf>(header, endian, segments, bytes, budget)?;
    let (name, arch) = machine(header, endian);
    let platform = match (system, arch) {
        ("linux", "amd64") => Some(Platform::LinuxAmd64),
        ("linux", "arm64") => Some(Platform::LinuxArm64),
        _ => None,
    };
    let e_type = header.e_type(endian);
    let entry: u64 = header.e_entry(endian).into();
    let end_of_file = end(header, endian, segments, bytes)?;
    // No system runs a file that has nothing to load.
    let loads = segments.iter().any(|segment| segment.p_type(endian) == elf::PT_LOAD);
    // A position-independent program is a shared object with an entry point and no `DT_SONAME`.
    let starts = e_type == elf::ET_EXEC
        || (e_type == elf::ET_DYN && entry != 0 && !has_soname::<Elf>(endian, &dynamic));
    let bits = if header.is_class_64() { 64 } else { 32 };
    let end = if header.is_big_endian() { " big-endian" } else { "" };
    let read = Executable {
        kind: Kind::Elf,
        platform,
        machine: format!("ELF {bits}-bit {name}{end} ({system})"),
        is_program: starts && loads,
        is_static: interpreter.is_none() && needed.is_empty(),
        is_stripped: is_stripped(header, endian, bytes, budget)?,
        interpreter,
        needed,
    };
    Ok((read, end_of_file))
}

/// The end of the last segment or section that has bytes in the file.
fn end<Elf: FileHeader<Endian = Endianness>>(
    header: &Elf,
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    bytes: &[u8],
) -> Result<u64> {
    let sections = header.section_headers(endian, bytes)?;
    let live = segments.iter().filter(|segment| segment.p_type(endian) != elf::PT_NULL);
    let segments = live.map(|segment| segment.file_range(endian));
    // The first one is not a section: it may have counts that do not fit into the header.
    let sections = sections.iter().filter(|section| section.sh_type(endian) != elf::SHT_NULL);
    let ranges = segments.chain(sections.filter_map(|section| section.file_range(endian)));
    let ends = ranges.filter(|(_, size)| *size > 0).map(|(at, size)| at.saturating_add(size));
    Ok(ends.max().unwrap_or_default())
}

fn machine<Elf: FileHeader<Endian = Endianness>>(
    header: &Elf,
    endian: Endianness,
) -> (String, &'static str) {
    let machine = header.e_machine(endian);
    let little_64 = header.is_class_64() && header.is_little_endian();
    let (name, arch) = match machine {
        elf::EM_X86_64 if little_64 => ("x86-64", "amd64"),
        elf::EM_AARCH64 if little_64 => ("aarch64", "arm64"),
        elf::EM_X86_64 => ("x86-64 (x32)", ""),
        elf::EM_AARCH64 => ("aarch64", ""),
        elf::EM_386 => ("i386", ""),
        elf::EM_ARM => ("arm", ""),
        elf::EM_RISCV => ("riscv", ""),
        elf::EM_PPC64 => ("ppc64", ""),
        elf::EM_S390 => ("s390", ""),
        _ => ("", ""),
    };
    if name.is_empty() { (format!("machine {}", machine.0), arch) } else { (name.to_owned(), arch) }
}

/// The system that the header or a note names; Linux programs name none.
fn system<Elf: FileHeader<Endian = Endianness>>(
    header: &Elf,
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    bytes: &[u8],
    budget: &Budget,
) -> std::result::Result<&'static str, Exhausted> {
    match header.e_ident().os_abi {
        elf::ELFOSABI_SYSV | elf::ELFOSABI_GNU => {}
        elf::ELFOSABI_FREEBSD => return Ok("freebsd"),
        elf::ELFOSABI_NETBSD => return Ok("netbsd"),
        elf::ELFOSABI_OPENBSD => return Ok("openbsd"),
        elf::ELFOSABI_SOLARIS => return Ok("solaris"),
        _ => return Ok("another system"),
    }
    for segment in segments {
        let Ok(Some(mut notes)) = segment.notes(endian, bytes) else { continue };
        while let Ok(Some(note)) = notes.next() {
            budget.spend_len(NOTE_BYTES + note.name().len())?;
            match note.name() {
                b"Android" => return Ok("android"),
                b"FreeBSD" => return Ok("freebsd"),
                b"NetBSD" => return Ok("netbsd"),
                b"OpenBSD" => return Ok("openbsd"),
                _ => {}
            }
        }
    }
    Ok("linux")
}

/// Bytes of a note's header.
const NOTE_BYTES: usize = 12;

/// The entries of the dynamic segments, up to the end that each marks.
fn dynamic<'b, Elf: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    bytes: &'b [u8],
    budget: &Budget,
) -> std::result::Result<Vec<&'b [Elf::Dyn]>, Fault> {
    let mut found = Vec::new();
    for segment in segments {
        let Some(entries) = segment.dynamic(endian, bytes)? else { continue };
        budget.spend_len(size_of_val(entries))?;
        found.push(entries);
    }
    Ok(found)
}

/// The libraries that the dynamic segment names, strings found through the loaded segments.
fn needed<Elf: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    dynamic: &[&[Elf::Dyn]],
    bytes: &[u8],
    budget: &Budget,
) -> std::result::Result<Vec<String>, Exhausted> {
    let mut names = Vec::new();
    for entries in dynamic {
        let value = |entry: &Elf::Dyn| -> u64 { entry.d_val(endian).into() };
        let live = || entries.iter().take_while(|entry| entry.d_tag(endian) != elf::DT_NULL);
        let strings = live().find(|entry| entry.d_tag(endian) == elf::DT_STRTAB).map(value);
        for entry in live().filter(|entry| entry.d_tag(endian) == elf::DT_NEEDED) {
            if names.len() >= MAX_NEEDED {
                return Ok(names);
            }
            let address = strings.unwrap_or_default().wrapping_add(value(entry));
            budget.spend_len(size_of_val(segments))?;
            // A library whose name cannot be found is needed nevertheless.
            let name = string_at::<Elf>(endian, segments, bytes, address);
            names.push(name.unwrap_or_else(|| "(unreadable name)".to_owned()));
        }
    }
    Ok(names)
}

fn has_soname<Elf: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    dynamic: &[&[Elf::Dyn]],
) -> bool {
    let named = |entry: &Elf::Dyn| entry.d_tag(endian) == elf::DT_SONAME;
    dynamic.iter().any(|entries| entries.iter().any(named))
}

fn string_at<Elf: FileHeader<Endian = Endianness>>(
    endian: Endianness,
    segments: &[Elf::ProgramHeader],
    bytes: &[u8],
    address: u64,
) -> Option<String> {
    for segment in segments.iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD) {
        let start: u64 = segment.p_vaddr(endian).into();
        let Ok(data) = segment.data(endian, bytes) else { continue };
        let offset = address.checked_sub(start).and_then(|offset| usize::try_from(offset).ok());
        if let Some(tail) = offset.and_then(|offset| data.get(offset..)) {
            let end = tail.iter().take(4096).position(|byte| *byte == 0)?;
            return Some(shown(tail.get(..end)?));
        }
    }
    None
}

fn is_stripped<Elf: FileHeader<Endian = Endianness>>(
    header: &Elf,
    endian: Endianness,
    bytes: &[u8],
    budget: &Budget,
) -> std::result::Result<bool, Exhausted> {
    let Ok(sections) = header.sections(endian, bytes) else { return Ok(true) };
    for section in sections.iter() {
        let Ok(name) = sections.section_name(endian, section) else { continue };
        budget.spend_len(name.len())?;
        if matches!(name, b".symtab" | b".debug_info") {
            return Ok(false);
        }
    }
    Ok(true)
}
