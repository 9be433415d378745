//! What is inside each artifact is what its name says.

use model::Manifest;

use crate::report::Findings;
use crate::{Dist, Knowledge};

pub(crate) fn check(
    dist: &dyn Dist,
    manifest: &Manifest,
    knowledge: &dyn Knowledge,
    found: &mut Findings,
) {
    for artifact in &manifest.artifacts {
        found.look();
        for problem in knowledge.contents(artifact, dist) {
            found.add(problem, &artifact.file.path);
        }
    }
}
