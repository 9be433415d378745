//! The actions of one format: plan, build, seal, sign and publish it in this job, from the
//! repository's configuration or from inputs alone.

mod configured;
mod event;
mod outputs;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use api::{Allowed, Asked};
use model::{Diagnostic, Diagnostics, Format, UnitStatus};
use pipeline::{Failure, ItemReport, Kind, Options, Publishing};
use release::{CONFIG_FILE, Formats, Overlay};

use crate::codes;
use crate::input::Inputs;
use crate::log::Log;
use crate::trust::allowed;
use crate::{Outcome, publish, seal, summary};
use event::Occasion;

/// The actions of one format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Oci,
    Pypi,
    Helm,
    Binary,
}

impl Action {
    /// The format that it builds.
    fn format(self) -> Format {
        match self {
            Self::Oci => release::OCI,
            Self::Pypi => release::PYPI,
            Self::Helm => release::HELM,
            Self::Binary => release::BINARY,
        }
    }
}

/// Images.
pub(crate) fn oci(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    run(Some(Action::Oci), inputs, log)
}

/// Python packages.
pub(crate) fn pypi(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    run(Some(Action::Pypi), inputs, log)
}

/// Charts.
pub(crate) fn helm(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    run(Some(Action::Helm), inputs, log)
}

/// Executables.
pub(crate) fn binary(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    run(Some(Action::Binary), inputs, log)
}

/// All formats that the configuration names.
pub(crate) fn release(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    run(None, inputs, log)
}

fn run(action: Option<Action>, inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    let format = action.map(Action::format);
    let dir = inputs.directory()?;
    let occasion = Occasion::of(inputs.variables());
    let publishes = publishes(action, inputs, &occasion)?;
    let allowed = allowed(inputs, publishes.unwrap_or_default())?;
    holds_something(&dir)?;
    let goes_out = publishes.is_some() && allowed == Allowed::Release;
    let overlay = configured(action, inputs, &dir, &occasion, goes_out)?;
    let with = seal::asked_signer(inputs)?;
    let formats: Vec<Format> = format.into_iter().collect();
    let options = Options {
        selection: inputs.selection(&formats)?,
        allow_missing: inputs.flag("allow-missing")?.unwrap_or(false),
        overlay,
        dir: dir.clone(),
        out: inputs.text("out")?.map(PathBuf::from),
        ..Options::default()
    };
    let asked = Publishing {
        only: format.map(|format| BTreeSet::from([publish::home(format)])).unwrap_or_default(),
        allow_missing: options.allow_missing,
        ..publish::asked(inputs, allowed)?
    };
    let planned = pipeline::plan(&options)?;
    if let Some(pushed) = occasion.tag.as_ref().filter(|_| publishes.is_some()) {
        release::tag_fits(&planned.plan.release, pushed).map_err(Failure::no)?;
    }
    // What was looked at is what is built.
    let options = Options { plan: Some(planned.plan.digest()), ..options.clone() };
    let built = pipeline::build(&options, &log.listener())?;
    whole(format, &built.record, options.allow_missing)?;
    let dist = Some(built.dist.as_path());
    let sealed = pipeline::seal(&dir, dist, Formats::default(), &with, &log.listener())?;
    let manifest = sealed.manifest;
    let mut outcome = seal::outcome(&built.dist, &manifest)?;
    outcome.problems.extend(planned.warnings);
    let published = match publishes {
        Some(_) => published(&mut outcome, asked, &built.dist, log)?,
        None => None,
    };
    let sent = published.is_some() && allowed == Allowed::Release && outcome.failed.is_none();
    outputs::add(format, &mut outcome, &manifest, &built.dist, published.as_deref(), sent);
    Ok(outcome)
}

/// What became of each item; nothing of a publication that could not begin, which leaves what was
/// built to be looked at.
fn published(
    outcome: &mut Outcome,
    asked: Publishing,
    dist: &Path,
    log: &Log,
) -> Result<Option<Vec<ItemReport>>, Failure> {
    let manifest = Some(pipeline::manifest_digest(dist)?);
    let asked = Publishing { dist: dist.to_owned(), manifest, ..asked };
    Ok(match pipeline::publish(&asked, &log.listener()) {
        Ok(published) => {
            let items = published.run.items.clone();
            join(outcome, publish::outcome(&asked, published));
            Some(items)
        }
        Err(failure) => {
            outcome.summary.push_str(&summary::failed("publish", &failure.problems, &[]));
            outcome.failed = Some(failure.kind);
            outcome.problems.extend(failure.problems);
            None
        }
    })
}

/// Whether something is published, and by whose wish: an input says so, or the event is a tag.
fn publishes(
    action: Option<Action>,
    inputs: &Inputs<'_>,
    occasion: &Occasion,
) -> Result<Option<Asked>, Failure> {
    let name = match action {
        Some(Action::Oci | Action::Helm) => "push",
        _ => "publish",
    };
    Ok(match inputs.flag(name)? {
        Some(true) => Some(Asked::Here),
        Some(false) => None,
        None => occasion.tag.as_ref().map(|_| Asked::No),
    })
}

/// The configuration, where the tree has none: made of the inputs.
fn configured(
    action: Option<Action>,
    inputs: &Inputs<'_>,
    dir: &Path,
    occasion: &Occasion,
    publishes: bool,
) -> Result<Option<Overlay>, Failure> {
    let there = dir.join(CONFIG_FILE).symlink_metadata().is_ok();
    match action {
        Some(action) if !there => {
            configured::overlay(action, inputs, dir, occasion, publishes).map(Some)
        }
        Some(action) => configured::without_effect(action, inputs).map(|()| None),
        None => Ok(None),
    }
}

/// An action never ends well with nothing built, nor with a part where the whole was asked for.
fn whole(
    format: Option<Format>,
    record: &release::Record,
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
        problems.push(
            Diagnostic::new(&codes::ACTION_NOTHING, message).help("see why in the log above"),
        );
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

fn join(outcome: &mut Outcome, more: Outcome) {
    outcome.outputs.extend(more.outputs);
    outcome.summary.push_str(&more.summary);
    outcome.problems.extend(more.problems);
    outcome.failed = more.failed;
}
