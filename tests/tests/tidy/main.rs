//! The house rules as tests: what a reviewer would otherwise say again and again.
//!
//! Each rule is a function from the tree (paths and bytes) to findings, in a module of its own,
//! where a test shows that it catches a seeded defect. Rules that clippy can hold stand in the
//! clippy.toml files instead.

mod cycles;
mod data;
mod dependencies;
mod documents;
mod edges;
mod formats;
mod hosts;
mod licences;
mod names;
mod prose;
mod pure;
mod sizes;
mod source;
mod terms;
mod tree;
mod words;

use tree::{Finding, Tree};

#[track_caller]
fn hold(rule: fn(&Tree) -> Vec<Finding>) {
    let found = rule(&Tree::of_the_repository());
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), lines.join("\n"));
}

#[test]
fn files_functions_and_lines_are_short() {
    hold(sizes::check);
}

#[test]
fn files_and_modules_have_telling_names_and_sane_modes() {
    hold(names::check);
}

#[test]
fn source_holds_no_left_over_marker_and_each_module_says_what_it_is() {
    hold(words::check);
}

#[test]
fn no_registry_host_and_no_machine_path_is_named() {
    hold(hosts::check);
}

#[test]
fn yaml_toml_and_json_parse_and_nothing_is_patched() {
    hold(data::check);
}

#[test]
fn pure_crates_keep_the_bans_and_every_crate_the_lints() {
    hold(pure::check);
}

#[test]
fn paths_named_in_documents_exist() {
    hold(documents::check);
}

#[test]
fn crates_use_only_what_the_design_lets_them() {
    let found = edges::check(&edges::Graph::of_the_workspace());
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_dependency_has_a_licence_on_the_list() {
    let found = licences::check(&licences::Given::of_the_workspace());
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}

#[test]
fn every_dependency_has_its_reason() {
    let found = dependencies::check(&dependencies::Given::of_the_workspace());
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}

#[test]
fn sibling_modules_do_not_use_each_other_in_a_ring() {
    let found = cycles::check(&Tree::of_the_repository());
    assert!(found.is_empty(), "{} broken:\n{}", found.len(), found.join("\n"));
}

#[test]
fn what_moves_every_format_names_none() {
    hold(formats::check);
}

#[test]
fn text_that_users_see_is_plain_english() {
    hold(prose::check);
}

#[test]
fn crates_modules_and_types_have_names_that_a_stranger_knows() {
    hold(terms::check);
}
