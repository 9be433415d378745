//! tar (POSIX ustar, pax, GNU long names): a strict reader and a deterministic writer.
//!
//! The `tar` crate encodes and parses header blocks; they are iterated here, because a reader of
//! untrusted archives must refuse what two readers could interpret differently. The crate's
//! functions that access the file system are never called.

mod extended;
mod header;
mod write;

use std::collections::BTreeSet;

use model::Budget;
use model::limits::{MAX_ARCHIVE_ENTRIES, MAX_UNPACKED_BYTES};

use crate::error::shown;
use crate::path::{self, MAX_PATH_BYTES, Paths};
use crate::{ArchiveError, Entry};
use extended::Extended;
use header::{BLOCK, Fields, fields};
pub(crate) use header::{checksum, octal};
pub use write::{write, write_members};

/// One member of a tar archive, its content borrowed from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'a> {
    /// The path without a leading `./` and a trailing `/`; empty for the root folder.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Permission bits.
    pub mode: u32,
    /// The id of its owner.
    pub uid: u64,
    /// The content; empty but for files.
    pub bytes: &'a [u8],
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, and where it points.
    Symlink(String),
    /// A second name of the member whose path is given.
    Hardlink(String),
    /// A device or a named pipe.
    Device,
}

/// Reads an archive of regular files, such as a package: folders are skipped.
///
/// # Errors
/// For everything that [`members`] refuses, and for links, devices, paths that a package must not
/// have, and paths that appear twice.
pub fn read(bytes: &[u8]) -> Result<Vec<Entry>, ArchiveError> {
    files(walk(bytes, End::Marked, None)?)
}

/// The same for members that were read before. Several of them may borrow the same content, as
/// links replaced by their targets do: all are counted before the first is copied.
///
/// # Errors
/// As [`read`], and if they are larger than [`MAX_UNPACKED_BYTES`] together.
pub fn files(members: Vec<Member<'_>>) -> Result<Vec<Entry>, ArchiveError> {
    let mut total = 0_u64;
    for member in &members {
        total = total.saturating_add(member.bytes.len() as u64);
        if total > MAX_UNPACKED_BYTES {
            return Err(ArchiveError::TooLarge { member: shown(member.path.as_bytes()) });
        }
    }
    let mut entries = Vec::new();
    let mut paths = Paths::default();
    for member in members {
        let special = |kind| ArchiveError::Special { member: shown(member.path.as_bytes()), kind };
        match member.kind {
            Kind::File => {
                path::check(&member.path)?;
                paths.file(&member.path)?;
                let executable = member.mode & 0o111 != 0;
                entries.push(Entry { path: member.path, bytes: member.bytes.to_vec(), executable });
            }
            Kind::Folder if member.path.is_empty() => {}
            Kind::Folder => {
                path::check(&member.path)?;
                paths.folder(&member.path);
            }
            Kind::Symlink(_) => return Err(special("a symbolic link")),
            Kind::Hardlink(_) => return Err(special("a hard link")),
            Kind::Device => return Err(special("a device or a pipe")),
        }
    }
    paths.finish()?;
    Ok(entries)
}

/// Reads an archive of any members, such as a layer of an image: a path may appear twice, and the
/// archive may end without an end marker and in its last block (umoci writes such layers, and
/// engines accept them; the digest shows whether a layer is complete).
///
/// # Errors
/// If a header is damaged, ambiguous or truncated, a path is absolute or leaves the archive, a
/// limit is exceeded, or bytes follow the end.
pub fn members(bytes: &[u8]) -> Result<Vec<Member<'_>>, ArchiveError> {
    walk(bytes, End::Open, None)
}

/// The same for a package that may hold links: it must have its end. Members and their names are
/// taken from `budget`: a link takes one block of an archive, which compresses to a few bytes.
///
/// # Errors
/// As [`members`], for an archive without an end marker, and [`ArchiveError::TooMuchWork`].
pub fn members_within<'a>(
    bytes: &'a [u8],
    budget: &Budget,
) -> Result<Vec<Member<'a>>, ArchiveError> {
    walk(bytes, End::Marked, Some(budget))
}

/// The paths that appear more than once in `members`, sorted; a layer of an image should have none.
#[must_use]
pub fn repeated(members: &[Member<'_>]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let again = members.iter().filter(|member| !seen.insert(member.path.as_str()));
    again.map(|member| member.path.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn walk<'a>(
    bytes: &'a [u8],
    end: End,
    budget: Option<&Budget>,
) -> Result<Vec<Member<'a>>, ArchiveError> {
    let mut walk = Walk { bytes, at: 0, end, extended: Extended::default() };
    let mut found = Vec::new();
    while let Some(member) = walk.next()? {
        if found.len() >= MAX_ARCHIVE_ENTRIES {
            return Err(ArchiveError::TooManyEntries);
        }
        if let Some(budget) = budget {
            let link = match &member.kind {
                Kind::Symlink(target) | Kind::Hardlink(target) => target.len(),
                _ => 0,
            };
            budget.spend_len(size_of::<Member<'_>>() + 2 * (member.path.len() + link))?;
        }
        found.push(member);
    }
    Ok(found)
}

/// What the end of an archive must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A block of zeros.
    Marked,
    /// A block of zeros, or nothing.
    Open,
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    end: End,
    extended: Extended,
}

impl<'a> Walk<'a> {
    fn next(&mut self) -> Result<Option<Member<'a>>, ArchiveError> {
        loop {
            if self.end == End::Open && self.at > 0 && self.at == self.bytes.len() {
                return self.end();
            }
            let block = self.take(BLOCK as u64, "the end of the archive")?;
            if block.iter().all(|byte| *byte == 0) {
                return self.end();
            }
            let fields = fields(block, self.at == BLOCK)?;
            let member = shown(&fields.path);
            match fields.kind {
                b'x' | b'g' | b'L' | b'K' => {
                    let size = extended::size(&fields, &member)?;
                    let (text, filler) = self.content(size, &member)?;
                    // Python reads a text on to the end of its block.
                    if filler.iter().any(|byte| *byte != 0) {
                        let why = "has a header that goes on after its end";
                        return Err(ArchiveError::Corrupt { member, why });
                    }
                    self.extended.take_in(fields.kind, text, &member)?;
                }
                _ => return self.member(fields).map(Some),
            }
        }
    }

    fn member(&mut self, fields: Fields) -> Result<Member<'a>, ArchiveError> {
        let extended = std::mem::take(&mut self.extended);
        let renamed = extended.path.is_some();
        // Python decides by the name of the header, Go by the longer one.
        let short_folder = fields.path.ends_with(b"/");
        let raw_path = extended.path.unwrap_or(fields.path);
        let member = shown(&raw_path);
        let raw_link = extended.link.unwrap_or(fields.link);
        let text = |raw: Vec<u8>| {
            String::from_utf8(raw).map_err(|_| ArchiveError::Path {
                member: member.clone(),
                why: "is not UTF-8, or points to what is not",
            })
        };
        let path = text(raw_path)?;
        let folder_name = path.ends_with('/') || fields.kind == 0 && short_folder;
        let kind = match fields.kind {
            // The first tar's only way to say so; with a longer name readers differ.
            0 if folder_name && !renamed => Kind::Folder,
            b'0' | 0 if folder_name => {
                let why = "is a file by its kind and a folder by its name";
                return Err(ArchiveError::Corrupt { member, why });
            }
            b'0' | 0 => Kind::File,
            b'1' => Kind::Hardlink(text(raw_link)?),
            b'2' => Kind::Symlink(text(raw_link)?),
            b'3' | b'4' | b'6' => Kind::Device,
            b'5' => Kind::Folder,
            b'S' => return Err(ArchiveError::Special { member, kind: "a sparse file" }),
            _ => return Err(ArchiveError::Special { member, kind: "of a kind of its own" }),
        };
        let size = extended.size.unwrap_or(fields.size);
        if kind != Kind::File && size != 0 {
            return Err(ArchiveError::Corrupt { member, why: "has content, but is not a file" });
        }
        if matches!(&kind, Kind::Symlink(target) | Kind::Hardlink(target) if target.is_empty()) {
            return Err(ArchiveError::Corrupt { member, why: "is a link to nothing" });
        }
        let (bytes, _) = self.content(size, &member)?;
        let path = relative(&path).ok_or(ArchiveError::Path {
            member,
            why: "is absolute, leaves the archive's folder, or is too long",
        })?;
        Ok(Member { path, kind, mode: fields.mode, uid: extended.uid.unwrap_or(fields.uid), bytes })
    }

    /// The next `size` bytes, and the padding of the last block.
    fn content(&mut self, size: u64, member: &str) -> Result<(&'a [u8], &'a [u8]), ArchiveError> {
        if size > MAX_UNPACKED_BYTES {
            return Err(ArchiveError::TooLarge { member: member.to_owned() });
        }
        let content = self.take(size, member)?;
        let filler = size.next_multiple_of(BLOCK as u64) - size;
        let left = (self.bytes.len() - self.at) as u64;
        let filler = if self.end == End::Open { filler.min(left) } else { filler };
        Ok((content, self.take(filler, member)?))
    }

    fn take(&mut self, count: u64, member: &str) -> Result<&'a [u8], ArchiveError> {
        let taken = usize::try_from(count)
            .ok()
            .and_then(|count| self.at.checked_add(count))
            .and_then(|end| self.bytes.get(self.at..end));
        let Some(taken) = taken else {
            let nothing = self.bytes.is_empty();
            let member = member.to_owned();
            let cut = ArchiveError::Truncated { member };
            return Err(if nothing { ArchiveError::NotThis { format: "tar" } } else { cut });
        };
        self.at += taken.len();
        Ok(taken)
    }

    /// After the first block of zeros only zeros may follow.
    fn end(&mut self) -> Result<Option<Member<'a>>, ArchiveError> {
        if self.extended != Extended::default() {
            let member = "the last extended header".to_owned();
            return Err(ArchiveError::Truncated { member });
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        // Two blocks end an archive. One may be missing, but Go fails where it is cut off.
        if (1..BLOCK).contains(&rest.len()) {
            let member = "the end of the archive".to_owned();
            return Err(ArchiveError::Truncated { member });
        }
        match rest.iter().position(|byte| *byte != 0) {
            Some(first) => Err(ArchiveError::TrailingBytes { count: rest.len() - first }),
            None => Ok(None),
        }
    }
}

/// The path without a leading `./` and a trailing `/`; `None` if it is not a valid path of an
/// archive.
fn relative(path: &str) -> Option<String> {
    let odd = path.starts_with('/') || path.contains('\0') || path.len() > MAX_PATH_BYTES;
    if path.is_empty() || odd {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests;
