//! The doors of one format: plan, build, seal, sign and publish it in this job, from the
//! repository's configuration or from inputs alone.

mod event;
mod outputs;
mod written;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use model::{Diagnostic, Diagnostics, Format, Location, UnitStatus};
use pipeline::{Ended, Failure, Kind, Options, Publishing};
use steps::{Allowed, CONFIG_FILE, Planned};

use crate::codes;
use crate::guard::guard;
use crate::input::Inputs;
use crate::log::Log;
use crate::{Left, publish, seal, summary};
use event::Occasion;

/// Images.
pub(crate) fn oci(inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    run(Some(Format::Oci), inputs, log)
}

/// Python packages.
pub(crate) fn pypi(inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    run(Some(Format::Pypi), inputs, log)
}

/// Charts.
pub(crate) fn helm(inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    run(Some(Format::Helm), inputs, log)
}

/// Executables.
pub(crate) fn binary(inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    run(Some(Format::Binary), inputs, log)
}

/// All formats that the configuration names.
pub(crate) fn release(inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    run(None, inputs, log)
}

fn run(format: Option<Format>, inputs: &mut Inputs<'_>, log: &Log) -> Result<Left, Failure> {
    let dir = inputs.directory()?;
    let allowed = guard(inputs)?;
    holds_something(&dir)?;
    let occasion = Occasion::of(inputs.surroundings());
    let publishes = publishes(format, inputs, &occasion)?;
    let goes_out = publishes.is_some() && allowed == Allowed::Release;
    let config = configured(format, inputs, &dir, &occasion, goes_out)?;
    let with = seal::asked_signer(inputs)?;
    let formats: Vec<Format> = format.into_iter().collect();
    let options = Options {
        selection: inputs.selection(&formats)?,
        allow_missing: inputs.flag("allow-missing")?.unwrap_or(false),
        config,
        dir: dir.clone(),
        ..Options::default()
    };
    let asked = Publishing {
        only: format.map(|format| BTreeSet::from([publish::home(format)])).unwrap_or_default(),
        allow_missing: options.allow_missing,
        ..publish::asked(inputs, allowed)?
    };
    let planned = planned(&options, inputs)?;
    if publishes == Some(Decided::ByTag) {
        fits(&occasion, &planned.plan.release.tag)?;
    }
    // What was looked at is what is built.
    let options = Options { plan: Some(planned.plan.digest()), ..options.clone() };
    let built = pipeline::build(&options, &log.listener())
        .map_err(|failure| unplaced(failure, options.config.is_some()))?;
    whole(format, &built.record, options.allow_missing)?;
    let manifest = pipeline::seal(&dir, &with, &log.listener())?;
    let mut left = seal::left(&built.dist, &manifest)?;
    left.problems.extend(planned.warnings);
    let published = match publishes {
        Some(_) => published(&mut left, asked, &built.dist, log)?,
        None => None,
    };
    let sent = published.is_some() && allowed == Allowed::Release && left.failed.is_none();
    outputs::add(format, &mut left, &manifest, &built.dist, published.as_deref(), sent);
    Ok(left)
}

/// The plan, with warnings that its reader can do something about.
fn planned(options: &Options, inputs: &Inputs<'_>) -> Result<Planned, Failure> {
    let from_inputs = options.config.is_some();
    let planned = pipeline::plan(options).map_err(|failure| unplaced(failure, from_inputs));
    let mut planned = planned?;
    planned.warnings = without_place(planned.warnings, from_inputs);
    if from_inputs && inputs.text("name")?.is_none() {
        // Nobody chose the name that the project's own differs from.
        planned.warnings.0.retain(|problem| problem.code != &model::codes::PYTHON_NAME);
    }
    Ok(planned)
}

/// What became of each item; nothing of a publication that could not begin, which leaves what was
/// built for a look at it.
fn published(
    left: &mut Left,
    asked: Publishing,
    dist: &Path,
    log: &Log,
) -> Result<Option<Vec<Ended>>, Failure> {
    let manifest = Some(pipeline::manifest_digest(dist)?);
    let asked = Publishing { dist: dist.to_owned(), manifest, ..asked };
    Ok(match pipeline::publish(&asked, &log.listener()) {
        Ok(published) => {
            let items = published.run.items.clone();
            join(left, publish::left(&asked, published));
            Some(items)
        }
        Err(failure) => {
            left.summary.push_str(&summary::failed("publish", &failure.problems, &[]));
            left.failed = Some(failure.kind);
            left.problems.extend(failure.problems);
            None
        }
    })
}

/// Why a publication takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// An input says so.
    ByInput,
    /// The event is a tag.
    ByTag,
}

fn publishes(
    format: Option<Format>,
    inputs: &Inputs<'_>,
    occasion: &Occasion,
) -> Result<Option<Decided>, Failure> {
    let name = match format {
        Some(Format::Oci | Format::Helm) => "push",
        _ => "publish",
    };
    Ok(match inputs.flag(name)? {
        Some(true) => Some(Decided::ByInput),
        Some(false) => None,
        None => occasion.tag.as_ref().map(|_| Decided::ByTag),
    })
}

/// The configuration's text, where the tree has none: made of the inputs.
fn configured(
    format: Option<Format>,
    inputs: &Inputs<'_>,
    dir: &Path,
    occasion: &Occasion,
    publishes: bool,
) -> Result<Option<String>, Failure> {
    let there = dir.join(CONFIG_FILE).symlink_metadata().is_ok();
    match format {
        Some(format) if !there => written::text(format, inputs, dir, occasion, publishes).map(Some),
        Some(format) => written::without_effect(format, inputs).map(|()| None),
        None => Ok(None),
    }
}

/// A tag that the release does not have must not publish it.
fn fits(occasion: &Occasion, tag: &str) -> Result<(), Failure> {
    match &occasion.tag {
        Some(found) if found != tag => {
            let message = format!("the tag is `{found}`, but the release's is `{tag}`");
            let help = "push the release's tag, or set the version that the tag says in the tree";
            Err(Failure::no(Diagnostic::new(&codes::TAG_OTHER, message).help(help)))
        }
        _ => Ok(()),
    }
}

/// A door never ends well with nothing built, nor with a part where the whole was asked for.
fn whole(
    format: Option<Format>,
    record: &steps::Record,
    allow_missing: bool,
) -> Result<(), Failure> {
    let missing = record.units.iter().filter(|unit| unit.status != UnitStatus::Built);
    let mut problems: Vec<Diagnostic> = missing
        .filter(|_| !allow_missing)
        .map(|unit| {
            let message = format!("`{}` was not built: {}", unit.id, unit.reason);
            let help = "build it where it can be built, or leave it out with `allow-missing: true`";
            Diagnostic::new(&codes::UNIT_NOT_BUILT, message).help(help)
        })
        .collect();
    let own = |artifact: &model::Artifact| format.is_none_or(|format| artifact.format == format);
    if problems.is_empty() && !record.artifacts.iter().any(own) {
        let message = "nothing was built";
        problems
            .push(Diagnostic::new(&codes::DOOR_NOTHING, message).help("see why in the log above"));
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure { kind: Kind::Unable, problems: Diagnostics(problems) })
}

/// The most usual mistake of a first workflow.
fn holds_something(dir: &Path) -> Result<(), Failure> {
    let empty = fs::read_dir(dir).is_ok_and(|mut inside| inside.next().is_none());
    if !empty {
        return Ok(());
    }
    let message = "the folder is empty: no repository is here";
    let help = "check it out in a step before: `- uses: actions/checkout@v7`";
    Err(Failure::usage(Diagnostic::new(&codes::TREE_EMPTY, message).help(help)))
}

fn unplaced(mut failure: Failure, from_inputs: bool) -> Failure {
    failure.problems = without_place(failure.problems, from_inputs);
    failure
}

/// Problems of a configuration that stands in no file are the inputs'.
fn without_place(mut problems: Diagnostics, from_inputs: bool) -> Diagnostics {
    let of_config = |place: &Option<Location>| {
        from_inputs && place.as_ref().is_some_and(|place| place.file == CONFIG_FILE)
    };
    for problem in problems.0.iter_mut().filter(|problem| of_config(&problem.location)) {
        problem.location = None;
        problem.message = format!("made of the inputs: {}", without_line(&problem.message));
        if problem.code == &steps::VERSION_DIFFERS {
            let help = "push the tag of the manifest's version, or set the manifest's to the tag's";
            problem.help = Some(help.to_owned());
        }
    }
    problems
}

/// A message without a place in the configuration, which nobody can open.
fn without_line(message: &str) -> String {
    let place = format!(" ({CONFIG_FILE}:");
    let parts = message.split_once(&place).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(')')?;
        Some(format!("{before} by its tag or the input `version`{after}"))
    });
    parts.unwrap_or_else(|| message.to_owned())
}

fn join(left: &mut Left, more: Left) {
    left.outputs.extend(more.outputs);
    left.summary.push_str(&more.summary);
    left.problems.extend(more.problems);
    left.failed = more.failed;
}
