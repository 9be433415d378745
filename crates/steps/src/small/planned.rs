//! The plan of a tree, and all that a workflow asks of it.

use std::collections::BTreeSet;

use model::{Diagnostic, Diagnostics, Digest, Format, Plan, Severity, Tree};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Answer, Ended, List, Nothing, Number, Switch, read, told};
use crate::{Planned, Selection};

/// `{"packages", "formats", "platforms", "max-legs", "whole"}`, all of them optional, gives
/// `{"plan": digest, "matrix", "legs", "version", "tag", "prerelease", "packages", "formats",
/// "units"}`, with `"whole": true` also `"document"`, the plan itself. Warnings stand among the
/// problems. `hash` makes digests: where a plan is large, the host of WASM does it faster.
#[must_use]
pub fn plan(request: &str, tree: &dyn Tree, hash: &dyn Fn(&[u8]) -> Digest) -> Answer {
    let planned = read::<Asked>(request).map_err(Diagnostics::from).and_then(|asked| {
        let whole = asked.whole.read("whole")?;
        Ok((crate::plan(tree, &asked.selection()?)?, whole))
    });
    match planned {
        Ok((Planned { plan, warnings }, whole)) => {
            told(&Told::of(&plan, whole, hash), warnings, Ended::Done)
        }
        Err(problems) => told(&Nothing {}, problems, Ended::Usage),
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Asked {
    packages: List,
    formats: List,
    platforms: List,
    max_legs: Number,
    whole: Switch,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told<'p> {
    plan: Digest,
    matrix: Value,
    legs: usize,
    version: &'p str,
    tag: &'p str,
    prerelease: bool,
    packages: Vec<&'p str>,
    formats: BTreeSet<Format>,
    units: Vec<Row<'p>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'p Plan>,
}

/// A unit as people see it.
#[derive(Serialize)]
struct Row<'p> {
    package: &'p str,
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<model::Platform>,
    version: &'p str,
}

impl Asked {
    fn selection(&self) -> Result<Selection, Diagnostics> {
        let mut problems = Diagnostics::new();
        let max_legs = self.max_legs.read("max-legs").unwrap_or_else(|problem: Diagnostic| {
            problems.push(problem);
            None
        });
        let formats = "format: choose from `pypi`, `oci`, `helm`, `binary`";
        let platforms = "platform: choose from linux-amd64, linux-arm64, darwin-amd64, \
                         darwin-arm64, windows-amd64";
        let selection = Selection {
            packages: self.packages.words(),
            formats: self.formats.read(formats, &mut problems),
            platforms: self.platforms.read(platforms, &mut problems),
            max_legs,
        };
        let stop = problems.0.iter().any(|problem| problem.severity == Severity::Error);
        if stop { Err(problems) } else { Ok(selection) }
    }
}

impl<'p> Told<'p> {
    fn of(plan: &'p Plan, whole: bool, hash: &dyn Fn(&[u8]) -> Digest) -> Self {
        let row = |unit: &'p model::Unit| Row {
            package: &unit.package,
            format: unit.format,
            platform: unit.platform,
            version: &unit.version,
        };
        Self {
            plan: plan.digest_by(hash),
            matrix: crate::matrix(plan),
            legs: plan.legs.len(),
            version: plan.release.version.text(),
            tag: &plan.release.tag,
            prerelease: plan.release.version.is_prerelease(),
            packages: plan.packages.iter().map(|package| package.name.as_str()).collect(),
            formats: model::collect_by_insertion(plan.units.iter().map(|unit| unit.format)),
            units: plan.units.iter().map(row).collect(),
            document: whole.then_some(plan),
        }
    }
}
