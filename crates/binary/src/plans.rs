//! The format as the plan sees it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{BinarySource, BinarySpec};
use format::{
    Context, Destination, Facts, Key, Offer, OfferKind, PackageTable, Part, Plans, ResolvedPackage,
    Values,
};
use model::{Diagnostic, Format, Package, Platform, Unit};

use crate::keys::KEY;
use crate::recipes;
use crate::{resolve, units};

/// Static executables.
#[derive(Debug, Clone, Copy)]
pub struct Binary;

impl Plans for Binary {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn key(&self) -> &'static Key {
        &KEY
    }

    fn destination(&self) -> Destination {
        Destination::Downloads
    }

    fn read(&self, context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
        resolve::read(context, values)
    }

    fn relate(
        &self,
        context: &mut Context<'_, '_>,
        written: &[PackageTable],
        packages: &mut [ResolvedPackage],
    ) {
        resolve::check_platforms(context, written, packages);
    }

    fn promises(&self) -> Option<OfferKind> {
        Some(OfferKind::Executable)
    }

    fn offers(&self, package: &Package) -> Vec<Offer> {
        let executable = |binary: &BinarySpec| Offer {
            format: crate::FORMAT,
            kind: OfferKind::Executable,
            name: binary.name.clone(),
            platforms: Some(binary.platforms.clone()),
        };
        package.spec::<BinarySpec>().into_iter().map(executable).collect()
    }

    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic> {
        units::units(&package.package)
    }

    fn facts(&self, package: &Package, unit: &Unit) -> Facts {
        Facts {
            seconds: if unit.recipe == recipes::RUST { 60 } else { 13 },
            offers: Some(OfferKind::Executable),
            call: package.spec::<BinarySpec>().and_then(|binary| call(binary, unit)),
            downloads: true,
            ..Facts::default()
        }
    }

    fn narrow(&self, package: &mut Package, chosen: &BTreeSet<Platform>) {
        let narrow = |binary: &mut BinarySpec| binary.platforms.retain(|one| chosen.contains(one));
        package.specs.edit(narrow);
    }
}

/// What units share that one call of cargo builds: their workspace, target, and variables; where
/// features are chosen, the package and those as well.
///
/// cargo unites the features of what it builds in one call, so these units must be built together
/// wherever they are built: else their bytes would depend on the legs.
fn call(binary: &BinarySpec, unit: &Unit) -> Option<String> {
    let BinarySource::Rust { workspace, .. } = &binary.source else { return None };
    let target = unit.platform?.rust_target();
    let features = match crate::cargo::chosen(&binary.source) {
        Some((package, features, no_default)) => {
            let flag = if no_default { " --no-default-features" } else { "" };
            format!("\n-p {package} --features {}{flag}", features.join(","))
        }
        None => String::new(),
    };
    Some(format!("{workspace}\n{target}{}{features}", lines(&binary.env)))
}

fn lines(env: &BTreeMap<String, String>) -> String {
    env.iter().map(|(name, value)| format!("\n{name}={value}")).collect()
}
