//! All rules for wheels and source distributions, in the order in which they report.
//!
//! To add a rule: add one file with its declaration, its function and its cases, and one line in
//! [`RULES`] (with the `mod` line that Rust wants). A code of its own is declared in
//! `crate::codes`; the tests below fail until it belongs to exactly one rule.

mod license_files;
mod metadata_classifier;
mod metadata_content_type;
mod metadata_description;
mod metadata_dynamic;
mod metadata_email;
mod metadata_extra;
mod metadata_format_version;
mod metadata_import_name;
mod metadata_license_expression;
mod metadata_license_file;
mod metadata_license_twice;
mod metadata_local_version;
mod metadata_name;
mod metadata_readable;
mod metadata_repeated_field;
mod metadata_requirement;
mod metadata_requires_python;
mod metadata_summary;
mod metadata_too_old_for_field;
mod metadata_url;
mod metadata_version;
mod python_file_size;
mod sdist_metadata_version;
mod sdist_name;
mod sdist_pyproject;
mod sdist_readable;
mod sdist_stray_file;
mod sdist_top_level;
mod wheel_dist_info;
mod wheel_entry_points;
mod wheel_format_version;
mod wheel_local_path;
mod wheel_machine_code;
mod wheel_members;
mod wheel_name;
mod wheel_platform_tag;
mod wheel_purelib;
mod wheel_readable;
mod wheel_record;
mod wheel_sbom;
mod wheel_stray_top_level;
mod wheel_tag_order;
mod wheel_tags_differ;
mod wheel_version;

use super::rule::Rule;

/// All rules. What they find is reported in this order: file, archive, names, metadata, the sdist's
/// layout, licence files, tags, `RECORD`, content.
pub static RULES: &[&Rule] = &[
    &python_file_size::RULE,
    &wheel_readable::RULE,
    &sdist_readable::RULE,
    &metadata_readable::RULE,
    &wheel_name::RULE,
    &wheel_version::RULE,
    &wheel_dist_info::RULE,
    &wheel_format_version::RULE,
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
    &metadata_license_file::RULE,
    &metadata_license_twice::RULE,
    &metadata_too_old_for_field::RULE,
    &metadata_import_name::RULE,
    &metadata_email::RULE,
    &metadata_url::RULE,
    &metadata_dynamic::RULE,
    &sdist_name::RULE,
    &sdist_top_level::RULE,
    &sdist_metadata_version::RULE,
    &sdist_pyproject::RULE,
    &license_files::RULE,
    &sdist_stray_file::RULE,
    &wheel_platform_tag::RULE,
    &wheel_tags_differ::RULE,
    &wheel_tag_order::RULE,
    &wheel_machine_code::RULE,
    &wheel_purelib::RULE,
    &wheel_record::RULE,
    &wheel_entry_points::RULE,
    &wheel_members::RULE,
    &wheel_stray_top_level::RULE,
    &wheel_local_path::RULE,
    &wheel_sbom::RULE,
];

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::codes::CODES;

    #[test]
    fn each_code_of_a_wheel_an_sdist_or_metadata_belongs_to_one_rule() {
        let declared = CODES.declared.iter().map(|declared| declared.code.name);
        let of_files = |name: &&str| {
            // A build finds it, in what a backend left.
            if *name == crate::codes::WHEEL_PLATFORM.name {
                return false;
            }
            let prefixes = ["metadata-", "sdist-", "wheel-"];
            prefixes.iter().any(|prefix| name.starts_with(prefix)) || *name == "python-file-size"
        };
        let reported = RULES.iter().flat_map(|rule| rule.reports);
        let mut found: Vec<&str> = reported.map(|reported| reported.code.name).collect();
        found.sort_unstable();
        assert_eq!(found, declared.filter(of_files).collect::<Vec<_>>());
    }

    #[test]
    fn each_rule_reports_a_code_and_names_a_specification() {
        for rule in RULES {
            assert!(!rule.reports.is_empty() && !rule.spec.is_empty(), "{rule:?}");
        }
    }
}
