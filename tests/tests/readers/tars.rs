//! Tar archives: made ones of every kind, and changes to them that leave the checksums right.

mod pools;
mod seeds;

use crate::chance::{Chance, damage, put};
pub use seeds::seeds;

const BLOCK: usize = 512;

/// A header and what belongs to it, without the padding of the last block.
#[derive(Clone)]
pub struct Part {
    header: Vec<u8>,
    body: Vec<u8>,
}

impl Part {
    /// A header as POSIX has it (ustar), with this content.
    fn new(name: &str, kind: u8, body: &[u8]) -> Self {
        let mut header = vec![0; BLOCK];
        put(&mut header, 0, name.as_bytes());
        put(&mut header, 100, b"0000644\0");
        put(&mut header, 108, b"0000000\0");
        put(&mut header, 116, b"0000000\0");
        put(&mut header, 124, format!("{:011o}\0", body.len()).as_bytes());
        put(&mut header, 136, b"00000000000\0");
        header[156] = kind;
        put(&mut header, 257, b"ustar\x0000");
        put(&mut header, 329, b"0000000\0");
        put(&mut header, 337, b"0000000\0");
        Self { header, body: body.to_vec() }
    }

    fn with(mut self, at: usize, value: &[u8]) -> Self {
        put(&mut self.header, at, value);
        self
    }
}

/// An archive of these parts, each with a right checksum, and two blocks of zeros.
fn archive(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        let mut part = part.clone();
        sum(&mut part.header, |sum| format!("{sum:06o}\0 "));
        write(&mut bytes, &part);
    }
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn write(bytes: &mut Vec<u8>, part: &Part) {
    bytes.extend(&part.header);
    bytes.extend(&part.body);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
}

fn sum(header: &mut [u8], spelled: impl Fn(u64) -> String) {
    put(header, 148, &[b' '; 8]);
    let sum = header.iter().map(|byte| u64::from(*byte)).sum();
    put(header, 148, spelled(sum).as_bytes());
}

/// The parts of an archive whose sizes are octal numbers.
fn parts(bytes: &[u8]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while let Some((header, after)) = rest.split_at_checked(BLOCK) {
        let size = std::str::from_utf8(&header[124..135]).unwrap().trim_matches(['\0', ' ']);
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        let size = usize::from_str_radix(size, 8).unwrap();
        parts.push(Part { header: header.to_vec(), body: after[..size].to_vec() });
        rest = &after[size.next_multiple_of(BLOCK)..];
    }
    parts
}

/// One to three changes to `seed`.
pub fn changed(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut parts = parts(seed);
    let mut end = vec![0; 2 * BLOCK];
    for _ in 0..=chance.below(3) {
        change(&mut parts, &mut end, chance);
    }
    let mut bytes = Vec::new();
    for mut part in parts {
        if !chance.one_in(40) {
            match chance.below(12) {
                0 => sum(&mut part.header, |sum| format!("{sum:07o}\0")),
                1 => sum(&mut part.header, |sum| format!(" {sum:06o}\0")),
                _ => sum(&mut part.header, |sum| format!("{sum:06o}\0 ")),
            }
        }
        write(&mut bytes, &part);
        if chance.one_in(60) {
            *bytes.last_mut().unwrap() = b'x';
        }
    }
    bytes.extend(end);
    if chance.one_in(25) {
        damage(&mut bytes, chance);
    }
    bytes
}

fn change(parts: &mut Vec<Part>, end: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(parts.len());
    match chance.below(16) {
        0..6 => field(&mut parts[at].header, chance),
        6..9 => parts.insert(at, extended(chance)),
        9 => {
            let extended = parts.iter_mut().filter(|part| b"xgLK".contains(&part.header[156]));
            let mut extended: Vec<&mut Part> = extended.collect();
            if let Some(part) = extended.first_mut() {
                damage(&mut part.body, chance);
                size(part);
            }
        }
        10 => parts.insert(at, parts[chance.below(parts.len())].clone()),
        11 => parts.swap(at, 0),
        12 if parts.len() > 1 => drop(parts.remove(at)),
        13 => damage(&mut parts[at].body, chance),
        14 => {
            let byte = chance.byte();
            parts[at].header[chance.below(BLOCK)] = byte;
        }
        _ => match chance.below(6) {
            0 => end.clear(),
            1 => end.truncate(BLOCK),
            2 => end.resize(20 * BLOCK, 0),
            3 => end.push(0),
            4 => end.truncate(chance.below(BLOCK)),
            _ => end.extend(b"more"),
        },
    }
    parts.iter_mut().for_each(|part| part.header.resize(BLOCK, 0));
}

fn size(part: &mut Part) {
    let text = format!("{:011o}\0", part.body.len());
    put(&mut part.header, 124, text.as_bytes());
}

/// Puts a value that is odd for it into a field.
fn field(header: &mut [u8], chance: &mut Chance) {
    let (at, length, values) = pools::FIELDS[chance.below(pools::FIELDS.len())];
    let mut value = chance.pick(values).to_vec();
    // A number in the middle of a field, or text with something after it.
    if chance.one_in(20) {
        damage(&mut value, chance);
    }
    value.resize(length, 0);
    put(header, at, &value);
}

/// An extended header with a few records, most of them well-formed.
fn extended(chance: &mut Chance) -> Part {
    let name = chance.pick(pools::NAMES);
    let kind = chance.pick(&[b"x", b"x", b"x", b"g", b"L", b"K"])[0];
    if matches!(kind, b'L' | b'K') {
        let mut body = name.to_vec();
        if !chance.one_in(3) {
            body.push(0);
        }
        let part = Part::new("././@LongLink", kind, &body);
        return if chance.one_in(3) { part } else { part.with(257, b"ustar  \0") };
    }
    let mut body = Vec::new();
    for _ in 0..=chance.below(2) {
        body.extend(record(chance));
    }
    if chance.one_in(20) {
        damage(&mut body, chance);
    }
    Part::new("PaxHeaders/a", kind, &body)
}

fn record(chance: &mut Chance) -> Vec<u8> {
    let key = chance.pick(pools::KEYS);
    let values = if key.ends_with(b"path") { pools::NAMES } else { pools::VALUES };
    let text = [&b" "[..], key, b"=", chance.pick(values), b"\n"].concat();
    let digits = |length: usize| length.to_string().len();
    let mut length = text.len() + digits(text.len());
    length = text.len() + digits(length);
    let length = match chance.below(40) {
        0 => format!("{}", length + 1),
        1 => format!("{}", length - 1),
        2 => format!("0{}", length + 1),
        3 => format!("+{}", length + 1),
        4 => format!(" {}", length + 1),
        _ => length.to_string(),
    };
    [length.as_bytes(), &text].concat()
}
