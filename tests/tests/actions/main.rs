//! Actions, reusable workflows and templates, judged by rules of our own, by strangers, and by
//! running them in a downstream repository.
//!
//! A rule is a function from all definitions to findings; beside each a test shows that it catches
//! a seeded defect.

mod definitions;
mod journey;
mod lint;
mod readme;
mod strangers;

use definitions::Definitions;
use lint::RULES;

#[test]
fn no_action_workflow_or_template_breaks_a_rule() {
    let definitions = Definitions::of_the_repository();
    assert!(definitions.len() > 10, "only {} files", definitions.len());
    let found: Vec<String> = RULES.iter().flat_map(|rule| rule(&definitions)).collect();
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}
