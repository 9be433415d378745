//! PE (Microsoft, "PE Format").

use model::{Budget, Platform};
use object::pe;
use object::read::pe::{ImageNtHeaders, ImageOptionalHeader, PeFile};
use object::read::{FileKind, Object, ObjectSection};
use object::{LittleEndian as LE, ObjectKind};

use super::{Executable, Fault, Found, Kind, MAX_NEEDED, section_among, shown};

/// Libraries that every Windows since 10 has. `vcruntime140.dll` and the like are not among them:
/// they come with a compiler's redistributable package.
const SYSTEM_LIBRARIES: [&str; 83] = [
    "advapi32",
    "api-ms-",
    "authz",
    "avrt",
    "bcrypt",
    "bcryptprimitives",
    "cabinet",
    "cfgmgr32",
    "combase",
    "comctl32",
    "comdlg32",
    "credui",
    "crypt32",
    "cryptbase",
    "d2d1",
    "d3d11",
    "d3d12",
    "dbghelp",
    "dhcpcsvc",
    "dnsapi",
    "dwmapi",
    "dwrite",
    "dxgi",
    "esent",
    "ext-ms-",
    "fwpuclnt",
    "gdi32",
    "hid",
    "imagehlp",
    "imm32",
    "iphlpapi",
    "kernel32",
    "kernelbase",
    "ktmw32",
    "mf",
    "mfplat",
    "mfreadwrite",
    "mpr",
    "msimg32",
    "msvcrt",
    "mswsock",
    "ncrypt",
    "netapi32",
    "normaliz",
    "ntdll",
    "ole32",
    "oleacc",
    "oleaut32",
    "opengl32",
    "pdh",
    "powrprof",
    "propsys",
    "psapi",
    "rpcrt4",
    "rstrtmgr",
    "sechost",
    "secur32",
    "setupapi",
    "shcore",
    "shell32",
    "shlwapi",
    "sspicli",
    "synchronization",
    "tdh",
    "ucrtbase",
    "urlmon",
    "user32",
    "userenv",
    "uxtheme",
    "version",
    "virtdisk",
    "wevtapi",
    "winhttp",
    "wininet",
    "winmm",
    "winscard",
    "wintrust",
    "winusb",
    "wlanapi",
    "wldap32",
    "ws2_32",
    "wsock32",
    "wtsapi32",
];

pub(super) fn read(bytes: &[u8], budget: &Budget) -> Result<Found, Fault> {
    match FileKind::parse(bytes)? {
        FileKind::Pe32 => of(&PeFile::<pe::ImageNtHeaders32>::parse(bytes)?, budget),
        _ => of(&PeFile::<pe::ImageNtHeaders64>::parse(bytes)?, budget),
    }
}

fn of<Pe: ImageNtHeaders>(file: &PeFile<'_, Pe>, budget: &Budget) -> Result<Found, Fault> {
    let needed = needed(file, budget)?;
    let debug = section_among(file.sections(), ".debug_info", budget)?.is_some();
    let headers = file.nt_headers();
    let subsystem = headers.optional_header().subsystem();
    let for_windows =
        matches!(subsystem, pe::IMAGE_SUBSYSTEM_WINDOWS_CUI | pe::IMAGE_SUBSYSTEM_WINDOWS_GUI);
    let machine = headers.file_header().machine.get(LE);
    let name = match machine {
        pe::IMAGE_FILE_MACHINE_AMD64 => "x86-64".to_owned(),
        pe::IMAGE_FILE_MACHINE_ARM64 => "arm64".to_owned(),
        pe::IMAGE_FILE_MACHINE_I386 => "i386".to_owned(),
        other => format!("machine {:#x}", other.0),
    };
    let system = if for_windows { "windows" } else { "another system" };
    let amd64 = machine == pe::IMAGE_FILE_MACHINE_AMD64 && file.is_64() && for_windows;
    let symbols = headers.file_header().number_of_symbols.get(LE) != 0;
    let ends = file.sections().filter_map(|section| section.file_range());
    let ends = ends.filter(|(_, size)| *size > 0).map(|(at, size)| at.saturating_add(size));
    let read = Executable {
        kind: Kind::Pe,
        platform: amd64.then_some(Platform::WindowsAmd64),
        machine: format!("PE {name} ({system})"),
        is_program: file.kind() == ObjectKind::Executable,
        is_static: needed.iter().all(|name| is_system(name)),
        is_stripped: !symbols && !debug,
        interpreter: None,
        needed,
    };
    Ok((read, ends.max().unwrap_or_default()))
}

/// Libraries loaded at the start, then those loaded on first use.
fn needed<Pe: ImageNtHeaders>(
    file: &PeFile<'_, Pe>,
    budget: &Budget,
) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    if let Some(table) = file.import_table()? {
        let mut descriptors = table.descriptors()?;
        while let Some(descriptor) = descriptors.next()? {
            let name = table.name(descriptor.name.get(LE))?;
            budget.spend_len(name.len())?;
            names.push(shown(name));
            if names.len() >= MAX_NEEDED {
                return Ok(names);
            }
        }
    }
    if let Some(table) = file.delay_load_import_table()? {
        let mut descriptors = table.descriptors()?;
        while let Some(descriptor) = descriptors.next()? {
            let name = table.name(descriptor.dll_name_rva.get(LE))?;
            budget.spend_len(name.len())?;
            names.push(shown(name));
            if names.len() >= MAX_NEEDED {
                break;
            }
        }
    }
    Ok(names)
}

fn is_system(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".dll").unwrap_or(&lower);
    SYSTEM_LIBRARIES.iter().any(|library| {
        if library.ends_with('-') { stem.starts_with(library) } else { stem == *library }
    })
}
