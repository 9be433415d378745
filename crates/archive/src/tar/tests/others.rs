//! What other readers would read otherwise.

use super::*;

#[test]
fn a_prefix_that_not_every_reader_sees_is_refused() {
    let check = |magic: &[u8], prefix: &[u8], expected| {
        check(&[raw("n", b'0', b"x", &[(MAGIC, magic), (PREFIX, prefix)])], expected);
    };
    check(b"ustar\x0000", b"p", Ok(&["p/n"]));
    check(b"ustar\x0000", b"\0p", Ok(&["n"]));
    check(b"ustar  \0", b"\0p", Ok(&["n"]));
    let refused = Err("archive-corrupt");
    for magic in [&b"ustar  \0"[..], &[0; 8], b"ustar\x0001", b"ustar 00", b"USTAR\x0000"] {
        check(magic, b"p", refused);
        check(magic, b"..", refused);
        check(magic, b"14112713701\0", refused);
    }
    // As star writes it, the prefix is shorter, and times come after it.
    let long = [&[b'p'; 140][..], &[0; 23], b"tar\0"].concat();
    check(b"ustar\x0000", &long, refused);
    let timed = [&[b'p'; 100][..], &[0; 31], b"644 junk\0\0\0\0", &[0; 20], b"tar\0"].concat();
    check(b"ustar\x0000", &timed, refused);
    let short = [&[b'p'; 100][..], &[0; 63], b"tar\0"].concat();
    let path = format!("{}/n", "p".repeat(100));
    check(b"ustar\x0000", &short, Ok(&[path.as_str()]));
}

#[test]
fn numbers_that_some_readers_stop_at_are_refused() {
    let fields = [(108, 8), (116, 8), (136, 12), (329, 8), (337, 8)];
    for (at, length) in fields {
        let check = |text: &[u8], expected| {
            let mut field = text.to_vec();
            field.resize(length, if text.starts_with(&[0xff]) { 0xff } else { 0 });
            check(&[raw("n", b'0', b"x", &[(at, &field)])], expected);
        };
        for good in [&b""[..], b"0", b"  17 ", b"0000644", b"\x80"] {
            check(good, Ok(&["n"]));
        }
        for bad in [&b"8"[..], b"x", b"-1", b"0o7", b"1 2", b"1\x002", b"\x81", b"\xfe", b"\xc0"] {
            check(bad, Err("archive-corrupt"));
        }
    }
    let device = |major: &[u8]| raw("n", b'3', b"", &[(329, major)]);
    for (major, fits) in
        [(&b"0000001"[..], true), (b"", true), (b"        ", false), (b"\x80", false)]
    {
        assert_eq!(members(&archive(&[device(major)])).is_ok(), fits, "{major:?}");
    }
    // More than 64 bits.
    let wide = |field: &[u8]| raw("n", b'0', b"x", &[(136, field)]);
    check(&[wide(b"\x80\0\0\0\0\0\0\0\0\0\0\x01")], Ok(&["n"]));
    check(&[wide(b"\x80\0\0\x01\0\0\0\0\0\0\0\0")], Err("archive-corrupt"));
    check(&[wide(b"\x80\0\0\0\xff\0\0\0\0\0\0\0")], Err("archive-corrupt"));
    check(&[wide(b"\xff\xff\xff\xff\x7f\0\0\0\0\0\0\0")], Err("archive-corrupt"));
}

#[test]
fn a_header_that_goes_on_in_its_padding_is_refused() {
    let check = |kind: u8, content: &[u8], padding: &[u8], expected| {
        let mut part = raw("h", kind, content, &[]);
        part[BLOCK + content.len()..][..padding.len()].copy_from_slice(padding);
        check(&[part, file("n")], expected);
    };
    check(b'L', b"long", b"\0", Ok(&["long"]));
    check(b'L', b"long", b"er", Err("archive-corrupt"));
    check(b'K', b"long", b"er", Err("archive-corrupt"));
    check(b'x', &record("path", "a"), &record("path", "b"), Err("archive-corrupt"));
    check(b'g', &record("comment", "a"), b"\0\0x", Err("archive-corrupt"));
    check(b'0', b"content", b"anything", Ok(&["h", "n"]));
}

#[test]
fn records_that_some_readers_stop_at_are_refused() {
    let said = |key: &str, value: &str, fits: bool| {
        let expected = if fits { Ok(&["n"][..]) } else { Err("archive-corrupt") };
        check(&[pax(&[record(key, value)]), file("n")], expected);
    };
    for time in ["0", "1700000000", "1700000000.5", "5.", "-1.5"] {
        said("mtime", time, true);
    }
    for time in ["", ".5", "-", "+1", "1e3", " 1", "1.5.5", "nan", "99999999999999999999", "1.x"] {
        said("mtime", time, false);
        said("ctime", time, false);
    }
    for id in ["0", "3000000", "4294967295"] {
        said("uid", id, true);
        said("gid", id, true);
    }
    for id in ["", "-1", "+1", "1_0", "4294967296", "\u{661}"] {
        said("uid", id, false);
        said("gid", id, false);
    }
    said("uname", "a\0b", false);
    said("SCHILY.xattr.a", "a\0b", true);
    said("hdrcharset", "BINARY", true);
    said("hdrcharset", "latin-1", false);
    said(" path", "p", false);
    said("GNU.volume.label", "v", false);
    said("pa\0th", "p", false);
    let all = |key, value| raw("g", b'g', &record(key, value), &[]);
    check(&[all("mtime", "x"), file("n")], Err("archive-corrupt"));
    check(&[all("uid", "0"), file("n")], Err("archive-corrupt"));
    check(&[file("n"), all("comment", "")], Err("archive-truncated"));
}

#[test]
fn an_owner_is_the_one_that_every_reader_sees() {
    let check = |parts: &[Vec<u8>], expected: Option<u64>| {
        let bytes = archive(parts);
        let found = members(&bytes).map(|members| members[0].uid);
        assert_eq!(found.ok(), expected);
    };
    let owned = |field: &[u8]| raw("n", b'0', b"x", &[(UID, field)]);
    check(&[owned(b"0001750\0")], Some(1000));
    check(&[owned(b"\x80\0\0\0\0\0\0\0")], Some(0));
    check(&[owned(b"\x80\0\0\0\0\x2d\xc6\xc0")], Some(3_000_000));
    check(&[pax(&[record("uid", "0")]), owned(b"0001750\0")], Some(0));
    check(&[pax(&[record("uid", "3000000")]), owned(b"")], Some(3_000_000));
    check(&[owned(b"\xff\xff\xff\xff\xff\xff\xff\xfe")], None);
    check(&[owned(b"\x80\0\0\x01\0\0\0\0")], None);
    check(&[owned(b"        ")], None);
}

#[test]
fn a_file_that_is_called_as_a_folder_is_refused() {
    let refused = Err("archive-corrupt");
    check(&[raw("d/", b'0', b"", &[])], refused);
    check(&[raw("d/", b'0', b"x", &[])], refused);
    check(&[pax(&[record("path", "d/")]), file("n")], refused);
    check(&[pax(&[record("path", "d/")]), raw("n", 0, b"", &[])], refused);
    check(&[raw("././@LongLink", b'L', b"d/\0", &[]), file("n")], refused);
    check(&[pax(&[record("path", "n")]), raw("d/", 0, b"", &[])], refused);
    check(&[pax(&[record("path", "d/")]), raw("n", b'5', b"", &[])], Ok(&[]));
}
