//! What a plan's projects ask for and do not get: a `Cargo.lock`, without which cargo would choose
//! versions by the day, and a compiler that is new enough.
//!
//! Crates of one workspace share one lock, and it is told once.

use std::collections::{BTreeMap, BTreeSet};

use format::{Builds, Demand, Job};
use model::{Diagnostic, Found, Location, Package, Plan, Tree as _};
use tools::{Pins, Tool};

use crate::codes;
use crate::options::{Failure, Options};
use crate::source::Source;

/// What is wrong with the locks and the compilers of what is built for `plan`.
pub(crate) fn unmet(
    source: &Source,
    plan: &Plan,
    options: &Options,
) -> Result<Vec<Diagnostic>, Failure> {
    let (mut projects, mut demands) = (BTreeSet::new(), BTreeMap::new());
    // A plan may have a thousand packages, each with several units: none is looked for twice.
    let packages: BTreeMap<&str, &Package> =
        plan.packages.iter().map(|package| (package.name.as_str(), package)).collect();
    let mut last = None;
    for unit in &plan.units {
        let is_next =
            last.replace((&unit.package, unit.format)) != Some((&unit.package, unit.format));
        let package = packages.get(unit.package.as_str()).filter(|_| is_next);
        let Some(package) = package else { continue };
        let format = <dyn Builds>::of(options.formats.builds, unit.format)?;
        let job = Job { unit, package, release: &plan.release };
        demands.extend(format.demand(&job, source).map(|demand| (demand.file.clone(), demand)));
        if format.uses_cargo(unit) && !options.allow_unlocked {
            let needs = format.needs(&job, source);
            let is_crate = source.look(&format::below(&needs.project, MANIFEST)) == Found::File;
            let inner = needs.cargo.map(|cargo| cargo.folder);
            projects.extend(inner.map(|inner| if is_crate { needs.project } else { inner }));
        }
    }
    let mut known = BTreeMap::new();
    projects.retain(|folder| !is_below_lock(source, folder, &mut known));
    let mut problems: Vec<Diagnostic> = projects.iter().map(|folder| no_lock(folder)).collect();
    let pins = (!demands.is_empty()).then(Pins::embedded);
    // Pins that cannot be read are told by whoever needs a tool.
    if let Some(Ok(pins)) = pins {
        problems.extend(demands.values().filter_map(|one| too_old(source, one, &pins, options)));
    }
    Ok(problems)
}

/// What is wrong when the compiler that would be taken is older than what is asked for.
fn too_old(source: &Source, demand: &Demand, pins: &Pins, options: &Options) -> Option<Diagnostic> {
    let folder = demand.file.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let (taken, help) = match demand.compiler {
        "go" if options.tools.contains_key("go") => return None,
        "go" => {
            let help = "lower what it asks for, or give a newer Go with `--tool go=PATH`";
            (pins.version(Tool::Go)?.to_owned(), help)
        }
        _ => {
            let channel = super::context::channel(source, folder);
            let choice = tools::choose_toolchain(channel.as_deref(), &pins.rust.version);
            let help = "name that release in `rust-toolchain.toml`, or lower `rust-version`";
            (choice.version, help)
        }
    };
    let (asked, have) = (numbers(&demand.release)?, numbers(&taken)?);
    (asked > have).then(|| {
        let (file, release) = (&demand.file, &demand.release);
        let message =
            format!("`{file}` needs {} {release}, and is built with {taken}", demand.compiler);
        let problem = Diagnostic::new(&codes::TOOLCHAIN_OLD, message);
        problem.at(Location::file(file.clone())).help(help)
    })
}

/// Major, minor and patch of a release; nothing where it does not start with two numbers.
fn numbers(release: &str) -> Option<[u32; 3]> {
    let digits = |part: &str| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..end].parse().ok()
    };
    let mut parts = release.split('.');
    let (major, minor) = (digits(parts.next()?)?, digits(parts.next()?)?);
    Some([major, minor, parts.next().and_then(digits).unwrap_or_default()])
}

const MANIFEST: &str = "Cargo.toml";

/// Whether `folder` or one above it holds a lock.
fn is_below_lock(source: &Source, folder: &str, known: &mut BTreeMap<String, bool>) -> bool {
    if let Some(answer) = known.get(folder) {
        return *answer;
    }
    let is_here = source.look(&format::below(folder, "Cargo.lock")) == Found::File;
    let above = folder.rsplit_once('/').map_or(".", |(above, _)| above);
    let is_there = is_here || folder != "." && is_below_lock(source, above, known);
    known.insert(folder.to_owned(), is_there);
    is_there
}

/// That the project in `folder` has no lock.
pub(super) fn no_lock(folder: &str) -> Diagnostic {
    Diagnostic::new(&codes::LOCK_MISSING, "`Cargo.lock` is missing")
        .at(Location::file(format::below(folder, MANIFEST)))
        .help(
            "run `cargo generate-lockfile` in that folder and commit `Cargo.lock`, or build \
             without it with `--allow-unlocked`",
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_compared_by_their_numbers() {
        let check = |release: &str, expected: Option<[u32; 3]>| {
            assert_eq!(numbers(release), expected, "{release}");
        };
        check("1.24", Some([1, 24, 0]));
        check("1.24.3", Some([1, 24, 3]));
        check("1.28rc1", Some([1, 28, 0]));
        check("nightly-2026-05-01", None);
        check("stable", None);
        check("1", None);
    }
}
