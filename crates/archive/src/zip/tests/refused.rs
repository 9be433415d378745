//! One defect per line, with the message for it.

use super::*;

#[test]
fn a_file_and_its_row_must_agree() {
    check(|parts| put(&mut parts.rows[0], ROW_CRC, &[1]), "archive-mismatch `aa` has one checksum");
    check(|parts| put(&mut parts.rows[0], ROW_SIZE, &[2]), "archive-mismatch `aa` has one size");
    check(
        |parts| put(&mut parts.rows[0], ROW_PACKED, &[2]),
        "archive-mismatch `aa` has one packed",
    );
    check(
        |parts| put(&mut parts.rows[0], ROW_METHOD, &[8]),
        "archive-mismatch `aa` has one method",
    );
    check(
        |parts| put(&mut parts.rows[0], ROW_FLAGS + 1, &[8]),
        "archive-mismatch `aa` has one flags",
    );
    check_bytes(
        |parts| put(&mut parts.rows[0], ROW_OFFSET, &[1]),
        "archive-mismatch `aa` has one off",
    );
    check(|parts| put(&mut parts.rows[0], 46, b"cc"), "archive-unlisted `aa`");
    check(|parts| drop(parts.rows.remove(1)), "archive-unlisted `bb`");
    check(|parts| drop(parts.files.remove(1)), "archive-unlisted `bb`");
    check(|parts| put(&mut parts.files[1], 30, b"aa"), "archive-duplicate `aa`");
    check(|parts| rename(parts, 1, b"aa"), "archive-duplicate `aa`");
    check(|parts| both(parts, FILE_CRC, ROW_CRC, &[0; 4]), "archive-checksum the checksum of `aa`");
    check(
        |parts| both(parts, FILE_SIZE, ROW_SIZE, &[2]),
        "archive-corrupt `aa` is stored, but has two",
    );
}

#[test]
fn what_no_installer_should_unpack_is_refused() {
    for bit in [0_u16, 6, 13] {
        check(
            |parts| both(parts, FILE_FLAGS, ROW_FLAGS, &(1_u16 << bit).to_le_bytes()),
            "archive-encr",
        );
    }
    check(|parts| both(parts, FILE_FLAGS, ROW_FLAGS, &[8]), "archive-data-descriptor `aa`");
    check(|parts| both(parts, FILE_FLAGS, ROW_FLAGS, &[32]), "archive-corrupt `aa` is a patch");
    for method in [1, 9, 12, 14, 93, 95] {
        check(|parts| both(parts, FILE_METHOD, ROW_METHOD, &[method]), "archive-method `aa`");
    }
    check(
        |parts| put(&mut parts.rows[0], ROW_MODE, &[0xFF, 0xA1]),
        "archive-special-file `aa` is a sym",
    );
    check(
        |parts| put(&mut parts.rows[0], ROW_MODE, &[0xFF, 0x21]),
        "archive-special-file `aa` is a dev",
    );
    check(
        |parts| put(&mut parts.rows[0], ROW_MODE - 2, &[0x10]),
        "archive-special-file `aa` is a folder by its attributes only",
    );
    check(
        |parts| put(&mut parts.rows[0], ROW_DISK, &[1]),
        "archive-corrupt `aa` is on another disk",
    );
    check(
        |parts| {
            put(&mut parts.rows[0], ROW_COMMENT_LENGTH, &[1]);
            parts.rows[0].push(b'c');
        },
        "archive-comment `aa`",
    );
}

#[test]
fn names_that_two_tools_would_read_differently_are_refused() {
    for name in [b"/a", b"..", b"a\\", b"C:"] {
        check(|parts| rename(parts, 0, name), "archive-path");
    }
    for name in [b"a\0", b"a\n", b"a\x7f"] {
        check(|parts| rename(parts, 0, name), "archive-path");
    }
    check(|parts| rename(parts, 0, b"\xFFa"), "archive-path the path `\u{FFFD}a` is not UTF-8");
    let umlaut = "\u{fc}".as_bytes();
    check(|parts| rename(parts, 0, umlaut), "archive-path the path `\u{fc}` is not ASCII");
    check(
        |parts| {
            rename(parts, 0, umlaut);
            both(parts, FILE_FLAGS + 1, ROW_FLAGS + 1, &[8]);
        },
        "fine",
    );
    let other = [&[1, 0, 0, 0, 0][..], b"cc"].concat();
    check(
        |parts| file_extra(parts, &field(0x7075, &other)),
        "archive-corrupt `aa` has another name",
    );
    check(
        |parts| row_extra(parts, &field(0x7075, &other)),
        "archive-corrupt `aa` has another name",
    );
    let same = field(0x7075, &[&[1, 0, 0, 0, 0][..], b"aa"].concat());
    check(|parts| file_extra(parts, &same.repeat(2)), "archive-corrupt `aa` has another name");
    let nested = write(&[Entry::new("aa", *b"x"), Entry::new("cc", *b"y")], 0).unwrap();
    let nested = String::from_utf8_lossy(&nested).replace("cc", "a/").into_bytes();
    assert!(read(&nested).is_err());
}

#[test]
fn zip64_fields_must_fit_their_header() {
    let field_of = |values: &[u64]| field(1, &numbers(values));
    for extra in [field_of(&[1, 2]), field_of(&[2, 1]), field_of(&[1]), field(1, &[0; 12])] {
        check(|parts| file_extra(parts, &extra), "archive-corrupt `aa` has a zip64 field");
    }
    check(|parts| file_extra(parts, &field(1, &[0; 29])), "archive-corrupt `aa` has a zip64 field");
    check(|parts| file_extra(parts, &field_of(&[1, 1]).repeat(2)), "archive-corrupt `aa` has two");
    check(
        |parts| put(&mut parts.files[0], FILE_SIZE, &ONES),
        "archive-corrupt `aa` leaves its size",
    );
    check(|parts| put(&mut parts.rows[0], ROW_SIZE, &ONES), "archive-corrupt `aa` leaves its size");
    check(
        |parts| {
            put(&mut parts.files[0], FILE_PACKED, &ONES);
            put(&mut parts.files[0], FILE_SIZE, &ONES);
            file_extra(parts, &field_of(&[u64::MAX, u64::MAX]));
        },
        "archive-truncated ends in the middle of `aa`",
    );
    for extra in [&b"\x01"[..], b"\x55\x54\x05\x00\x01", b"\x55\x54\x00\x00\x01"] {
        check(|parts| file_extra(parts, extra), "archive-corrupt `aa` has a malformed extra");
        check(|parts| row_extra(parts, extra), "archive-corrupt `aa` has a malformed extra");
    }
}

#[test]
fn the_end_must_fit_what_stands_before_it() {
    check_bytes(
        |parts| put(&mut parts.end, 8, &[1, 0, 1]),
        "archive-end-record its end record counts",
    );
    check_bytes(|parts| put(&mut parts.end, 10, &[3]), "archive-end-record its end record speaks");
    check_bytes(
        |parts| put(&mut parts.end, 12, &[1]),
        "archive-end-record its end record says that the",
    );
    check_bytes(
        |parts| put(&mut parts.end, 16, &[1]),
        "archive-end-record its end record says that the",
    );
    check_bytes(|parts| put(&mut parts.end, 4, &[1]), "archive-end-record its end record speaks");
    check_bytes(|parts| parts.end.push(0), "archive-trailing-bytes");
    check_bytes(|parts| parts.end = parts.end.repeat(2), "archive-trailing-bytes");
    check_bytes(|parts| parts.before_end.push(0), "archive-unknown-record");
    check(|parts| parts.files[0].push(0), "archive-unknown-record");
    check(|parts| parts.files[1].extend(b"PK\x07\x08"), "archive-unknown-record");
    check_bytes(
        |parts| {
            let again = parts.end.clone();
            put(&mut parts.end, 20, &[22, 0]);
            parts.end.extend(again);
        },
        "archive-end-record its end record has a comment",
    );
    said(&zip64(|record| put(record, 4, &[45])), "archive-end-record its end record has space");
    said(&zip64(|record| put(record, 24, &[1])), "archive-end-record its end record speaks");
    said(
        &zip64(|record| put(record, 24, &numbers(&[3, 3]))),
        "archive-end-record its end record counts",
    );
    said(&zip64(|record| put(record, 40, &[9])), "archive-end-record its end record says");
    said(&zip64(|record| put(record, 48, &[9])), "archive-end-record its end record says");
    said(
        &zip64(|record| put(record, 64, &[9])),
        "archive-end-record its end record for zip64 is not",
    );
    said(
        &zip64(|record| record.truncate(56)),
        "archive-end-record its end record for zip64 has no",
    );
    said(&zip64(|record| drop(record.drain(..56))), "archive-unknown-record");
    said(&zip64(Vec::clear), "archive-end-record");
}
