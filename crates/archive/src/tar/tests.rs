use super::*;

const NAME: usize = 0;
const MODE: usize = 100;
const UID: usize = 108;
const SIZE: usize = 124;
const SUM: usize = 148;
const KIND: usize = 156;
const LINK: usize = 157;
const MAGIC: usize = 257;
const PREFIX: usize = 345;

/// One member as raw blocks, with some bytes of its header set before the checksum is made.
fn raw(name: &str, kind: u8, content: &[u8], edits: &[(usize, &[u8])]) -> Vec<u8> {
    let mut block = vec![0; BLOCK];
    let size = format!("{:011o}", content.len());
    let fields: [(usize, &[u8]); 5] = [
        (NAME, name.as_bytes()),
        (MODE, b"0000644"),
        (SIZE, size.as_bytes()),
        (KIND, &[kind]),
        (MAGIC, b"ustar\x0000"),
    ];
    for (at, bytes) in fields.iter().chain(edits) {
        block[*at..at + bytes.len()].copy_from_slice(bytes);
    }
    let sum = format!("{:06o}\0 ", checksum(&block));
    block[SUM..SUM + 8].copy_from_slice(sum.as_bytes());
    block.extend_from_slice(content);
    block.resize(block.len().next_multiple_of(BLOCK), 0);
    block
}

fn file(name: &str) -> Vec<u8> {
    raw(name, b'0', b"x", &[])
}

fn archive(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), vec![0; 2 * BLOCK]].concat()
}

fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length: &usize| length.to_string().len() + rest.len() == *length);
    format!("{}{rest}", length.unwrap()).into_bytes()
}

fn pax(records: &[Vec<u8>]) -> Vec<u8> {
    raw("h", b'x', &records.concat(), &[])
}

fn check(parts: &[Vec<u8>], expected: Result<&[&str], &str>) {
    let found = read(&archive(parts));
    let paths = found
        .as_ref()
        .map(|entries| entries.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>());
    match (paths, expected) {
        (Ok(paths), Ok(expected)) => assert_eq!(paths, expected),
        (Err(error), Err(code)) => assert_eq!(error.code().name, code, "{error}"),
        (found, expected) => panic!("found {found:?}, expected {expected:?}"),
    }
}

#[test]
fn what_is_written_reads_back() {
    let long = format!("{}/{}", "d".repeat(90), "f".repeat(90));
    let endless = format!("{}/{}", "d".repeat(300), "f".repeat(300));
    let entries = [
        Entry::new("b/ä", *b"text"),
        Entry::executable("a", vec![7; 513]),
        Entry::new(long, *b""),
        Entry::new(endless, *b"z"),
    ];
    let bytes = write(&entries, 1_700_000_000).unwrap();
    assert_eq!(read(&bytes).unwrap(), entries);
}

#[test]
fn the_writer_gives_the_bytes_that_it_always_gave() {
    let entries = [
        Entry::new("a.txt", *b"hello\n"),
        Entry::executable("bin/run", vec![1; 700]),
        Entry::new(format!("{}/x", "long".repeat(30)), *b"l"),
        Entry::new("\u{fc}", *b"u"),
    ];
    let bytes = write(&entries, 315_532_800).unwrap();
    let digest = model::Digest::of(&bytes).to_string();
    assert_eq!((bytes.len(), digest.as_str()), (6_656, GOLDEN_TAR));
    let packed = crate::gzip::write(&bytes);
    let digest = model::Digest::of(&packed).to_string();
    assert_eq!((packed.len(), digest.as_str()), (238, GOLDEN_GZIP));
}

const GOLDEN_TAR: &str = "sha256:03c23faee1ccdb846fbb4fcbc921c9ef0f31da0b9b3b945f25d659c82fa61c9c";
const GOLDEN_GZIP: &str = "sha256:025e15dd30856377a1c06d2f6175237c2d89fb99cc7911d7bf54868c80c5bca6";

#[test]
fn what_a_package_may_not_hold_is_not_written() {
    let refused =
        |path: &str| write(&[Entry::new(path, *b"")], 0).map_err(|error| error.code().name);
    for path in ["/a", "../a", "a/", "", "a\nb"] {
        assert_eq!(refused(path), Err("archive-path"), "{path:?}");
    }
    let twice = [Entry::new("a", *b""), Entry::new("a", *b"")];
    assert_eq!(write(&twice, 0).map_err(|error| error.code().name), Err("archive-duplicate"));
    assert_eq!(write(&[], 1 << 33), Err(ArchiveError::Time { epoch: 1 << 33 }));
}

#[test]
fn spellings_of_other_writers_are_understood() {
    check(&[], Ok(&[]));
    check(&[raw("./", b'5', b"", &[]), file("./a")], Ok(&["a"]));
    check(&[raw("d/", b'5', b"", &[]), raw("d", b'5', b"", &[]), file("d/a")], Ok(&["d/a"]));
    check(&[raw("d/", 0, b"", &[(MAGIC, &[0; 8])])], Ok(&[]));
    check(&[raw("old", 0, b"x", &[(MAGIC, &[0; 8])])], Ok(&["old"]));
    check(&[raw("n", b'0', b"x", &[(PREFIX, b"p/q")])], Ok(&["p/q/n"]));
    check(&[raw("n", b'0', b"x", &[(MAGIC, b"ustar  \0")])], Ok(&["n"]));
    check(&[raw("n", b'0', b"x", &[(SIZE, b"          1 ")])], Ok(&["n"]));
    check(&[raw("n", b'0', b"x", &[(108, b"\x80\0\0\0\0\x30\0\0")])], Ok(&["n"]));
    check(&[raw("././@LongLink", b'L', b"long/name\0", &[]), file("n")], Ok(&["long/name"]));
    check(&[pax(&[record("path", "p/ä"), record("mtime", "1.5")]), file("n")], Ok(&["p/ä"]));
    check(&[pax(&[record("size", "1")]), file("n")], Ok(&["n"]));
    let comment = raw("pax_global_header", b'g', &record("comment", "abc"), &[]);
    check(&[comment, file("n")], Ok(&["n"]));
    let lone_block = [file("n"), vec![0; BLOCK]].concat();
    assert_eq!(read(&lone_block).unwrap().len(), 1);
}

#[test]
fn members_that_are_no_regular_files_are_refused() {
    for kind in *b"1234567SMDVAZ\xff" {
        let expected = if kind == b'5' { Ok(&[][..]) } else { Err("archive-special-file") };
        check(&[raw("n", kind, b"", &[(LINK, b"x")])], expected);
    }
    let sparse = [record("GNU.sparse.major", "1"), record("GNU.sparse.minor", "0")];
    check(&[pax(&sparse), file("n")], Err("archive-special-file"));
    for kind in *b"125" {
        check(&[raw("n", kind, b"x", &[])], Err("archive-corrupt"));
    }
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    for path in ["/a", "../a", "a/../../b", "a/..", "a\\b", "C:\\a", "a\nb"] {
        check(&[file(path)], Err("archive-path"));
        check(&[pax(&[record("path", path)]), file("n")], Err("archive-path"));
        check(&[raw("L", b'L', path.as_bytes(), &[]), file("n")], Err("archive-path"));
    }
    check(&[raw("", b'0', b"x", &[])], Err("archive-path"));
    check(&[raw("n", b'0', b"x", &[(NAME, b"\xff")])], Err("archive-path"));
    check(&[pax(&[record("path", "a\0b")]), file("n")], Err("archive-corrupt"));
    check(&[raw("L", b'L', b"a\0b\0", &[]), file("n")], Err("archive-corrupt"));
    check(&[file("a"), file("a")], Err("archive-duplicate"));
    check(&[file("a"), file("./a")], Err("archive-duplicate"));
    check(&[file("a"), file("a/b")], Err("archive-file-and-folder"));
    check(&[file("a"), raw("a/", b'5', b"", &[])], Err("archive-file-and-folder"));
}

#[test]
fn headers_that_two_readers_would_take_differently_are_refused() {
    let long = || raw("L", b'L', b"other\0", &[]);
    let named = || pax(&[record("path", "named")]);
    check(&[named(), long(), file("n")], Err("archive-corrupt"));
    check(&[long(), named(), file("n")], Err("archive-corrupt"));
    check(&[named(), named(), file("n")], Err("archive-corrupt"));
    check(&[long(), long(), file("n")], Err("archive-corrupt"));
    check(&[pax(&[record("path", "a"), record("path", "b")]), file("n")], Err("archive-corrupt"));
    check(&[pax(&[record("size", "1"), record("size", "2")]), file("n")], Err("archive-corrupt"));
    check(&[raw("g", b'g', &record("path", "all"), &[]), file("n")], Err("archive-corrupt"));
    check(&[raw("g", b'g', &record("size", "0"), &[]), file("n")], Err("archive-corrupt"));
    check(&[named()], Err("archive-truncated"));
    for malformed in
        ["", "5", "5 a=b", "99999999 a=b\n", "6 a=b\nx", "6 =ab\n", "4 ab\n", "-6 a=b\n"]
    {
        let expected = if malformed.is_empty() { Ok(&["n"][..]) } else { Err("archive-corrupt") };
        check(&[pax(&[malformed.into()]), file("n")], expected);
    }
}

#[test]
fn damage_is_refused() {
    let good = archive(&[file("a"), file("b")]);
    for end in 0..good.len() - BLOCK {
        assert!(read(&good[..end]).is_err(), "{end} bytes were accepted");
    }
    let code = |bytes: &[u8]| read(bytes).map_err(|error| error.code().name);
    assert_eq!(code(b""), Err("archive-format"));
    assert_eq!(code(&[b'x'; 2048]), Err("archive-format"));
    assert_eq!(code(&[&good[..], b"more"].concat()), Err("archive-trailing-bytes"));
    let mut flipped = good.clone();
    flipped[1024] ^= 1;
    assert_eq!(code(&flipped), Err("archive-checksum"));
    check(&[raw("n", b'0', b"x", &[(SIZE, b"77777777777")])], Err("archive-too-large"));
    check(&[raw("n", b'0', b"x", &[(SIZE, b"00000077777")])], Err("archive-truncated"));
    check(&[raw("n", b'0', b"x", &[(SIZE, b"9")])], Err("archive-corrupt"));
    check(
        &[raw("n", b'0', b"x", &[(SIZE, b"\x80\0\0\0\0\0\0\0\0\0\0\x01")])],
        Err("archive-corrupt"),
    );
    check(&[pax(&[record("size", "9223372036854775807")]), file("n")], Err("archive-too-large"));
    check(&[pax(&[record("size", "18446744073709551616")]), file("n")], Err("archive-corrupt"));
    check(&[raw("x", b'x', b"", &[(SIZE, b"00004000001")])], Err("archive-header-too-large"));
}

#[test]
fn an_image_s_layer_may_hold_links_devices_and_names_twice() {
    let parts = [
        raw("etc/", b'5', b"", &[(MODE, b"0001777")]),
        raw("etc/a", b'2', b"", &[(LINK, b"/usr/a")]),
        raw("etc/b", b'1', b"", &[(LINK, b"etc/a")]),
        raw("dev/null", b'3', b"", &[]),
        file("system-a\\x2db.slice"),
        file("system-a\\x2db.slice"),
    ];
    let bytes = archive(&parts);
    let found = members(&bytes).unwrap();
    let kinds: Vec<&Kind> = found.iter().map(|member| &member.kind).collect();
    let links = [Kind::Symlink("/usr/a".to_owned()), Kind::Hardlink("etc/a".to_owned())];
    let expected = [&Kind::Folder, &links[0], &links[1], &Kind::Device, &Kind::File, &Kind::File];
    assert_eq!(kinds, expected);
    assert_eq!((found[0].path.as_str(), found[0].mode), ("etc", 0o1777));
    assert_eq!(repeated(&found), ["system-a\\x2db.slice"]);
}

#[test]
fn a_layer_may_end_after_any_member_and_a_package_may_not() {
    let parts = [file("a"), file("b")].concat();
    for end in [parts.len(), parts.len() - 511, parts.len() - 100, BLOCK + 1] {
        let count = if end > 2 * BLOCK { 2 } else { 1 };
        assert_eq!(members(&parts[..end]).unwrap().len(), count, "{end} bytes");
        assert!(read(&parts[..end]).is_err(), "{end} bytes were accepted");
    }
    for end in [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 1, 3 * BLOCK] {
        assert!(members(&parts[..end]).is_err(), "{end} bytes were accepted");
    }
    let package = |end: usize| members_within(&parts[..end], &Budget::of(1_000)).is_ok();
    assert!(!package(parts.len()) && !package(parts.len() - 100));
    for (zeros, fits) in [(1, false), (BLOCK, true), (BLOCK + 1, false), (2 * BLOCK, true)] {
        let ended = [&parts[..], &vec![0; zeros]].concat();
        assert_eq!(members(&ended).is_ok(), fits, "{zeros} zeros");
    }
    let header_alone = pax(&[record("path", "p")]);
    assert!(members(&header_alone).is_err());
}

#[test]
fn no_damage_makes_the_reader_panic_or_grow() {
    let records = [record("path", "p"), record("size", "1")];
    let good = archive(&[pax(&records), file("a"), raw("L", b'L', b"long\0", &[]), file("b")]);
    crate::mutation::each(&good, 1_000, |bytes| {
        if let Ok(entries) = read(bytes) {
            let size: usize = entries.iter().map(|entry| entry.bytes.len()).sum();
            assert!(size <= bytes.len());
        }
    });
}

#[test]
fn members_are_taken_from_the_budget_of_their_archive() {
    let archive = archive(&(0..100).map(|at| file(&format!("f{at}"))).collect::<Vec<_>>());
    assert!(members_within(&archive, &Budget::limited(100_000)).is_ok());
    let refused = members_within(&archive, &Budget::limited(1_000));
    assert_eq!(refused, Err(ArchiveError::TooMuchWork { limit: 1_000 }));
}

mod others;
