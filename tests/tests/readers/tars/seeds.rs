//! What is changed: archives of every kind that the specifications know.

use archive::Entry;

use super::{Part, archive};

/// Archives that say what they mean in one way.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![ours(), plain(), pax(), gnu(), old(), layer(), prefixed(), sparse()];
    // GNU's times of an incremental archive are where POSIX has a part of the path.
    let times = Part::new("top/a", b'0', b"times").with(257, b"ustar  \0");
    seeds.push(archive(&[times.with(345, b"14524770000\x0014524770000\0")]));
    seeds.push(archive(&[global(), Part::new("top/a", b'0', b"content")]));
    seeds
}

/// What this project writes.
fn ours() -> Vec<u8> {
    let long = format!("top/{}/{}", "d".repeat(90), "n".repeat(120));
    let entries = [
        Entry::new("top/PKG-INFO", *b"Name: top\n"),
        Entry::executable("top/run", *b"#!/bin/sh\n"),
        Entry::new(long, *b"long"),
        Entry::new("top/\u{e4}", *b"umlaut"),
    ];
    ::archive::tar::write(&entries, 1_700_000_000).unwrap()
}

fn plain() -> Vec<u8> {
    archive(&[
        Part::new("top/", b'5', b"").with(100, b"0000755\0"),
        Part::new("top/a", b'0', b"content"),
        Part::new("top/run", b'0', b"#!/bin/sh\n").with(100, b"0000755\0"),
        Part::new("top/empty", b'0', b""),
        Part::new("top/block", b'0', &[b'x'; 512]),
        Part::new("top/more", b'0', &[b'y'; 513]),
    ])
}

fn records(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (key, value) in pairs {
        let rest = format!(" {key}={value}\n");
        let short = rest.len() + rest.len().to_string().len();
        text.push_str(&format!("{}{rest}", rest.len() + short.to_string().len()));
    }
    text.into_bytes()
}

fn pax() -> Vec<u8> {
    let long = format!("top/{}", "n".repeat(200));
    let times = records(&[("mtime", "1700000000.5"), ("atime", "1700000000")]);
    archive(&[
        Part::new("top/PaxHeaders/a", b'x', &records(&[("path", "top/\u{e4}"), ("size", "7")])),
        Part::new("top/a", b'0', b"content"),
        Part::new("top/PaxHeaders/b", b'x', &records(&[("path", &long)])),
        Part::new("top/b", b'0', b"long"),
        Part::new("top/PaxHeaders/c", b'x', &records(&[("linkpath", &long)])),
        Part::new("top/c", b'2', b""),
        Part::new("top/PaxHeaders/d", b'x', &times),
        Part::new("top/d", b'0', b"times"),
        Part::new("top/PaxHeaders/e", b'x', &records(&[("uid", "3000000"), ("uname", "me")])),
        Part::new("top/e", b'0', b"owner"),
    ])
}

fn global() -> Part {
    Part::new("pax_global_header", b'g', &records(&[("comment", "0123456789abcdef")]))
}

fn gnu() -> Vec<u8> {
    let long = format!("top/{}\0", "n".repeat(200));
    let gnu = |name: &str, kind, body: &[u8]| Part::new(name, kind, body).with(257, b"ustar  \0");
    archive(&[
        gnu("././@LongLink", b'L', long.as_bytes()),
        gnu("top/a", b'0', b"content"),
        gnu("././@LongLink", b'K', long.as_bytes()),
        gnu("top/b", b'2', b""),
        gnu("top/c", b'0', b"owner").with(108, b"\x80\0\0\0\0\x2d\xc6\xc0"),
    ])
}

/// Before POSIX: no magic, no names of owners, a folder is a name with a slash.
fn old() -> Vec<u8> {
    let bare = |name: &str, body: &[u8]| Part::new(name, 0, body).with(257, &[0; 88]);
    archive(&[bare("top/", b""), bare("top/a", b"content"), bare("top/b", b"more")])
}

/// What a layer of an image may hold besides.
fn layer() -> Vec<u8> {
    archive(&[
        Part::new("./", b'5', b"").with(100, b"0000755\0"),
        Part::new("./etc/", b'5', b""),
        Part::new("./etc/a", b'0', b"content").with(100, b"0004755\0"),
        Part::new("./etc/link", b'2', b"").with(157, b"../etc/a"),
        Part::new("./etc/hard", b'1', b"").with(157, b"./etc/a"),
        Part::new("./dev/null", b'3', b"").with(329, b"0000001\x000000003\0"),
        Part::new("./dev/loop", b'4', b"").with(329, b"0000007\x000000000\0"),
        Part::new("./run/pipe", b'6', b""),
        Part::new("./etc/.wh.gone", b'0', b""),
        Part::new("./etc/a", b'0', b"again"),
    ])
}

fn prefixed() -> Vec<u8> {
    archive(&[
        Part::new("name", b'0', b"content").with(345, b"top/of"),
        Part::new("folder/", b'5', b"").with(345, b"top"),
        Part::new("link", b'2', b"").with(157, b"name").with(345, b"top/of"),
    ])
}

/// GNU's and pax's forms of files with holes.
fn sparse() -> Vec<u8> {
    let map = "1\n0\n7\n";
    let body = [map.as_bytes(), &[0; 512][map.len()..], b"content"].concat();
    let names = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "top/hole"),
        ("GNU.sparse.realsize", "7"),
    ];
    let old = Part::new("top/old", b'S', b"content").with(257, b"ustar  \0");
    let old = old.with(386, b"00000000000\x0000000000007\0").with(483, b"00000000007\0");
    archive(&[
        Part::new("top/first", b'0', b"first"),
        Part::new("PaxHeaders/hole", b'x', &records(&names)),
        Part::new("GNUSparseFile/hole", b'0', &body),
        old,
    ])
}
