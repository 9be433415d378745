//! `entry_points.txt`: the commands and plugins that a distribution offers.
//!
//! Reads the INI form of the entry points specification. Whether a name is fit for a file system
//! stands in `lint`.

use std::collections::BTreeMap;

use model::{Budget, Exhausted};

use crate::lines::has_odd_line_break;

/// Groups, each with its names and what they point at.
pub type EntryPoints = BTreeMap<String, BTreeMap<String, String>>;

/// Bytes of one name and its value beside their text: two texts, and their share of a tree's node.
const ENTRY_BYTES: usize = 96;

/// Reads the file; nothing when it is not well-formed, or readers differ about it: `configparser`,
/// which the specification names, and `importlib.metadata`, which does not use it. Every line is
/// taken from `budget`.
pub(crate) fn parse(text: &str, budget: &Budget) -> Result<Option<EntryPoints>, Exhausted> {
    if has_odd_line_break(text) {
        return Ok(None);
    }
    let mut lines = Vec::new();
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        budget.spend_len(bare.len() + ENTRY_BYTES)?;
        lines.push(Line { bare, indent: line.chars().take_while(|c| c.is_whitespace()).count() });
    }
    Ok(grouped(&lines))
}

/// A line without the blanks around it, and how many there are before it.
struct Line<'a> {
    bare: &'a str,
    indent: usize,
}

fn grouped(lines: &[Line<'_>]) -> Option<EntryPoints> {
    let mut groups = EntryPoints::new();
    let mut group: Option<String> = None;
    // Of the entry before: what is further in continues its value for `configparser` alone.
    let mut above = usize::MAX;
    for Line { bare, indent } in lines {
        // A comment for `configparser` alone.
        if *indent > above || bare.starts_with(';') {
            return None;
        }
        if let Some(name) = bare.strip_prefix('[') {
            let name = name.strip_suffix(']')?;
            if !is_group(name) || groups.contains_key(name) {
                return None;
            }
            groups.insert(name.to_owned(), BTreeMap::new());
            group = Some(name.to_owned());
            above = usize::MAX;
            continue;
        }
        above = *indent;
        let (name, value) = bare.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let entries = groups.get_mut(group.as_ref()?)?;
        if name.is_empty() || entries.insert(name.to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(groups)
}

/// Whether every reader takes it for the same group: blanks around it are kept by some, brackets in
/// it are not, and `DEFAULT` is part of all groups for `configparser`.
fn is_group(name: &str) -> bool {
    !name.is_empty() && name == name.trim() && !name.contains(['[', ']']) && name != "DEFAULT"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<EntryPoints> {
        super::parse(text, &Budget::of(0)).unwrap()
    }

    #[test]
    fn lines_cost_what_they_take_in_memory() {
        let fits = |text: &str| super::parse(text, &Budget::limited(100_000)).map(drop);
        let refused = Err(Exhausted { limit: 100_000 });
        let entries = |count| (0..count).map(|at| format!("{at}=a\n")).collect::<String>();
        assert_eq!(fits(&format!("[a]\n{}", entries(900))), Ok(()));
        assert_eq!(fits(&format!("[a]\n{}", entries(2_000))), refused);
        let groups: String = (0..2_000).map(|at| format!("[{at}]\n")).collect();
        assert_eq!(fits(&groups), refused);
        assert_eq!(fits(&"\n# note\n".repeat(10_000)), Ok(()));
    }

    #[test]
    fn groups_and_names_are_read() {
        let text =
            "# note\n [console_scripts]\n run = pkg.cli:main\n a.b=pkg:x [extra]\n\n[plugins]\n";
        let groups = parse(text).unwrap();
        assert_eq!(groups["console_scripts"]["run"], "pkg.cli:main");
        assert_eq!(groups["console_scripts"]["a.b"], "pkg:x [extra]");
        assert!(groups["plugins"].is_empty());
    }

    #[test]
    fn a_malformed_file_is_refused() {
        for text in [
            "a = b",
            "[x\na = b",
            "[x]\nno value",
            "[x]\n= b",
            "[x]\na=1\na=2",
            "[x]\n[x]",
            "[x]\na=1\rb=2",
            "[x]\na=1\n b=2",
            "[x]\na=1\n\n\t[y]",
            "[x]\n; a=1",
            "[ x]",
            "[x]]",
            "[DEFAULT]",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
