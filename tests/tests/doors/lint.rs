//! The rules that no tool of others holds, or holds for what GitHub learned this year.

mod calls;
mod expressions;
mod house;
mod permissions;
mod pins;
mod words;
mod zones;

use crate::tree::Doors;

/// One rule: all doors in, findings out, `path:line: what`.
pub type Rule = fn(&Doors) -> Vec<String>;

/// All of them.
pub const RULES: &[Rule] = &[
    calls::callers_hand_over_what_is_declared,
    calls::mains_exist_and_run_on_todays_node,
    expressions::names_in_expressions_exist,
    expressions::no_expression_stands_in_a_command,
    house::the_house_rules_hold,
    permissions::callers_grant_what_callees_need,
    pins::strangers_are_pinned,
    zones::identities_and_secrets_keep_away_from_project_code,
];

/// For a rule's test: the words that its findings hold, in order.
#[cfg(test)]
#[track_caller]
pub fn expect(rule: Rule, files: &[(&str, &str)], expected: &[&str]) {
    let found = rule(&Doors::of(files));
    let fits = found.len() == expected.len()
        && found.iter().zip(expected).all(|(found, expected)| found.contains(expected));
    assert!(fits, "expected {expected:?}, found {found:#?}");
}
