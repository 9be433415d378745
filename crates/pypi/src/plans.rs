//! The format as the plan sees it.

use std::collections::BTreeSet;

use crate::PythonKind;
use format::{
    Context, Destination, Facts, Key, Offer, OfferKind, PackageTable, Part, Plans, ResolvedPackage,
    Values,
};
use model::{Diagnostic, Format, Package, Platform, Unit};

use crate::PythonSpec;
use crate::keys::KEY;
use crate::recipes;
use crate::{resolve, units};

/// Wheels and source distributions for a Python package index.
#[derive(Debug, Clone, Copy)]
pub struct Pypi;

impl Plans for Pypi {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn key(&self) -> &'static Key {
        &KEY
    }

    fn destination(&self) -> Destination {
        Destination::Index
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
        resolve::fill(context, written, packages);
    }

    fn promises(&self) -> Option<OfferKind> {
        Some(OfferKind::Wheel)
    }

    fn offers(&self, package: &Package) -> Vec<Offer> {
        let wheel = |python: &crate::PythonSpec| Offer {
            format: crate::FORMAT,
            kind: OfferKind::Wheel,
            name: python.name.clone(),
            platforms: match &python.kind {
                PythonKind::Pyo3 { platforms, .. } => Some(platforms.clone()),
                PythonKind::Pure | PythonKind::Meta { .. } => None,
            },
        };
        package.spec::<PythonSpec>().into_iter().map(wheel).collect()
    }

    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic> {
        units::units(&package.package)
    }

    fn facts(&self, _: &Package, unit: &Unit) -> Facts {
        let (seconds, offers) = match unit.recipe {
            recipes::SDIST => (3, None),
            recipes::META => (1, Some(OfferKind::Wheel)),
            recipes::WHEEL => (30, Some(OfferKind::Wheel)),
            _ => (4, Some(OfferKind::Wheel)),
        };
        Facts { seconds, offers, ..Facts::default() }
    }

    fn narrow(&self, package: &mut Package, chosen: &BTreeSet<Platform>) {
        package.specs.edit(|python: &mut PythonSpec| {
            if let PythonKind::Pyo3 { platforms, .. } = &mut python.kind {
                platforms.retain(|platform| chosen.contains(platform));
            }
        });
    }
}
