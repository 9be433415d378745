//! What a build asks besides the formats: which units are built together, what cargo says of
//! crates, and what is made once the legs lie beside each other.

mod cargo;
mod indexes;
mod lock;

use std::collections::BTreeMap;

use format::Plans;
use model::{Plan, Unit, collect_by_insertion};

pub use cargo::{
    Crates, crates_question, pruned_crates, read_crates, update_lock, workspace_question,
};
pub use indexes::{complete, is_missing_need, need_is_missing};

/// The plan's units in jobs: each unit alone, but for those that one call of a compiler builds.
#[must_use]
pub fn jobs<'p>(plan: &'p Plan, formats: &[&dyn Plans]) -> Vec<Vec<&'p Unit>> {
    let packages: BTreeMap<&str, &model::Package> =
        collect_by_insertion(plan.packages.iter().map(|one| (one.name.as_str(), one)));
    let call = |unit: &Unit| {
        let format = <dyn Plans>::of(formats, unit.format).ok()?;
        format.facts(packages.get(unit.package.as_str())?, unit).call
    };
    let mut jobs: Vec<Vec<&Unit>> = Vec::new();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for unit in &plan.units {
        let call = call(unit);
        let known = call.as_ref().and_then(|call| calls.get(call).copied());
        match known.and_then(|at| jobs.get_mut(at)) {
            Some(job) => job.push(unit),
            None => {
                calls.extend(call.map(|call| (call, jobs.len())));
                jobs.push(vec![unit]);
            }
        }
    }
    jobs
}

#[cfg(test)]
mod tests {
    use binary::{BinarySource, BinarySpec};
    use model::{Package, Platform, Release, UnitId, Version};

    use super::*;
    use crate::PLANS;

    /// Package, workspace, and variables of its own.
    type Rust<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn plan(binaries: &[Rust<'_>]) -> Plan {
        let version = || Version::parse("1.0.0").unwrap();
        let package = |(name, workspace, env): &(&str, &str, &[(&str, &str)])| {
            Package::new((*name).to_owned()).with(BinarySpec {
                name: (*name).to_owned(),
                version: version(),
                source: BinarySource::Rust {
                    path: format!("{workspace}/{name}"),
                    workspace: (*workspace).to_owned(),
                    package: (*name).to_owned(),
                    bin: (*name).to_owned(),
                    features: Vec::new(),
                    no_default_features: false,
                },
                platforms: vec![Platform::LinuxAmd64, Platform::LinuxArm64],
                env: env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            })
        };
        let packages: Vec<Package> = binaries.iter().map(package).collect();
        let unit = |package: &Package, platform| Unit {
            id: UnitId::new(&package.name, binary::FORMAT, Some(platform)),
            package: package.name.clone(),
            format: binary::FORMAT,
            platform: Some(platform),
            recipe: binary::recipes::RUST,
            version: "1.0.0".to_owned(),
            needs: Vec::new(),
            files: Vec::new(),
        };
        let units = packages.iter().flat_map(|package| {
            [Platform::LinuxAmd64, Platform::LinuxArm64].map(|platform| unit(package, platform))
        });
        Plan {
            schema: Plan::SCHEMA.to_owned(),
            release: Release {
                version: version(),
                tag: "v1.0.0".to_owned(),
                registry: String::new(),
                charts: String::new(),
                repository: String::new(),
                notes: String::new(),
            },
            units: units.collect(),
            packages,
            legs: Vec::new(),
        }
    }

    #[test]
    fn binaries_share_a_call_of_cargo_only_with_one_workspace_target_and_set_of_variables() {
        let check = |binaries: &[Rust<'_>], expected: &[&str]| {
            let plan = plan(binaries);
            let names = |job: &Vec<&Unit>| {
                job.iter().map(|unit| unit.id.0.as_str()).collect::<Vec<_>>().join(" ")
            };
            let found: Vec<String> = jobs(&plan, PLANS).iter().map(names).collect();
            assert_eq!(found, expected);
        };
        let (amd64, arm64) = ("binary/linux-amd64", "binary/linux-arm64");
        let both = [format!("a/{amd64} b/{amd64}"), format!("a/{arm64} b/{arm64}")];
        let both = both.each_ref().map(String::as_str);
        check(&[("a", "w", &[]), ("b", "w", &[])], &both);
        let apart = [("a", amd64), ("a", arm64), ("b", amd64), ("b", arm64)];
        let apart = apart.map(|(name, rest)| format!("{name}/{rest}"));
        let apart = apart.each_ref().map(String::as_str);
        check(&[("a", "w", &[]), ("b", "v", &[])], &apart);
        check(&[("a", "w", &[("X", "1")]), ("b", "w", &[])], &apart);
        check(&[("a", "w", &[("X", "1")]), ("b", "w", &[("X", "1")])], &both);
    }
}
