//! A release from top to bottom: plan -> build -> seal -> sign -> publish -> verify.
//!
//! Reads the tree, runs what `steps` says, writes `dist/`. Lists no format. `dist/` is built beside
//! and renamed at the end, so that a run that is killed leaves the last good one.

mod build;
mod compress;
mod folder;
mod options;
mod outside;
mod place;
mod progress;
mod publish;
mod schedule;
mod seal;
mod sign;
mod source;
mod stage;
mod toolbox;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evidence::PublicKey;
use model::{Invocation, Manifest, Place, Problem, UnitId};
use serde::Serialize;
use signing::P256;
use steps::{CONFIG_FILE, Formats, Planned, Proposal, Record, Selection};
use verify::{Policy, Report};

pub use folder::Folder;
pub use options::{Failure, Kind, Options, SignWith};
pub use outside::{Verifying, verify};
pub use progress::{Event, Progress, Silent};
pub use publish::{
    Destination, Environment, Part, Patience, Published, Publishing, Verified, publish,
};
pub use remote::{Ended, Event as RemoteEvent, Fate, Run};
pub use source::Source;

/// A release that was built, sealed, signed and verified.
#[derive(Debug, Clone, Serialize)]
pub struct Released {
    /// Where it lies.
    pub dist: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
    /// What verification said.
    pub report: Report,
}

/// Does all of it, into the stores below `DIR/dist`.
///
/// # Errors
/// When any stage says no. `DIR/dist` is then what it was before.
pub fn release_local(
    options: &Options,
    with: &SignWith,
    progress: &Arc<dyn Progress>,
) -> Result<Released, Failure> {
    let key = sign::key(with)?;
    let (source, planned) = read(&options.dir, &options.selection)?;
    let place = place::Place::beside(source.root())?;
    let dist = place.folder();

    let record = build::units(&source, &planned.plan, options, dist, progress)?;
    stage(progress, "seal");
    let manifest = seal::seal(dist, &record, sign::mode(with))?;
    if let Some(key) = &key {
        stage(progress, "sign");
        sign::release(dist, &manifest, key)?;
    }
    stage(progress, "publish");
    publish::local(dist, &manifest)?;
    stage(progress, "verify");
    let report = verify::verify(dist, &Formats, &P256, &Policy::default());
    if !report.is_good() {
        return Err(Failure::no(report.problems()));
    }
    Ok(Released { dist: place.finish()?, manifest, report })
}

/// Says what would be built.
///
/// # Errors
/// All that is wrong with the configuration and what it names.
pub fn plan(dir: &Path, selection: &Selection) -> Result<Planned, Failure> {
    read(dir, selection).map(|(_, planned)| planned)
}

/// The commands that a build would run, unit by unit, ready to paste.
///
/// # Errors
/// As [`plan`].
pub fn commands(options: &Options) -> Result<Vec<(UnitId, Vec<Invocation>)>, Failure> {
    let (source, planned) = read(&options.dir, &options.selection)?;
    Ok(build::commands(&source, &planned.plan, options))
}

/// Builds every unit into `DIR/dist`, with a record for [`seal`].
///
/// # Errors
/// When a unit fails and nothing allows it to be missing, or a tool cannot be had.
pub fn build(options: &Options, progress: &Arc<dyn Progress>) -> Result<Record, Failure> {
    let (source, planned) = read(&options.dir, &options.selection)?;
    let place = place::Place::beside(source.root())?;
    let record = build::units(&source, &planned.plan, options, place.folder(), progress)?;
    place::write_record(place.folder(), &record)?;
    place.finish()?;
    Ok(record)
}

/// Seals and signs what [`build`] left in `DIR/dist`.
///
/// # Errors
/// When there is no such build, or it was changed since.
pub fn seal(
    dir: &Path,
    with: &SignWith,
    progress: &Arc<dyn Progress>,
) -> Result<Manifest, Failure> {
    let key = sign::key(with)?;
    let dist = Folder::new(dir.join(place::DIST));
    let record = place::take_record(&dist).map_err(Failure::usage)?;
    stage(progress, "seal");
    let manifest = seal::seal(&dist, &record, sign::mode(with))?;
    if let Some(key) = &key {
        stage(progress, "sign");
        sign::release(&dist, &manifest, key)?;
    }
    place::remove_record(&dist)?;
    Ok(manifest)
}

/// Signs a sealed `dist/`, or single files, each into a bundle beside it. Gives the paths of what
/// was written.
///
/// # Errors
/// When a file cannot be read, nothing is there to sign with, or the release was sealed for
/// another way of signing.
pub fn sign(files: &[PathBuf], with: &SignWith) -> Result<Vec<PathBuf>, Failure> {
    let Some(key) = sign::key(with)? else {
        let problem = Problem::error("usage-sign", "`--sign none` signs nothing");
        return Err(Failure::usage(problem.help("use `--sign local` or `--sign key:FILE`")));
    };
    let mut written = Vec::new();
    for path in files {
        if path.is_dir() {
            written.extend(sign::sealed(&Folder::new(path), with, &key)?);
        } else {
            written.extend(sign::file(path, with, &key)?);
        }
    }
    Ok(written)
}

/// Proposes a configuration for the repository in `dir`.
///
/// # Errors
/// When the tree cannot be read.
pub fn propose(dir: &Path) -> Result<Proposal, Failure> {
    let source = Source::open(dir).map_err(Failure::usage)?;
    Ok(steps::propose(&source))
}

/// Writes a proposal as `DIR/package-actions.toml`; never over an existing one.
///
/// # Errors
/// When the file is there already, or cannot be written.
pub fn write_proposal(dir: &Path, proposal: &Proposal) -> Result<PathBuf, Failure> {
    let file = dir.join(CONFIG_FILE);
    let mut options = fs::OpenOptions::new();
    let opened = options.write(true).create_new(true).open(&file);
    let written = opened.and_then(|mut file| {
        use std::io::Write as _;
        file.write_all(proposal.text.as_bytes())
    });
    match written {
        Ok(()) => Ok(file),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Failure::usage(
            Problem::error("init-exists", format!("`{}` is there already", file.display()))
                .help("`--dry-run` prints a proposal without writing it"),
        )),
        Err(error) => {
            let message = format!("cannot write `{}`: {error}", file.display());
            Err(Problem::error("file-failed", message).into())
        }
    }
}

fn read(dir: &Path, selection: &Selection) -> Result<(Source, Planned), Failure> {
    let (source, planned) =
        Source::open_beside(dir, |tree| steps::plan(tree, selection)).map_err(Failure::usage)?;
    Ok((source, planned.map_err(Failure::usage)?))
}

fn stage(progress: &Arc<dyn Progress>, name: &str) {
    progress.event(&Event::Stage { name, units: 0 });
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    let place = Place::file(file.display().to_string());
    let text = fs::read_to_string(file).map_err(|error| {
        let problem = Problem::error("key-unreadable", format!("the key cannot be read: {error}"));
        Failure::usage(problem.at(place.clone()).help("name the file of a public key (PEM)"))
    })?;
    PublicKey::read(&text).map_err(|problem| Failure::usage(problem.at(place)))
}
