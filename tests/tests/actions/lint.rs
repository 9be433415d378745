//! The rules that no tool of others holds, or holds for what GitHub learned this year.

mod calls;
mod conventions;
mod expressions;
mod permissions;
mod pins;
mod words;
mod zones;

use crate::definitions::Definitions;

/// One rule: all definitions in, findings out, `path:line: what`.
pub type Rule = fn(&Definitions) -> Vec<String>;

/// All of them.
pub const RULES: &[Rule] = &[
    calls::callers_hand_over_what_is_declared,
    calls::mains_exist_and_run_on_todays_node,
    conventions::conventions_hold,
    expressions::names_in_expressions_exist,
    expressions::no_expression_stands_in_a_command,
    permissions::callers_grant_what_callees_need,
    pins::strangers_are_pinned,
    zones::identities_and_secrets_keep_away_from_project_code,
];

/// For a rule's test: the words that its findings hold, in order.
#[cfg(test)]
#[track_caller]
pub fn expect(rule: Rule, files: &[(&str, &str)], expected: &[&str]) {
    let found = rule(&Definitions::of(files));
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| found.contains(expected));
    assert!(fits, "expected {expected:?}, found {found:#?}");
}
