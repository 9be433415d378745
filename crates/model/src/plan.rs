//! The plan: everything a release will build, known before any of it is built.

use serde::{Deserialize, Serialize};

use crate::{Digest, Package, Release, Unit, UnitId};

/// A pure function of the tree's texts and the selection. Two plans with one digest are equal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Always [`Plan::SCHEMA`].
    pub schema: String,
    /// What holds for all of it.
    pub release: Release,
    /// The packages that have at least one unit, in the configuration's order.
    pub packages: Vec<Package>,
    /// The units; each stands after all that it needs.
    pub units: Vec<Unit>,
    /// The units' distribution over jobs.
    pub legs: Vec<Leg>,
}

/// The share of one job: closed under needs, so a unit that several legs need stands in each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Number from 1, as people see it.
    pub number: usize,
    /// Units, in the plan's order.
    pub units: Vec<UnitId>,
}

impl Plan {
    /// The schema that this version of the program writes.
    pub const SCHEMA: &str = "package-actions/plan/1";

    /// The digest of the plan's JSON: what jobs compare.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest_by(&Digest::of)
    }

    /// The same, where somebody else hashes faster.
    #[must_use]
    pub fn digest_by(&self, hash: &dyn Fn(&[u8]) -> Digest) -> Digest {
        // The types hold nothing that JSON cannot, so the fallback is never taken.
        hash(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// The package called `name`.
    #[must_use]
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    /// The unit called `id`.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.id == *id)
    }
}
