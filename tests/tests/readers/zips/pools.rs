//! Values that are odd where they are put.

use crate::chance::Chance;

pub const NAMES: &[&[u8]] = &[
    b"a",
    b"b",
    b"a/",
    b"a/b",
    b"a//b",
    b"./a",
    b"a/./b",
    b"/a",
    b"//a/b",
    b"../a",
    b"a/../b",
    b"..",
    b".",
    b"",
    b"/",
    b"a\\b",
    b"\\a",
    b"C:a",
    b"C:/a",
    b"c:\\a",
    b"a\0b",
    b"a\0",
    b"\0",
    b"a\nb",
    b"a\x7f",
    b"a ",
    b" a",
    b"a.",
    b"A",
    b"con",
    b"a:b",
    b"a*b",
    "\u{e4}".as_bytes(),
    "a\u{308}".as_bytes(),
    "a\u{2028}b".as_bytes(),
    "a\u{85}b".as_bytes(),
    "\u{feff}a".as_bytes(),
    "\u{202e}a".as_bytes(),
    b"\xff",
    b"\x81a",
    b"\xed\xa0\x80",
    &[b'n'; 300],
    b"a-1.dist-info/METADATA",
    b"a-1.dist-info/RECORD",
];

pub const FLAGS: &[u16] = &[
    1,
    1 << 1,
    1 << 2,
    3 << 1,
    1 << 3,
    1 << 4,
    1 << 5,
    1 << 6,
    1 << 7,
    1 << 8,
    1 << 10,
    1 << 11,
    1 << 11,
    1 << 12,
    1 << 13,
    1 << 14,
    1 << 15,
];

pub const METHODS: &[u16] = &[0, 8, 0, 8, 1, 6, 9, 12, 14, 93, 95, 99, 0xFFFF];

pub const VERSIONS: &[u16] = &[0, 10, 20, 45, 46, 63, 64, 255, 0x0314, 0xFF14, 0xFFFF];

pub const SIZES: &[u32] = &[0, 1, 7, 8, 16, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF];

/// Types and permissions in the upper half of the attributes.
pub const MODES: &[u32] = &[
    0, 0o644, 0o755, 0o100_644, 0o100_755, 0o100_001, 0o104_755, 0o040_755, 0o040_000, 0o120_777,
    0o020_644, 0o060_644, 0o010_644, 0o140_644, 0o150_644, 0o170_644, 0o100_000, 0o110_644,
];

/// With some of the bits of DOS: read-only, hidden, system, label, folder, archive.
pub fn attributes(mode: u32, chance: &mut Chance) -> u32 {
    let dos = [0, 0, 0x10, 0x01, 0x20, 0x08, 0x30][chance.below(7)];
    mode << 16 | dos
}

pub const EXTRAS: &[&[u8]] = &[
    // Times, owners, an empty one, padding of Android's tools.
    b"\x55\x54\x05\x00\x01\x00\x00\x00\x00",
    b"\x55\x54\x05\x00\x03\x00\x00\x00\x00",
    b"\x75\x78\x0b\x00\x01\x04\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    b"\x0a\x00\x20\x00\0\0\0\0\x01\x00\x18\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    b"\x0a\x00\x04\x00\0\0\0\0",
    b"\xfe\xca\x00\x00",
    b"\x35\xd9\x02\x00\0\0",
    // Malformed: too short, no room, zeros.
    b"\x55",
    b"\x55\x54\x05",
    b"\x55\x54\x05\x00\x01",
    b"\0\0\0\0",
    b"\0\0\0",
    // zip64, AES, a Unix link's target, a comment in Unicode, strong encryption.
    b"\x01\x00\x00\x00",
    b"\x01\x00\x08\x00\x08\x00\x00\x00\x00\x00\x00\x00",
    b"\x01\x00\x10\x00\x08\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00",
    b"\x01\x00\x04\x00\0\0\0\0",
    b"\x01\x99\x07\x00\x02\x00AE\x03\x08\x00",
    b"\x0d\x00\x0c\x00\0\0\0\0\0\0\0\0\0\0\0\0",
    b"\x75\x63\x06\x00\x01\0\0\0\0c",
    b"\x17\x00\x04\x00\x02\x00\x00\x00",
    b"\x46\x49\x02\x00\0\0",
    b"\x6e\x75\x0e\x00\0\0\0\0\xed\x41\0\0\0\0\0\0\0\0",
];

pub const COMMENTS: &[&[u8]] = &[
    b"a comment",
    b"\0",
    b"PK",
    b"PK\x05\x06",
    b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    b"PK\x06\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0",
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x07\x08",
    b"#!/usr/bin/env python3\n",
    b"",
    b"\xff\xff",
];

/// An extra field.
pub fn field(id: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&id.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
