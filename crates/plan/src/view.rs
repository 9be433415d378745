//! A plan as a workflow's matrix and as a table for people.

use std::collections::BTreeMap;

use format::Plans;
use model::{Leg, Package, Plan, Platform, Unit, UnitId, collect_by_insertion};
use serde_json::{Value, json};

/// The runner that a leg is built on: from it, every platform is built.
const RUNNER: &str = "ubuntu-24.04";

/// The runner for what runs programs of arm64.
const ARM_RUNNER: &str = "ubuntu-24.04-arm";

/// The matrix of a GitHub workflow:
/// `{"include": [{"leg": 1, "runner": "ubuntu-24.04", "units": ["…"]}]}`.
#[must_use]
pub fn matrix(plan: &Plan, formats: &[&dyn Plans]) -> Value {
    let packages: BTreeMap<&str, &Package> =
        collect_by_insertion(plan.packages.iter().map(|one| (one.name.as_str(), one)));
    let facts = |unit: &Unit| {
        let format = formats.iter().find(|format| format.format() == unit.format)?;
        Some(format.facts(packages.get(unit.package.as_str())?, unit))
    };
    let native = plan.units.iter().filter(|unit| facts(unit).is_some_and(|facts| facts.native));
    let native = collect_by_insertion(native.map(|unit| (&unit.id, unit)));
    let legs: Vec<Value> = plan
        .legs
        .iter()
        .map(|leg| {
            let runner = runner(&native, leg);
            json!({ "leg": leg.number, "runner": runner, "units": leg.units })
        })
        .collect();
    json!({ "include": legs })
}

/// What runs programs of its platform is built on a machine of it where its leg has one platform.
fn runner(native: &BTreeMap<&UnitId, &Unit>, leg: &Leg) -> &'static str {
    let mut platforms =
        leg.units.iter().filter_map(|id| native.get(id)).map(|unit| unit.platform).peekable();
    let some = platforms.peek().is_some();
    let arm = some && platforms.all(|platform| platform == Some(Platform::LinuxArm64));
    if arm { ARM_RUNNER } else { RUNNER }
}

/// Units, versions, legs and files in aligned columns, one unit a line.
#[must_use]
pub fn table(plan: &Plan) -> String {
    let mut legs: BTreeMap<&UnitId, Vec<String>> = BTreeMap::new();
    for leg in &plan.legs {
        for unit in &leg.units {
            legs.entry(unit).or_default().push(leg.number.to_string());
        }
    }
    let mut rows = vec![["unit", "version", "leg", "files"].map(str::to_owned)];
    for unit in &plan.units {
        // An index over several legs' images is made when the legs are merged.
        let legs = legs.get(&unit.id).map_or("merge".to_owned(), |legs| legs.join(","));
        rows.push([unit.id.to_string(), unit.version.clone(), legs, unit.files.join("  ")]);
    }
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..3).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (index, cell) in row.iter().enumerate() {
            line.push_str(cell);
            if let Some(width) = widths.get(index) {
                line.push_str(&" ".repeat(width - cell.chars().count() + 2));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Release, Version};

    fn plan() -> Plan {
        let unit = |package: &str, files: &[&str]| Unit {
            id: UnitId::new(package, helm::FORMAT, None),
            package: package.to_owned(),
            format: helm::FORMAT,
            platform: None,
            recipe: helm::recipes::CHART,
            version: "1.0.0".to_owned(),
            needs: Vec::new(),
            files: files.iter().map(|file| (*file).to_owned()).collect(),
        };
        let units = vec![unit("a", &["helm/a.tgz", "helm/a.txt"]), unit("long", &["helm/l.tgz"])];
        let leg = |number, at: usize| Leg { number, units: vec![units[at].id.clone()] };
        Plan {
            schema: Plan::SCHEMA.to_owned(),
            release: Release {
                version: Version::parse("1.0.0").unwrap(),
                tag: "v1.0.0".to_owned(),
                registry: "localhost".to_owned(),
                charts: "localhost/helm-charts".to_owned(),
                repository: String::new(),
                notes: String::new(),
            },
            packages: Vec::new(),
            legs: vec![leg(1, 0), leg(2, 1)],
            units,
        }
    }

    #[test]
    fn the_table_aligns_its_columns() {
        let expected = "unit       version  leg  files\n\
                        a/helm     1.0.0    1    helm/a.tgz  helm/a.txt\n\
                        long/helm  1.0.0    2    helm/l.tgz\n";
        assert_eq!(table(&plan()), expected);
    }

    #[test]
    fn the_matrix_is_what_a_workflow_includes() {
        let expected = concat!(
            r#"{"include":[{"leg":1,"runner":"ubuntu-24.04","units":["a/helm"]},"#,
            r#"{"leg":2,"runner":"ubuntu-24.04","units":["long/helm"]}]}"#
        );
        assert_eq!(matrix(&plan(), &[]).to_string(), expected);
    }
}
