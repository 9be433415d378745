//! The records of a zip archive (APPNOTE 4.3), each field to be changed on its own.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::pools::{crc, field};

/// Flags: the sizes follow the content; the name is UTF-8.
pub const DESCRIPTOR: u16 = 1 << 3;
pub const UTF8: u16 = 1 << 11;
const ONES: u32 = u32::MAX;

/// What a file's own header and its row of the directory both say.
#[derive(Clone)]
pub struct Head {
    pub version: u16,
    pub flags: u16,
    pub method: u16,
    pub time: u16,
    pub date: u16,
    pub crc: u32,
    pub packed: u32,
    pub size: u32,
    pub name: Vec<u8>,
    pub extra: Vec<u8>,
}

/// A member.
#[derive(Clone)]
pub struct File {
    pub local: Head,
    pub central: Head,
    pub packed: Vec<u8>,
    /// Bytes after the content.
    pub after: Vec<u8>,
    pub made: u16,
    pub comment: Vec<u8>,
    pub disk: u16,
    pub internal: u16,
    pub attributes: u32,
    /// What is added to the right offset.
    pub offset_shift: i64,
    /// Whether it has a row in the directory, and whether it is there at all.
    pub listed: bool,
    pub written: bool,
    /// Whether its offset is in the zip64 field.
    pub large: bool,
}

/// An archive.
#[derive(Clone)]
pub struct Zip {
    pub files: Vec<File>,
    pub listed_backwards: bool,
    pub before: Vec<u8>,
    pub between: Vec<u8>,
    pub after: Vec<u8>,
    pub comment: Vec<u8>,
    pub zip64: bool,
    /// Whether the end record leaves all to that for zip64.
    pub saturated: bool,
    pub end64_extra: Vec<u8>,
    /// What is added to the right values of the end records.
    pub end_shift: i64,
    pub rows_shift: i64,
    pub size_shift: i64,
}

impl File {
    /// A file, `deflated` (1) or stored (0).
    pub fn new(name: &str, content: &[u8], deflated: usize) -> Self {
        let packed = if deflated == 0 { content.to_vec() } else { deflate(content) };
        let head = Head {
            version: 20,
            flags: 0,
            method: if deflated == 0 { 0 } else { 8 },
            time: 0,
            date: 0x21,
            crc: crc(content),
            packed: u32::try_from(packed.len()).unwrap(),
            size: u32::try_from(content.len()).unwrap(),
            name: name.as_bytes().to_vec(),
            extra: Vec::new(),
        };
        Self {
            local: head.clone(),
            central: head,
            packed,
            after: Vec::new(),
            made: 0x0314,
            comment: Vec::new(),
            disk: 0,
            internal: 0,
            attributes: 0o100_644 << 16,
            offset_shift: 0,
            listed: true,
            written: true,
            large: false,
        }
    }

    pub fn both(&mut self, change: impl Fn(&mut Head)) {
        change(&mut self.local);
        change(&mut self.central);
    }

    /// Puts checksum and sizes after the content, as a writer to a pipe does.
    pub fn describe(&mut self) {
        self.both(|head| head.flags |= DESCRIPTOR);
        let Head { crc, packed, size, .. } = &mut self.local;
        for value in [0x0807_4B50, *crc, *packed, *size] {
            self.after.extend(value.to_le_bytes());
        }
        (*crc, *packed, *size) = (0, 0, 0);
    }

    /// Leaves sizes and offset to a zip64 field.
    pub fn enlarge(&mut self) {
        let sizes = [self.local.size, self.local.packed].map(|size| u64::from(size).to_le_bytes());
        let body = sizes.concat();
        self.local.extra.extend(field(1, &body));
        self.central.extra.extend(field(1, &body));
        self.both(|head| (head.size, head.packed) = (ONES, ONES));
        self.large = true;
    }
}

impl Zip {
    pub fn new(files: Vec<File>) -> Self {
        Self {
            files,
            listed_backwards: false,
            before: Vec::new(),
            between: Vec::new(),
            after: Vec::new(),
            comment: Vec::new(),
            zip64: false,
            saturated: false,
            end64_extra: Vec::new(),
            end_shift: 0,
            rows_shift: 0,
            size_shift: 0,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = self.before.clone();
        let mut rows = Vec::new();
        for file in &self.files {
            let offset = (out.len() as i64 + file.offset_shift).max(0);
            if file.written {
                out.extend(b"PK\x03\x04");
                head(&mut out, &file.local);
                length(&mut out, &file.local.name);
                length(&mut out, &file.local.extra);
                out.extend(&file.local.name);
                out.extend(&file.local.extra);
                out.extend(&file.packed);
                out.extend(&file.after);
            }
            if file.listed {
                rows.push(row(file, u32::try_from(offset).unwrap()));
            }
        }
        out.extend(&self.between);
        if self.listed_backwards {
            rows.reverse();
        }
        let start = out.len() as i64;
        rows.iter().for_each(|row| out.extend(row));
        let size = out.len() as i64 - start + self.size_shift;
        let count = (rows.len() as i64 + self.rows_shift).max(0);
        self.end(&mut out, [count, size, start + self.end_shift]);
        out.extend(&self.after);
        out
    }

    /// The end records, with the number of rows, and the size and place of the directory.
    fn end(&self, out: &mut Vec<u8>, said: [i64; 3]) {
        let [count, size, start] = said.map(|value| value.max(0));
        if self.zip64 {
            let place = out.len() as u64;
            out.extend(b"PK\x06\x06");
            out.extend((44 + self.end64_extra.len() as u64).to_le_bytes());
            out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            for value in [count, count, size, start] {
                out.extend(value.to_le_bytes());
            }
            out.extend(&self.end64_extra);
            out.extend(b"PK\x06\x07\0\0\0\0");
            out.extend(place.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
        }
        out.extend(b"PK\x05\x06\0\0\0\0");
        for value in [count, count] {
            let value = if self.saturated { 0xFFFF } else { value as u16 };
            out.extend(value.to_le_bytes());
        }
        for value in [size, start] {
            out.extend(if self.saturated { ONES } else { value as u32 }.to_le_bytes());
        }
        length(out, &self.comment);
        out.extend(&self.comment);
    }
}

fn head(out: &mut Vec<u8>, head: &Head) {
    for value in [head.version, head.flags, head.method, head.time, head.date] {
        out.extend(value.to_le_bytes());
    }
    for value in [head.crc, head.packed, head.size] {
        out.extend(value.to_le_bytes());
    }
}

fn length(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
}

fn row(file: &File, offset: u32) -> Vec<u8> {
    let mut out = b"PK\x01\x02".to_vec();
    out.extend(file.made.to_le_bytes());
    head(&mut out, &file.central);
    for bytes in [&file.central.name, &file.central.extra, &file.comment] {
        length(&mut out, bytes);
    }
    out.extend(file.disk.to_le_bytes());
    out.extend(file.internal.to_le_bytes());
    out.extend(file.attributes.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend(&file.central.name);
    out.extend(&file.central.extra);
    out.extend(&file.comment);
    out
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
