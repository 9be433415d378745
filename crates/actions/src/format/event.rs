//! What started the run, as far as a release cares: the tag, the repository.

use crate::variables::Variables;

/// The occasion of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Occasion {
    /// The tag that was pushed or released.
    pub(super) tag: Option<String>,
    /// `owner/name`.
    pub(super) repository: String,
    /// The repository's web address; empty when not known.
    pub(super) address: String,
}

impl Occasion {
    /// From the variables that every runner sets.
    pub(super) fn of(variables: &Variables) -> Self {
        let get = |name| variables.get(name).unwrap_or_default().to_owned();
        let tag = variables.pushed_tag().map(str::to_owned);
        let repository = get("GITHUB_REPOSITORY");
        let server = get("GITHUB_SERVER_URL");
        let known = !server.is_empty() && !repository.is_empty();
        let address = if known { format!("{server}/{repository}") } else { String::new() };
        Self { tag, repository, address }
    }

    /// The owner, in the small letters that registries want.
    pub(super) fn owner(&self) -> String {
        self.repository.split('/').next().unwrap_or_default().to_lowercase()
    }

    /// The repository's own name.
    pub(super) fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// The version that the tag says, and what the tags of its kind look like: `v{version}`.
    pub(super) fn version(&self) -> Option<(String, String)> {
        release::pattern_of(self.tag.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_a_version_and_what_its_kind_looks_like() {
        let check = |tag: &str, expected: Option<(&str, &str)>| {
            let occasion = Occasion { tag: Some(tag.to_owned()), ..Occasion::default() };
            let expected = expected.map(|(version, tag)| (version.to_owned(), tag.to_owned()));
            assert_eq!(occasion.version(), expected, "{tag}");
        };
        check("v1.2.3", Some(("1.2.3", "v{version}")));
        check("1.2.3", Some(("1.2.3", "{version}")));
        check("v1.2.3-rc.1", Some(("1.2.3-rc.1", "v{version}")));
        check("gateway-v1.2.3", Some(("1.2.3", "gateway-v{version}")));
        check("gateway/v1.2.3", Some(("1.2.3", "gateway/v{version}")));
        check("a-b@1.2.3", Some(("1.2.3", "a-b@{version}")));
        check("nightly", None);
        check("v", None);
    }

    #[test]
    fn only_a_tag_is_a_tag() {
        let tag = |reference: &str| Occasion::of(&Variables::from([("GITHUB_REF", reference)])).tag;
        assert_eq!(tag("refs/tags/v1.0.0").as_deref(), Some("v1.0.0"));
        assert_eq!(tag("refs/heads/v1.0.0"), None);
    }
}
