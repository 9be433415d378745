//! The limits of this room, each with its reason.

use model::{Code, Diagnostic};

/// Components of one artifact: ten times the largest lockfile seen in the field.
pub(crate) const MAX_COMPONENTS: usize = 50_000;

/// Edges between them: a thousand components of the densest lockfiles hold about 4,000.
pub(crate) const MAX_EDGES: usize = 1_000_000;

/// Refuses more of `what` than `limit`.
pub(crate) fn at_most(
    limit: usize,
    count: usize,
    code: &'static Code,
    what: &str,
) -> Result<(), Diagnostic> {
    if count <= limit {
        return Ok(());
    }
    Err(Diagnostic::new(code, format!("it lists {count} {what}; the limit is {limit}")))
}
