mod refused;

use super::*;

/// Field offsets in a file's own header and in a row of the directory.
const FILE_FLAGS: usize = 6;
const FILE_METHOD: usize = 8;
const FILE_CRC: usize = 14;
const FILE_PACKED: usize = 18;
const FILE_SIZE: usize = 22;
const FILE_EXTRA_LENGTH: usize = 28;
const ROW_FLAGS: usize = 8;
const ROW_METHOD: usize = 10;
const ROW_CRC: usize = 16;
const ROW_PACKED: usize = 20;
const ROW_SIZE: usize = 24;
const ROW_EXTRA_LENGTH: usize = 30;
const ROW_COMMENT_LENGTH: usize = 32;
const ROW_DISK: usize = 34;
const ROW_MODE: usize = 40;
const ROW_OFFSET: usize = 42;

/// A zip file in its parts, each of which a test can break.
#[derive(Clone)]
struct Parts {
    files: Vec<Vec<u8>>,
    rows: Vec<Vec<u8>>,
    before_end: Vec<u8>,
    end: Vec<u8>,
}

/// Two stored files called `aa` and `bb`, with `x` and `y` in them.
fn parts() -> Parts {
    let bytes = write(&[Entry::new("aa", *b"x"), Entry::new("bb", *b"y")], 0).unwrap();
    let (file, row) = (30 + 2 + 1, 46 + 2);
    let cut = |start: usize, length: usize| bytes[start..start + length].to_vec();
    Parts {
        files: vec![cut(0, file), cut(file, file)],
        rows: vec![cut(2 * file, row), cut(2 * file + row, row)],
        before_end: Vec::new(),
        end: bytes[2 * file + 2 * row..].to_vec(),
    }
}

impl Parts {
    fn bytes(&self) -> Vec<u8> {
        [self.files.concat(), self.rows.concat(), self.before_end.clone(), self.end.clone()]
            .concat()
    }

    /// The same with the end record and the offsets made to fit what the parts have become.
    fn fitted(mut self) -> Vec<u8> {
        let mut offset = 0_usize;
        for (file, row) in self.files.iter().zip(&mut self.rows) {
            put(row, ROW_OFFSET, &u32::try_from(offset).unwrap().to_le_bytes());
            offset += file.len();
        }
        let (rows, size) = (self.rows.len(), self.rows.concat().len());
        let offset = self.files.concat().len();
        put(&mut self.end, 8, &u16::try_from(rows).unwrap().to_le_bytes());
        put(&mut self.end, 10, &u16::try_from(rows).unwrap().to_le_bytes());
        put(&mut self.end, 12, &u32::try_from(size).unwrap().to_le_bytes());
        put(&mut self.end, 16, &u32::try_from(offset).unwrap().to_le_bytes());
        self.bytes()
    }
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    bytes[at..at + value.len()].copy_from_slice(value);
}

/// What the reader says of the two files after `edit`, with the end record made to fit.
fn check(edit: impl FnOnce(&mut Parts), expected: &str) {
    let mut parts = parts();
    edit(&mut parts);
    said(&parts.fitted(), expected);
}

/// The same, but the bytes stay as `edit` leaves them.
fn check_bytes(edit: impl FnOnce(&mut Parts), expected: &str) {
    let mut parts = parts();
    edit(&mut parts);
    said(&parts.bytes(), expected);
}

fn said(bytes: &[u8], expected: &str) {
    let found = match read(bytes) {
        Ok(_) => "fine".to_owned(),
        Err(error) => format!("{} {error}", error.code().name),
    };
    assert!(found.starts_with(expected), "expected {expected}, found {found}");
}

/// Sets a field of the first file's header and of its row.
fn both(parts: &mut Parts, file_at: usize, row_at: usize, value: &[u8]) {
    put(&mut parts.files[0], file_at, value);
    put(&mut parts.rows[0], row_at, value);
}

fn rename(parts: &mut Parts, index: usize, name: &[u8]) {
    put(&mut parts.files[index], 30, name);
    put(&mut parts.rows[index], 46, name);
}

fn file_extra(parts: &mut Parts, extra: &[u8]) {
    let length = u16::try_from(extra.len()).unwrap();
    put(&mut parts.files[0], FILE_EXTRA_LENGTH, &length.to_le_bytes());
    parts.files[0].splice(32..32, extra.iter().copied());
}

fn row_extra(parts: &mut Parts, extra: &[u8]) {
    let length = u16::try_from(extra.len()).unwrap();
    put(&mut parts.rows[0], ROW_EXTRA_LENGTH, &length.to_le_bytes());
    parts.rows[0].splice(48..48, extra.iter().copied());
}

fn field(id: u16, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap();
    [&id.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
}

fn numbers(values: &[u64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// The two files with a zip64 end record and its locator, all in order until `edit` breaks them.
fn zip64(edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut parts = parts();
    let (offset, size) = (parts.files.concat().len() as u64, parts.rows.concat().len() as u64);
    let mut record = b"PK\x06\x06".to_vec();
    record.extend(numbers(&[44]));
    record.extend([45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    record.extend(numbers(&[2, 2, size, offset]));
    record.extend(b"PK\x06\x07\0\0\0\0");
    record.extend(numbers(&[offset + size]));
    record.extend([1, 0, 0, 0]);
    edit(&mut record);
    parts.before_end = record;
    put(&mut parts.end, 8, &[0xFF; 12]);
    parts.bytes()
}

const ONES: [u8; 4] = [0xFF; 4];

#[test]
fn what_is_written_reads_back() {
    let entries = [
        Entry::new("b/ä.txt", *b"text"),
        Entry::executable("a", vec![7; 70_000]),
        Entry::new("empty", *b""),
    ];
    assert_eq!(read(&write(&entries, 1_700_000_000).unwrap()).unwrap(), entries);
    assert_eq!(read(&write(&[], 0).unwrap()).unwrap(), []);
}

#[test]
fn the_writer_gives_the_bytes_that_it_always_gave() {
    let text: Vec<u8> = (0..20_000_u32).flat_map(|n| (n * n % 251).to_le_bytes()).collect();
    let entries = [
        Entry::new("a/text", text),
        Entry::executable("b", *b"#!/bin/sh\n"),
        Entry::new("\u{fc}", vec![0; 5_000]),
    ];
    let bytes = write(&entries, 1_700_000_001).unwrap();
    let digest = model::Digest::of(&bytes).to_string();
    assert_eq!((bytes.len(), digest.as_str()), (1_549, GOLDEN));
}

const GOLDEN: &str = "sha256:b086dfa01d9527836dcb4ed173087e01d4bee072249240404eb357e32dd8743b";

#[test]
fn what_a_package_may_not_hold_is_not_written() {
    for path in ["/a", "../a", "a/", "", "a\nb"] {
        let error = write(&[Entry::new(path, *b"")], 0).unwrap_err();
        assert_eq!(error.code().name, "archive-path", "{path:?}");
    }
    let twice = [Entry::new("a", *b""), Entry::new("a", *b"")];
    assert_eq!(write(&twice, 0).unwrap_err().code().name, "archive-duplicate");
}

#[test]
fn spellings_of_other_writers_are_understood() {
    check(|_| {}, "fine");
    // Files may be stored in another order than the directory's.
    check_bytes(|parts| parts.rows.swap(0, 1), "fine");
    check(|parts| put(&mut parts.rows[0], ROW_MODE, &[0; 2]), "fine");
    check_bytes(
        |parts| {
            put(&mut parts.end, 20, &[4, 0]);
            parts.end.extend_from_slice(b"note");
        },
        "fine",
    );
    check(|parts| file_extra(parts, &field(0x5455, b"\x01abcd")), "fine");
    // Python writes zip64 sizes in front when it does not know the size yet.
    check(
        |parts| {
            put(&mut parts.files[0], FILE_PACKED, &ONES);
            put(&mut parts.files[0], FILE_SIZE, &ONES);
            file_extra(parts, &field(1, &numbers(&[1, 1])));
        },
        "fine",
    );
    check(
        |parts| {
            put(&mut parts.rows[0], ROW_PACKED, &ONES);
            put(&mut parts.rows[0], ROW_SIZE, &ONES);
            row_extra(parts, &field(1, &numbers(&[1, 1])));
        },
        "fine",
    );
    check(
        |parts| {
            let name = [&[1, 0, 0, 0, 0][..], b"aa"].concat();
            file_extra(parts, &field(0x7075, &name));
        },
        "fine",
    );
    said(&zip64(|_| {}), "fine");
}

#[test]
fn a_folder_is_passed_over_when_it_is_one() {
    let folder = |parts: &mut Parts, mode: u32| {
        rename(parts, 0, b"a/");
        put(&mut parts.rows[0], ROW_MODE, &u16::try_from(mode).unwrap().to_le_bytes());
    };
    let empty = |parts: &mut Parts| {
        both(parts, FILE_SIZE, ROW_SIZE, &[0]);
        both(parts, FILE_PACKED, ROW_PACKED, &[0]);
        both(parts, FILE_CRC, ROW_CRC, &[0; 4]);
        parts.files[0].pop();
    };
    check(|parts| (folder(parts, 0o040_755), empty(parts)).0, "fine");
    check(|parts| (folder(parts, 0), empty(parts)).0, "fine");
    check(|parts| folder(parts, 0o040_755), "archive-corrupt `a/` is a folder with content");
    check(|parts| (folder(parts, 0o100_644), empty(parts)).0, "archive-special-file `a/`");
    check(|parts| put(&mut parts.rows[0], ROW_MODE, &[0, 0x40]), "archive-special-file `aa`");
}

#[test]
fn damage_is_refused() {
    let good = parts().bytes();
    for end in 0..good.len() {
        assert!(read(&good[..end]).is_err(), "{end} bytes were accepted");
    }
    said(b"", "archive-format");
    said(&[b" ", &good[..]].concat(), "archive-format");
    said(&[b"PK", &good[..]].concat(), "archive-unknown-record");
    let packed = write(
        &[Entry::new(
            "z",
            (0..2_000_u32).flat_map(|n| (n * n % 251).to_le_bytes()).collect::<Vec<_>>(),
        )],
        0,
    )
    .unwrap();
    let size = u16::from_le_bytes([packed[FILE_PACKED], packed[FILE_PACKED + 1]]);
    let size = usize::from(size);
    // The last byte's upper bits are filler.
    for at in 31..31 + size - 1 {
        let mut bytes = packed.clone();
        bytes[at] ^= 0x10;
        assert!(read(&bytes).is_err(), "a change at {at} was accepted");
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_unpacked() {
    // The size in both headers is wrong, in either direction.
    let wrong_size = |size: u32| {
        let mut bytes = write(&[Entry::new("z", vec![0; 100_000])], 0).unwrap();
        let row = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        put(&mut bytes, FILE_SIZE, &size.to_le_bytes());
        put(&mut bytes, row + ROW_SIZE, &size.to_le_bytes());
        bytes
    };
    said(&wrong_size(100_000), "fine");
    said(&wrong_size(10), "archive-corrupt `z` is not as long");
    said(&wrong_size(100_001), "archive-corrupt `z` is not as long");
    said(&wrong_size(60 << 20), "archive-corrupt `z` states a larger size");
    said(&wrong_size(65 << 20), "archive-bomb");
    said(&wrong_size(u32::MAX - 1), "archive-bomb");
}

#[test]
fn a_file_that_is_a_tar_archive_too_is_refused() {
    let mut name = vec![b'n'; 482];
    put(&mut name, 148 - 30, b"0000000\0");
    let entry = Entry::new(String::from_utf8(vec![b'n'; 482]).unwrap(), *b"x");
    let mut bytes = write(&[entry], 0).unwrap();
    put(&mut bytes, 148, b"0000000 ");
    let sum = format!("{:07o} ", crate::tar::checksum(&bytes[..512]));
    put(&mut bytes, 148, sum.as_bytes());
    said(&bytes, "archive-polyglot");
}

#[test]
fn no_damage_makes_the_reader_panic_or_grow() {
    let entries = [Entry::new("a", vec![1; 300]), Entry::executable("b/c", *b"xyz")];
    for good in [write(&entries, 0).unwrap(), zip64(|_| {})] {
        crate::mutation::each(&good, 1_000, |bytes| {
            if let Ok(entries) = read(bytes) {
                let size: usize = entries.iter().map(|entry| entry.bytes.len()).sum();
                assert!(size <= bytes.len() * 1_100);
            }
        });
    }
}
