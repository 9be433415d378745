//! The records of a plan's legs into the one record that a single job would have left.
//!
//! A leg is a job of its own, and its record was pinned by that job. Still nothing in it is taken
//! on trust that the plan or another leg can contradict.

use std::collections::{BTreeMap, BTreeSet};

use components::Licenses;
use format::Builds;
use model::{
    Artifact, Diagnostic, DiagnosticRecord, Diagnostics, Digest, FileEntry, Leg, Location, Plan,
    ToolUse, Unit, UnitId, UnitRecord,
};

use crate::codes;
use crate::{Formats, Record, check_record};

/// Merges the records of all legs of the plan whose digest is `plan`, by leg number.
///
/// # Errors
/// Everything in which the legs differ from the plan or from each other.
pub fn merge(
    plan: Digest,
    legs: &BTreeMap<usize, Record>,
    formats: Formats,
) -> Result<Record, Diagnostics> {
    let mut problems = Diagnostics::new();
    for (number, record) in legs {
        if record.plan.digest() != plan {
            let message = format!("leg {number} was built for another plan, expected {plan}");
            problems.push(Diagnostic::new(&codes::PLAN_CHANGED, message).help(AGAIN));
        }
    }
    let Some(first) = legs.values().next().filter(|_| problems.is_empty()) else {
        if legs.is_empty() {
            problems.push(Diagnostic::new(&codes::LEG_MISSING, "there is no leg").help(AGAIN));
        }
        return Err(problems);
    };
    check_numbers(&first.plan, legs, &mut problems);
    for leg in &first.plan.legs {
        if let Some(record) = legs.get(&leg.number) {
            check_leg(leg, record, formats, &mut problems);
            if record.source != first.source {
                let message = format!("leg {} was built from other sources", leg.number);
                problems.push(Diagnostic::new(&codes::LEG_SOURCE, message).help(AGAIN));
            }
        }
    }
    let mut merged = Merged::default();
    for (number, record) in legs {
        merged.take(*number, record, &mut problems);
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    Ok(merged.finish(first, legs, formats.builds))
}

const AGAIN: &str = "run the whole workflow again: no leg of another run or commit fits";

fn check_numbers(plan: &Plan, legs: &BTreeMap<usize, Record>, problems: &mut Diagnostics) {
    let expected: BTreeSet<usize> = plan.legs.iter().map(|leg| leg.number).collect();
    for number in expected.iter().filter(|number| !legs.contains_key(number)) {
        let message = format!("leg {number} of {} is not there", expected.len());
        let help = "its job failed, or its record's digest was not passed on: see that job's log";
        problems.push(Diagnostic::new(&codes::LEG_MISSING, message).help(help));
    }
    for number in legs.keys().filter(|number| !expected.contains(number)) {
        let message = format!("leg {number} is none of the plan's {}", expected.len());
        problems.push(Diagnostic::new(&codes::LEG_UNKNOWN, message).help(AGAIN));
    }
}

/// What a leg says of its own units, and of no other.
fn check_leg(leg: &Leg, record: &Record, formats: Formats, problems: &mut Diagnostics) {
    let number = leg.number;
    let ended: Vec<&UnitId> = record.units.iter().map(|unit| &unit.id).collect();
    if ended != leg.units.iter().collect::<Vec<_>>() {
        let message = format!("leg {number} does not tell what became of exactly its units");
        problems.push(Diagnostic::new(&codes::LEG_UNITS, message).help(AGAIN));
    }
    for problem in check_record(record, formats) {
        let message = format!("the record of leg {number} {}", problem.message);
        problems.push(Diagnostic { message, ..problem });
    }
}

/// What the legs say, each thing with the leg that said it first.
#[derive(Default)]
struct Merged<'r> {
    units: BTreeMap<&'r UnitId, (usize, &'r UnitRecord, Vec<&'r Artifact>)>,
    files: BTreeMap<&'r str, (usize, &'r FileEntry)>,
    tools: BTreeSet<&'r ToolUse>,
    warnings: BTreeSet<&'r DiagnosticRecord>,
}

impl<'r> Merged<'r> {
    fn take(&mut self, number: usize, record: &'r Record, problems: &mut Diagnostics) {
        for unit in &record.units {
            let own = record.artifacts.iter().filter(|artifact| artifact.unit == unit.id);
            let own: Vec<&Artifact> = own.collect();
            let (first, ended, artifacts) =
                self.units.entry(&unit.id).or_insert_with(|| (number, unit, own.clone()));
            if (*ended, &*artifacts) != (unit, &own) {
                let message = format!("leg {first} and leg {number} disagree on `{}`", unit.id);
                let help = "its build is not reproducible, or one of the two was tampered with";
                problems.push(Diagnostic::new(&codes::LEG_DISAGREE, message).help(help));
            }
        }
        for file in record.artifacts.iter().flat_map(files) {
            let (first, known) = *self.files.entry(&file.path).or_insert((number, file));
            if known != file {
                let message = format!(
                    "leg {first} has digest {}, leg {number} has {}",
                    known.digest, file.digest
                );
                let problem =
                    Diagnostic::new(&codes::LEG_DISAGREE, message).at(Location::file(&file.path));
                problems.push(problem.help("two legs must leave the same bytes under one name"));
            }
        }
        self.tools.extend(&record.tools);
        self.warnings.extend(&record.warnings);
    }

    fn finish(
        mut self,
        first: &Record,
        legs: &BTreeMap<usize, Record>,
        formats: &[&dyn Builds],
    ) -> Record {
        let mut units = Vec::new();
        let mut artifacts = Vec::new();
        for unit in &first.plan.units {
            if let Some((_, ended, built)) = self.units.remove(&unit.id) {
                units.push(ended.clone());
                artifacts.extend(built.into_iter().cloned());
            }
        }
        artifacts.sort_by(|a, b| a.file.path.cmp(&b.file.path));
        let mut locks = BTreeMap::new();
        let mut licenses: BTreeMap<String, Licenses> = BTreeMap::new();
        for (package, record) in learned(&first.plan, legs, formats) {
            if let Some(lock) = record.locks.get(package) {
                locks.insert(package.to_owned(), lock.clone());
            }
            if let Some(more) = record.licenses.get(package) {
                licenses.entry(package.to_owned()).or_default().extend(more.clone());
            }
        }
        Record {
            schema: Record::SCHEMA.to_owned(),
            plan: first.plan.clone(),
            source: first.source.clone(),
            units,
            warnings: self.warnings.into_iter().cloned().collect(),
            artifacts,
            tools: self.tools.into_iter().cloned().collect(),
            locks,
            licenses,
        }
    }
}

/// Packages and the legs that learned of their crates, in the plan's order: a single job hears the
/// last one last.
fn learned<'r>(
    plan: &'r Plan,
    legs: &'r BTreeMap<usize, Record>,
    formats: &'r [&'r dyn Builds],
) -> impl Iterator<Item = (&'r str, &'r Record)> {
    let mut leg_of: BTreeMap<&UnitId, &Record> = BTreeMap::new();
    for record in legs.values() {
        leg_of.extend(record.units.iter().map(|unit| (&unit.id, record)));
    }
    let uses_cargo = |unit: &&Unit| {
        <dyn Builds>::of(formats, unit.format).is_ok_and(|format| format.uses_cargo(unit))
    };
    let units = plan.units.iter().filter(uses_cargo);
    units.filter_map(move |unit| Some((unit.package.as_str(), *leg_of.get(&unit.id)?)))
}

fn files(artifact: &Artifact) -> impl Iterator<Item = &FileEntry> {
    std::iter::once(&artifact.file).chain(&artifact.files)
}

#[cfg(test)]
mod tests;
