use super::*;

use Platform::{DarwinAmd64, DarwinArm64, LinuxAmd64, LinuxArm64, WindowsAmd64};

/// A program header: type, offset, size in the file. Addresses equal offsets.
type Segment = (u32, u64, u64);

/// A 64-bit little-endian ELF file with these segments and `tail` after the headers.
fn elf(machine: u16, os_abi: u8, e_type: u16, segments: &[Segment], tail: &[u8]) -> Vec<u8> {
    let mut file = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, os_abi, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend(e_type.to_le_bytes());
    file.extend(machine.to_le_bytes());
    file.extend(1_u32.to_le_bytes());
    for word in [0x78_u64, 64, 0] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [64, 56, segments.len() as u16, 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    for (kind, offset, size) in segments {
        file.extend(kind.to_le_bytes());
        file.extend(4_u32.to_le_bytes());
        for word in [*offset, *offset, *offset, *size, *size, 8] {
            file.extend(word.to_le_bytes());
        }
    }
    file.extend(tail);
    file
}

const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERP: u32 = 3;
/// The headers themselves, to have something to load.
const CODE: Segment = (LOAD, 0, 64 + 56);

/// A dynamically linked program: a loader, and `libc.so.6`.
fn dynamic_elf() -> Vec<u8> {
    let start = 64 + 3 * 56;
    let mut tail = b"/lib/ld.so\0libc.so.6\0".to_vec();
    tail.resize(24, 0);
    for word in [1_u64, 11, 5, start, 0, 0] {
        tail.extend(word.to_le_bytes());
    }
    let whole = start + tail.len() as u64;
    let segments = [(LOAD, 0, whole), (INTERP, start, 11), (DYNAMIC, start + 24, 48)];
    elf(62, 0, 3, &segments, &tail)
}

/// A 64-bit Mach-O program that loads `library`.
fn mach(cpu: u32, library: &str) -> Vec<u8> {
    let size = (24 + library.len() + 8) / 8 * 8;
    let mut file = Vec::new();
    for word in [0xfeed_facf, cpu, 0, 2, 1, size as u32, 0, 0, 0xc, size as u32, 24, 0, 0, 0] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend(library.as_bytes());
    file.resize(32 + size, 0);
    file
}

/// A fat Mach-O file of the given parts.
fn fat(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(0xcafe_babe_u32.to_be_bytes());
    file.extend((parts.len() as u32).to_be_bytes());
    let mut offset = 8 + 20 * parts.len() as u32;
    for part in parts {
        let cpu = u32::from_le_bytes(part[4..8].try_into().unwrap());
        for word in [cpu, 0, offset, part.len() as u32, 0] {
            file.extend(word.to_be_bytes());
        }
        offset += part.len() as u32;
    }
    parts.iter().for_each(|part| file.extend(part));
    file
}

/// A PE32+ program without sections.
fn pe(machine: u16, characteristics: u16, subsystem: u16) -> Vec<u8> {
    let mut file = vec![0_u8; 64];
    file[..2].copy_from_slice(b"MZ");
    file[60] = 64;
    file.extend(b"PE\0\0");
    file.extend(machine.to_le_bytes());
    file.extend([0; 14]);
    file.extend(240_u16.to_le_bytes());
    file.extend(characteristics.to_le_bytes());
    let mut optional = vec![0_u8; 240];
    optional[..2].copy_from_slice(&0x20b_u16.to_le_bytes());
    optional[68..70].copy_from_slice(&subsystem.to_le_bytes());
    optional[108] = 16;
    file.extend(optional);
    file
}

fn check(bytes: &[u8], platform: Option<Platform>, is_program: bool, is_static: bool) {
    let found = read_binary(bytes).unwrap();
    let said = (found.platform, found.is_program, found.is_static);
    assert_eq!(said, (platform, is_program, is_static), "{found:?}");
}

#[test]
fn each_platform_is_known_by_its_bytes() {
    check(&elf(62, 0, 2, &[CODE], &[]), Some(LinuxAmd64), true, true);
    check(&elf(183, 3, 3, &[CODE], &[]), Some(LinuxArm64), true, true);
    check(&mach(0x0100_0007, "/usr/lib/libSystem.B.dylib"), Some(DarwinAmd64), true, true);
    check(&mach(0x0100_000c, "/System/Library/Frameworks/X"), Some(DarwinArm64), true, true);
    check(&pe(0x8664, 0x22, 3), Some(WindowsAmd64), true, true);
}

#[test]
fn other_machines_systems_and_libraries_are_none_of_ours() {
    check(&elf(243, 0, 2, &[CODE], &[]), None, true, true);
    check(&elf(62, 9, 2, &[CODE], &[]), None, true, true);
    check(&elf(62, 0, 1, &[CODE], &[]), Some(LinuxAmd64), false, true);
    check(&elf(62, 0, 2, &[], &[]), Some(LinuxAmd64), false, true);
    check(&pe(0xaa64, 0x22, 3), None, true, true);
    check(&pe(0x8664, 0x2022, 3), Some(WindowsAmd64), false, true);
    check(&pe(0x8664, 0x22, 10), None, true, true);
    check(&mach(0x0100_0007, "/opt/lib/libx.dylib"), Some(DarwinAmd64), true, false);
    let mut big = elf(62, 0, 2, &[], &[]);
    big[5] = 2;
    assert!(read_binary(&big).is_ok_and(|found| found.platform.is_none()));
}

#[test]
fn a_loader_and_libraries_are_found_without_section_headers() {
    let found = read_binary(&dynamic_elf()).unwrap();
    assert_eq!(found.interpreter.as_deref(), Some("/lib/ld.so"));
    assert_eq!(found.needed, ["libc.so.6"]);
    assert!(!found.is_static && found.is_program && found.is_stripped);
}

#[test]
fn a_file_for_two_machines_has_no_one_platform() {
    let parts = [mach(0x0100_0007, "/usr/lib/a"), mach(0x0100_000c, "/usr/lib/b")];
    check(&fat(&parts), None, true, true);
    check(&fat(&parts[..1]), Some(DarwinAmd64), true, true);
    assert_eq!(read_binary(&fat(&parts)).unwrap().needed, ["/usr/lib/a", "/usr/lib/b"]);
}

#[test]
fn what_is_no_executable_is_refused() {
    let refused = |bytes: &[u8], code: &str| {
        assert_eq!(read_binary(bytes).unwrap_err().code.to_string(), code)
    };
    refused(b"", "binary-format");
    refused(b"#!/bin/sh\nexec true\n", "binary-format");
    refused(&[0; 4096], "binary-format");
    refused(&elf(62, 0, 2, &[(INTERP, 1 << 60, 1 << 60)], &[]), "binary-broken");
    refused(&elf(62, 0, 2, &[CODE], &[])[..40], "binary-broken");
}

/// A Mach-O program whose one segment has `size` bytes from the start of the file.
fn mach_segment(size: u64) -> Vec<u8> {
    let mut file = Vec::new();
    for word in [0xfeed_facf, 0x0100_000c, 0, 2, 1, 72, 0, 0, 0x19, 72, 0, 0, 0, 0] {
        file.extend(u32::to_le_bytes(word));
    }
    for word in [0, 4096, 0, size, 0, 0] {
        file.extend(u64::to_le_bytes(word));
    }
    file
}

/// A PE program whose one section has `size` bytes behind the headers, of which it has ten.
fn pe_section(size: u32) -> Vec<u8> {
    let mut file = pe(0x8664, 0x22, 3);
    file[64 + 6] = 1;
    let start = file.len() as u32 + 40;
    file.extend(b".text\0\0\0");
    for word in [size, 4096, size, start, 0, 0, 0, 0x6000_0020] {
        file.extend(u32::to_le_bytes(word));
    }
    file.extend([0; 10]);
    file
}

#[test]
fn a_file_that_ends_before_its_headers_say_is_broken() {
    let check = |bytes: &[u8], expected: Result<(), &str>| {
        let found = read_binary(bytes).map(|_| ()).map_err(|problem| problem.message);
        assert_eq!(found, expected.map_err(str::to_owned));
    };
    let cut = |end: u64, length: u64| {
        format!("is cut off: its headers name {end} bytes, it has {length}")
    };
    check(&elf(62, 0, 2, &[(LOAD, 0, 130)], &[0; 10]), Ok(()));
    check(&elf(62, 0, 2, &[(LOAD, 0, 131)], &[0; 10]), Err(&cut(131, 130)));
    check(&elf(62, 0, 2, &[(LOAD, u64::MAX, 9)], &[]), Err(&cut(u64::MAX, 120)));
    check(&elf(62, 0, 2, &[CODE, (0, 500, 9), (2, 500, 0)], &[]), Ok(()));
    let mut no_table = elf(62, 0, 2, &[CODE], &[]);
    no_table[40..48].fill(0xff);
    assert_eq!(read_binary(&no_table).unwrap_err().code.to_string(), "binary-broken");
    check(&mach_segment(104), Ok(()));
    check(&mach_segment(105), Err(&cut(105, 104)));
    check(&fat(&[mach_segment(104)]), Ok(()));
    check(&fat(&[mach_segment(104), mach_segment(106)]), Err(&cut(258, 256)));
    check(&pe_section(10), Ok(()));
    check(&pe_section(11), Err(&cut(64 + 264 + 40 + 11, 64 + 264 + 40 + 10)));
}

#[test]
fn cut_and_changed_files_are_answered_without_a_panic() {
    let parts = [mach(0x0100_0007, "/usr/lib/a"), mach(0x0100_000c, "/usr/lib/b")];
    let all = [dynamic_elf(), parts[0].clone(), fat(&parts), pe(0x8664, 0x22, 3)];
    let mut state = 7_u64;
    for file in all {
        for end in 0..file.len() {
            let _ = read_binary(&file[..end]).is_ok();
        }
        for _ in 0..3_000 {
            let mut changed = file.clone();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let at = (state >> 33) as usize % changed.len();
                changed[at] =
                    [0, 0xff, 0x7f, 0x80, (state >> 20) as u8][(state >> 60) as usize % 5];
            }
            let _ = read_binary(&changed).is_ok();
            let _ = crate::go_build_info(&changed).is_ok();
            let _ = crate::audit_data(&changed).is_ok();
        }
    }
}

/// The code of the refusal of a file whose headers may name this many bytes.
fn refused(file: &[u8], limit: u64) -> &'static str {
    let read = elf::read(file, &Budget::limited(limit)).map_err(Fault::problem);
    read.map_or_else(|problem| problem.code.name, |_| "")
}

#[test]
fn segments_that_lie_over_each_other_cost_what_they_name() {
    let check = |segment: Segment, tail: &[u8], each: u64| {
        let file = |count: usize| {
            let start = (64 + 56 * (count as u64 + 1)).next_multiple_of(8);
            let segment = (segment.0, start, tail.len() as u64);
            let segments: Vec<Segment> =
                std::iter::once(CODE).chain(vec![segment; count]).collect();
            let mut padded = vec![0; (start - 64 - 56 * (count as u64 + 1)) as usize];
            padded.extend(tail);
            elf(62, 0, 2, &segments, &padded)
        };
        assert_eq!(refused(&file(10), 10 * each), "", "{segment:?}");
        assert_eq!(refused(&file(11), 10 * each), "too-much-work", "{segment:?}");
    };
    const NOTE: u32 = 4;
    let mut interpreter = vec![b'x'; 1_000];
    interpreter.push(0);
    check((INTERP, 0, 0), &interpreter, 1_000);
    // A hundred notes without name and content (each filled up to 16 bytes), a hundred entries.
    check((NOTE, 0, 0), &[0; 1_600], 1_200);
    check((DYNAMIC, 0, 0), &[0; 1_600], 1_600);
}

#[test]
fn sections_that_share_a_long_name_cost_what_it_does() {
    // Section headers: one of nothing, one of names, `count` with the same name.
    let file = |count: usize| {
        let mut file = elf(62, 0, 2, &[CODE], b"");
        let name_at = file.len() as u64;
        file.push(0);
        file.extend([b'x'; 1_000]);
        file.push(0);
        file.resize(file.len().next_multiple_of(8), 0);
        let headers_at = file.len() as u64;
        let mut header = |name: u32, kind: u32, offset: u64, size: u64| {
            file.extend(name.to_le_bytes());
            file.extend(kind.to_le_bytes());
            for word in [0, 0, offset, size, 0, 1, 0] {
                file.extend(u64::to_le_bytes(word));
            }
        };
        header(0, 0, 0, 0);
        header(0, 3, name_at, 1_002);
        (0..count).for_each(|_| header(1, 1, 0, 0));
        file[40..48].copy_from_slice(&headers_at.to_le_bytes());
        file[60..62].copy_from_slice(&(count as u16 + 2).to_le_bytes());
        file[62..64].copy_from_slice(&1_u16.to_le_bytes());
        file
    };
    assert_eq!(refused(&file(10), 10_000), "");
    assert_eq!(refused(&file(11), 10_000), "too-much-work");
    let parsed = object::File::parse(&*Box::leak(file(11).into_boxed_slice())).unwrap();
    let named = |limit| section_named(&parsed, ".dep-v0", &Budget::limited(limit)).map(drop);
    assert_eq!((named(11_000), named(10_000)), (Ok(()), Err(Exhausted { limit: 10_000 })));
}
