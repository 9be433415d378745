//! Container images that a chart's `values.yaml` names.
//!
//! Only literal images are found: a mapping with `repository` (and `registry`, `tag`, `digest`), or
//! `image: NAME`. What a template composes is not guessed.

use model::{Budget, Diagnostic, Exhausted};

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

/// The images of a `values.yaml`, in its order. They and the nodes are taken from `budget`.
pub(crate) fn in_values(text: &str, budget: &Budget) -> Result<Vec<ImageReference>, Diagnostic> {
    const FILE: &str = "values.yaml";
    let mut search = Search { budget, key: String::new(), found: Vec::new() };
    if let Some(root) = yaml::parse_within(FILE, text, budget)? {
        search.walk(&root).map_err(|exhausted| exhausted.problem(FILE))?;
    }
    Ok(search.found)
}

struct Search<'b> {
    budget: &'b Budget,
    /// The location of the node that is looked at. One text for all: only an image gets a copy.
    key: String,
    found: Vec<ImageReference>,
}

impl Search<'_> {
    /// The reader limits the depth of the tree, so recursion is safe.
    fn walk(&mut self, node: &Node) -> Result<(), Exhausted> {
        match &node.value {
            Value::Scalar { .. } => {}
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    let before = self.key.len();
                    self.key.push_str(&format!("[{index}]"));
                    self.walk(item)?;
                    self.key.truncate(before);
                }
            }
            Value::Mapping(entries) => {
                self.take(of_mapping(node))?;
                for (name, value) in entries {
                    let Some(name) = name.text() else { continue };
                    let before = self.key.len();
                    if before > 0 {
                        self.key.push('.');
                    }
                    self.key.push_str(name);
                    if name == "image" && value.is_text() {
                        self.take(value.text().and_then(of_text))?;
                    }
                    self.walk(value)?;
                    self.key.truncate(before);
                }
            }
        }
        Ok(())
    }

    /// Adds an image at the current location. Its key repeats those of all mappings above it.
    fn take(&mut self, image: Option<ImageReference>) -> Result<(), Exhausted> {
        if let Some(image) = image {
            // Twice, since the list grows by doubling.
            self.budget.spend_len(self.key.len() + 2 * size_of::<ImageReference>())?;
            self.found.push(ImageReference { key: self.key.clone(), ..image });
        }
        Ok(())
    }
}

/// An image whose key is not filled in.
fn of_mapping(node: &Node) -> Option<ImageReference> {
    let repository = node.text_of("repository");
    let is_image = node.get("tag").is_some() || node.get("digest").is_some();
    if !is_image || !looks_like_image(&repository) {
        return None;
    }
    let registry = node.text_of("registry");
    let repository =
        if registry.is_empty() { repository } else { format!("{registry}/{repository}") };
    let (tag, digest) = (node.text_of("tag"), node.text_of("digest"));
    Some(ImageReference { key: String::new(), repository, tag, digest })
}

/// An image whose key is not filled in.
fn of_text(image: &str) -> Option<ImageReference> {
    let (name, digest) = image.split_once('@').unwrap_or((image, ""));
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let (repository, tag) = match name.get(last..)?.find(':') {
        Some(colon) => (name.get(..last + colon)?, name.get(last + colon + 1..)?),
        None => (name, ""),
    };
    looks_like_image(repository).then(|| ImageReference {
        key: String::new(),
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
        let found: Vec<[String; 4]> = in_values(values, &Budget::of(values.len() as u64))
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

    /// What `images` images below keys of `chars` characters in `levels` mappings cost.
    fn refused(images: usize, chars: usize, levels: usize) -> bool {
        let key = "k".repeat(chars);
        let above: String =
            (0..levels).map(|level| format!("{}{key}:\n", " ".repeat(level))).collect();
        let list = format!("{}[{}]\n", " ".repeat(levels), "{image: a},".repeat(images));
        let values = format!("{above}{list}");
        let budget = Budget::limited(1 << 20);
        match in_values(&values, &budget) {
            Ok(found) => {
                assert_eq!(found.len(), images);
                false
            }
            Err(problem) => {
                assert_eq!(problem.code.name, "too-much-work");
                assert_eq!(problem.location.unwrap().file, "values.yaml");
                true
            }
        }
    }

    #[test]
    fn a_long_key_above_many_images_is_refused() {
        assert!(!refused(1_000, 10, 1));
        assert!(refused(1_000, 1_000, 1));
        assert!(!refused(10, 1_000, 1), "a long key alone is read");
        assert!(refused(200, 100, 50), "long keys in each other are refused");
        assert!(!refused(1_000, 1, 50));
    }
}
