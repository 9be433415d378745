//! The folders of a plan's legs, checked against the digests that their jobs passed on, into one.
//!
//! The folders came by a way that other jobs could write to; the digests did not. So no byte is
//! kept that does not descend from one of them. Modes are set anew: artifacts lose them on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use format::{Builds, OfferKind};
use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Diagnostics, Digest, FileEntry, Hasher, Location};
use release::{Formats, Record};
use verify::Dist as _;

use crate::codes;
use crate::compress::Libdeflate;
use crate::dist;
use crate::folder::Folder;
use crate::options::Failure;

/// What the legs of a plan left, and what it has to be.
#[derive(Debug, Clone)]
pub struct Legs {
    /// The folder that holds `leg-1`, `leg-2`, ….
    pub folder: PathBuf,
    /// The plan's digest.
    pub plan: Digest,
    /// Digest of each leg's record, by its number.
    pub records: BTreeMap<usize, Digest>,
    /// The formats that are handled.
    pub formats: Formats,
}

/// Merges the legs into `dist`.
///
/// # Errors
/// Everything that differs from what the legs' jobs passed on, and everything in which the legs
/// differ from the plan or from each other.
pub(crate) fn merge(legs: &Legs, dist: &Folder) -> Result<Record, Failure> {
    let mut problems = Diagnostics::new();
    strangers(legs, &mut problems)?;
    let mut records = BTreeMap::new();
    for (number, digest) in &legs.records {
        match record(legs, *number, digest) {
            Ok(record) => {
                records.insert(*number, record);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.has_errors() {
        return Err(Failure::no(problems));
    }
    let mut merged = release::merge(legs.plan, &records, legs.formats).map_err(Failure::no)?;
    for (number, record) in &records {
        let leg = legs.folder(*number);
        problems.extend(files(*number, record, legs.formats.builds, &leg, dist)?);
    }
    if problems.has_errors() {
        return Err(Failure::no(problems));
    }
    for file in release::complete(&mut merged, legs.formats, &Libdeflate::default())? {
        dist.write(&file.path, &file.bytes, file.executable)?;
    }
    Ok(merged)
}

impl Legs {
    /// Where a leg lies: below its name; but the only one may lie in the folder itself, for a
    /// single artifact is unpacked without a folder of its own.
    fn folder(&self, number: usize) -> Folder {
        let own = self.folder.join(name(number));
        let bare = self.records.len() == 1 && self.folder.join(Record::FILE).is_file();
        Folder::new(if bare && !own.exists() { self.folder.clone() } else { own })
    }
}

fn name(number: usize) -> String {
    format!("leg-{number}")
}

/// Legs that nobody passed a digest on for.
fn strangers(legs: &Legs, problems: &mut Diagnostics) -> Result<(), Diagnostic> {
    let unreadable = |error: io::Error| {
        let message = format!("`{}` cannot be listed: {error}", legs.folder.display());
        Diagnostic::new(&model::codes::FILE_FAILED, message)
            .help("name the folder that holds `leg-1`, `leg-2`, …")
    };
    let known: BTreeSet<String> = legs.records.keys().map(|number| name(*number)).collect();
    for entry in fs::read_dir(&legs.folder).map_err(unreadable)? {
        let found = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if found.starts_with("leg-") && !known.contains(&found) {
            let problem = Diagnostic::new(
                &release::codes::LEG_UNKNOWN,
                "is not a leg that a job passed a digest on for",
            );
            problems
                .push(problem.at(Location::file(found)).help("pass `--record N=sha256:…` for it"));
        }
    }
    Ok(())
}

fn record(legs: &Legs, number: usize, digest: &Digest) -> Result<Record, Diagnostic> {
    let location = Location::file(format!("{}/{}", name(number), Record::FILE));
    let leg = legs.folder(number);
    let bytes = leg.read(Record::FILE, MAX_JSON_BYTES).map_err(|problem| {
        let message = format!("the record of leg {number} {}", problem.message);
        Diagnostic::new(&release::codes::LEG_MISSING, message)
            .at(location.clone())
            .help("see the log of its job")
    })?;
    let found = Digest::of(&bytes);
    if found != *digest {
        return Err(replaced(number, &location.file, &format!("has digest {found}, not {digest}")));
    }
    dist::read_record(&bytes, legs.formats).map_err(|problem| problem.at(location))
}

/// Takes over a leg's files; gives what is wrong with them.
fn files(
    number: usize,
    record: &Record,
    formats: &[&dyn Builds],
    leg: &Folder,
    dist: &Folder,
) -> Result<Vec<Diagnostic>, Diagnostic> {
    let mut listed: BTreeSet<&str> = [Record::FILE].into();
    let mut problems = Vec::new();
    for artifact in &record.artifacts {
        let format = <dyn Builds>::of(formats, artifact.format)?;
        let package = record.plan.package(&artifact.package);
        let offered = package.and_then(|package| format.offered(package, artifact));
        let executable = offered.is_some_and(|offered| offered.kind == OfferKind::Executable);
        for (file, executable) in std::iter::once((&artifact.file, executable))
            .chain(artifact.files.iter().map(|file| (file, false)))
        {
            if listed.insert(&file.path) {
                let took = take(leg, dist, file, executable);
                problems.extend(took?.map(|why| replaced(number, &file.path, &why)));
            }
        }
    }
    for entry in leg.entries()? {
        if !listed.contains(entry.path.as_str()) {
            problems.push(replaced(number, &entry.path, "is not in the leg's record"));
        }
    }
    Ok(problems)
}

/// Copies one file while measuring it; tells what is wrong with it.
fn take(
    leg: &Folder,
    dist: &Folder,
    file: &FileEntry,
    executable: bool,
) -> Result<Option<String>, Diagnostic> {
    let mut from = match leg.open(&file.path) {
        Ok((opened, size)) if size == file.size => opened,
        Ok((_, size)) => return Ok(Some(format!("has {size} bytes, not {}", file.size))),
        Err(problem) => return Ok(Some(problem.message)),
    };
    let target = dist.join(&file.path);
    let digest = copy(&mut from, &target, file.size)
        .and_then(|digest| crate::disk::set_mode(&target, executable).map(|()| digest))
        .map_err(|error| {
            let message = format!("cannot be copied: {error}");
            Diagnostic::new(&model::codes::FILE_FAILED, message).at(Location::file(&file.path))
        })?;
    Ok((digest != file.digest).then(|| format!("has digest {digest}, not {}", file.digest)))
}

/// Copies at most `size` bytes.
fn copy(from: &mut File, target: &Path, size: u64) -> io::Result<Digest> {
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut into = File::create(target)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0_u8; 256 << 10];
    let mut from = from.take(size);
    loop {
        let count = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            return Ok(hasher.finish());
        };
        hasher.update(bytes);
        into.write_all(bytes)?;
    }
}

fn replaced(number: usize, file: &str, why: &str) -> Diagnostic {
    let help = "something replaced it after its job ended: trust nothing of this run, run it again";
    Diagnostic::new(&codes::LEG_REPLACED, format!("leg {number}: {why}"))
        .at(Location::file(file))
        .help(help)
}
