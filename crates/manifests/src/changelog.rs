//! What a changelog says about one version.

use model::Version;

/// Bytes of notes that GitHub takes as a release's body (125,000 characters), with room for a
/// closing line.
const MAX_NOTES_CHARS: usize = 120_000;

/// The section of a changelog in Markdown about `version`, without its heading; nothing when there
/// is none, or when it is empty.
///
/// Takes the headings that are in use (`## [1.2.3] - 2026-01-31`, `## 1.2.3`, `# v1.2.3 (date)`),
/// in `#` and in underlined form. The section ends at the next heading of the same or a higher
/// level, or where a list of link definitions ends the file. Lines
/// of a code fence are not headings.
#[must_use]
pub fn section(text: &str, version: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let headings = headings(&lines);
    let at = headings.iter().position(|heading| names(heading.text, version))?;
    let own = headings.get(at)?;
    let next = headings.iter().skip(at + 1).find(|heading| heading.level <= own.level);
    let end = next.map_or(lines.len(), |heading| heading.line);
    let mut section = lines.get(own.line + own.height..end)?.to_vec();
    while section.last().is_some_and(|line| line.trim().is_empty() || is_link(line)) {
        section.pop();
    }
    let section = section.join("\n");
    let section = section.trim_start_matches(['\n', '\r']).trim_end();
    let cut: String = section.chars().take(MAX_NOTES_CHARS).collect();
    (!cut.trim().is_empty()).then_some(cut)
}

/// A heading and where it starts.
struct Heading<'t> {
    level: usize,
    text: &'t str,
    line: usize,
    /// Lines it takes: two when it is underlined.
    height: usize,
}

fn headings<'t>(lines: &[&'t str]) -> Vec<Heading<'t>> {
    let mut found = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for (line, text) in lines.iter().enumerate() {
        let mark = fence_mark(text);
        match (fence, mark) {
            (Some((open, length)), Some((mark, long, bare))) => {
                if mark == open && long >= length && bare {
                    fence = None;
                }
            }
            (None, Some((mark, long, _))) => fence = Some((mark, long)),
            (Some(_), None) => {}
            (None, None) => found.extend(heading(lines, line)),
        }
    }
    found
}

/// A code fence's character, length, and whether nothing follows it (CommonMark 4.5).
fn fence_mark(line: &str) -> Option<(char, usize, bool)> {
    let text = line.trim_start_matches(' ');
    if line.len() - text.len() > 3 {
        return None;
    }
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let rest = text.trim_start_matches(mark);
    let length = text.len() - rest.len();
    let info_is_code = mark == '`' && rest.contains('`');
    (length >= 3 && !info_is_code).then(|| (mark, length, rest.trim().is_empty()))
}

fn heading<'t>(lines: &[&'t str], line: usize) -> Option<Heading<'t>> {
    let text = *lines.get(line)?;
    let trimmed = text.trim_start_matches(' ');
    if text.len() - trimmed.len() > 3 {
        return None;
    }
    let rest = trimmed.trim_start_matches('#');
    let level = trimmed.len() - rest.len();
    if (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return Some(Heading { level, text: rest.trim(), line, height: 1 });
    }
    let under = lines.get(line + 1)?.trim_end();
    let ruled = |mark: char| under.len() >= 3 && under.chars().all(|c| c == mark);
    let level = if ruled('=') { 1 } else { 2 };
    // A line of dashes below an empty line, a list or a table is no underline.
    let plain = !trimmed.is_empty() && !trimmed.starts_with(['-', '*', '+', '>', '|']);
    (level == 1 || ruled('-'))
        .then_some(Heading { level, text: trimmed.trim(), line, height: 2 })
        .filter(|_| plain)
}

/// Whether a heading is about `version`: its first word is, less brackets, a `v` and a link.
fn names(heading: &str, version: &str) -> bool {
    let bare = |text: &str| text.strip_prefix(['v', 'V']).unwrap_or(text).to_owned();
    let wanted = bare(version);
    let rest = heading.strip_prefix("Version ").or_else(|| heading.strip_prefix("version "));
    let rest = rest.unwrap_or(heading).trim_start_matches(['[', '`', '*', '_']);
    let ends = |c: char| c.is_whitespace() || matches!(c, ']' | '`' | '*' | '(' | ',' | ':' | '/');
    let word = rest.split(ends).next().unwrap_or_default();
    let word = bare(word.trim_end_matches('_'));
    let same = || match (Version::parse(&word), Version::parse(&wanted)) {
        (Ok(word), Ok(wanted)) => word.same_as(&wanted),
        _ => false,
    };
    !wanted.is_empty() && (word == wanted || same())
}

/// Whether a line defines a link: `[1.2.3]: https://…`.
fn is_link(line: &str) -> bool {
    line.strip_prefix('[').and_then(|rest| rest.split_once("]:")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(section(text, "1.2.3").as_deref(), expected, "{text}");
    }

    #[test]
    fn a_section_is_found_under_every_common_heading() {
        let headings = [
            "## [1.2.3] - 2026-01-31",
            "## 1.2.3",
            "## v1.2.3",
            "## [v1.2.3](https://example.com/compare) (2026-01-31)",
            "# Version 1.2.3",
            "### `1.2.3`",
            "## **1.2.3** / 2026",
            "1.2.3 (2026-01-31)\n------------------",
            "v1.2.3\n======",
        ];
        for heading in headings {
            check(&format!("intro\n\n{heading}\n\n- one\n- two\n"), Some("- one\n- two"));
        }
    }

    #[test]
    fn a_version_is_not_taken_for_a_longer_one() {
        check("## 1.2.30\n\nx\n\n## 11.2.3\n\ny\n\n## 1.2.3-rc.1\n\nz\n", None);
        check("# Changelog\n\nnothing about 1.2.3\n", None);
        check("", None);
    }

    #[test]
    fn a_version_is_found_in_another_spelling() {
        let check = |heading: &str, version: &str, expected: Option<&str>| {
            let found = section(&format!("## {heading}\n\n- a\n"), version);
            assert_eq!(found.as_deref(), expected, "{heading} {version}");
        };
        check("2025.05.09", "2025.5.9", Some("- a"));
        check("[1.0.0-rc.1] - 2026-01-31", "1.0.0rc1", Some("- a"));
        check("1.0", "1.0.0", Some("- a"));
        check("Unreleased", "1.0.0", None);
        check("1.0.0-rc.1", "1.0.0", None);
    }

    #[test]
    fn a_section_ends_at_the_next_heading_of_its_level_and_keeps_the_lower_ones() {
        let text = "# Log\n\n## 1.2.3\n\n### Added\n\n- a\n\n## 1.2.2\n\n- b\n";
        check(text, Some("### Added\n\n- a"));
        check("## 1.2.3\n\n- a\n\n# Older\n\n- b\n", Some("- a"));
        check("## 1.2.3\n## 1.2.2\n\n- b\n", None);
    }

    #[test]
    fn lines_of_a_code_fence_are_not_headings() {
        let text =
            "````md\n```\n## 1.2.3\n\nno\n```\n````\n\n## 1.2.3\n\n~~~\n## 1.2.2\n~~~\n- a\n";
        check(text, Some("~~~\n## 1.2.2\n~~~\n- a"));
        check("    ## 1.2.3\n\nno\n", None);
    }

    #[test]
    fn link_definitions_at_the_end_are_left_out() {
        check("## [1.2.3]\n\n- a\n\n[1.2.3]: https://example.com\n[b]: c\n", Some("- a"));
    }

    #[test]
    fn windows_line_ends_do_not_matter() {
        check("## 1.2.3\r\n\r\n- a\r\n- b\r\n\r\n## 1.2.2\r\n", Some("- a\n- b"));
    }

    #[test]
    fn notes_are_cut_where_github_would_refuse_them() {
        let text = format!("## 1.2.3\n\n{}\n", "é".repeat(MAX_NOTES_CHARS + 9));
        let notes = section(&text, "1.2.3").unwrap();
        assert_eq!(notes.chars().count(), MAX_NOTES_CHARS);
    }
}
