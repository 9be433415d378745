//! A release from top to bottom: plan -> build -> seal -> sign -> publish -> verify.
//!
//! Reads the tree, runs what `release` says, writes `dist/`. Lists no format. `dist/` is built
//! beside and renamed at the end, so that a run that is killed leaves the last good one.

mod build;
pub mod codes;
mod compress;
mod declared;
mod disk;
mod dist;
mod environment;
mod folder;
mod fresh;
mod index;
mod key_file;
mod keychain;
mod merge;
mod options;
mod out;
mod progress;
mod publish;
mod schedule;
mod seal;
mod sealed;
mod sign;
mod signer;
mod source;
mod stage;
mod subject;
mod toolbox;
mod unfinished;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::{Diagnostic, Diagnostics, Digest, Invocation, Location, Manifest, UnitId};
use release::{CONFIG_FILE, Formats, Planned, Proposal, Record};
use sealed::Sealed;
use serde::Serialize;
use signing::{Signer, Verifier};

pub use self::publish::{Destination, Part, Published, Publishing, Verified, publish};
pub use ::publish::{Event as PublishEvent, ItemReport, ItemStatus, Run};
pub use declared::declared_codes;
pub use environment::Environment;
pub use folder::Folder;
pub use http::RetryPolicy;
pub use key_file::policy;
pub use merge::Legs;
pub use options::{Failure, Kind, Options, SignWith};
pub use progress::{Endings, Event, Progress, Silent};
pub use source::Source;
pub use subject::{Verifying, verify};
pub use unfinished::abandon;
pub use verify::{Answer, Policy, Report};

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

/// A build that waits for [`seal`].
#[derive(Debug, Clone)]
pub struct Built {
    /// Where it lies.
    pub dist: PathBuf,
    /// What it holds.
    pub record: Record,
    /// Digest of the record's bytes, which name every other byte of it.
    pub digest: Digest,
}

/// A release that was sealed.
#[derive(Debug, Clone)]
pub struct SealedRelease {
    /// Where it lies.
    pub dist: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// Does all of it, into the stores below `DIR/dist`, or where the release is to be written.
///
/// # Errors
/// When any stage says no. That folder is then what it was before.
pub fn release_local(
    options: &Options,
    with: &SignWith,
    progress: &Arc<dyn Progress>,
) -> Result<Released, Failure> {
    let signer = signer::open(with)?;
    let (source, planned) = read(options)?;
    let pending = source.pending()?;
    let dist = pending.folder();

    progress.event(&Event::Writing(source.out().path()));
    tell(options, &source, &planned, progress)?;
    let record = build::units(&source, &planned, options, dist, progress)?;
    let manifest =
        seal_and_sign(dist, &record, options.formats, with, signer.as_deref(), progress)?;
    stage(progress, "publish");
    publish::local(dist, &manifest)?;
    let policy = signer::policy(with, signer.as_deref());
    let report = examine(dist, options.formats, &policy, progress)?;
    Ok(Released { dist: pending.finish()?, manifest, report })
}

/// Says what would be built.
///
/// # Errors
/// All that is wrong with the configuration and what it names.
pub fn plan(options: &Options) -> Result<Planned, Failure> {
    read(options).map(|(_, planned)| planned)
}

/// The commands that a build would run, unit by unit, ready to paste.
///
/// # Errors
/// As [`plan`]; when the plan has no such leg.
pub fn commands(options: &Options) -> Result<Vec<(UnitId, Vec<Invocation>)>, Failure> {
    let (source, planned) = read(options)?;
    build::commands(&source, &planned.plan, options)
}

/// Builds every unit, or those of one leg, to where the release is to be written, with a record for
/// [`seal`].
///
/// # Errors
/// When the plan is another than expected, a unit fails and nothing allows it to be missing, or a
/// tool cannot be had.
pub fn build(options: &Options, progress: &Arc<dyn Progress>) -> Result<Built, Failure> {
    let (source, planned) = read(options)?;
    let pending = source.pending()?;
    progress.event(&Event::Writing(source.out().path()));
    tell(options, &source, &planned, progress)?;
    let record = build::units(&source, &planned, options, pending.folder(), progress)?;
    let digest = dist::write_record(pending.folder(), &record)?;
    Ok(Built { dist: pending.finish()?, record, digest })
}

/// Seals and signs what [`build`] left in `out`; where the configuration in `dir` says, or
/// `DIR/dist`, unless given.
///
/// # Errors
/// When there is no such build, or it was changed since.
pub fn seal(
    dir: &Path,
    out: Option<&Path>,
    formats: Formats,
    with: &SignWith,
    progress: &Arc<dyn Progress>,
) -> Result<SealedRelease, Failure> {
    let signer = signer::open(with)?;
    let dist = Folder::new(out_of(dir, out)?.path());
    let record = dist::take_record(&dist, formats).map_err(Failure::usage)?;
    let manifest = seal_and_sign(&dist, &record, formats, with, signer.as_deref(), progress)?;
    dist::remove_record(&dist)?;
    examine(&dist, formats, &Policy::default(), progress)?;
    Ok(SealedRelease { dist: dist.root().to_owned(), manifest })
}

/// Merges the legs of a plan, each of which [`build`] left in a folder of its own, into `out`, as
/// for [`seal`]; seals and signs that. `dir` need hold no sources.
///
/// # Errors
/// When a leg is missing, or anything in it is not what its job passed on. `out` is then what it
/// was before.
pub fn seal_legs(
    dir: &Path,
    out: Option<&Path>,
    legs: &Legs,
    with: &SignWith,
    progress: &Arc<dyn Progress>,
) -> Result<SealedRelease, Failure> {
    let signer = signer::open(with)?;
    let pending = dist::PendingDist::beside(&out_of(dir, out)?, false)?;
    stage(progress, "merge");
    let record = merge::merge(legs, pending.folder())?;
    let dist = pending.folder();
    let signed_by = signer.as_deref();
    let manifest = seal_and_sign(dist, &record, legs.formats, with, signed_by, progress)?;
    examine(pending.folder(), legs.formats, &Policy::default(), progress)?;
    Ok(SealedRelease { dist: pending.finish()?, manifest })
}

/// Where the release is written of the tree in `dir`, which may hold no sources.
fn out_of(dir: &Path, asked: Option<&Path>) -> Result<out::Out, Failure> {
    let root = source::real(dir).map_err(Failure::usage)?;
    let config = disk::text(&root.join(CONFIG_FILE)).ok().flatten();
    let config = config.and_then(|bytes| String::from_utf8(bytes).ok());
    out::Out::of(&root, asked, config.as_deref()).map_err(Failure::usage)
}

/// Looks into everything that was sealed: whoever publishes by its digest or its key relies on it.
fn examine(
    dist: &Folder,
    formats: Formats,
    policy: &Policy,
    progress: &Arc<dyn Progress>,
) -> Result<Report, Failure> {
    stage(progress, "verify");
    let report = verify::verify(dist, &formats.inspector(), &Verifier, policy);
    Failure::of_report(&report).map_or(Ok(report), Err)
}

fn seal_and_sign(
    dist: &Folder,
    record: &Record,
    formats: Formats,
    with: &SignWith,
    signer: Option<&dyn Signer>,
    progress: &Arc<dyn Progress>,
) -> Result<Manifest, Failure> {
    stage(progress, "seal");
    as_planned(record, formats)?;
    let sealed = seal::seal(dist, record, formats, signer::mode(with))?;
    if let Some(signer) = signer {
        stage(progress, "sign");
        sign::release(dist, &sealed, signer)?;
    }
    Ok(sealed.manifest)
}

/// What a record says must follow from its plan, all of it: everything else is measured.
fn as_planned(record: &Record, formats: Formats) -> Result<(), Failure> {
    let location = Location::file(Record::FILE);
    let placed = |problem: Diagnostic| match problem.location {
        Some(_) => problem,
        None => problem.at(location.clone()),
    };
    let mut problems: Vec<Diagnostic> =
        release::check_record(record, formats).into_iter().map(placed).collect();
    if !release::is_whole(record) {
        let message = "does not tell what became of each unit of its plan, in the plan's order";
        let problem = Diagnostic::new(&release::codes::RECORD_UNIT, message).at(location);
        problems.push(problem.help("legs are put together with `seal --legs`"));
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::no(Diagnostics(problems))) }
}

/// Signs a sealed `dist/`, or single files, each into a bundle beside it. Gives the paths of what
/// was written.
///
/// # Errors
/// When a file cannot be read, nothing is there to sign with, the release was sealed for another
/// way of signing, or its manifest has another digest than `manifest`.
pub fn sign(
    files: &[PathBuf],
    manifest: Option<Digest>,
    formats: Formats,
    with: &SignWith,
) -> Result<Vec<PathBuf>, Failure> {
    let Some(signer) = signer::open(with)? else {
        let problem = Diagnostic::new(&codes::USAGE_SIGN, "`--sign none` signs nothing");
        return Err(Failure::usage(
            problem.help("use `--sign local`, `--sign key:FILE` or `--sign env:NAME`"),
        ));
    };
    let mut written = Vec::new();
    for path in files {
        if path.is_dir() {
            let dist = Folder::new(path);
            let sealed = Sealed::read(&dist, manifest, formats)?;
            written.extend(sign::again(&dist, &sealed, signer::mode(with), &*signer)?);
        } else if manifest.is_some() {
            let message = format!("`{}` is not a `dist/`, so it has no manifest", path.display());
            let problem = Diagnostic::new(&release::codes::MANIFEST_OTHER, message);
            return Err(Failure::usage(problem.help("leave out `--manifest` for single files")));
        } else {
            written.extend(sign::file(path, signer::mode(with), &*signer)?);
        }
    }
    Ok(written)
}

/// The digest of the manifest in `dist`, which names every other byte of the release.
///
/// # Errors
/// When there is none.
pub fn manifest_digest(dist: &Path) -> Result<Digest, Diagnostic> {
    use verify::Dist as _;
    Folder::new(dist).measure(Manifest::FILE).map(|(_, digest)| digest)
}

/// Proposes a configuration for the repository in `dir`.
///
/// # Errors
/// When the tree cannot be read.
pub fn propose(dir: &Path, formats: Formats) -> Result<Proposal, Failure> {
    let source = Source::open(dir).map_err(Failure::usage)?;
    let mut proposal = release::discover(&source, &source::surroundings(source.root()), formats);
    let out = source.out().within().filter(|_| !proposal.is_empty);
    if let Some(out) = out.filter(|out| source::leaves_untracked(source.root(), out)) {
        let advice = "add the line to `.gitignore`, or every build leaves untracked files";
        proposal.notes.push(format!("git does not ignore `/{out}/`: {advice}"));
    }
    Ok(proposal)
}

/// Writes a proposal as `DIR/package-actions.toml`; never over an existing one.
///
/// # Errors
/// When nothing is proposed, the file is there already, or cannot be written.
pub fn write_proposal(dir: &Path, proposal: &Proposal) -> Result<PathBuf, Failure> {
    let file = dir.join(CONFIG_FILE);
    if proposal.is_empty && !file.exists() {
        let help = "name the repository's folder; `--dry-run` prints a file to fill in";
        let problem = |note: &String| Diagnostic::new(&codes::INIT_NOTHING, note).help(help);
        return Err(Failure::usage(Diagnostics(proposal.notes.iter().map(problem).collect())));
    }
    fresh::write(&file, &proposal.text)?;
    Ok(file)
}

/// Writes a workflow below `dir`, where workflows stand; gives its path.
///
/// # Errors
/// When a file is there already, or cannot be written.
pub fn write_workflow(dir: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let file = dir.join(".github/workflows").join(format!("{name}.yml"));
    fresh::write(&file, text)?;
    Ok(file)
}

fn read(options: &Options) -> Result<(Source, Planned), Failure> {
    let formats = options.formats.plans;
    let work = |tree: &dyn model::Tree| match &options.overlay {
        Some(overlay) => release::plan_overlay(tree, overlay, &options.selection, formats),
        None => release::plan(tree, &options.selection, formats),
    };
    let opened = Source::open_beside(&options.dir, options.out.as_deref(), work);
    let (source, planned) = opened.map_err(Failure::usage)?;
    let planned =
        planned.map_err(|problems| Failure::usage(source::above(problems, &options.dir)))?;
    let (needed, _) = build::withheld(&source, &planned.plan, options)?;
    let mut problems: Vec<Diagnostic> = needed.into_iter().map(|one| one.problem.clone()).collect();
    problems.extend(build::demands::unmet(&source, &planned.plan, options)?);
    if !problems.is_empty() {
        return Err(Failure::usage(Diagnostics(problems)));
    }
    let found = planned.plan.digest();
    match options.plan {
        Some(expected) if expected != found => {
            let message = format!("the plan has digest {found}, expected {expected}");
            let help = "something changed the tree since it was planned: see what runs before the \
                        build, and give `build` the very options of `plan`";
            Err(Failure::no(Diagnostic::new(&release::codes::PLAN_CHANGED, message).help(help)))
        }
        _ => Ok((source, planned)),
    }
}

/// What is known of the sources before they are built.
fn tell(
    options: &Options,
    source: &Source,
    planned: &Planned,
    progress: &Arc<dyn Progress>,
) -> Result<(), Failure> {
    let mut notes = source.notes(&planned.plan.release.tag);
    let (_, spared) = build::withheld(source, &planned.plan, options)?;
    notes.extend(
        spared.iter().map(|one| format!("{}: nothing is built from it", one.problem.message)),
    );
    for note in notes {
        progress.event(&Event::Note(&note));
    }
    for warning in &planned.warnings.0 {
        progress.event(&Event::Problem(warning));
    }
    Ok(())
}

fn stage(progress: &Arc<dyn Progress>, name: &str) {
    progress.event(&Event::Stage { name, units: 0 });
}
