//! From the tree to the plan: the configuration resolved, the formats' units put together.

use config::Overlay;
use format::Plans;
use model::{Diagnostics, Plan, Tree, Version};
use plan::{Resolved, Selection};

/// A plan, and what a person should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What `version = "git-tag"` stands for, where the configuration asks for it: whoever builds
    /// the plan is given it in [`Selection::tagged`].
    pub tag_version: Option<Version>,
    /// Problems that do not stop it.
    pub warnings: Diagnostics,
}

/// Plans the release of `tree` in `formats`.
///
/// # Errors
/// All that is wrong with the configuration, the manifests it names, or the selection.
pub fn plan(
    tree: &dyn Tree,
    selection: &Selection,
    formats: &[&dyn Plans],
) -> Result<Planned, Diagnostics> {
    put_together(plan::resolve(tree, formats, &selection.tagged)?, selection, formats)
}

/// The same with the values of `overlay` for the configuration.
///
/// # Errors
/// As [`plan`].
pub fn plan_overlay(
    tree: &dyn Tree,
    overlay: &Overlay,
    selection: &Selection,
    formats: &[&dyn Plans],
) -> Result<Planned, Diagnostics> {
    let resolved = plan::resolve_overlay(tree, overlay, formats, &selection.tagged)?;
    put_together(resolved, selection, formats)
}

fn put_together(
    mut resolved: Resolved,
    selection: &Selection,
    formats: &[&dyn Plans],
) -> Result<Planned, Diagnostics> {
    let units = plan::units(&resolved, formats)?;
    let warnings = std::mem::take(&mut resolved.warnings);
    let tag_version = resolved.tag_version.take();
    let plan = plan::assemble(resolved, units, selection, formats)?;
    Ok(Planned { plan, tag_version, warnings })
}

#[cfg(test)]
mod tests {
    use model::{MemoryTree, Platform, UnitId};

    use super::*;
    use crate::{CONFIG_FILE, PLANS};

    #[test]
    fn an_image_needs_the_wheels_and_executables_that_it_is_given() {
        let config = "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\
                      [[package]]\nname = \"a\"\npython = { path = \"p\" }\n\
                      binary = { go = \".\" }\n\
                      image = { dockerfile = \"Dockerfile\", from-release = [\"a\"] }\n\
                      [[package]]\nname = \"b\"\nimage = { dockerfile = \"Dockerfile\" }\n";
        let project = "[project]\nname = \"a\"\nversion = \"1.0.0\"\n";
        let files = [("p/pyproject.toml", project), ("Dockerfile", "FROM x\n"), ("go.mod", "")];
        let tree = MemoryTree::new(files.into_iter().chain([(CONFIG_FILE, config)]));
        let plan = plan(&tree, &Selection::default(), PLANS).unwrap().plan;
        let unit = |package: &str| {
            let id = UnitId::new(package, oci::FORMAT, Some(Platform::LinuxArm64));
            plan.unit(&id).unwrap()
        };
        let needs: Vec<&str> = unit("a").needs.iter().map(|need| need.0.as_str()).collect();
        assert_eq!(needs, ["a/pypi", "a/binary/linux-arm64"]);
        assert_eq!(unit("b").needs, []);
        let indexes = [UnitId("a/oci".to_owned()), UnitId("b/oci".to_owned())];
        for leg in &plan.legs {
            assert!(!leg.units.iter().any(|id| indexes.contains(id)), "{leg:?}");
        }
    }
}
