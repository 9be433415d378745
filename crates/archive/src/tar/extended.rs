//! Headers before the header: pax records (POSIX.1-2001) and GNU's long names.

use super::header::Fields;
use crate::ArchiveError;
use crate::path::MAX_PATH_BYTES;

/// What extended headers say about the member that follows.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extended {
    pub(super) path: Option<Vec<u8>>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) size: Option<u64>,
    pub(super) uid: Option<u64>,
    pax: bool,
    /// A header of the whole archive, which a member must follow: Python fails at its end.
    global: bool,
}

/// The size of an extended header, if it is within the limit.
pub(super) fn size(fields: &Fields, member: &str) -> Result<u64, ArchiveError> {
    if fields.size > MAX_EXTENDED_BYTES {
        return Err(ArchiveError::HeaderTooLarge { member: member.to_owned(), bytes: fields.size });
    }
    Ok(fields.size)
}

impl Extended {
    /// Adds the content of an extended header of this `kind`.
    pub(super) fn take_in(
        &mut self,
        kind: u8,
        content: &[u8],
        member: &str,
    ) -> Result<(), ArchiveError> {
        match kind {
            b'g' => self.global(content, member),
            b'x' => self.pax(content, member),
            b'L' => long(&mut self.path, self.pax, content, member),
            _ => long(&mut self.link, self.pax, content, member),
        }
    }

    fn pax(&mut self, content: &[u8], member: &str) -> Result<(), ArchiveError> {
        if !self.is_empty() {
            return Err(corrupt(member, "is one of two extended headers of one member"));
        }
        self.pax = true;
        for (key, value) in records(content, member)? {
            readable(key, value, member)?;
            match key {
                b"path" => path(&mut self.path, value, member)?,
                b"linkpath" => path(&mut self.link, value, member)?,
                b"size" => number(&mut self.size, value, member)?,
                b"uid" => number(&mut self.uid, value, member)?,
                _ if key.starts_with(b"GNU.sparse.") => {
                    let member = member.to_owned();
                    return Err(ArchiveError::Special { member, kind: "a sparse file" });
                }
                // Labels of volumes, and lists of folders.
                _ if key.starts_with(b"GNU.") => {
                    return Err(corrupt(member, "holds a record that GNU tar alone knows"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether nothing is said of one member.
    fn is_empty(&self) -> bool {
        *self == Self { global: self.global, ..Self::default() }
    }

    /// git writes a comment for the whole archive; anything that changes members is refused.
    fn global(&mut self, content: &[u8], member: &str) -> Result<(), ArchiveError> {
        if !self.is_empty() {
            return Err(corrupt(member, "is between a member and its extended header"));
        }
        self.global = true;
        for (key, value) in records(content, member)? {
            let changes = matches!(key, b"path" | b"linkpath" | b"size" | b"uid");
            if changes || key.starts_with(b"GNU.") {
                return Err(corrupt(member, "renames, resizes or gives away every member"));
            }
            readable(key, value, member)?;
        }
        Ok(())
    }
}

fn path(field: &mut Option<Vec<u8>>, value: &[u8], member: &str) -> Result<(), ArchiveError> {
    if field.is_some() {
        return Err(corrupt(member, TWICE));
    }
    if value.is_empty() || value.len() > MAX_PATH_BYTES || value.contains(&0) {
        return Err(corrupt(member, "holds an impossible path"));
    }
    *field = Some(value.to_vec());
    Ok(())
}

fn number(field: &mut Option<u64>, value: &[u8], member: &str) -> Result<(), ArchiveError> {
    if field.is_some() {
        return Err(corrupt(member, TWICE));
    }
    *field = decimal(value);
    Ok(())
}

/// Refuses a record that some cannot read, also where its value is not used here: where Go and GNU
/// tar fail, Python takes 0.
fn readable(key: &[u8], value: &[u8], member: &str) -> Result<(), ArchiveError> {
    let fits = match key {
        // GNU tar skips blanks before a key.
        [b' ' | b'\t', ..] => false,
        b"size" => decimal(value).is_some_and(|number| number <= MAX_NUMBER),
        b"uid" | b"gid" => decimal(value).is_some_and(|id| id <= u32::MAX.into()),
        b"mtime" | b"atime" | b"ctime" => is_time(value),
        b"hdrcharset" => matches!(value, b"BINARY" | b"ISO-IR 10646 2000 UTF-8"),
        b"uname" | b"gname" => !value.contains(&0),
        _ => !key.contains(&0),
    };
    if fits { Ok(()) } else { Err(corrupt(member, "holds a record that not every tar can read")) }
}

/// Seconds since 1970, with a fraction or without, and maybe before.
fn is_time(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"-").unwrap_or(value);
    let dot = value.iter().position(|byte| *byte == b'.').unwrap_or(value.len());
    let (seconds, fraction) = value.split_at(dot);
    let digits = fraction.get(1..).unwrap_or_default();
    decimal(seconds).is_some_and(|number| number <= MAX_NUMBER)
        && digits.iter().all(u8::is_ascii_digit)
}

fn long(
    field: &mut Option<Vec<u8>>,
    pax: bool,
    content: &[u8],
    member: &str,
) -> Result<(), ArchiveError> {
    if field.is_some() || pax {
        return Err(corrupt(member, "is one of two extended headers of one member"));
    }
    let name = content.strip_suffix(b"\0").unwrap_or(content);
    if name.is_empty() || name.len() > MAX_PATH_BYTES || name.contains(&0) {
        return Err(corrupt(member, "holds an impossible path"));
    }
    *field = Some(name.to_vec());
    Ok(())
}

type Record<'a> = (&'a [u8], &'a [u8]);

/// `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record.
fn records<'a>(mut content: &'a [u8], member: &str) -> Result<Vec<Record<'a>>, ArchiveError> {
    let mut found = Vec::new();
    while !content.is_empty() {
        let (record, rest) =
            record(content).ok_or_else(|| corrupt(member, "holds a malformed record"))?;
        found.push(record);
        content = rest;
    }
    Ok(found)
}

fn record(content: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let space = content.iter().take(MAX_LENGTH_DIGITS + 1).position(|byte| *byte == b' ')?;
    let length = usize::try_from(decimal(content.get(..space)?)?).ok()?;
    let (record, rest) = content.split_at_checked(length)?;
    let body = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = body.iter().position(|byte| *byte == b'=')?;
    let key = body.get(..equals).filter(|key| !key.is_empty())?;
    Some(((key, body.get(equals + 1..)?), rest))
}

fn decimal(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    plain.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}

fn corrupt(member: &str, why: &'static str) -> ArchiveError {
    ArchiveError::Corrupt { member: member.to_owned(), why }
}

/// The most bytes of one extended header: Go's reader has the same limit.
const MAX_EXTENDED_BYTES: u64 = 1 << 20;
/// Digits of a record's length, which is below [`MAX_EXTENDED_BYTES`].
const MAX_LENGTH_DIGITS: usize = 7;
/// Go's numbers are of 64 bits with a sign.
const MAX_NUMBER: u64 = u64::MAX >> 1;
const TWICE: &str = "has a field twice";
