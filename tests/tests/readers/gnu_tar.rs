//! GNU tar: a list of the members, and the content of all files one after the other.

use std::fs;

use product_tests::judges::{self, Judge};
use product_tests::scratch::Scratch;
use serde_json::{Value, json};

use crate::reading::{Reading, digest};

/// What it makes of each input: rows of name, kind, mode, owner and link, and a digest of the
/// contents.
pub fn read(inputs: &[&[u8]]) -> Option<Vec<Reading>> {
    let tar = judges::find("tar")?;
    let version = tar.run(&["--version"]).stdout;
    if !version.contains("GNU tar") {
        product_tests::skip::skip("readers", "the `tar` here is not GNU tar");
        return None;
    }
    let work = Scratch::new("gnu-tar").unwrap();
    Some(inputs.iter().map(|input| one(&tar, &work, input)).collect())
}

fn one(tar: &Judge, work: &Scratch, input: &[u8]) -> Reading {
    let (archive, list) = (work.join("a.tar"), work.join("list"));
    fs::write(&archive, input).unwrap();
    let mut command = tar.command();
    command.args(["--extract", "--to-stdout", "--absolute-names", "--numeric-owner"]);
    command.args(["--quoting-style=c", "--full-time", "-vv"]);
    command.args([
        "--file".as_ref(),
        archive.as_os_str(),
        "--index-file".as_ref(),
        list.as_os_str(),
    ]);
    // What it writes is told in the language of the machine.
    let output = command.env("LC_ALL", "C").output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = fs::read_to_string(&list).unwrap();
    let rows: Option<Vec<Value>> = text.lines().map(row).collect();
    let rows = rows.unwrap_or_else(|| panic!("GNU tar's list has another form:\n{text}"));
    Ok(json!([rows, digest(&output.stdout)]))
}

/// `-rw-r--r-- 0/0 7 2023-11-14 22:13:20 "name" -> "target"`.
fn row(line: &str) -> Option<Value> {
    let (words, names) = line.split_at(line.find('"')?);
    let mut words = words.split_whitespace();
    let (permissions, owner) = (words.next()?, words.next()?);
    let kind = match permissions.chars().next()? {
        '-' => "file",
        'd' => "folder",
        'l' => "symlink",
        'h' => "hardlink",
        'c' | 'b' | 'p' => "device",
        _ => "of another kind",
    };
    let (name, rest) = unquoted(names)?;
    let link = match rest.strip_prefix(" -> ").or_else(|| rest.strip_prefix(" link to ")) {
        Some(link) => unquoted(link)?.0,
        None => String::new(),
    };
    let uid: u64 = owner.split_once('/')?.0.parse().ok()?;
    Some(json!([name, kind, mode(permissions.as_bytes())?, uid, link]))
}

fn mode(letters: &[u8]) -> Option<u32> {
    let mut mode = 0;
    for (at, letter) in letters.get(1..10)?.iter().enumerate() {
        let bit = 0o400 >> at;
        let special = 0o4000 >> (at / 3);
        mode |= match letter {
            b'-' => 0,
            b'r' | b'w' | b'x' => bit,
            b's' | b't' => bit | special,
            b'S' | b'T' => special,
            _ => return None,
        };
    }
    Some(mode)
}

/// The text of a C string, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut bytes = Vec::new();
    let mut chars = text.strip_prefix('"')?.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((String::from_utf8_lossy(&bytes).into_owned(), &text[at + 2..])),
            '\\' => match chars.next()?.1 {
                first @ '0'..='3' => {
                    let mut value = first.to_digit(8)?;
                    for _ in 0..2 {
                        value = value * 8 + chars.next()?.1.to_digit(8)?;
                    }
                    bytes.push(u8::try_from(value).ok()?);
                }
                escaped => bytes.push(match escaped {
                    'a' => 7,
                    'b' => 8,
                    'f' => 12,
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    'v' => 11,
                    other => u8::try_from(other).ok()?,
                }),
            },
            c => bytes.extend(c.to_string().as_bytes()),
        }
    }
    None
}

#[test]
fn a_line_of_gnu_tars_list_is_taken_apart() {
    let check = |line: &str, expected: Value| assert_eq!(row(line), Some(expected), "{line}");
    check(
        r#"-rwsr-xr-x 0/0 7 2023-11-14 22:13:20 "./a b""#,
        json!(["./a b", "file", 0o4755, 0, ""]),
    );
    check(
        r#"lrw-r--r-- 5/0 0 1970-01-01 00:00:00 "a" -> "\303\244 -> \"b\"""#,
        json!(["a", "symlink", 0o644, 5, "\u{e4} -> \"b\""]),
    );
    check(
        r#"hrw-r--r-T 0/0 0 1970-01-01 00:00:00 "a" link to "b\n""#,
        json!(["a", "hardlink", 0o1644, 0, "b\n"]),
    );
}
