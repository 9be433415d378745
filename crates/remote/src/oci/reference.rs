//! How images and charts are named: `registry/repository[:tag][@digest]`.

use std::fmt;

use model::{Diagnostic, Digest};
use reqwest::Url;

use crate::codes;
use crate::http::{address, is_loopback_name};

/// Where an image, a chart or a part of one is (OCI distribution-spec, "Pulling manifests").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The registry as people write it: `ghcr.io`, `127.0.0.1:5000`.
    pub registry: String,
    /// The repository: `owner/name`.
    pub repository: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest; it wins over the tag.
    pub digest: Option<Digest>,
}

impl Reference {
    /// Reads a reference. Without a registry it is Docker Hub's, as everywhere; with `oci://` in
    /// front it is a chart's, whose version may have a `+` that is `_` in its tag, as Helm has it.
    ///
    /// # Errors
    /// `registry-reference` when a part of it is not as registries take it.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let shown: String = text.chars().take(MAX_SHOWN).collect();
        let wrong = |why: &str| {
            Diagnostic::new(&codes::REGISTRY_REFERENCE, format!("`{shown}` is no reference: {why}"))
                .help("write `registry/owner/name`, with `:tag` or `@sha256:…` behind it")
        };
        let chart = text.strip_prefix("oci://");
        let bare = chart.unwrap_or(text);
        let (name, digest) = match bare.split_once('@') {
            Some((name, digest)) => {
                let digest = digest.parse().map_err(|_| wrong("its digest is no SHA-256"))?;
                (name, Some(digest))
            }
            None => (bare, None),
        };
        let (name, tag) = match name.rsplit_once(':') {
            // A colon before the last slash belongs to a port.
            Some((name, tag)) if !tag.contains('/') => {
                let spelled = if chart.is_some() { tag.replace('+', "_") } else { tag.to_owned() };
                (name, Some(spelled))
            }
            _ => (name, None),
        };
        if tag.as_deref().is_some_and(|tag| !is_tag(tag)) {
            return Err(wrong("its tag is not letters, digits, `_`, `.` and `-`, 128 at most"));
        }
        let (registry, repository) = match name.split_once('/') {
            Some((first, rest)) if is_host(first) => (first, rest.to_owned()),
            Some(_) => (DOCKER_HUB, name.to_owned()),
            None => (DOCKER_HUB, format!("library/{name}")),
        };
        if repository.chars().any(|c| c.is_ascii_uppercase()) {
            return Err(wrong("repositories are written in lower case"));
        }
        if !is_repository(&repository) {
            return Err(wrong("its repository is not names of `a-z0-9` with `.`, `_`, `-`, `/`"));
        }
        Ok(Self { registry: registry.to_owned(), repository, tag, digest })
    }

    /// What stands in a manifest's address: the digest, the tag, else `latest`.
    #[must_use]
    pub fn target(&self) -> String {
        let tag = || self.tag.clone().unwrap_or_else(|| "latest".to_owned());
        self.digest.as_ref().map_or_else(tag, Digest::to_string)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

/// Where a registry answers: https, and http for this machine.
///
/// # Errors
/// `remote-address` when the name is no host.
pub(crate) fn base(registry: &str) -> Result<Url, Diagnostic> {
    let host = if registry == DOCKER_HUB { DOCKER_HUB_API } else { registry };
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => bare,
        _ => host,
    };
    let scheme = if is_loopback_name(bare) { "http" } else { "https" };
    address(&format!("{scheme}://{host}/"))
}

/// The registry of references that name none.
pub(crate) const DOCKER_HUB: &str = "docker.io";

/// Where it answers.
const DOCKER_HUB_API: &str = "registry-1.docker.io";

/// Characters of a foreign reference that a message shows.
const MAX_SHOWN: usize = 200;

/// Characters of host, slash and repository together that registries take.
const MAX_NAME: usize = 255;

fn is_host(text: &str) -> bool {
    let looks = text.contains('.') || text.contains(':') || text == "localhost";
    let taken = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    looks && text.chars().all(taken)
}

/// Whether a registry takes it for a tag (distribution-spec, "tag").
pub(crate) fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (1..=128).contains(&text.len())
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || matches!(c, '.' | '-'))
}

/// Whether a registry takes it for a repository: words of lower-case letters and digits between
/// `.`, `_`, `__` or any number of `-`, in parts between slashes (distribution-spec, "name").
fn is_repository(text: &str) -> bool {
    let is_part = |part: &str| {
        let separators = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let allowed = |run: &str| {
            matches!(run, "" | "." | "_" | "__") || run.bytes().all(|byte| byte == b'-')
        };
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(ends) && part.ends_with(ends) && separators.into_iter().all(allowed)
    };
    text.len() <= MAX_NAME && text.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(&str, &str, &str), ()>) {
        let found = Reference::parse(text);
        let parts = found
            .as_ref()
            .map(|found| (found.registry.as_str(), found.repository.as_str(), found.target()));
        let expected = expected.map(|(a, b, c)| (a, b, c.to_owned()));
        assert_eq!(parts.map_err(|_| ()), expected, "{text}");
    }

    #[test]
    fn a_reference_is_read_as_docker_reads_it() {
        let digest = format!("sha256:{}", "a".repeat(64));
        check("ghcr.io/o/r:1.2.3", Ok(("ghcr.io", "o/r", "1.2.3")));
        check("ghcr.io/o/charts/r", Ok(("ghcr.io", "o/charts/r", "latest")));
        check("oci://ghcr.io/o/r:1_b", Ok(("ghcr.io", "o/r", "1_b")));
        check("oci://ghcr.io/o/r:1.0.0+b", Ok(("ghcr.io", "o/r", "1.0.0_b")));
        check("ghcr.io/o/r:1.0.0+b", Err(()));
        check("127.0.0.1:5000/r", Ok(("127.0.0.1:5000", "r", "latest")));
        check("[::1]:5000/r:t", Ok(("[::1]:5000", "r", "t")));
        check("localhost/r", Ok(("localhost", "r", "latest")));
        check("alpine:3", Ok(("docker.io", "library/alpine", "3")));
        check("o/r", Ok(("docker.io", "o/r", "latest")));
        check(&format!("ghcr.io/o/r:t@{digest}"), Ok(("ghcr.io", "o/r", &digest)));
        check("ghcr.io/o/a__b--c.d_e", Ok(("ghcr.io", "o/a__b--c.d_e", "latest")));
    }

    #[test]
    fn what_a_registry_would_not_take_is_refused() {
        for text in [
            "",
            "ghcr.io/",
            "ghcr.io/O/r",
            "ghcr.io/o//r",
            "ghcr.io/o/r:",
            "ghcr.io/o/r:a b",
            "ghcr.io/../r",
            "ghcr.io/o/r@sha256:12",
            "ghcr.io/o/-r",
            "ghcr.io/o/r___a",
            "ghcr.io/o/r?x=y",
            "ghcr.io/o/r#x",
            "https://ghcr.io/o/r",
            "ghcr.io/o/%2e%2e",
        ] {
            check(text, Err(()));
        }
        check(&format!("ghcr.io/{}", "a".repeat(256)), Err(()));
        check(&format!("ghcr.io/o/r:{}", "a".repeat(129)), Err(()));
    }

    #[test]
    fn only_this_machine_is_asked_without_tls() {
        let check = |registry: &str, expected: &str| {
            assert_eq!(base(registry).unwrap().as_str(), expected);
        };
        check("ghcr.io", "https://ghcr.io/");
        check("registry.example:5000", "https://registry.example:5000/");
        check("127.0.0.1:5000", "http://127.0.0.1:5000/");
        check("[::1]:5000", "http://[::1]:5000/");
        check("localhost", "http://localhost/");
        check("docker.io", "https://registry-1.docker.io/");
    }
}
