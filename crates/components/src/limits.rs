//! The limits of this room, each with its reason.

use model::{Budget, Code, Diagnostic, Exhausted};

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

/// Bytes that an edge costs beside the names at its ends: itself, its relationship in a document,
/// and that one's text, each of them sorted once.
const EDGE_BYTES: usize = 512;

/// Bytes that a component costs beside its name: itself, its package in a document, and that one's
/// text.
const COMPONENT_BYTES: usize = 1_024;

/// Takes an edge between these two from `budget`. Names repeat with every edge, and a short list of
/// edges between long names grows as their product.
pub(crate) fn edge(budget: &Budget, from: Option<&str>, to: &str) -> Result<(), Exhausted> {
    budget.spend_len(EDGE_BYTES + 2 * (from.map_or(0, str::len) + to.len()))
}

/// Takes a component from `budget`.
pub(crate) fn component(budget: &Budget, purl: &str) -> Result<(), Exhausted> {
    budget.spend_len(COMPONENT_BYTES + 4 * purl.len())
}
