//! Paths of the tree: `/` between the parts, `.` for the tree itself.

/// `folder` and `name` in one path.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        (".", name) => name.to_owned(),
        (folder, ".") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The same for a path with `.` and `..` in it, as other tools' manifests have; nothing when it
/// leaves the tree.
#[must_use]
pub fn join_relative(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| *part != ".").collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// The folder that holds `path`.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

/// `folder` and every folder above it, the tree itself last.
pub(crate) fn upwards(folder: &str) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut at = folder;
    while at != "." {
        at = parent(at);
        folders.push(at.to_owned());
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_without_leaving_the_tree() {
        let check = |folder: &str, path: &str, expected: Option<&str>| {
            assert_eq!(join_relative(folder, path).as_deref(), expected, "{folder} {path}");
        };
        check("a/b", "../c/Cargo.toml", Some("a/c/Cargo.toml"));
        check(".", "./x", Some("x"));
        check("a", "..", Some("."));
        check("a", "../../x", None);
        check("a", "/etc/x", None);
    }

    #[test]
    fn upwards_ends_at_the_tree_itself() {
        assert_eq!(upwards("a/b"), ["a/b", "a", "."]);
        assert_eq!(upwards("."), ["."]);
    }
}
