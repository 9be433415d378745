//! Executables: ELF, Mach-O and PE, and what Go and cargo-auditable leave in them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::Target;
use crate::properties::accepted;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "executable",
        about: "an executable: its platform, and what it was linked from",
        seeds: executables,
        run: executable,
    },
    Target {
        name: "go-build-info",
        about: "the two texts that Go leaves, in an executable: they can be described",
        seeds: || vec![GO.as_bytes().to_vec()],
        run: |bytes| executable(&go_program(bytes)),
    },
    Target {
        name: "audit-data",
        about: "the JSON of cargo-auditable, packed, in an executable: it can be described",
        seeds: || {
            let text = r#"{"packages": [{"name": "a", "version": "1.0.0", "source": "local",
"root": true, "dependencies": []}]}"#;
            vec![text.as_bytes().to_vec()]
        },
        run: |bytes| executable(&audited_program(bytes)),
    },
];

/// The version and the text of Go's information, parted by a line of nothing.
const GO: &str = "go1.27.3\n\npath\texample.org/t/cmd/t\nmod\texample.org/t\t(devel)\t\n\
     dep\ta.org/x\tv1.0.0\th1:AA=\ndep\tb.org/y\tv2.0.0\n=>\tc.org/z\tv2.1.0\th1:BB=\n\
     build\t-trimpath=true\nbuild\t-ldflags=\"-s -w\"\nbuild\tGOOS=linux\n";

fn executable(bytes: &[u8]) {
    let read = accepted(binary::read_binary(bytes));
    let go = accepted(binary::go_build_info(bytes)).flatten();
    let audit = accepted(binary::audit_data(bytes)).flatten();
    if let Some(audit) = audit {
        let count = audit.packages.len();
        let mut needed = audit.packages.iter().flat_map(|package| &package.dependencies);
        assert!(needed.all(|index| *index < count), "a crate needs one that is not there");
    }
    let Some(read) = read else {
        assert!(go.is_none(), "Go built what is refused as an executable");
        return;
    };
    if let Some(platform) = read.platform {
        let problems = binary::check(&read, platform);
        crate::properties::bounded(&problems);
    }
    let inside = format::Inspects::inside(&binary::Binary, binary::BINARY, "demo", bytes);
    if let Some(contents) = accepted(inside) {
        crate::sboms::described(&contents);
    }
}

fn executables() -> Vec<Vec<u8>> {
    let mut data = vec![0; 64];
    data.extend(b"/lib/ld.so\0libc.so.6\0\0\0\0");
    let needed: Vec<u8> =
        [1_u64, 11, 5, 64, 0, 0].iter().flat_map(|word| word.to_le_bytes()).collect();
    data.extend(needed);
    vec![
        elf(&data, &[]),
        go_program(GO.as_bytes()),
        audited_program(br#"{"packages": []}"#),
        mach(0x0100_0007),
        fat(),
        pe(),
    ]
}

/// A 64-bit ELF program that loads `data` at once, with a section `.dep-v0` of `section` if that
/// holds anything.
fn elf(data: &[u8], section: &[u8]) -> Vec<u8> {
    const DATA: u64 = 64 + 56;
    let names = b"\0.dep-v0\0.shstrtab\0";
    let section_at = DATA + data.len() as u64;
    let names_at = section_at + section.len() as u64;
    let headers_at = names_at + names.len() as u64;
    let has_section = !section.is_empty();
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend([2, 0, 62, 0, 1, 0, 0, 0]);
    for word in [ADDRESS, 64, if has_section { headers_at } else { 0 }] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    let sections = if has_section { [3, 2] } else { [0, 0] };
    for half in [64_u16, 56, 1, 64].into_iter().chain(sections) {
        file.extend(half.to_le_bytes());
    }
    file.extend([1, 0, 0, 0, 6, 0, 0, 0]);
    let size = data.len() as u64;
    for word in [DATA, ADDRESS, ADDRESS, size, size, 16] {
        file.extend(word.to_le_bytes());
    }
    file.extend(data);
    if !has_section {
        return file;
    }
    file.extend(section);
    file.extend(names);
    let mut header = |name: u32, kind: u32, at: u64, size: usize| {
        for word in [name, kind] {
            file.extend(word.to_le_bytes());
        }
        for word in [0, 0, at, size as u64, 0, 1, 0] {
            file.extend(u64::to_le_bytes(word));
        }
    };
    header(0, 0, 0, 0);
    header(1, 1, section_at, section.len());
    header(9, 3, names_at, names.len());
    file
}

/// Where a program's data is loaded.
const ADDRESS: u64 = 0x40_0000;

/// A program with the blob that Go leaves since 1.18.
fn go_program(bytes: &[u8]) -> Vec<u8> {
    let at = bytes.windows(2).position(|pair| pair == b"\n\n");
    let (version, text) = bytes.split_at(at.unwrap_or(bytes.len()));
    let text = text.strip_prefix(b"\n\n").unwrap_or(text);
    const START: &[u8] = b"\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6";
    const END: &[u8] = b"\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2";
    let mut data = vec![1; 16];
    data.extend(b"\xff Go buildinf:\x08\x02");
    data.resize(48, 0);
    for part in [version, &[START, text, END].concat()] {
        let mut length = part.len();
        while length >= 0x80 {
            data.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        data.push(length as u8);
        data.extend(part);
    }
    elf(&data, &[])
}

fn audited_program(json: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = packer.write_all(json).and_then(|()| packer.finish());
    elf(&[0; 16], &packed.unwrap_or_default())
}

/// A Mach-O program that loads a library of the system.
fn mach(cpu: u32) -> Vec<u8> {
    let library = "/usr/lib/libSystem.B.dylib";
    let size = (24 + library.len() + 8) / 8 * 8;
    let mut file = Vec::new();
    for word in [0xfeed_facf, cpu, 0, 2, 1, size as u32, 0, 0, 0xc, size as u32, 24, 0, 0, 0] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend(library.as_bytes());
    file.resize(32 + size, 0);
    file
}

/// A Mach-O file for two machines.
fn fat() -> Vec<u8> {
    let machines = [0x0100_0007_u32, 0x0100_000c];
    let mut file: Vec<u8> =
        [0xcafe_babe_u32, 2].iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut offset = 8 + 20 * 2;
    for machine in machines {
        let size = mach(machine).len() as u32;
        for word in [machine, 0, offset, size, 0] {
            file.extend(word.to_be_bytes());
        }
        offset += size;
    }
    machines.iter().for_each(|machine| file.extend(mach(*machine)));
    file
}

/// A PE32+ program of one section.
fn pe() -> Vec<u8> {
    let mut file = b"MZ".to_vec();
    file.resize(60, 0);
    file.extend([64, 0, 0, 0]);
    file.extend(b"PE\0\0\x64\x86\x01\0");
    file.extend([0; 12]);
    file.extend([240, 0, 0x22, 0]);
    let mut optional = vec![0x0b, 0x02];
    optional.resize(68, 0);
    optional.extend([3, 0]);
    optional.resize(108, 0);
    optional.push(16);
    optional.resize(240, 0);
    file.extend(optional);
    let start = file.len() as u32 + 40;
    file.extend(b".text\0\0\0");
    for word in [10, 4_096, 10, start, 0, 0, 0, 0x6000_0020] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend([0; 10]);
    file
}
