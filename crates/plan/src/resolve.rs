//! Config to resolved: paths looked up, manifests read, versions compared, defaults filled in.
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

use config::{Config, Origin, Overlay, PackageTable};
use model::{Diagnostics, Package, Release, Tree, file_name_problem};
use model::{collect_by_insertion, limits::DEFAULT_LEGS};

use crate::codes;
use context::Context;
pub(crate) use python::lowest_python;
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
    /// Where each package's name comes from.
    pub origins: BTreeMap<String, Origin>,
}

/// Reads `package-actions.toml` at the tree's root, and the manifests that it names.
///
/// # Errors
/// Every problem of the configuration and of those manifests, in order of location.
pub fn resolve(tree: &dyn Tree) -> Result<Resolved, Diagnostics> {
    let mut problems = Diagnostics::new();
    match config::read(tree, &mut problems) {
        Some(written) => resolve_config(tree, &written, problems),
        None => Err(problems.sorted()),
    }
}

/// The same with the values of `overlay` for the configuration.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_overlay(tree: &dyn Tree, overlay: &Overlay) -> Result<Resolved, Diagnostics> {
    let mut problems = Diagnostics::new();
    let written = overlay.config(&mut problems);
    resolve_config(tree, &written, problems)
}

fn resolve_config(
    tree: &dyn Tree,
    written: &Config,
    problems: Diagnostics,
) -> Result<Resolved, Diagnostics> {
    let mut context = Context::new(&written.origins, tree, problems);
    let draft = release::resolve(&mut context, written);
    check_names(&mut context, written);
    let mut packages: Vec<Package> = Vec::with_capacity(written.packages.len());
    for package in &written.packages {
        packages.push(resolve_package(&mut context, package, &draft));
    }
    meta::fill(&mut context, written, &mut packages);
    dockerfile::check(&mut context, written, &packages);
    let problems = context.problems.sorted();
    match (draft.finish(tree), problems.has_errors()) {
        (Some(release), false) => {
            let legs = written.release.max_legs.as_ref();
            let max_legs =
                legs.and_then(|legs| usize::try_from(legs.value).ok()).unwrap_or(DEFAULT_LEGS);
            let origin = |package: &PackageTable| {
                (package.name.value.clone(), written.origins.origin(package.name.offset))
            };
            let origins = collect_by_insertion(written.packages.iter().map(origin));
            Ok(Resolved { release, packages, warnings: problems, max_legs, origins })
        }
        _ => Err(problems),
    }
}

fn resolve_package(
    context: &mut Context<'_, '_>,
    written: &PackageTable,
    release: &release::Draft,
) -> Package {
    let project = written.python.as_ref().and_then(|python| python::project(context, python));
    let cargo = written.binary.as_ref().and_then(|binary| binary::cargo(context, binary));
    let chart = written.chart.as_ref().and_then(|chart| chart::facts(context, chart));
    let manifests = [
        project.as_ref().and_then(|project| project.version.as_ref()),
        cargo.as_ref().and_then(|cargo| cargo.version.as_ref()),
        chart.as_ref().and_then(|chart| chart.version.as_ref()),
    ];
    let versions = Versions::new(context, written, release, &manifests);
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

fn check_names(context: &mut Context<'_, '_>, written: &Config) {
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
            let other = context.origins.origin(other);
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
