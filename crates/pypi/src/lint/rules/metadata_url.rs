//! Addresses of the project are web addresses, and their labels short enough to show.

use model::Diagnostic;

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::metadata::Metadata;

pub(super) static RULE: Rule = Rule {
    reports: &[Reported::index(&codes::METADATA_URL)],
    spec: "Core metadata, Project-URL",
    looks_at: LooksAt::Metadata(check),
};

/// Characters of a label.
const MAX_LABEL_CHARS: usize = 32;

fn check(metadata: &Metadata) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for field in ["Home-page", "Download-URL"] {
        if let Some(url) = metadata.get(field).filter(|url| !is_url(url)) {
            let message = format!("`{field}: {}` is not a web address", shown(url));
            problems.push(Diagnostic::new(&codes::METADATA_URL, message));
        }
    }
    problems.extend(metadata.all("Project-URL").filter_map(project_url));
    problems
}

fn project_url(text: &str) -> Option<Diagnostic> {
    let (label, url) = text.split_once(',').unwrap_or((text, ""));
    let (label, url) = (label.trim(), url.trim());
    let message = if label.is_empty() || label.chars().count() > MAX_LABEL_CHARS {
        format!("the label `{label}` of a project URL is empty or over 32 characters")
    } else if !is_url(url) {
        format!("`{}` is not a web address", shown(url))
    } else {
        return None;
    };
    Some(Diagnostic::new(&codes::METADATA_URL, message))
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
    use crate::lint::drafts::codes_with;

    #[test]
    fn addresses_are_of_the_web_and_labels_short() {
        let check = |lines: &str, expected: &[&str]| {
            assert_eq!(codes_with(lines), expected, "{lines}");
        };
        check("Project-URL: Home, https://a.example/b\nHome-page: HTTP://a.example", &[]);
        check(&format!("Project-URL: {}, https://a.example", "ß".repeat(32)), &[]);
        check(&format!("Project-URL: {}, https://a.example", "l".repeat(33)), &["METADATA-URL"]);
        check("Project-URL: , https://a.example", &["METADATA-URL"]);
        check("Project-URL: https://a.example", &["METADATA-URL"]);
        check("Project-URL: a, javascript:x", &["METADATA-URL"]);
        check("Project-URL: a, https://a b", &["METADATA-URL"]);
        check("Home-page: nowhere", &["METADATA-URL"]);
        check("Download-URL: https://", &["METADATA-URL"]);
        check("Home-page: x\nDownload-URL: ftp://x", &["METADATA-URL", "METADATA-URL"]);
    }
}
