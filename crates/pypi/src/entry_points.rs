//! `entry_points.txt`: the commands and plugins that a distribution offers.
//!
//! Reads the INI form of the entry points specification. Whether a name is fit for a file system
//! stands in `lint`.

use std::collections::BTreeMap;

/// Groups, each with its names and what they point at.
pub type EntryPoints = BTreeMap<String, BTreeMap<String, String>>;

/// Reads the file; nothing when it is not well-formed.
#[must_use]
pub(crate) fn parse(text: &str) -> Option<EntryPoints> {
    let mut groups = EntryPoints::new();
    let mut group: Option<String> = None;
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[') {
            let name = name.strip_suffix(']')?.trim();
            if name.is_empty() || groups.contains_key(name) {
                return None;
            }
            groups.insert(name.to_owned(), BTreeMap::new());
            group = Some(name.to_owned());
            continue;
        }
        let (name, value) = bare.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let entries = groups.get_mut(group.as_ref()?)?;
        if name.is_empty() || entries.insert(name.to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_names_are_read() {
        let text =
            "# note\n[console_scripts]\nrun = pkg.cli:main\n a.b=pkg:x [extra]\n\n[plugins]\n";
        let groups = parse(text).unwrap();
        assert_eq!(groups["console_scripts"]["run"], "pkg.cli:main");
        assert_eq!(groups["console_scripts"]["a.b"], "pkg:x [extra]");
        assert!(groups["plugins"].is_empty());
    }

    #[test]
    fn a_malformed_file_is_refused() {
        for text in ["a = b", "[x\na = b", "[x]\nno value", "[x]\n= b", "[x]\na=1\na=2", "[x]\n[x]"]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
