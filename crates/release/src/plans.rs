//! From the tree to the plan: the configuration resolved, the formats' units put together.

use config::Overlay;
use model::{Diagnostics, Plan, Tree};
use plan::{Resolved, Selection};

use crate::build::needs_of_images;

/// A plan, and what a person should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// Problems that do not stop it.
    pub warnings: Diagnostics,
}

/// Plans the release of `tree`.
///
/// # Errors
/// All that is wrong with the configuration, the manifests it names, or the selection.
pub fn plan(tree: &dyn Tree, selection: &Selection) -> Result<Planned, Diagnostics> {
    put_together(plan::resolve(tree)?, selection)
}

/// The same with the values of `overlay` for the configuration.
///
/// # Errors
/// As [`plan`].
pub fn plan_overlay(
    tree: &dyn Tree,
    overlay: &Overlay,
    selection: &Selection,
) -> Result<Planned, Diagnostics> {
    put_together(plan::resolve_overlay(tree, overlay)?, selection)
}

fn put_together(mut resolved: Resolved, selection: &Selection) -> Result<Planned, Diagnostics> {
    let mut units = Vec::new();
    let mut problems = Diagnostics::new();
    for package in &resolved.packages {
        for plans in [pypi::units, binary::units, oci::units, helm::units] {
            match plans(package, &resolved.release) {
                Ok(more) => units.extend(more),
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    needs_of_images(&resolved.packages, &mut units);
    let warnings = std::mem::take(&mut resolved.warnings);
    let plan = plan::assemble(resolved, units, selection)?;
    Ok(Planned { plan, warnings })
}
