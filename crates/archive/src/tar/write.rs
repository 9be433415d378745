//! The deterministic writer.

use model::limits::MAX_UNPACKED_BYTES;

use super::header::BLOCK;
use super::{Kind, Member};
use crate::error::shown;
use crate::path::{self, Paths};
use crate::{ArchiveError, Entry};

/// Writes regular files in the order given: user and group 0 without names, modes 0644 and 0755,
/// all times `epoch` (seconds since 1970). A path that does not fit into ustar's fields gets a pax
/// record; there are no folders.
///
/// # Errors
/// For a path that [`super::read`] would refuse, a path given twice, and a time after 2242.
pub fn write(entries: &[Entry], epoch: u64) -> Result<Vec<u8>, ArchiveError> {
    let members: Vec<Member<'_>> = entries
        .iter()
        .map(|entry| Member {
            path: entry.path.clone(),
            kind: Kind::File,
            mode: if entry.executable { 0o755 } else { 0o644 },
            uid: 0,
            bytes: &entry.bytes,
        })
        .collect();
    write_members(&members, epoch)
}

/// The same for folders and files with modes and owners of their own, as an image's layer needs
/// them. The group has the number of the owner.
///
/// # Errors
/// As [`write`], and for a member that is neither a file nor a folder.
pub fn write_members(members: &[Member<'_>], epoch: u64) -> Result<Vec<u8>, ArchiveError> {
    if epoch > MAX_TIME {
        return Err(ArchiveError::Time { epoch });
    }
    let mut out = Vec::new();
    let mut paths = Paths::default();
    for member in members {
        path::check(&member.path)?;
        let name = shown(member.path.as_bytes());
        match member.kind {
            Kind::File => paths.file(&member.path)?,
            Kind::Folder => paths.folder(&member.path),
            _ => return Err(ArchiveError::Special { member: name, kind: "a link or a device" }),
        }
        if (out.len() + member.bytes.len()) as u64 > MAX_UNPACKED_BYTES {
            return Err(ArchiveError::TooLarge { member: name });
        }
        append(&mut out, member, epoch);
    }
    paths.finish()?;
    // Two blocks of zeros are the end; no padding to the record size of tapes.
    out.resize(out.len() + 2 * BLOCK, 0);
    Ok(out)
}

fn append(out: &mut Vec<u8>, member: &Member<'_>, epoch: u64) {
    let folder = member.kind == Kind::Folder;
    let path = if folder { format!("{}/", member.path) } else { member.path.clone() };
    let kind = if folder { b'5' } else { b'0' };
    let split = split(&path);
    if split.is_none() {
        let record = pax_record("path", &path);
        block(out, ("", "PaxHeader"), b'x', (0o644, 0), record.len(), epoch);
        content(out, record.as_bytes());
    }
    let bytes = if folder { &[] } else { member.bytes };
    let short = split.unwrap_or(("", "PaxMember"));
    block(out, short, kind, (member.mode & 0o7777, member.uid), bytes.len(), epoch);
    content(out, bytes);
}

/// The path as ustar's two fields; `None` if it does not fit or is not ASCII.
fn split(path: &str) -> Option<(&str, &str)> {
    if !path.is_ascii() {
        return None;
    }
    if path.len() <= NAME_BYTES {
        return Some(("", path));
    }
    // The first slash that leaves a short enough name, so that the prefix is as short as possible.
    let slash = path.len().checked_sub(NAME_BYTES + 1)?;
    let at = slash + path.get(slash..)?.find('/')?;
    let (front, back) = (path.get(..at)?, path.get(at + 1..)?);
    (front.len() <= PREFIX_BYTES && !front.is_empty() && !back.is_empty()).then_some((front, back))
}

fn block(
    out: &mut Vec<u8>,
    (prefix, name): (&str, &str),
    kind: u8,
    (mode, owner): (u32, u64),
    size: usize,
    epoch: u64,
) {
    let mut header = tar::Header::new_ustar();
    if let Some(fields) = header.as_ustar_mut() {
        for (field, text) in [(&mut fields.name[..], name), (&mut fields.prefix[..], prefix)] {
            for (byte, letter) in field.iter_mut().zip(text.as_bytes()) {
                *byte = *letter;
            }
        }
        fields.typeflag = [kind];
    }
    header.set_mode(mode);
    header.set_uid(owner);
    header.set_gid(owner);
    header.set_size(size as u64);
    header.set_mtime(epoch);
    header.set_device_major(0).ok();
    header.set_device_minor(0).ok();
    header.set_cksum();
    out.extend_from_slice(header.as_bytes());
}

fn content(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

/// `LENGTH KEY=VALUE\n`, where LENGTH counts itself.
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length.to_string().len() + rest.len() != length {
        length = length.to_string().len() + rest.len();
    }
    format!("{length}{rest}")
}

const NAME_BYTES: usize = 100;
const PREFIX_BYTES: usize = 155;
/// Eleven octal digits.
const MAX_TIME: u64 = (1 << 33) - 1;
