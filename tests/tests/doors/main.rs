//! The doors: actions, reusable workflows and templates, judged by rules of our own, by strangers,
//! and by running them in a downstream repository.
//!
//! A rule is a function from all doors to findings; beside each a test shows that it catches a
//! seeded defect.

mod journey;
mod lint;
mod readme;
mod strangers;
mod tree;

use lint::RULES;
use tree::Doors;

#[test]
fn no_door_workflow_or_template_breaks_a_rule() {
    let doors = Doors::of_the_repository();
    assert!(doors.len() > 10, "only {} files", doors.len());
    let found: Vec<String> = RULES.iter().flat_map(|rule| rule(&doors)).collect();
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}
