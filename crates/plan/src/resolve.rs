//! Written to resolved: paths looked up, manifests read, versions compared, defaults filled in.
//!
//! All problems are collected; a package with a problem is left out of the result, which is then
//! not handed out at all.

mod binary;
mod chart;
mod context;
mod dockerfile;
mod image;
mod meta;
mod python;
mod release;
mod version;

use std::collections::BTreeMap;

use model::limits::DEFAULT_LEGS;
use model::{Diagnostics, Location, Package, Release, Tree, file_name_problem};

use crate::codes;
use crate::config::{self, Written, WrittenPackage};
use crate::gathered;
use context::Context;
pub(crate) use python::{lowest_python, normalized};
use version::Versions;

/// A repository's configuration with everything known that the tree can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What holds for the whole release.
    pub release: Release,
    /// The packages, in the configuration's order.
    pub packages: Vec<Package>,
    /// What does not stop the work, but a person should look at.
    pub warnings: Diagnostics,
    /// Jobs to spread the build over, at most.
    pub max_legs: usize,
    /// Where each package's name stands in the configuration.
    pub places: BTreeMap<String, Location>,
}

/// Reads `package-actions.toml` at the tree's root, and the manifests that it names.
///
/// # Errors
/// Every problem of the configuration and of those manifests, in order of place.
pub fn resolve(tree: &dyn Tree) -> Result<Resolved, Diagnostics> {
    let mut problems = Diagnostics::new();
    let Some(written) = config::read(tree, &mut problems) else {
        return Err(problems.sorted());
    };
    let mut context = Context::new(&written.source, tree, problems);
    let draft = release::resolve(&mut context, &written);
    check_names(&mut context, &written);
    let mut packages: Vec<Package> = Vec::with_capacity(written.packages.len());
    for package in &written.packages {
        packages.push(resolve_package(&mut context, package, &draft));
    }
    meta::fill(&mut context, &written, &mut packages);
    dockerfile::check(&mut context, &written, &packages);
    let problems = context.problems.sorted();
    match (draft.finish(tree), problems.has_errors()) {
        (Some(release), false) => {
            let legs = written.release.max_legs.as_ref();
            let max_legs =
                legs.and_then(|legs| usize::try_from(legs.value).ok()).unwrap_or(DEFAULT_LEGS);
            let place = |package: &WrittenPackage| {
                (package.name.value.clone(), written.source.location(package.name.offset))
            };
            let places = gathered(written.packages.iter().map(place));
            Ok(Resolved { release, packages, warnings: problems, max_legs, places })
        }
        _ => Err(problems),
    }
}

fn resolve_package(
    context: &mut Context<'_, '_>,
    written: &WrittenPackage,
    release: &release::Draft,
) -> Package {
    let project = written.python.as_ref().and_then(|python| python::project(context, python));
    let cargo = written.binary.as_ref().and_then(|binary| binary::cargo(context, binary));
    let chart = written.chart.as_ref().and_then(|chart| chart::facts(context, chart));
    let sites = [
        project.as_ref().and_then(|project| project.version.as_ref()),
        cargo.as_ref().and_then(|cargo| cargo.version.as_ref()),
        chart.as_ref().and_then(|chart| chart.version.as_ref()),
    ];
    let versions = Versions::new(context, written, release, &sites);
    let first = |texts: [Option<&String>; 4]| {
        texts.into_iter().flatten().find(|text| !text.is_empty()).cloned().unwrap_or_default()
    };
    let description = first([
        written.description.as_ref().map(|at| &at.value),
        project.as_ref().and_then(|project| project.description.as_ref()),
        cargo.as_ref().and_then(|cargo| cargo.description.as_ref()),
        chart.as_ref().and_then(|chart| chart.description.as_ref()),
    ]);
    let license = first([
        written.license.as_ref().map(|at| &at.value),
        project.as_ref().and_then(|project| project.license.as_ref()),
        cargo.as_ref().and_then(|cargo| cargo.license.as_ref()),
        None,
    ]);
    let python = written
        .python
        .as_ref()
        .and_then(|python| python::resolve(context, written, python, project.as_ref(), &versions));
    let binary = written
        .binary
        .as_ref()
        .and_then(|binary| binary::resolve(context, written, binary, cargo.as_ref(), &versions));
    let image = written.image.as_ref().and_then(|image| {
        image::resolve(context, written, image, binary.as_ref(), &versions, release)
    });
    let chart = written.chart.as_ref().zip(chart).and_then(|(chart, facts)| {
        chart::resolve(context, written, chart, facts, &versions, release)
    });
    let name = written.name.value.clone();
    Package { name, description, license, python, image, binary, chart }
}

fn check_names(context: &mut Context<'_, '_>, written: &Written) {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for package in &written.packages {
        let (name, offset) = (package.name.value.as_str(), package.name.offset);
        if let Some(why) = file_name_problem(name) {
            context.error(
                offset,
                &codes::PACKAGE_NAME,
                format!("the name `{}` {why}", shortened(name)),
                "use ASCII letters and digits, with `-`, `_` and `.` between them",
            );
        }
        if let Some(other) = first.insert(name, offset) {
            let other = context.source.location(other);
            context.error(
                offset,
                &codes::PACKAGE_DUPLICATE,
                format!("`{}` is already the name of the package at {other}", shortened(name)),
                "give each package a name of its own, or put its formats into one entry",
            );
        }
        let formats = [
            package.python.is_some(),
            package.image.is_some(),
            package.binary.is_some(),
            package.chart.is_some(),
        ];
        if !formats.contains(&true) {
            context.error(
                package.offset,
                &codes::PACKAGE_EMPTY,
                format!("`{}` is released in no format", shortened(name)),
                "add at least one of `python`, `image`, `binary`, `chart`",
            );
        }
    }
}

/// A name of other people as a message shows it.
fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
