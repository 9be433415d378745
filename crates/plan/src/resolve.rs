//! Config to resolved: paths looked up, manifests read, versions compared, defaults filled in.
//!
//! All problems are collected; a package with a problem is left out of the result, which is then
//! not handed out at all.

mod release;

use std::collections::BTreeMap;

use config::{Config, Overlay};
use format::{
    Asked, Context, Key, OfferKind, Origin, PackageTable, Part, Plans, ReleaseDraft,
    ResolvedPackage, Versions,
};
use model::{Diagnostic, Diagnostics, Package, Release, Specs, Tree, Version, file_name_problem};
use model::{collect_by_insertion, limits::DEFAULT_LEGS};

use crate::codes;
use crate::tagged::Tagged;

pub(crate) use release::{DEFAULT_TAG, MANIFESTS};

/// A repository's configuration with everything known that the tree can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// What holds for the whole release.
    pub release: Release,
    /// The packages, in the configuration's order.
    pub packages: Vec<ResolvedPackage>,
    /// What `git-tag` stands for, where the configuration asks for it.
    pub tag_version: Option<Version>,
    /// What does not stop the work, but a person should look at.
    pub warnings: Diagnostics,
    /// Jobs to spread the build over, at most.
    pub max_legs: usize,
    /// Where each package's name comes from.
    pub origins: BTreeMap<String, Origin>,
}

/// Reads `package-actions.toml` at the tree's root, and the manifests that it names. `tagged` is
/// what is known of the version that `git-tag` stands for.
///
/// # Errors
/// Every problem of the configuration and of those manifests, in order of location.
pub fn resolve(
    tree: &dyn Tree,
    formats: &[&dyn Plans],
    tagged: &Tagged,
) -> Result<Resolved, Diagnostics> {
    let mut problems = Diagnostics::new();
    match config::read(tree, &keys(formats), &mut problems) {
        Some(written) => resolve_config(tree, formats, &written, tagged, problems),
        None => Err(problems.sorted()),
    }
}

/// The same with the values of `overlay` for the configuration.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_overlay(
    tree: &dyn Tree,
    overlay: &Overlay,
    formats: &[&dyn Plans],
    tagged: &Tagged,
) -> Result<Resolved, Diagnostics> {
    let mut problems = Diagnostics::new();
    let written = overlay.config(&keys(formats), &mut problems);
    resolve_config(tree, formats, &written, tagged, problems)
}

/// The keys that `formats` add to a package.
#[must_use]
pub fn keys(formats: &[&dyn Plans]) -> Vec<&'static Key> {
    formats.iter().map(|format| format.key()).collect()
}

/// `formats`, those first that others can be built from.
#[must_use]
pub(crate) fn in_order<'f>(formats: &[&'f dyn Plans]) -> Vec<&'f dyn Plans> {
    let promises = |format: &&dyn Plans| format.promises().is_some();
    let (first, others): (Vec<_>, Vec<_>) = formats.iter().copied().partition(promises);
    [first, others].concat()
}

fn resolve_config(
    tree: &dyn Tree,
    formats: &[&dyn Plans],
    written: &Config,
    tagged: &Tagged,
    problems: Diagnostics,
) -> Result<Resolved, Diagnostics> {
    let mut context = Context::new(&written.origins, tree, problems);
    let tag_version = release::tag_version(&mut context, tree, written, tagged);
    let draft = release::resolve(&mut context, formats, written, tag_version.clone());
    check_names(&mut context, formats, written);
    let ordered = in_order(formats);
    let mut packages: Vec<ResolvedPackage> = Vec::with_capacity(written.packages.len());
    for package in &written.packages {
        packages.push(resolve_package(&mut context, &ordered, package, &draft.known));
    }
    for format in &ordered {
        format.relate(&mut context, &written.packages, &mut packages);
    }
    let keys: Vec<&str> = formats.iter().map(|format| format.key().name).collect();
    for package in &mut packages {
        package.package.specs.order(&keys);
    }
    let problems = without_consequences(context.problems, written).sorted();
    match (draft.finish(tree), problems.has_errors()) {
        (Some(release), false) => {
            let legs = written.release.max_legs.as_ref();
            let max_legs =
                legs.and_then(|legs| usize::try_from(legs.value).ok()).unwrap_or(DEFAULT_LEGS);
            let origin = |package: &PackageTable| {
                (package.name.value.clone(), written.origins.origin(package.name.offset))
            };
            let origins = collect_by_insertion(written.packages.iter().map(origin));
            let warnings = problems;
            Ok(Resolved { release, packages, tag_version, warnings, max_legs, origins })
        }
        _ => Err(problems),
    }
}

fn resolve_package(
    context: &mut Context<'_, '_>,
    formats: &[&dyn Plans],
    written: &PackageTable,
    release: &ReleaseDraft,
) -> ResolvedPackage {
    let mut parts: Vec<(&dyn Plans, Box<dyn Part>)> = Vec::new();
    for format in formats {
        if let Some(values) = written.formats.get(format.key().name) {
            parts.push((*format, format.read(context, values)));
        }
    }
    let manifests: Vec<_> = parts.iter().map(|(_, part)| part.manifest()).collect();
    let found: Vec<_> = manifests.iter().map(|manifest| manifest.version).collect();
    let (released, tagged) = (release.version.as_ref(), release.tagged.as_ref());
    let versions = Versions::new(context, written, released, tagged, &found);
    let first = |own: Option<&str>, texts: Vec<Option<&str>>| {
        let mut texts = own.into_iter().chain(texts.into_iter().flatten());
        texts.find(|text| !text.is_empty()).unwrap_or_default().to_owned()
    };
    let description = first(
        written.description.as_ref().map(|at| at.value.as_str()),
        manifests.iter().map(|manifest| manifest.description).collect(),
    );
    let license = first(
        written.license.as_ref().map(|at| at.value.as_str()),
        manifests.iter().map(|manifest| manifest.license).collect(),
    );
    let promised: Vec<OfferKind> =
        parts.iter().filter_map(|(format, _)| format.promises()).collect();
    let name = written.name.value.clone();
    let package = Package { name, description, license, specs: Specs::default() };
    let mut resolved = ResolvedPackage { package, offers: Vec::new() };
    let asked = Asked { package: written, versions: &versions, release, promised: &promised };
    for (format, part) in parts {
        part.resolve(context, &asked, &mut resolved);
        resolved.offers.extend(format.offers(&resolved.package));
    }
    resolved
}

fn check_names(context: &mut Context<'_, '_>, formats: &[&dyn Plans], written: &Config) {
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
        if package.formats.is_empty() {
            let keys: Vec<String> =
                keys(formats).iter().map(|key| format!("`{}`", key.name)).collect();
            context.error(
                package.offset,
                &codes::PACKAGE_EMPTY,
                format!("`{}` is released in no format", shortened(name)),
                format!("add at least one of {}", keys.join(", ")),
            );
        }
    }
}

/// `problems` without those that only follow from a key that is misspelled, or of the wrong type.
fn without_consequences(problems: Diagnostics, written: &Config) -> Diagnostics {
    let line = |offset: usize| match written.origins.origin(offset) {
        Origin::File(location) => location.line,
        _ => 0,
    };
    let starts: Vec<usize> = written.packages.iter().map(|package| line(package.offset)).collect();
    // The package that a line is in: the last that starts before.
    let package = |line: usize| starts.iter().rposition(|start| *start <= line);
    let at = |problem: &Diagnostic| problem.location.as_ref().map_or(0, |location| location.line);
    let mut misspelled: Vec<Option<usize>> = Vec::new();
    let mut has_odd_version = false;
    for problem in &problems.0 {
        if *problem.code == config::codes::CONFIG_UNKNOWN_KEY {
            misspelled.push(package(at(problem)));
        }
        let is_type = *problem.code == config::codes::CONFIG_WRONG_TYPE;
        has_odd_version |= is_type && problem.message.starts_with("`version`");
    }
    let follows = |problem: &Diagnostic| {
        let is_empty = *problem.code == codes::PACKAGE_EMPTY;
        let no_version = *problem.code == codes::RELEASE_VERSION_MISSING && at(problem) == 0;
        is_empty && misspelled.contains(&package(at(problem))) || no_version && has_odd_version
    };
    Diagnostics(problems.into_iter().filter(|problem| !follows(problem)).collect())
}

/// A name of other people as a message shows it.
fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
