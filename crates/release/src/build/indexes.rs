//! What joins units of several legs, made once the legs lie beside each other.

use std::collections::{BTreeMap, BTreeSet};

use archive::{Entry, LayerCompressor};
use format::{Builds, Ingredients, Job, Needed, Plans};
use model::{Artifact, Diagnostic, Unit, UnitId, UnitRecord, UnitStatus};

use crate::codes;
use crate::{Formats, Record};

/// Makes what stands in no leg of the plan from what its legs left. Gives the files to write.
///
/// # Errors
/// When something stands in no leg that does more than to join others, or cannot be packed.
pub fn complete(
    record: &mut Record,
    formats: Formats,
    compressor: &dyn LayerCompressor,
) -> Result<Vec<Entry>, Diagnostic> {
    let plan = record.plan.clone();
    let built: BTreeSet<&UnitId> = plan.legs.iter().flat_map(|leg| &leg.units).collect();
    let mut files = Vec::new();
    for unit in plan.units.iter().filter(|unit| !built.contains(&unit.id)) {
        let package = plan.package(&unit.package);
        let joins = |package| -> Result<bool, Diagnostic> {
            Ok(<dyn Plans>::of(formats.plans, unit.format)?.facts(package, unit).joins)
        };
        let Some(package) = package.filter(|package| joins(package).unwrap_or_default()) else {
            let message = format!("`{}` stands in no leg of the plan", unit.id);
            return Err(Diagnostic::new(&codes::LEG_UNITS, message));
        };
        let (status, reason) = match missing(unit, record) {
            Some(need) => (UnitStatus::NotBuilt, need_is_missing(need)),
            None => {
                let needed: Vec<Artifact> = needed(unit, record);
                let need = |artifact| Needed { artifact, offered: None, files: BTreeMap::new() };
                let ingredients = Ingredients {
                    needed: needed.iter().map(need).collect(),
                    epoch: record.source.epoch,
                    commit: record.source.commit.clone().unwrap_or_default(),
                    ..Ingredients::default()
                };
                let job = Job { unit, package, release: &plan.release };
                let builds = <dyn Builds>::of(formats.builds, unit.format)?;
                let product = builds.finish(&job, ingredients, compressor)?;
                files.extend(product.files);
                record.artifacts.extend(product.artifacts);
                (UnitStatus::Built, String::new())
            }
        };
        record.units.push(UnitRecord { id: unit.id.clone(), status, reason });
    }
    let place = |id: &UnitId| plan.units.iter().position(|unit| unit.id == *id);
    record.units.sort_by_cached_key(|unit| place(&unit.id));
    record.artifacts.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    Ok(files)
}

/// Why a unit was not built that needs `need`.
#[must_use]
pub fn need_is_missing(need: &UnitId) -> String {
    format!("it needs `{need}`{NOT_THERE}")
}

/// Whether a unit was not built for a reason that [`need_is_missing`] gives.
#[must_use]
pub fn is_missing_need(reason: &str) -> bool {
    reason.ends_with(NOT_THERE)
}

const NOT_THERE: &str = ", which is not there";

fn missing<'u>(unit: &'u Unit, record: &Record) -> Option<&'u UnitId> {
    let built = |id: &UnitId| {
        record.units.iter().any(|unit| unit.id == *id && unit.status == UnitStatus::Built)
    };
    unit.needs.iter().find(|need| !built(need))
}

fn needed(unit: &Unit, record: &Record) -> Vec<Artifact> {
    let mut needed: Vec<Artifact> =
        record.artifacts.iter().filter(|it| unit.needs.contains(&it.unit)).cloned().collect();
    needed.sort_by(|a, b| (&a.unit, &a.file.path).cmp(&(&b.unit, &b.file.path)));
    needed
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::{Digest, FileEntry, Leg, Package, Plan, Platform, Release, ReleaseFacts, Version};
    use oci::{DockerfileSpec, ImageSource, ImageSpec};

    use super::*;
    use crate::FORMATS;

    struct NoLayer;

    impl LayerCompressor for NoLayer {
        fn compress(&self, _: &[u8]) -> Vec<u8> {
            Vec::new()
        }
    }

    fn unit(platform: Option<Platform>, needs: Vec<UnitId>) -> Unit {
        let image = oci::recipes::FROM_DOCKERFILE;
        Unit {
            id: UnitId::new("a", oci::FORMAT, platform),
            package: "a".to_owned(),
            format: oci::FORMAT,
            platform,
            recipe: platform.map_or(oci::recipes::INDEX, |_| image),
            version: "1.0.0".to_owned(),
            needs,
            files: vec!["oci/a".to_owned()],
        }
    }

    fn plan() -> Plan {
        let version = || Version::parse("1.0.0").unwrap();
        let image = ImageSpec {
            name: "a".to_owned(),
            reference: "localhost/a".to_owned(),
            version: version(),
            source: ImageSource::Dockerfile(DockerfileSpec::default()),
            platforms: Platform::LINUX.to_vec(),
            user: String::new(),
            ports: Vec::new(),
            entrypoint: Vec::new(),
            env: BTreeMap::new(),
            base: oci::Base::Usual,
            files: BTreeMap::new(),
            healthcheck: None,
        };
        let mut units: Vec<Unit> =
            Platform::LINUX.iter().map(|platform| unit(Some(*platform), Vec::new())).collect();
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
        units.push(unit(None, ids.clone()));
        let leg = |(at, id): (usize, UnitId)| Leg { number: at + 1, units: vec![id] };
        Plan {
            schema: Plan::SCHEMA.to_owned(),
            release: Release {
                version: version(),
                tag: "v1.0.0".to_owned(),
                registry: "localhost".to_owned(),
                charts: String::new(),
                repository: String::new(),
                notes: String::new(),
            },
            packages: vec![Package::new("a".to_owned()).with(image)],
            units,
            legs: ids.into_iter().enumerate().map(leg).collect(),
        }
    }

    /// What the legs left, where those of `missing` could not be built.
    fn record(plan: Plan, missing: Option<Platform>) -> Record {
        let images = || plan.units.iter().filter(|unit| unit.platform.is_some());
        let status = |unit: &Unit| match unit.platform == missing {
            true => UnitStatus::NotBuilt,
            false => UnitStatus::Built,
        };
        let ended = |unit: &Unit| UnitRecord {
            id: unit.id.clone(),
            status: status(unit),
            reason: String::new(),
        };
        let artifact = |unit: &Unit| Artifact {
            unit: unit.id.clone(),
            package: unit.package.clone(),
            format: unit.format,
            kind: oci::IMAGE,
            platform: unit.platform,
            version: unit.version.clone(),
            reference: "localhost/a".to_owned(),
            file: FileEntry {
                path: format!("oci/a/blobs/sha256/{}", unit.id.0.len()),
                size: 1,
                digest: Digest::of(unit.id.0.as_bytes()),
            },
            files: Vec::new(),
            materials: Vec::new(),
            notes: Vec::new(),
        };
        Record {
            schema: Record::SCHEMA.to_owned(),
            source: ReleaseFacts { epoch: 1, ..ReleaseFacts::default() },
            units: images().map(ended).collect(),
            warnings: Vec::new(),
            artifacts: images().filter(|unit| unit.platform != missing).map(artifact).collect(),
            tools: Vec::new(),
            locks: BTreeMap::new(),
            licenses: BTreeMap::new(),
            plan,
        }
    }

    #[test]
    fn an_index_over_two_legs_is_made_when_both_are_there() {
        let mut whole = record(plan(), None);
        let files = complete(&mut whole, FORMATS, &NoLayer).unwrap();
        assert_eq!(files.len(), 3, "the index, `index.json`, `oci-layout`");
        let last = whole.units.last().unwrap();
        assert_eq!((last.id.0.as_str(), last.status), ("a/oci", UnitStatus::Built));
        let index = whole.artifacts.iter().find(|it| it.kind == oci::IMAGE_INDEX).unwrap();
        let text = files.iter().find(|file| file.path == index.file.path).unwrap();
        let text = String::from_utf8(text.bytes.clone()).unwrap();
        for platform in Platform::LINUX {
            let id = UnitId::new("a", oci::FORMAT, Some(platform));
            assert!(text.contains(&Digest::of(id.0.as_bytes()).hex()), "{text}");
        }
        let mut half = record(plan(), Some(Platform::LinuxArm64));
        assert!(complete(&mut half, FORMATS, &NoLayer).unwrap().is_empty());
        let last = half.units.last().unwrap();
        assert_eq!(last.status, UnitStatus::NotBuilt);
        assert_eq!(last.reason, "it needs `a/oci/linux-arm64`, which is not there");
    }

    #[test]
    fn nothing_but_an_index_may_stand_in_no_leg() {
        let mut plan = plan();
        plan.legs.pop();
        let problem = complete(&mut record(plan, None), FORMATS, &NoLayer).unwrap_err();
        assert_eq!(problem.code.to_string(), "leg-units");
    }
}
