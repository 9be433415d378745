//! The build context of a Dockerfile: the folder that it is meant to be built in.

use manifests::{Manifests, dockerfile, join, parent};

/// The root, when what the Dockerfile copies is there and not in its own folder.
pub(super) fn for_dockerfile(manifests: &Manifests<'_>, path: &str, text: &str) -> Option<String> {
    let folder = parent(path);
    if folder == "." {
        return None;
    }
    let sources = dockerfile::copied(text);
    let there = |base: &str| sources.iter().filter(|s| exists(manifests, &join(base, s))).count();
    (there(".") > there(folder)).then(|| ".".to_owned())
}

fn exists(manifests: &Manifests<'_>, path: &str) -> bool {
    let files = manifests.files();
    let at = files.partition_point(|file| file.as_str() < path);
    let inside = format!("{path}/");
    let below = files.partition_point(|file| *file < inside);
    files.get(at).is_some_and(|file| file == path)
        || files.get(below).is_some_and(|file| file.starts_with(&inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::MemoryTree;

    #[test]
    fn the_context_is_where_the_copied_files_are() {
        let check = |text: &str, expected: Option<&str>| {
            let tree = MemoryTree::new([("a/Dockerfile", text), ("a/x", ""), ("lib/y", "")]);
            let found = for_dockerfile(&Manifests::new(&tree), "a/Dockerfile", text);
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("COPY a lib /srv/", Some("."));
        check("copy ./x /srv/", None);
        check("COPY . /srv/", None);
        check("COPY --from=build /a /a", None);
    }
}
