//! Images from a Dockerfile: what they need of this release, and what their build is told.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Artifact, ArtifactKind, DockerfileSpec, Format, ImageSource, Package, Plan, Recipe, Unit,
    UnitId,
};

/// Adds to each unit of a Dockerfile's image the units whose wheels and executables it is given.
pub(crate) fn needs_of_images(packages: &[Package], units: &mut [Unit]) {
    let asked = |package| spec(package).map_or(&[][..], |spec| spec.from_release.as_slice());
    let named = packages.iter().map(|package| (package.name.as_str(), asked(package)));
    let wanting: BTreeMap<&str, &[String]> =
        model::collect_by_insertion(named.filter(|(_, asked)| !asked.is_empty()));
    let wanted: BTreeSet<&str> =
        model::collect_by_insertion(wanting.values().copied().flatten().map(String::as_str));
    if wanted.is_empty() {
        return;
    }
    let mut given: BTreeMap<&str, Vec<&Unit>> = BTreeMap::new();
    for unit in units.iter().filter(|unit| wanted.contains(unit.package.as_str())) {
        let built = matches!(unit.format, Format::Pypi | Format::Binary);
        if built && unit.recipe != Recipe::PythonSdist {
            given.entry(&unit.package).or_default().push(unit);
        }
    }
    let needs = |unit: &Unit| -> Vec<UnitId> {
        let names = wanting.get(unit.package.as_str()).copied().unwrap_or_default();
        let others = names.iter().filter_map(|name| given.get(name.as_str())).flatten();
        let fits = |other: &&&Unit| other.platform.is_none() || other.platform == unit.platform;
        others.filter(fits).map(|other| other.id.clone()).collect()
    };
    let image = |unit: &Unit| unit.recipe == Recipe::DockerfileImage;
    let found: Vec<Vec<UnitId>> =
        units.iter().map(|unit| if image(unit) { needs(unit) } else { Vec::new() }).collect();
    for (unit, needs) in units.iter_mut().zip(found) {
        unit.needs.extend(needs);
    }
}

/// What the build of `unit` finds in its context `release`: the path in `dist/` and the bare name
/// of each wheel and executable among `needed`, and whether it may be run.
#[must_use]
pub fn release_files<'a>(unit: &Unit, needed: &'a [Artifact]) -> Vec<(&'a str, &'a str, bool)> {
    let kinds = [ArtifactKind::Wheel, ArtifactKind::Binary];
    let given = needed.iter().filter(|artifact| {
        unit.recipe == Recipe::DockerfileImage && kinds.contains(&artifact.kind)
    });
    given
        .map(|artifact| {
            let path = artifact.file.path.as_str();
            let name = path.rsplit('/').next().unwrap_or(path);
            (path, name, artifact.kind == ArtifactKind::Binary)
        })
        .collect()
}

/// Names of the environment variables whose values the build of `unit` may read.
#[must_use]
pub fn secrets<'a>(plan: &'a Plan, unit: &Unit) -> &'a [String] {
    let package = plan.package(&unit.package).filter(|_| unit.recipe == Recipe::DockerfileImage);
    package.and_then(spec).map(|spec| spec.secrets.as_slice()).unwrap_or_default()
}

fn spec(package: &Package) -> Option<&DockerfileSpec> {
    match &package.image.as_ref()?.source {
        ImageSource::Dockerfile(spec) => Some(spec),
        ImageSource::Binary => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{MemoryTree, Platform};

    use super::*;
    use crate::{CONFIG_FILE, Selection};

    #[test]
    fn an_image_needs_the_wheels_and_executables_that_it_is_given() {
        let config = "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\
                      [[package]]\nname = \"a\"\npython = { path = \"p\" }\n\
                      binary = { go = \".\" }\n\
                      image = { dockerfile = \"Dockerfile\", from-release = [\"a\"], \
                      secrets = [\"S\"] }\n\
                      [[package]]\nname = \"b\"\nimage = { dockerfile = \"Dockerfile\" }\n";
        let project = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
        let files = [("p/pyproject.toml", project), ("Dockerfile", "FROM x\n"), ("go.mod", "")];
        let tree = MemoryTree::new(files.into_iter().chain([(CONFIG_FILE, config)]));
        let plan = crate::plan(&tree, &Selection::default()).unwrap().plan;
        let unit = |package: &str| {
            let id = UnitId::new(package, Format::Oci, Some(Platform::LinuxArm64));
            plan.unit(&id).unwrap()
        };
        let needs: Vec<&str> = unit("a").needs.iter().map(|need| need.0.as_str()).collect();
        assert_eq!(needs, ["a/pypi", "a/binary/linux-arm64"]);
        assert_eq!(unit("b").needs, []);
        assert_eq!(secrets(&plan, unit("a")), ["S"]);
        assert_eq!(secrets(&plan, plan.unit(&UnitId("a/pypi".to_owned())).unwrap()), [""; 0]);
        let indexes = [UnitId("a/oci".to_owned()), UnitId("b/oci".to_owned())];
        for leg in &plan.legs {
            assert!(!leg.units.iter().any(|id| indexes.contains(id)), "{leg:?}");
        }
    }
}
