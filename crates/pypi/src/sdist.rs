//! Source distributions (PEP 625): read back from bytes, and packed again deterministically.
//!
//! Knows the archive's shape and its `PKG-INFO`; whether an index takes it is `lint`'s question.

use std::collections::{BTreeMap, BTreeSet};

use archive::tar::{Kind, Member};
use archive::{ArchiveError, Entry};
use model::{Budget, Diagnostic, Exhausted, Location};

use crate::codes;
use crate::metadata::Metadata;
use crate::name::{NameError, SdistName};
use crate::wheel::required;

/// A source distribution, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sdist {
    /// Its file name, taken apart.
    pub file_name: SdistName,
    /// `Name` of `PKG-INFO`.
    pub name: String,
    /// `Version` of `PKG-INFO`.
    pub version: String,
    /// The one folder at the archive's root.
    pub top: String,
    /// `PKG-INFO`.
    pub metadata: Metadata,
    /// All files, in the archive's order, with the top folder in front. Links stand for the bytes
    /// of what they point at.
    pub members: Vec<Entry>,
}

impl Sdist {
    /// The file at `path`, which starts below the top folder.
    #[must_use]
    pub fn member(&self, path: &str) -> Option<&[u8]> {
        let path = format!("{}/{path}", self.top);
        self.members.iter().find(|entry| entry.path == path).map(|entry| &*entry.bytes)
    }
}

/// Reads a source distribution whose file is called `file_name`.
///
/// # Errors
/// `sdist-name` for a file name that is none of `{name}-{version}.tar.gz`; an `archive-…` code;
/// `sdist-top-level` without exactly one folder at the root; `sdist-pkg-info-missing`,
/// `metadata-syntax`, `metadata-name` or `metadata-version`.
pub fn read_sdist(file_name: &str, bytes: &[u8]) -> Result<Sdist, Diagnostic> {
    let at = |problem: Diagnostic| problem.at(Location::file(file_name));
    let named = SdistName::parse(file_name).and_then(|name| match name.suffix {
        ".tar.gz" => Ok(name),
        _ => Err(NameError::Suffix(".tar.gz")),
    });
    let parsed =
        named.map_err(|error| at(Diagnostic::new(&codes::SDIST_NAME, error.to_string())))?;
    let budget = Budget::of(bytes.len() as u64);
    let members = files(bytes, &budget).map_err(at)?;
    let top = top(&members).map_err(at)?;
    let path = format!("{top}/PKG-INFO");
    let info = members.iter().find(|entry| entry.path == path).ok_or_else(|| {
        at(Diagnostic::new(&codes::SDIST_PKG_INFO_MISSING, format!("the sdist lacks `{path}`")))
    })?;
    let metadata = Metadata::parse_within(&info.bytes, "PKG-INFO", &budget).map_err(at)?;
    Ok(Sdist {
        file_name: parsed,
        name: required(&metadata, "Name", &codes::METADATA_NAME).map_err(at)?,
        version: required(&metadata, "Version", &codes::METADATA_VERSION).map_err(at)?,
        top,
        metadata,
        members,
    })
}

/// Packs a source distribution again: files in byte order of path, links as copies of what they
/// point at, one time (`epoch`, seconds since 1970), the modes 0644 and 0755, no owner; gzip
/// without a name or time. Every file keeps its bytes.
///
/// # Errors
/// An `archive-…` code, `sdist-link` for a link that points at no file of the archive, or
/// `sdist-top-level`.
pub fn repack_sdist(bytes: &[u8], epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let mut members = files(bytes, &Budget::of(bytes.len() as u64))?;
    top(&members)?;
    members.sort_by(|a, b| a.path.cmp(&b.path));
    pack(&members, epoch)
}

/// Writes the archive, in the order given.
pub(crate) fn pack(members: &[Entry], epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let tar = archive::tar::write(members, epoch).map_err(|error| error.problem("the sdist"))?;
    Ok(archive::gzip::write(&tar))
}

/// Links in a row that are followed.
const MAX_LINKS: usize = 16;

/// The regular files, links resolved.
fn files(bytes: &[u8], budget: &Budget) -> Result<Vec<Entry>, Diagnostic> {
    let tar = archive::gzip::read(bytes).map_err(|error| error.problem("the sdist"))?;
    budget.unpack(tar.len() as u64);
    let found = archive::tar::members_within(&tar, budget);
    let found = found.map_err(|error| error.problem("the sdist"))?;
    let links = found.iter().any(|m| matches!(m.kind, Kind::Symlink(_) | Kind::Hardlink(_)));
    if !links {
        return archive::tar::read(&tar).map_err(|error| error.problem("the sdist"));
    }
    let steps = steps(&found, budget).map_err(|exhausted| exhausted.problem("the sdist"))?;
    let mut resolved = Vec::new();
    let mut size = 0_u64;
    let not_folder = |(_, member): &(usize, &Member<'_>)| member.kind != Kind::Folder;
    for (at, member) in found.iter().enumerate().filter(not_folder) {
        let target = follow(at, &steps).and_then(|end| found.get(end)).ok_or_else(|| {
            let message = format!("`{}` links to no file of the sdist", member.path);
            let help = "replace the link with the file, or leave it out of the sdist";
            Diagnostic::new(&codes::SDIST_LINK, message).help(help)
        })?;
        // A link costs nothing in the archive and its target's size on a disk.
        size = size.saturating_add(target.bytes.len() as u64);
        if size > archive::gzip::allowance(bytes.len() as u64) {
            let bomb = ArchiveError::Bomb { packed: bytes.len() as u64 };
            return Err(bomb.problem("the sdist"));
        }
        resolved.push(Member { path: member.path.clone(), ..target.clone() });
    }
    archive::tar::files(resolved).map_err(|error| error.problem("the sdist"))
}

/// Where one member leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is a file.
    End,
    /// A link to the member at this position.
    To(usize),
    /// Neither, or a link to what is not there.
    Nowhere,
}

/// Where each member leads, every name looked up once: following a chain of links then costs
/// nothing, however many chains share it. Of two members with one path, the last one counts. The
/// names are taken from `budget`.
fn steps(members: &[Member<'_>], budget: &Budget) -> Result<Vec<Step>, Exhausted> {
    let paths = members.iter().enumerate().map(|(at, member)| (member.path.as_str(), at));
    let by_path: BTreeMap<&str, usize> = paths.collect();
    let step = |member: &Member<'_>| {
        let path = match &member.kind {
            Kind::File => return Ok(Step::End),
            Kind::Folder | Kind::Device => return Ok(Step::Nowhere),
            Kind::Symlink(target) => {
                budget.spend_len(member.path.len() + target.len())?;
                beside(&member.path, target)
            }
            Kind::Hardlink(target) => {
                budget.spend_len(target.len())?;
                Some(target.trim_start_matches("./").to_owned())
            }
        };
        let at = path.and_then(|path| by_path.get(path.as_str()));
        Ok(at.map_or(Step::Nowhere, |at| Step::To(*at)))
    };
    members.iter().map(step).collect()
}

/// The position of the file that the member at `at` is or leads to.
fn follow(mut at: usize, steps: &[Step]) -> Option<usize> {
    for _ in 0..MAX_LINKS {
        match steps.get(at)? {
            Step::End => return Some(at),
            Step::To(next) => at = *next,
            Step::Nowhere => return None,
        }
    }
    None
}

/// `target` as seen from the folder that `path` is in; nothing when it leaves the archive.
fn beside(path: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn top(members: &[Entry]) -> Result<String, Diagnostic> {
    let tops: BTreeSet<&str> =
        members.iter().map(|entry| entry.path.split_once('/').map_or("", |(top, _)| top)).collect();
    let mut found = tops.into_iter();
    match (found.next(), found.next()) {
        (Some(top), None) if !top.is_empty() => Ok(top.to_owned()),
        _ => {
            let message =
                "the sdist must have exactly one folder at its root and nothing beside it";
            Err(Diagnostic::new(&codes::SDIST_TOP_LEVEL, message))
        }
    }
}

#[cfg(test)]
mod tests;
