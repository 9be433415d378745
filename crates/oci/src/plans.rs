//! The format as the plan sees it.

use std::collections::BTreeSet;

use crate::{DockerfileSpec, ImageSource};
use format::{
    Context, Destination, Facts, Key, PackageTable, Part, Plans, ResolvedPackage, Values,
};
use model::{Diagnostic, Format, Package, Platform, Unit};

use crate::ImageSpec;
use crate::keys::KEY;
use crate::recipes;
use crate::{resolve, units};

/// Container images as OCI layouts.
#[derive(Debug, Clone, Copy)]
pub struct Oci;

impl Plans for Oci {
    fn format(&self) -> Format {
        crate::FORMAT
    }

    fn key(&self) -> &'static Key {
        &KEY
    }

    fn destination(&self) -> Destination {
        Destination::Registry
    }

    fn read(&self, _: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
        resolve::read(values)
    }

    fn relate(
        &self,
        context: &mut Context<'_, '_>,
        written: &[PackageTable],
        packages: &mut [ResolvedPackage],
    ) {
        resolve::check(context, written, packages);
    }

    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic> {
        units::units(&package.package, package.executable())
    }

    fn facts(&self, _: &Package, unit: &Unit) -> Facts {
        let dockerfile = unit.recipe == recipes::FROM_DOCKERFILE;
        let joins = unit.recipe == recipes::INDEX;
        let seconds = match () {
            () if dockerfile => 90,
            () if joins => 1,
            () => 2,
        };
        Facts { seconds, native: dockerfile, joins, ..Facts::default() }
    }

    fn takes<'p>(&self, package: &'p Package, unit: &Unit) -> &'p [String] {
        match dockerfile(package, unit) {
            Some(spec) => &spec.from_release,
            None => &[],
        }
    }

    fn narrow(&self, package: &mut Package, chosen: &BTreeSet<Platform>) {
        let narrow = |image: &mut ImageSpec| image.platforms.retain(|one| chosen.contains(one));
        package.specs.edit(narrow);
    }
}

/// What `docker buildx` builds `unit` from; nothing for other units.
pub(crate) fn dockerfile<'p>(package: &'p Package, unit: &Unit) -> Option<&'p DockerfileSpec> {
    let image = package.spec::<ImageSpec>();
    match &image.filter(|_| unit.recipe == recipes::FROM_DOCKERFILE)?.source {
        ImageSource::Dockerfile(spec) => Some(spec),
        ImageSource::Binary => None,
    }
}
