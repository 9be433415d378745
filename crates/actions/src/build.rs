//! `build`: one leg of the plan, or all of it.

use std::path::{Path, PathBuf};

use api::Asked;
use pipeline::{Built, Failure, Options};

use crate::input::Inputs;
use crate::log::Log;
use crate::trust::allowed;
use crate::{Outcome, summary};

/// Builds what the plan job asked for.
pub(crate) fn run(inputs: &mut Inputs<'_>, log: &Log) -> Result<Outcome, Failure> {
    let dir = inputs.directory()?;
    allowed(inputs, Asked::Here)?;
    let mut selection = inputs.selection(&[])?;
    selection.max_legs = inputs.parsed("max-legs", "number of legs")?;
    let leg: Option<usize> = inputs.parsed("leg", "number of a leg")?;
    let plan = match leg {
        Some(_) => Some(inputs.digest("plan")?),
        None => inputs.parsed("plan", "digest of the form `sha256:<64 hex digits>`")?,
    };
    let options = Options {
        dir,
        out: inputs.text("out")?.map(PathBuf::from),
        selection,
        plan,
        leg,
        allow_missing: inputs.flag("allow-missing")?.unwrap_or(false),
        ..Options::default()
    };
    let built = pipeline::build(&options, &log.listener())?;
    let title = leg.map_or_else(|| "Build".to_owned(), |leg| format!("Leg {leg}"));
    Ok(Outcome {
        outputs: vec![("record", built.digest.to_string()), ("dist", absolute(&built.dist))],
        summary: told(&title, &built),
        ..Outcome::default()
    })
}

/// What was built, and what was not.
fn told(title: &str, built: &Built) -> String {
    let record = &built.record;
    let missing = record.units.iter().filter(|unit| !unit.reason.is_empty());
    let rows: Vec<Vec<String>> = missing
        .map(|unit| {
            let why = summary::plain(&unit.reason);
            vec![summary::code(&unit.id.0), summary::state(unit.status).to_owned(), why]
        })
        .collect();
    let count = record.units.len() - rows.len();
    format!(
        "### {title}: {count} of {} units\n\n{}\n{}\n{}",
        record.units.len(),
        summary::table("Units", &["Unit", "Ended", "Why"], &rows),
        summary::matrix(&record.artifacts),
        summary::artifacts(&record.artifacts),
    )
}

/// A path that means the same in every later step.
pub(crate) fn absolute(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.to_string_lossy().into_owned()
}
