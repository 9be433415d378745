//! The format as the plan sees it.

use format::{Context, Destination, Facts, Key, Part, Plans, ResolvedPackage, Values};
use model::{Diagnostic, Format, Package, Unit};

use crate::keys::KEY;
use crate::{resolve, units};

/// Helm charts.
#[derive(Debug, Clone, Copy)]
pub struct Helm;

impl Plans for Helm {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn key(&self) -> &'static Key {
        &KEY
    }

    fn destination(&self) -> Destination {
        Destination::Registry
    }

    fn read(&self, context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
        resolve::read(context, values)
    }

    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic> {
        units::units(&package.package)
    }

    fn facts(&self, _: &Package, _: &Unit) -> Facts {
        Facts { seconds: 1, downloads: true, ..Facts::default() }
    }
}
