//! Indexes over images of several legs, made once the legs lie beside each other.

use std::collections::{BTreeMap, BTreeSet};

use archive::Entry;
use model::{Artifact, Problem, Recipe, Unit, UnitId, UnitRecord, UnitStatus};
use oci::LayerCompressor;

use super::{Ingredients, finish};
use crate::Record;

/// Makes what stands in no leg of the plan from what its legs left. Gives the files to write.
///
/// # Errors
/// When something else than an index stands in no leg, or an index cannot be packed.
pub fn complete(
    record: &mut Record,
    compressor: &dyn LayerCompressor,
) -> Result<Vec<Entry>, Problem> {
    let plan = record.plan.clone();
    let built: BTreeSet<&UnitId> = plan.legs.iter().flat_map(|leg| &leg.units).collect();
    let mut files = Vec::new();
    for unit in plan.units.iter().filter(|unit| !built.contains(&unit.id)) {
        if unit.recipe != Recipe::ImageIndex {
            let message = format!("`{}` stands in no leg of the plan", unit.id);
            return Err(Problem::error("leg-units", message));
        }
        let (status, reason) = match missing(unit, record) {
            Some(need) => (UnitStatus::NotBuilt, need_is_missing(need)),
            None => {
                let needed: Vec<Artifact> = needed(unit, record);
                let ingredients = Ingredients {
                    needed: needed.iter().map(|image| (image, BTreeMap::new())).collect(),
                    epoch: record.source.epoch,
                    commit: record.source.commit.clone().unwrap_or_default(),
                    ..Ingredients::default()
                };
                let product = finish(&plan, unit, ingredients, compressor)?;
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
    format!("it needs `{need}`, which is not there")
}

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
