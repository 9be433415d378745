//! Names for entries: valid in every format, and no two alike.

use std::collections::BTreeSet;

use model::limits::MAX_NAME_CHARS;

use super::draft::Draft;

/// Room kept for what makes a name unique, and for a suffix.
const RESERVED_CHARS: usize = 16;

/// `text` as a name that packages, files and images can have.
pub(super) fn valid(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = text.chars().all(plain);
    let mapped: String = if fits { text.to_owned() } else { text.chars().map(keep).collect() };
    let short: String = mapped.chars().take(MAX_NAME_CHARS - RESERVED_CHARS).collect();
    let trimmed = short.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if trimmed.is_empty() { "package".to_owned() } else { trimmed.to_owned() }
}

/// The name as an image can have it: lower case, one separator at a time.
pub(super) fn for_image(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-").to_lowercase()
}

/// Gives each entry a name of its own; those that come first keep theirs.
pub(super) fn make_unique(drafts: &mut [Draft]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for draft in drafts {
        let wanted = valid(&draft.name);
        let what = match draft {
            Draft { chart: Some(_), .. } => "chart",
            Draft { python: Some(_), .. } => "python",
            Draft { binary: Some(value), .. } if value.starts_with("{ go") => "go",
            Draft { binary: Some(_), .. } => "rust",
            _ => "image",
        };
        let numbered = (2..).map(|number| format!("{wanted}-{what}-{number}"));
        let candidates = [wanted.clone(), format!("{wanted}-{what}")].into_iter().chain(numbered);
        // Spellings that only differ in case or separators would clash in file names.
        let free = |name: &String| taken.insert(for_image(name));
        draft.name = { candidates }.find(free).unwrap_or(wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_becomes_a_valid_name() {
        for (text, expected) in [
            ("a b/ü", "a-b"),
            ("-x-", "x"),
            ("", "package"),
            ("My_App.2", "My_App.2"),
            ("@scope/pkg", "scope-pkg"),
        ] {
            assert_eq!(valid(text), expected);
            assert_eq!(model::file_name_problem(&valid(text)), None);
        }
        assert_eq!(for_image("My__App.-2"), "my-app-2");
    }

    #[test]
    fn equal_names_are_told_apart_by_what_they_are() {
        let draft = |name: &str, chart: bool| Draft {
            name: name.to_owned(),
            chart: chart.then(String::new),
            ..Draft::default()
        };
        let mut drafts = [draft("a", false), draft("A", true), draft("a", true), draft("a", true)];
        make_unique(&mut drafts);
        let names: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
        assert_eq!(names, ["a", "A-chart", "a-chart-2", "a-chart-3"]);
    }
}
