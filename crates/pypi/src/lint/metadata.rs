//! Core metadata as the public index judges it (PyPA core metadata specification, PEP 639, 643).
//!
//! Sees the headers alone; whether the files that they name exist is its callers' question.

use std::collections::BTreeSet;

use model::{Code, Diagnostic, normalized_python_name};

use super::license::{LicenseFault, fault};
use crate::codes;
use crate::metadata::Metadata;
use crate::name::{is_name, pep440};
use crate::requirement::{Requirement, is_specifier_set};

/// Adds what is wrong with `metadata`.
pub(super) fn check(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    identity(metadata, problems);
    once(metadata, problems);
    requirements(metadata, problems);
    texts(metadata, problems);
    licenses(metadata, problems);
    addresses(metadata, problems);
    dynamic(metadata, problems);
}

const VERSIONS: [&str; 8] = ["1.0", "1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"];

const MAX_SUMMARY_CHARS: usize = 512;

const MAX_LABEL_CHARS: usize = 32;

/// Fields that may stand there once only.
const SINGLE: [&str; 15] = [
    "Metadata-Version",
    "Name",
    "Version",
    "Summary",
    "Description-Content-Type",
    "Keywords",
    "Home-page",
    "Download-URL",
    "Author",
    "Author-email",
    "Maintainer",
    "Maintainer-email",
    "License",
    "License-Expression",
    "Requires-Python",
];

/// Fields that a build may leave open (PEP 643): all but these and `Metadata-Version`.
const NEVER_DYNAMIC: [&str; 3] = ["name", "version", "metadata-version"];

/// The public index's classifiers in their order, those that it no longer takes after `! `
/// (trove-classifiers 2026.9.21.13).
const CLASSIFIERS: &str = include_str!("classifiers.txt");

fn error(problems: &mut Vec<Diagnostic>, code: &'static Code, message: impl Into<String>) {
    problems.push(Diagnostic::new(code, message));
}

fn identity(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    match metadata.get("Metadata-Version") {
        Some(version) if VERSIONS.contains(&version) => {}
        Some(version) => {
            let message = format!("metadata version `{version}` is none that the index takes");
            error(problems, &codes::METADATA_FORMAT_VERSION, message);
        }
        None => error(
            problems,
            &codes::METADATA_FORMAT_VERSION,
            "the metadata has no `Metadata-Version`",
        ),
    }
    let name = metadata.get("Name").unwrap_or_default();
    if !is_name(name) {
        let message = format!("`{}` cannot name a distribution", name.escape_debug());
        error(problems, &codes::METADATA_NAME, message);
    }
    let version = metadata.get("Version").unwrap_or_default();
    match pep440(version) {
        None => {
            let message = format!("`{}` is no PEP 440 version", version.escape_debug());
            error(problems, &codes::METADATA_VERSION, message);
        }
        Some(_) if version.contains('+') => {
            let message = format!("the index takes no local version such as `{version}`");
            let help = "release without the part from `+` on";
            problems.push(Diagnostic::new(&codes::METADATA_LOCAL_VERSION, message).help(help));
        }
        Some(_) => {}
    }
}

fn once(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    for field in SINGLE {
        if metadata.all(field).nth(1).is_some() {
            let message = format!("the metadata says `{field}` more than once");
            error(problems, &codes::METADATA_REPEATED_FIELD, message);
        }
    }
}

fn requirements(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    for field in ["Requires-Dist", "Provides-Dist", "Obsoletes-Dist"] {
        for text in metadata.all(field) {
            match Requirement::parse(text) {
                None => {
                    let message = format!("`{field}: {}` is no requirement", text.escape_debug());
                    error(problems, &codes::METADATA_REQUIREMENT, message);
                }
                Some(Requirement { url: Some(_), name, .. }) => {
                    let message = format!("`{name}` is required by its address: `{text}`");
                    let help = "the index takes requirements by name and version only";
                    problems.push(Diagnostic::new(&codes::METADATA_DIRECT_URL, message).help(help));
                }
                Some(_) => {}
            }
        }
    }
    if let Some(text) = metadata.get("Requires-Python")
        && !is_specifier_set(text)
    {
        let message = format!("`Requires-Python: {}` is no version specifier", text.escape_debug());
        error(problems, &codes::METADATA_REQUIRES_PYTHON, message);
    }
    let mut extras = BTreeSet::new();
    for extra in metadata.all("Provides-Extra") {
        if !is_name(extra) {
            let message = format!("`{}` cannot name an extra", extra.escape_debug());
            error(problems, &codes::METADATA_EXTRA, message);
        } else if !extras.insert(normalized_python_name(extra)) {
            let message = format!("the extra `{extra}` stands there twice");
            problems.push(Diagnostic::warning(&codes::METADATA_EXTRA, message));
        }
    }
}

fn texts(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    match metadata.get("Summary") {
        Some(text) if text.chars().count() > MAX_SUMMARY_CHARS => {
            error(problems, &codes::METADATA_SUMMARY, "the summary is longer than 512 characters");
        }
        Some(text) if text.contains('\n') => {
            error(problems, &codes::METADATA_SUMMARY, "the summary has more than one line");
        }
        Some(text) if !text.is_empty() => {}
        _ => problems
            .push(Diagnostic::warning(&codes::METADATA_SUMMARY, "the metadata has no `Summary`")),
    }
    if let Some(text) = metadata.get("Description-Content-Type") {
        let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !["text/plain", "text/x-rst", "text/markdown"].contains(&kind.as_str()) {
            let message = format!("`Description-Content-Type: {}` is unknown", text.escape_debug());
            error(problems, &codes::METADATA_CONTENT_TYPE, message);
        }
    }
    let described = !metadata.description.trim().is_empty()
        || metadata.get("Description").is_some_and(|text| !text.trim().is_empty());
    if !described {
        let message = "the metadata has no description for the index to show";
        problems.push(Diagnostic::new(&codes::METADATA_DESCRIPTION, message));
    }
    for text in metadata.all("Classifier") {
        problems.extend(classifier(text));
    }
}

fn classifier(text: &str) -> Option<Diagnostic> {
    if text.starts_with("Private ::") {
        let message = format!("`{text}` says that no public index may take it");
        return Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message));
    }
    if CLASSIFIERS.lines().any(|known| known == text) {
        return None;
    }
    let old = CLASSIFIERS.lines().any(|known| known.strip_prefix("! ") == Some(text));
    let shown = text.escape_debug();
    if old {
        let message = format!("the index no longer takes the classifier `{shown}`");
        return Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message));
    }
    // A newer one under a known root may be in the index's list by now.
    let root = text.split_inclusive(" :: ").next().unwrap_or_default();
    if root.ends_with(" :: ") && CLASSIFIERS.lines().any(|known| known.starts_with(root)) {
        let message = format!("`{shown}` is not in the index's list of classifiers as known here");
        return Some(Diagnostic::warning(&codes::METADATA_CLASSIFIER, message));
    }
    let message = format!("`{shown}` is no classifier");
    Some(Diagnostic::new(&codes::METADATA_CLASSIFIER, message))
}

fn licenses(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    if let Some(text) = metadata.get("License-Expression") {
        match fault(text) {
            Some(LicenseFault::Grammar) => {
                let message = format!("`{}` is no SPDX licence expression", text.escape_debug());
                error(problems, &codes::METADATA_LICENSE_EXPRESSION, message);
            }
            Some(LicenseFault::Unknown(name)) => {
                let message = format!("`{name}` is not in SPDX's list of licences (3.27)");
                let help = "name a licence of the list, or `LicenseRef-…` for one of your own";
                problems.push(
                    Diagnostic::warning(&codes::METADATA_LICENSE_EXPRESSION, message).help(help),
                );
            }
            None => {}
        }
        if metadata.get("License").is_some_and(|text| !text.is_empty()) {
            let message = "the metadata has both `License` and `License-Expression`";
            error(problems, &codes::METADATA_LICENSE_TWICE, message);
        }
    }
    let newer = metadata.format_version().is_some_and(|version| version >= (2, 4));
    let used = ["License-Expression", "License-File"]
        .into_iter()
        .find(|field| metadata.get(field).is_some());
    if let Some(field) = used.filter(|_| !newer) {
        let message = format!("`{field}` needs metadata version 2.4");
        // Backends wrote License-File under older versions for years, and the index lets it pass.
        let severity = if field == "License-File" { Diagnostic::warning } else { Diagnostic::new };
        problems.push(severity(&codes::METADATA_TOO_OLD_FOR_FIELD, message));
    }
}

fn addresses(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    for field in ["Author-email", "Maintainer-email"] {
        let first = metadata.get(field).and_then(|text| first_address(text));
        if let Some(address) = first.filter(|address| !is_email(address)) {
            let message = format!("`{}` is no e-mail address", address.escape_debug());
            error(problems, &codes::METADATA_EMAIL, message);
        }
    }
    for field in ["Home-page", "Download-URL"] {
        if let Some(url) = metadata.get(field).filter(|url| !is_url(url)) {
            let message = format!("`{field}: {}` is no web address", url.escape_debug());
            error(problems, &codes::METADATA_URL, message);
        }
    }
    for text in metadata.all("Project-URL") {
        let (label, url) = text.split_once(',').unwrap_or((text, ""));
        let (label, url) = (label.trim(), url.trim());
        if label.is_empty() || label.chars().count() > MAX_LABEL_CHARS {
            let message =
                format!("the label `{label}` of a project URL is empty or over 32 characters");
            error(problems, &codes::METADATA_URL, message);
        } else if !is_url(url) {
            let message = format!("`{}` is no web address", url.escape_debug());
            error(problems, &codes::METADATA_URL, message);
        }
    }
}

fn dynamic(metadata: &Metadata, problems: &mut Vec<Diagnostic>) {
    for field in metadata.all("Dynamic") {
        if NEVER_DYNAMIC.contains(&field.to_ascii_lowercase().as_str()) {
            error(problems, &codes::METADATA_DYNAMIC, format!("`{field}` may never be dynamic"));
        }
    }
}

/// The first address of a list, without the name before it.
fn first_address(text: &str) -> Option<&str> {
    let address = match (text.find('<'), text.find('>')) {
        (Some(open), Some(close)) if open < close => text.get(open + 1..close)?,
        _ => text.split(',').next()?,
    };
    Some(address.trim()).filter(|address| !address.is_empty())
}

fn is_email(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let in_local = |c: char| !c.is_whitespace() && !c.is_control() && !"(),:;<>@[]\\\"".contains(c);
    let dotted = |text: &str| text.split('.').all(|part| !part.is_empty());
    let in_domain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    local.len() <= 64
        && local.chars().all(in_local)
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain.chars().all(in_domain)
}

fn is_url(text: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| text.get(scheme.len()..))?
    });
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "Metadata-Version: 2.4\nName: a\nVersion: 1.0\nSummary: s\n";

    /// The codes found when `lines` are added to a good file; errors are in capitals.
    fn check(lines: &str, expected: &[&str]) {
        let text = format!("{GOOD}{lines}\n\nDescription.\n");
        let metadata = Metadata::parse(text.as_bytes(), "METADATA").unwrap();
        let mut problems = Vec::new();
        super::check(&metadata, &mut problems);
        let shown = |problem: &Diagnostic| match problem.severity {
            model::Severity::Error => problem.code.name.to_uppercase(),
            model::Severity::Warning => problem.code.to_string(),
        };
        let found: Vec<String> = problems.iter().map(shown).collect();
        assert_eq!(found, expected, "{lines}");
    }

    #[test]
    fn good_metadata_has_no_problem() {
        check(
            "Requires-Dist: b>=1; extra == 'c'\nRequires-Python: >=3.9\nProvides-Extra: c\n\
             License-Expression: Apache-2.0\nLicense-File: LICENSE\nAuthor-email: A B <a@b.test>\n\
             Project-URL: Home, https://a.example/b\nClassifier: Topic :: Utilities\n\
             Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\nDynamic: Summary",
            &[],
        );
    }

    #[test]
    fn what_the_index_refuses_is_an_error() {
        check("Name: b", &["METADATA-REPEATED-FIELD"]);
        check("Requires-Dist: b @ https://a.example/b.whl", &["METADATA-DIRECT-URL"]);
        check("Requires-Dist: b >> 1", &["METADATA-REQUIREMENT"]);
        check("Requires-Python: 3.9", &["METADATA-REQUIRES-PYTHON"]);
        check("Provides-Extra: ä", &["METADATA-EXTRA"]);
        check("Provides-Extra: a-b\nProvides-Extra: a_b", &["metadata-extra"]);
        check("Classifier: Private :: Do Not Upload", &["METADATA-CLASSIFIER"]);
        check("Classifier: Nonsense :: 1", &["METADATA-CLASSIFIER"]);
        check("Classifier: Programming Language :: Klingon", &["metadata-classifier"]);
        check("Classifier: Natural Language :: Ukranian", &["METADATA-CLASSIFIER"]);
        check("License-Expression: MIT AND", &["METADATA-LICENSE-EXPRESSION"]);
        check("License-Expression: Mine-1.0", &["metadata-license-expression"]);
        check("License: MIT\nLicense-Expression: MIT", &["METADATA-LICENSE-TWICE"]);
        check("Author-email: nobody", &["METADATA-EMAIL"]);
        check("Home-page: nowhere", &["METADATA-URL"]);
        check("Project-URL: https://a.example", &["METADATA-URL"]);
        check(&format!("Project-URL: {}, https://a.example", "l".repeat(33)), &["METADATA-URL"]);
        check("Project-URL: a, javascript:x", &["METADATA-URL"]);
        check("Description-Content-Type: text/html", &["METADATA-CONTENT-TYPE"]);
        check("Dynamic: Version", &["METADATA-DYNAMIC"]);
    }

    #[test]
    fn identity_and_summary_are_judged() {
        let check = |text: &str, expected: &str| {
            let metadata = Metadata::parse(text.as_bytes(), "METADATA").unwrap();
            let mut problems = Vec::new();
            super::check(&metadata, &mut problems);
            let found = problems.iter().any(|problem| problem.code.to_string() == expected);
            assert!(found, "{expected} is not in {problems:?}");
        };
        check("Metadata-Version: 2.6\nName: a\nVersion: 1", "metadata-format-version");
        check("Name: a\nVersion: 1", "metadata-format-version");
        check("Metadata-Version: 2.1\nName: -a\nVersion: 1", "metadata-name");
        check("Metadata-Version: 2.1\nName: a\nVersion: one", "metadata-version");
        check("Metadata-Version: 2.1\nName: a\nVersion: 1+local", "metadata-local-version");
        check("Metadata-Version: 2.1\nName: a\nVersion: 1", "metadata-summary");
        check("Metadata-Version: 2.1\nSummary: a\n b", "metadata-summary");
        check(&format!("Summary: {}", "s".repeat(513)), "metadata-summary");
        check("Metadata-Version: 2.1\nLicense-Expression: MIT", "metadata-too-old-for-field");
    }
}
