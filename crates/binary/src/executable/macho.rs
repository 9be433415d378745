//! Mach-O, thin and fat (Apple, "OS X ABI Mach-O File Format Reference").

use model::Platform;
use object::macho;
use object::read::macho::{FatArch, MachHeader, MachOFatFile32, MachOFatFile64, MachOFile};
use object::read::{FileKind, Object, ObjectSegment, ObjectSymbol, Result};
use object::{Endianness, ObjectKind};

use super::{Executable, Found, Kind, MAX_NEEDED, shown};

/// The most parts of a fat file; Apple's have two.
const MAX_PARTS: usize = 16;

/// The paths of the libraries that every macOS has.
const SYSTEM_FOLDERS: [&str; 2] = ["/usr/lib/", "/System/Library/"];

pub(super) fn read(bytes: &[u8]) -> Result<Found> {
    match FileKind::parse(bytes)? {
        FileKind::MachO32 => of(&MachOFile::<macho::MachHeader32<Endianness>>::parse(bytes)?),
        _ => of(&MachOFile::<macho::MachHeader64<Endianness>>::parse(bytes)?),
    }
}

pub(super) fn read_fat(bytes: &[u8]) -> Result<Found> {
    let mut parts = Vec::new();
    let mut end = 0;
    for part in self::parts(bytes)? {
        let (read, its_end) = read(part)?;
        // Leaving a part is reported like leaving the file.
        if let Some(beyond) = its_end.checked_sub(part.len() as u64 + 1) {
            end = end.max((bytes.len() as u64 + 1).saturating_add(beyond));
        }
        parts.push(read);
    }
    let names: Vec<&str> = parts.iter().map(|part| part.machine.as_str()).collect();
    let machine = format!("fat Mach-O: {}", names.join(", "));
    let all = |test: fn(&Executable) -> bool| !parts.is_empty() && parts.iter().all(test);
    let mut fat = Executable {
        kind: Kind::MachO,
        platform: None,
        machine,
        is_program: all(|part| part.is_program),
        is_static: all(|part| part.is_static),
        is_stripped: all(|part| part.is_stripped),
        interpreter: None,
        needed: Vec::new(),
    };
    if let [only] = parts.as_slice() {
        fat.platform = only.platform;
    }
    for name in parts.into_iter().flat_map(|part| part.needed) {
        if !fat.needed.contains(&name) {
            fat.needed.push(name);
        }
    }
    Ok((fat, end))
}

pub(super) fn parts(bytes: &[u8]) -> Result<Vec<&[u8]>> {
    if let FileKind::MachOFat32 = FileKind::parse(bytes)? {
        let fat = MachOFatFile32::parse(bytes)?;
        fat.arches().iter().take(MAX_PARTS).map(|arch| arch.data(bytes)).collect()
    } else {
        let fat = MachOFatFile64::parse(bytes)?;
        fat.arches().iter().take(MAX_PARTS).map(|arch| arch.data(bytes)).collect()
    }
}

fn of<Mach: MachHeader<Endian = Endianness>>(file: &MachOFile<'_, Mach>) -> Result<Found> {
    let endian = file.endian();
    let header = file.macho_header();
    let mut needed = Vec::new();
    let mut system = "darwin";
    let mut commands = file.macho_load_commands()?;
    while let Some(command) = commands.next()? {
        if let Some(dylib) = command.dylib()? {
            if needed.len() < MAX_NEEDED {
                needed.push(shown(command.string(endian, dylib.dylib.name)?));
            }
        } else if let Some((version, _)) = command.build_version(endian)? {
            // macOS is 1; the same processors also run iOS, tvOS and their simulators.
            if version.platform.get(endian) != macho::PLATFORM_MACOS {
                system = "another Apple system";
            }
        }
    }
    let (name, platform) = match header.cputype(endian) {
        macho::CPU_TYPE_X86_64 => ("x86-64".to_owned(), Some(Platform::DarwinAmd64)),
        macho::CPU_TYPE_ARM64 => ("arm64".to_owned(), Some(Platform::DarwinArm64)),
        other => (format!("machine {:#x}", other.0), None),
    };
    let in_system = |name: &String| SYSTEM_FOLDERS.iter().any(|folder| name.starts_with(folder));
    let debug = file.symbols().any(|symbol| symbol.is_definition() && symbol.is_local());
    let ends = file.segments().map(|segment| segment.file_range());
    let ends = ends.filter(|(_, size)| *size > 0).map(|(at, size)| at.saturating_add(size));
    let read = Executable {
        kind: Kind::MachO,
        platform: platform.filter(|_| system == "darwin"),
        machine: format!("Mach-O {name} ({system})"),
        is_program: file.kind() == ObjectKind::Executable,
        is_static: needed.iter().all(in_system),
        is_stripped: !debug && !file.has_debug_symbols(),
        interpreter: None,
        needed,
    };
    Ok((read, ends.max().unwrap_or_default()))
}
