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
    pax: bool,
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
        if *self != Self::default() {
            return Err(corrupt(member, "is one of two extended headers of one member"));
        }
        self.pax = true;
        for (key, value) in records(content, member)? {
            let field = match key {
                b"path" => &mut self.path,
                b"linkpath" => &mut self.link,
                b"size" if self.size.is_some() => return Err(corrupt(member, TWICE)),
                b"size" => {
                    let size = decimal(value).ok_or_else(|| corrupt(member, "has no size"))?;
                    self.size = Some(size);
                    continue;
                }
                _ if key.starts_with(b"GNU.sparse.") => {
                    let member = member.to_owned();
                    return Err(ArchiveError::Special { member, kind: "a sparse file" });
                }
                _ => continue,
            };
            if field.is_some() {
                return Err(corrupt(member, TWICE));
            }
            if value.is_empty() || value.len() > MAX_PATH_BYTES || value.contains(&0) {
                return Err(corrupt(member, "holds an impossible path"));
            }
            *field = Some(value.to_vec());
        }
        Ok(())
    }

    /// git writes a comment for the whole archive; anything that changes members is refused.
    fn global(&mut self, content: &[u8], member: &str) -> Result<(), ArchiveError> {
        if *self != Self::default() {
            return Err(corrupt(member, "is between a member and its extended header"));
        }
        let changes = |key: &[u8]| {
            matches!(key, b"path" | b"linkpath" | b"size") || key.starts_with(b"GNU.sparse.")
        };
        match records(content, member)?.into_iter().any(|(key, _)| changes(key)) {
            true => Err(corrupt(member, "renames or resizes every member")),
            false => Ok(()),
        }
    }
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
const TWICE: &str = "has a field twice";
