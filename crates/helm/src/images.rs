//! Container images that a chart's `values.yaml` names.
//!
//! Only literal images are found: a mapping with `repository` (and `registry`, `tag`, `digest`), or
//! `image: NAME`. What a template composes is not guessed.

use model::Diagnostic;

use crate::yaml::{self, Node, Value};

/// An image as the values name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageReference {
    /// Its location in the values: `postgres.image`.
    pub key: String,
    /// Registry and name, without tag and digest.
    pub repository: String,
    /// The tag; empty if the chart leaves it open (most use the appVersion then).
    pub tag: String,
    /// The digest, `sha256:…`; empty if there is none.
    pub digest: String,
}

/// The images of a `values.yaml`, in its order.
pub(crate) fn in_values(text: &str) -> Result<Vec<ImageReference>, Diagnostic> {
    let mut found = Vec::new();
    if let Some(root) = yaml::parse("values.yaml", text)? {
        walk(&root, "", &mut found);
    }
    Ok(found)
}

/// The reader limits the depth of the tree, so recursion is safe.
fn walk(node: &Node, key: &str, found: &mut Vec<ImageReference>) {
    match &node.value {
        Value::Scalar { .. } => {}
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{key}[{index}]"), found);
            }
        }
        Value::Mapping(entries) => {
            found.extend(of_mapping(node, key));
            for (name, value) in entries {
                let Some(name) = name.text() else { continue };
                let key = if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
                if name == "image" && value.is_text() {
                    found.extend(value.text().and_then(|image| of_text(&key, image)));
                }
                walk(value, &key, found);
            }
        }
    }
}

fn of_mapping(node: &Node, key: &str) -> Option<ImageReference> {
    let repository = node.text_of("repository");
    let is_image = node.get("tag").is_some() || node.get("digest").is_some();
    if !is_image || !looks_like_image(&repository) {
        return None;
    }
    let registry = node.text_of("registry");
    let repository =
        if registry.is_empty() { repository } else { format!("{registry}/{repository}") };
    let (tag, digest) = (node.text_of("tag"), node.text_of("digest"));
    Some(ImageReference { key: key.to_owned(), repository, tag, digest })
}

fn of_text(key: &str, image: &str) -> Option<ImageReference> {
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match name.get(last..)?.find(':') {
        Some(colon) => (name.get(..last + colon)?, name.get(last + colon + 1..)?),
        None => (name, ""),
    };
    looks_like_image(repository).then(|| ImageReference {
        key: key.to_owned(),
        repository: repository.to_owned(),
        tag: tag.to_owned(),
        digest: digest.to_owned(),
    })
}

/// OCI distribution-spec names, and a port in the registry's.
fn looks_like_image(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(allowed)
        && !name.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &str, expected: &[[&str; 4]]) {
        let found: Vec<[String; 4]> = in_values(values)
            .unwrap()
            .into_iter()
            .map(|image| [image.key, image.repository, image.tag, image.digest])
            .collect();
        assert_eq!(found, expected, "{values}");
    }

    #[test]
    fn images_that_are_written_out_are_found() {
        check(
            "a:\n  image: {repository: ghcr.io/o/a, tag: v1}\n",
            &[["a.image", "ghcr.io/o/a", "v1", ""]],
        );
        check(
            "image:\n  registry: r.io\n  repository: o/a\n  tag: \"\"\n",
            &[["image", "r.io/o/a", "", ""]],
        );
        check(
            "x: [{image: 'localhost:5000/a:1.2@sha256:00'}]",
            &[["x[0].image", "localhost:5000/a", "1.2", "sha256:00"]],
        );
        check("image: busybox", &[["image", "busybox", "", ""]]);
        check(
            "i: &i {repository: a, tag: 1}\nj: *i\n",
            &[["i", "a", "1", ""], ["j", "a", "1", ""]],
        );
    }

    #[test]
    fn other_repositories_and_templates_are_no_images() {
        check("git: {repository: 'https://example.org/x.git', tag: v1}", &[]);
        check("image: '{{ .Values.x }}'", &[]);
        check("source: {repository: o/a}", &[]);
        check("", &[]);
    }
}
