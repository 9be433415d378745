//! Wheels (PEP 427): read back from bytes, and packed again so that one content has one file.
//!
//! Knows what stands in a wheel, not whether an index takes it: that is `lint`.

use std::collections::BTreeSet;

use archive::Entry;
use model::{Budget, Code, Diagnostic, Location};

use crate::codes;
use crate::cyclonedx;
use crate::entry_points::{self, EntryPoints};
use crate::metadata::Metadata;
use crate::name::WheelName;
use crate::record::{self, RecordLine};
use crate::tags::{MAX_TAGS, Tag};

/// A wheel, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wheel {
    /// Its file name, taken apart.
    pub file_name: WheelName,
    /// `Name` of `METADATA`.
    pub name: String,
    /// `Version` of `METADATA`.
    pub version: String,
    /// The folder `{name}-{version}.dist-info`, as it is spelled inside.
    pub dist_info: String,
    /// `METADATA`.
    pub metadata: Metadata,
    /// `WHEEL`.
    pub wheel: Metadata,
    /// The tags of `WHEEL`, expanded, sorted, once each.
    pub tags: Vec<Tag>,
    /// The lines of `RECORD`; nothing when it is missing or malformed.
    pub record: Option<Vec<RecordLine>>,
    /// `entry_points.txt`, empty when missing; nothing when malformed.
    pub entry_points: Option<EntryPoints>,
    /// All files, in the archive's order.
    pub members: Vec<Entry>,
}

impl Wheel {
    /// The file at `path`.
    #[must_use]
    pub fn member(&self, path: &str) -> Option<&[u8]> {
        find(&self.members, path)
    }

    /// Path and bytes of the SBOM documents it carries (PEP 770).
    pub fn sboms(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let folder = format!("{}/sboms/", self.dist_info);
        let inside = move |entry: &&Entry| entry.path.starts_with(&folder);
        self.members.iter().filter(inside).map(|entry| (entry.path.as_str(), &*entry.bytes))
    }
}

/// Reads a wheel whose file is called `file_name`.
///
/// # Errors
/// `wheel-name` for a file name that is no wheel's; an `archive-…` code for a ZIP that readers
/// could see differently; `wheel-tags` for more than a thousand; `wheel-dist-info`,
/// `wheel-metadata-missing`, `wheel-wheel-missing`, `metadata-syntax`, `metadata-name` or
/// `metadata-version` when it does not say what it is; `too-much-work` when its lists are out of
/// all proportion to its size.
pub fn read_wheel(file_name: &str, bytes: &[u8]) -> Result<Wheel, Diagnostic> {
    let at = |problem: Diagnostic| problem.at(Location::file(file_name));
    let parsed = WheelName::parse(file_name)
        .map_err(|error| at(Diagnostic::new(&codes::WHEEL_NAME, error.to_string())))?;
    let members = archive::zip::read(bytes).map_err(|error| error.problem(file_name))?;
    let dist_info = dist_info(&members).map_err(at)?;
    let text = |name: &str| find(&members, &format!("{dist_info}/{name}"));
    let budget = Budget::of(bytes.len() as u64);
    budget.unpack(members.iter().map(|entry| entry.bytes.len() as u64).sum());
    let inside = |name: &str| format!("{file_name}:{dist_info}/{name}");
    let missing = |code: &'static Code, name: &str| {
        at(Diagnostic::new(code, format!("the wheel lacks `{dist_info}/{name}`")))
    };
    let metadata =
        text("METADATA").ok_or_else(|| missing(&codes::WHEEL_METADATA_MISSING, "METADATA"))?;
    let metadata = Metadata::parse_within(metadata, "METADATA", &budget).map_err(at)?;
    let wheel = text("WHEEL").ok_or_else(|| missing(&codes::WHEEL_WHEEL_MISSING, "WHEEL"))?;
    let wheel = Metadata::parse_within(wheel, "WHEEL", &budget).map_err(at)?;
    let record = match text("RECORD").and_then(|bytes| std::str::from_utf8(bytes).ok()) {
        Some(lines) => record::parse(lines, &budget).map_err(|e| e.problem(inside("RECORD")))?,
        None => None,
    };
    let entry_points = match text("entry_points.txt").map(std::str::from_utf8) {
        None => Some(EntryPoints::new()),
        Some(Err(_)) => None,
        Some(Ok(lines)) => entry_points::parse(lines, &budget)
            .map_err(|exhausted| exhausted.problem(inside("entry_points.txt")))?,
    };
    let tags = tags(&wheel).map_err(at)?;
    Ok(Wheel {
        file_name: parsed,
        name: required(&metadata, "Name", &codes::METADATA_NAME).map_err(at)?,
        version: required(&metadata, "Version", &codes::METADATA_VERSION).map_err(at)?,
        tags: tags.into_iter().collect(),
        dist_info,
        metadata,
        wheel,
        record,
        entry_points,
        members,
    })
}

/// Packs a wheel again: members in byte order of path, the `.dist-info` folder last and `RECORD`
/// at the very end; one time (`epoch`, seconds since 1970) and the modes 0644 and 0755; CycloneDX
/// documents without serial, time and local paths of their own; `RECORD` written anew. Every other
/// member keeps its bytes. Signatures over the old `RECORD` are dropped.
///
/// # Errors
/// An `archive-…` code, or `wheel-dist-info` when there is not exactly one such folder.
pub fn repack_wheel(bytes: &[u8], epoch: u64) -> Result<Vec<u8>, Diagnostic> {
    let mut members = archive::zip::read(bytes).map_err(|error| error.problem("the wheel"))?;
    let dist_info = dist_info(&members)?;
    let own = format!("{dist_info}/RECORD");
    members.retain(|entry| {
        let rest = entry.path.strip_prefix(&own);
        !matches!(rest, Some("" | ".jws" | ".p7s"))
    });
    let sboms = format!("{dist_info}/sboms/");
    for entry in &mut members {
        if entry.path.starts_with(&sboms)
            && let Some(normal) = cyclonedx::normalize(&entry.bytes, epoch)
        {
            entry.bytes = normal;
        }
    }
    pack(members, &dist_info, epoch)
}

/// Sorts, adds `RECORD`, and writes the archive.
pub(crate) fn pack(
    mut members: Vec<Entry>,
    dist_info: &str,
    epoch: u64,
) -> Result<Vec<u8>, Diagnostic> {
    let inside = format!("{dist_info}/");
    members.sort_by(|a, b| {
        (a.path.starts_with(&inside), &a.path).cmp(&(b.path.starts_with(&inside), &b.path))
    });
    let lines: Vec<RecordLine> =
        members.iter().map(|entry| record::line(&entry.path, &entry.bytes)).collect();
    let own = format!("{inside}RECORD");
    let text = record::render(&lines, &own);
    members.push(Entry::new(own, text));
    archive::zip::write(&members, epoch).map_err(|error| error.problem("the wheel"))
}

/// All that the lines of `WHEEL` stand for; malformed ones are passed over.
fn tags(wheel: &Metadata) -> Result<BTreeSet<Tag>, Diagnostic> {
    let mut tags = BTreeSet::new();
    for line in wheel.all("Tag").filter(|line| line.split('-').count() == 3) {
        let found = Tag::expand(line);
        let too_many = found.is_none();
        tags.extend(found.unwrap_or_default());
        if too_many || tags.len() > MAX_TAGS {
            let message = format!("`WHEEL` stands for more than {MAX_TAGS} tags");
            return Err(Diagnostic::new(&codes::WHEEL_TAGS, message));
        }
    }
    Ok(tags)
}

/// The one `.dist-info` folder at the archive's root.
fn dist_info(members: &[Entry]) -> Result<String, Diagnostic> {
    let folders: BTreeSet<&str> = members
        .iter()
        .filter_map(|entry| entry.path.split_once('/'))
        .map(|(folder, _)| folder)
        .filter(|folder| folder.ends_with(".dist-info"))
        .collect();
    let mut found = folders.into_iter();
    match (found.next(), found.next()) {
        (Some(folder), None) => Ok(folder.to_owned()),
        (None, _) => {
            Err(Diagnostic::new(&codes::WHEEL_DIST_INFO, "the wheel has no `.dist-info` folder"))
        }
        (Some(a), Some(b)) => {
            let message = format!("the wheel has two `.dist-info` folders, `{a}` and `{b}`");
            Err(Diagnostic::new(&codes::WHEEL_DIST_INFO, message))
        }
    }
}

/// A header that must be there.
pub(crate) fn required(
    metadata: &Metadata,
    name: &str,
    code: &'static Code,
) -> Result<String, Diagnostic> {
    let value = metadata.get(name).filter(|value| !value.is_empty());
    value
        .map(str::to_owned)
        .ok_or_else(|| Diagnostic::new(code, format!("the metadata has no `{name}`")))
}

fn find<'a>(members: &'a [Entry], path: &str) -> Option<&'a [u8]> {
    members.iter().find(|entry| entry.path == path).map(|entry| &*entry.bytes)
}

#[cfg(test)]
mod tests;
