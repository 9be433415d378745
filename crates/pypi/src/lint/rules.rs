//! Rules for wheels and source distributions, in the order in which they report.
//!
//! To add a rule: add one file with its declaration, its function and its cases, and one line in
//! [`RULES`] (with the `mod` line that Rust wants). A code of its own is declared in
//! `crate::codes`.

mod metadata_classifier;
mod metadata_content_type;
mod metadata_description;
mod metadata_dynamic;
mod metadata_email;
mod metadata_extra;
mod metadata_format_version;
mod metadata_license_expression;
mod metadata_license_twice;
mod metadata_local_version;
mod metadata_name;
mod metadata_repeated_field;
mod metadata_requirement;
mod metadata_requires_python;
mod metadata_summary;
mod metadata_too_old_for_field;
mod metadata_url;
mod metadata_version;

use super::rule::Rule;

/// The rules for metadata. What they find is reported in this order.
pub static RULES: &[&Rule] = &[
    &metadata_format_version::RULE,
    &metadata_name::RULE,
    &metadata_version::RULE,
    &metadata_local_version::RULE,
    &metadata_repeated_field::RULE,
    &metadata_requirement::RULE,
    &metadata_requires_python::RULE,
    &metadata_extra::RULE,
    &metadata_summary::RULE,
    &metadata_content_type::RULE,
    &metadata_description::RULE,
    &metadata_classifier::RULE,
    &metadata_license_expression::RULE,
    &metadata_license_twice::RULE,
    &metadata_too_old_for_field::RULE,
    &metadata_email::RULE,
    &metadata_url::RULE,
    &metadata_dynamic::RULE,
];
