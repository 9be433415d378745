//! The tables of formats: the one place where they are named.

use std::fmt;

use format::{Builds, Discovers, Inspects, Plans};
use model::{Artifact, Format};

use crate::Inspector;

/// Wheels and sdists.
pub const PYPI: Format = pypi::FORMAT;
/// Container images.
pub const OCI: Format = oci::FORMAT;
/// Helm charts.
pub const HELM: Format = helm::FORMAT;
/// Static executables.
pub const BINARY: Format = binary::FORMAT;

/// The names of all formats, in the order in which people see them: a program that needs no more of
/// them links none of their code.
pub const NAMES: [Format; 4] = [PYPI, OCI, HELM, BINARY];

/// The formats as a plan sees them, in the order in which their keys stand in a package.
pub static PLANS: &[&dyn Plans] = &[&pypi::Pypi, &oci::Oci, &binary::Binary, &helm::Helm];

/// The formats that find packages to propose: what others are made from comes before those, and a
/// Dockerfile belongs to the package beside it.
pub static DISCOVERS: &[&dyn Discovers] = &[&pypi::Pypi, &binary::Binary, &oci::Oci, &helm::Helm];

/// The formats as a build sees them.
pub static BUILDS: &[&dyn Builds] = &[&pypi::Pypi, &oci::Oci, &helm::Helm, &binary::Binary];

/// The formats as checks and documents see them, in the order of [`NAMES`]. Any name
/// may be an executable's, so those are recognised last.
pub static INSPECTS: &[&dyn Inspects] = &[&pypi::Pypi, &oci::Oci, &helm::Helm, &binary::Binary];

/// The formats that a program handles. Each of its parts is handed its own table, so that a program
/// holds no more code than it calls.
#[derive(Clone, Copy)]
pub struct Formats {
    /// As a plan sees them.
    pub plans: &'static [&'static dyn Plans],
    /// As they propose packages.
    pub discovers: &'static [&'static dyn Discovers],
    /// As a build sees them.
    pub builds: &'static [&'static dyn Builds],
    /// As checks and documents see them.
    pub inspects: &'static [&'static dyn Inspects],
}

/// All formats.
pub const FORMATS: Formats =
    Formats { plans: PLANS, discovers: DISCOVERS, builds: BUILDS, inspects: INSPECTS };

impl Formats {
    /// The format of `artifact`, where it is built.
    pub(crate) fn builds_of(self, artifact: &Artifact) -> Option<&'static dyn Builds> {
        <dyn Builds>::of(self.builds, artifact.format).ok()
    }

    /// What checks a release.
    #[must_use]
    pub fn inspector(self) -> Inspector<'static> {
        Inspector(self.inspects)
    }
}

impl Default for Formats {
    fn default() -> Self {
        FORMATS
    }
}

impl fmt::Debug for Formats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.plans.iter().map(|format| format.format())).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_table_holds_every_format() {
        let inspects: Vec<Format> = INSPECTS.iter().map(|one| one.format()).collect();
        assert_eq!(inspects, NAMES);
        let all = BTreeSet::from(NAMES);
        assert_eq!(PLANS.iter().map(|one| one.format()).collect::<BTreeSet<_>>(), all);
        let keys = |keys: &mut dyn Iterator<Item = &'static str>| keys.collect::<BTreeSet<_>>();
        let discovered = keys(&mut DISCOVERS.iter().map(|one| one.key().name));
        assert_eq!(discovered, keys(&mut PLANS.iter().map(|one| one.key().name)));
        assert_eq!(BUILDS.iter().map(|one| one.format()).collect::<BTreeSet<_>>(), all);
    }
}
