//! Classifiers are on the index's list. One under a known root may be newer than the list here.

use std::collections::BTreeSet;

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_CLASSIFIER)],
    spec: "Core metadata, Classifier",
    looks_at: LooksAt::Metadata(check),
};

/// The public index's classifiers in their order (trove-classifiers 2026.9.21.13). `! ` marks those
/// that it no longer accepts.
const CLASSIFIERS: &str = include_str!("classifiers.txt");

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    // In order, since the metadata may have thousands of them.
    let known: BTreeSet<&str> = CLASSIFIERS.lines().collect();
    metadata.all("Classifier").filter_map(|text| judge(text, &known)).collect()
}

fn judge(text: &str, known: &BTreeSet<&str>) -> Option<Diagnostic> {
    let shown = shown(text);
    if text.starts_with("Private ::") {
        let message = format!("`{shown}` says that no public index may take it");
        return Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message));
    }
    let marked = text.starts_with("! ");
    if !marked && known.contains(text) {
        return None;
    }
    if known.contains(format!("! {text}").as_str()) {
        let message = format!("the index no longer takes the classifier `{shown}`");
        return Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message));
    }
    // A newer one under a known root may be in the index's list by now.
    let root = text.split_inclusive(" :: ").next().unwrap_or_default();
    let known_root = || known.range(root..).next().is_some_and(|first| first.starts_with(root));
    if !marked && root.ends_with(" :: ") && known_root() {
        let message = format!("`{shown}` is not in the index's list of classifiers as known here");
        return Some(Diagnostic::warning(&codes::METADATA_CLASSIFIER, message));
    }
    let message = format!("`{shown}` is not a known classifier");
    Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message))
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::codes_with;

    #[test]
    fn classifiers_are_on_the_list() {
        let check = |value: &str, expected: &[&str]| {
            assert_eq!(codes_with(&format!("Classifier: {value}")), expected, "{value}");
        };
        check("Topic :: Utilities", &[]);
        check("License :: OSI Approved :: MIT License", &[]);
        check("Private :: Do Not Upload", &["METADATA-CLASSIFIER"]);
        check("Nonsense :: 1", &["METADATA-CLASSIFIER"]);
        check("Topic", &["METADATA-CLASSIFIER"]);
        check("! Natural Language :: Ukranian", &["METADATA-CLASSIFIER"]);
        check("Natural Language :: Ukranian", &["METADATA-CLASSIFIER"]);
        check("Programming Language :: Klingon", &["metadata-classifier"]);
    }
}
