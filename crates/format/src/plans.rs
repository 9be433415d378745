//! What a format knows before anything is built: its part of the configuration, its units, and
//! what they offer to others.

use std::collections::BTreeSet;

use manifests::Located;
use model::{Diagnostic, Format, Package, Platform, Unit, Version};

use crate::codes;
use crate::context::Context;
use crate::keys::Key;
use crate::origin::Origin;
use crate::table::{PackageTable, Values};
use crate::versions::Versions;

/// A format, as long as nothing is built.
pub trait Plans: Sync {
    /// The format.
    fn format(&self) -> Format;

    /// Its key in `[[package]]`, whose value is a table.
    fn key(&self) -> &'static Key;

    /// Where its artifacts are published.
    fn destination(&self) -> Destination;

    /// Reads the table at its key, and the manifests that the table names.
    fn read(&self, context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part>;

    /// Fills in what depends on other packages, once all are resolved. `written` and `packages` are
    /// in the same order.
    fn relate(
        &self,
        context: &mut Context<'_, '_>,
        written: &[PackageTable],
        packages: &mut [ResolvedPackage],
    ) {
        let _ = (context, written, packages);
    }

    /// What kind of thing its units leave for other formats to build from, where they do.
    fn promises(&self) -> Option<OfferKind> {
        None
    }

    /// What the units of `package` leave for other formats to build from.
    fn offers(&self, package: &Package) -> Vec<Offer> {
        let _ = package;
        Vec::new()
    }

    /// The units of `package`, in an order in which each stands after what it needs; none where it
    /// is not released in this format.
    ///
    /// # Errors
    /// When the package cannot be released in this format as it is.
    fn units(&self, package: &ResolvedPackage) -> Result<Vec<Unit>, Diagnostic>;

    /// What is known of a unit of `package` besides.
    fn facts(&self, package: &Package, unit: &Unit) -> Facts;

    /// Names of the packages whose offers the build of `unit` is given.
    fn takes<'p>(&self, package: &'p Package, unit: &Unit) -> &'p [String] {
        let _ = (package, unit);
        &[]
    }

    /// Leaves `package` nothing but `platforms` in this format.
    fn narrow(&self, package: &mut Package, platforms: &BTreeSet<Platform>) {
        let _ = (package, platforms);
    }
}

impl dyn Plans {
    /// The one of `table` for `format`.
    ///
    /// # Errors
    /// `format-unknown` when it holds none.
    pub fn of<'f>(table: &[&'f dyn Plans], format: Format) -> Result<&'f dyn Plans, Diagnostic> {
        let found = table.iter().copied().find(|one| one.format() == format);
        found.ok_or_else(|| codes::unknown(format))
    }
}

/// A package's table of one format, read.
pub trait Part {
    /// What the manifests say of the package.
    fn manifest(&self) -> ManifestFacts<'_> {
        ManifestFacts::default()
    }

    /// Resolves it into `package`, or adds to the problems of `context`.
    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &Asked<'_>,
        package: &mut ResolvedPackage,
    );
}

/// What a manifest says of its project.
#[derive(Debug, Clone, Copy, Default)]
pub struct ManifestFacts<'m> {
    /// Its version.
    pub version: Option<&'m Located>,
    /// One line for people.
    pub description: Option<&'m str>,
    /// Its licence, where the manifest says it as an SPDX expression.
    pub license: Option<&'m str>,
}

/// What a format's part of a package is resolved by.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The package, as it is written.
    pub package: &'a PackageTable,
    /// The versions that its formats may carry.
    pub versions: &'a Versions,
    /// The release, as far as it is known.
    pub release: &'a ReleaseDraft,
    /// What the formats that the package is released in leave, when all goes well.
    pub promised: &'a [OfferKind],
}

/// The release, as far as it is known while packages are resolved.
#[derive(Debug, Clone, Default)]
pub struct ReleaseDraft {
    /// Its version, and where that comes from.
    pub version: Option<(Version, Origin)>,
    /// What `version = "git-tag"` stands for, where the configuration asks for it.
    pub tagged: Option<Version>,
    /// Where images go: `ghcr.io/owner`.
    pub registry: String,
    /// Where charts go, without `oci://`.
    pub charts: String,
}

/// A package as far as it is resolved, and what its formats offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPackage {
    /// The package.
    pub package: Package,
    /// What its units leave for other formats, in the order of the table of formats.
    pub offers: Vec<Offer>,
}

impl ResolvedPackage {
    /// The executable that the package's units leave, where they leave one.
    #[must_use]
    pub fn executable(&self) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.kind == OfferKind::Executable)
    }
}

/// Something that units leave and other formats can be built from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The format whose units leave it.
    pub format: Format,
    /// What it is.
    pub kind: OfferKind,
    /// What it is called where it is installed.
    pub name: String,
    /// The platforms it is for; absent when one serves all.
    pub platforms: Option<Vec<Platform>>,
}

impl Offer {
    /// Whether there is one for `platform`.
    #[must_use]
    pub fn serves(&self, platform: Platform) -> bool {
        self.platforms.as_ref().is_none_or(|platforms| platforms.contains(&platform))
    }
}

/// Where artifacts are published, besides the downloads of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// A Python package index.
    Index,
    /// A registry (OCI distribution-spec).
    Registry,
    /// Nowhere else.
    Downloads,
}

/// What can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// A wheel, which pip installs.
    Wheel,
    /// An executable.
    Executable,
}

/// What a plan must know of a unit and never writes down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Seconds it takes on two cores, roughly: only the proportion matters.
    pub seconds: u32,
    /// What its artifacts are for others.
    pub offers: Option<OfferKind>,
    /// Whether it runs programs of its platform, and so is built on a machine of that kind.
    pub native: bool,
    /// Whether it only joins what it needs: it can be made where that lies together, and covers no
    /// more than what is chosen.
    pub joins: bool,
    /// What it shares with the units that must be built with it, in one call of a compiler.
    pub call: Option<String>,
    /// Whether each of its files is a download of the release, however large the release is.
    pub downloads: bool,
}
