//! A rule from outside: one file with its code, its declaration, its function and its cases.

use archive::Entry;
use model::Diagnostic;
use pypi::{LooksAt, Metadata, RULES, Reported, Rule, check_wheel, read_wheel};

mod codes {
    model::codes! {
        /// The summary is written in capital letters.
        METADATA_CAPITALS = "metadata-capitals", Invalid;
    }
}

static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_CAPITALS)],
    spec: "Core metadata, Summary",
    looks_at: LooksAt::Metadata(check),
};

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let summary = metadata.get("Summary").unwrap_or_default();
    let shouts = summary.len() > 1 && summary == summary.to_uppercase();
    let problem = || Diagnostic::new(&codes::METADATA_CAPITALS, "the summary shouts");
    shouts.then(problem).into_iter().collect()
}

/// The codes of what `rules` find in a wheel with this summary.
fn found(summary: &str, rules: &[&Rule]) -> Vec<&'static str> {
    let info = "demo-1.0.dist-info";
    let metadata = format!(
        "Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nSummary: {summary}\n\
         License-Expression: MIT\n\nText.\n"
    );
    let wheel = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let members = [
        Entry::new(format!("{info}/METADATA"), metadata),
        Entry::new(format!("{info}/WHEEL"), wheel),
        Entry::new(format!("{info}/RECORD"), format!("{info}/RECORD,,\n")),
    ];
    let bytes = archive::zip::write(&members, 315_532_800).unwrap();
    let wheel = read_wheel("demo-1.0-py3-none-any.whl", &bytes).unwrap();
    let mut codes: Vec<&str> =
        check_wheel(&wheel, rules).iter().map(|problem| problem.code.name).collect();
    codes.dedup();
    codes
}

#[test]
fn a_rule_from_outside_reports_beside_the_others() {
    let all: Vec<&Rule> = RULES.iter().copied().chain([&RULE]).collect();
    assert_eq!(found("A demo.", &all), ["wheel-record-incomplete"]);
    assert_eq!(found("A DEMO!", &all), ["wheel-record-incomplete", "metadata-capitals"]);
    assert_eq!(found("A DEMO!", RULES), ["wheel-record-incomplete"]);
}
