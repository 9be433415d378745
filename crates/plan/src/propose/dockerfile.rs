//! Dockerfiles: which files are some, and which folder they are meant to be built in.

use crate::manifests::{Manifests, join, parent};

/// What follows the name in `Dockerfile.x`, or stands before it in `x.Dockerfile`; empty for a
/// plain one, nothing when the file is none.
pub(super) fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    for base in ["Dockerfile", "Containerfile"] {
        if let Some(rest) = name.strip_prefix(base) {
            let suffix = rest.strip_prefix('.');
            let plain = rest.is_empty().then_some("");
            return plain.or(suffix).filter(|suffix| !NOT_IMAGES.contains(suffix));
        }
        let ending = format!(".{}", base.to_lowercase());
        if let Some(stem) = name.to_lowercase().strip_suffix(&ending) {
            return name.get(..stem.len()).filter(|stem| !stem.is_empty());
        }
    }
    None
}

/// Suffixes of files that are no Dockerfiles, or none that a release is made of.
const NOT_IMAGES: [&str; 9] =
    ["dockerignore", "containerignore", "dev", "test", "tests", "ci", "j2", "tmpl", "md"];

/// Whether the text builds an image at all.
pub(super) fn builds(text: &str) -> bool {
    text.lines().any(|line| instruction(line, "FROM").is_some())
}

/// The root, when what the Dockerfile copies is there and not in its own folder.
pub(super) fn context(manifests: &Manifests<'_>, path: &str, text: &str) -> Option<String> {
    let folder = parent(path);
    if folder == "." {
        return None;
    }
    let sources = copied(text);
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

/// Sources of `COPY` and `ADD` that are plain paths of the build context.
fn copied(text: &str) -> Vec<&str> {
    let mut sources = Vec::new();
    for line in text.lines() {
        let Some(rest) = instruction(line, "COPY").or_else(|| instruction(line, "ADD")) else {
            continue;
        };
        if rest.contains("--from=") || rest.starts_with('[') {
            continue;
        }
        let words: Vec<&str> =
            rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        let Some((_, from)) = words.split_last() else { continue };
        let plain = |word: &&&str| !word.contains(['$', '*', '?', ':', '<', '\\']);
        let paths = from.iter().filter(plain).map(|word| {
            let word = word.trim_start_matches("./").trim_start_matches('/');
            word.trim_end_matches('/')
        });
        sources.extend(paths.filter(|path| !path.is_empty() && *path != "."));
    }
    sources
}

fn instruction<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let line = line.trim_start();
    let word = line.get(..name.len())?;
    let rest = line.get(name.len()..)?;
    (word.eq_ignore_ascii_case(name) && rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::MemoryTree;

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for (path, expected) in [
            ("Dockerfile", Some("")),
            ("a/Containerfile.lite", Some("lite")),
            ("api.Dockerfile", Some("api")),
            ("api.dockerfile", Some("api")),
            ("Dockerfile.dockerignore", None),
            ("Dockerfiles", None),
            ("a/README.md", None),
        ] {
            assert_eq!(suffix(path), expected, "{path}");
        }
    }

    #[test]
    fn the_context_is_where_the_copied_files_are() {
        let check = |text: &str, expected: Option<&str>| {
            let tree = MemoryTree::new([("a/Dockerfile", text), ("a/x", ""), ("lib/y", "")]);
            let found = context(&Manifests::new(&tree), "a/Dockerfile", text);
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("COPY a lib /srv/", Some("."));
        check("copy ./x /srv/", None);
        check("COPY . /srv/", None);
        check("COPY --from=build /a /a", None);
    }
}
