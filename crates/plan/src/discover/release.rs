//! The release that the proposed packages share.

use format::{GIT_TAG, ProposedPackage};
use manifests::Manifests;
use model::{Tree, Version};

use crate::resolve::{DEFAULT_TAG, MANIFESTS};
use crate::tagged::{self, Tagged};

use super::surroundings::Surroundings;

/// `[release]` of the proposal.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) version: Option<Version>,
    /// A manifest's path, or a literal.
    pub(super) source: String,
    pub(super) why: String,
    /// Its address, and where that was found.
    pub(super) repository: Option<(String, &'static str)>,
    /// How its tag is written, and what a person should know about it.
    pub(super) tag: (String, String),
    /// What a person should know of it.
    pub(super) note: Option<String>,
    /// Whether a tag can say a version.
    pub(super) has_tags: bool,
}

impl Release {
    /// The root's version, else the one that most entries have, else the tag's.
    pub(super) fn choose(
        tree: &dyn Tree,
        manifests: &Manifests<'_>,
        packages: &[ProposedPackage],
        around: &Surroundings,
    ) -> Self {
        let root = manifests.cargo_version(".").ok().flatten();
        let root = root.and_then(|located| {
            Some((Version::parse(&located.text).ok()?, "Cargo.toml".to_owned()))
        });
        let of_root = packages
            .iter()
            .filter(|package| package.folder == ".")
            .find_map(|package| package.version.clone())
            .or(root)
            .filter(|(version, _)| version.semver().is_ok());
        let by_git = packages.iter().any(|one| one.folder == "." && one.version_from_git);
        let has_tags = tagged::has_commit(tree);
        let repository = packages
            .iter()
            .filter_map(|package| package.repository.as_deref())
            .find_map(github_address)
            .map(|address| (address, "from a manifest"))
            .or_else(|| Some((around.repository()?, "from git's remote")));
        let is_tagged = around.tag().is_some();
        let tag = match around.tag() {
            Some((pattern, example)) => (pattern, format!(" # like the tag {example}")),
            None => (DEFAULT_TAG.to_owned(), String::new()),
        };
        let (chosen, why) = match of_root {
            Some(found) => (Some(found), "what the project at the root says".to_owned()),
            None if by_git && has_tags => (None, String::new()),
            None => most_common(packages),
        };
        let any_by_git = packages.iter().any(|one| one.version_from_git) || is_tagged;
        let release = Self {
            version: None,
            source: UNSAID.to_owned(),
            why,
            repository,
            tag,
            note: None,
            has_tags,
        };
        match chosen {
            Some((version, source)) => {
                let name = source.rsplit('/').next().unwrap_or_default();
                let known = MANIFESTS.contains(&name);
                let source = if known { source } else { version.text().to_owned() };
                Self { version: Some(version), source, ..release }
            }
            None if any_by_git && has_tags => release.of_tag(tree),
            None => {
                let why = "no manifest has a version: set one".to_owned();
                Self { version: Version::parse(UNSAID).ok(), why, ..release }
            }
        }
    }

    fn of_tag(self, tree: &dyn Tree) -> Self {
        let found = tagged::version(tree, &self.tag.0, &Tagged::default());
        let note = found.as_ref().err().map(|problem| problem.message.clone());
        let why = "what the tag on the commit says".to_owned();
        Self { version: found.ok(), source: GIT_TAG.to_owned(), why, note, ..self }
    }

    /// Whether its version is the tag's.
    pub(super) fn is_of_tag(&self) -> bool {
        self.source == GIT_TAG
    }

    /// Whether `version` is the release's.
    pub(super) fn has(&self, version: &Version) -> bool {
        self.version.as_ref().is_some_and(|own| own.same_as(version))
    }
}

/// The version of a tree that says none.
const UNSAID: &str = "0.1.0";

fn most_common(packages: &[ProposedPackage]) -> (Option<(Version, String)>, String) {
    let versions: Vec<&(Version, String)> = packages
        .iter()
        .filter_map(|package| package.version.as_ref())
        .filter(|(version, _)| version.semver().is_ok())
        .collect();
    let votes = |version: &Version| versions.iter().filter(|(v, _)| v.same_as(version)).count();
    let mut best: Option<(usize, &(Version, String))> = None;
    for candidate in &versions {
        let votes = votes(&candidate.0);
        if best.is_none_or(|(most, _)| votes > most) {
            best = Some((votes, candidate));
        }
    }
    match best {
        Some((votes, found)) => {
            let why = format!("{votes} of {} versions found agree", versions.len());
            (Some(found.clone()), why)
        }
        None => (None, String::new()),
    }
}

/// `https://github.com/owner/name` out of any address below it.
fn github_address(text: &str) -> Option<String> {
    let path = text.strip_prefix("https://github.com/")?;
    let mut parts = path.split(['/', '#', '?']);
    let (owner, name) = (parts.next()?, parts.next()?);
    let name = name.strip_suffix(".git").unwrap_or(name);
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    (plain(owner) && plain(name)).then(|| format!("https://github.com/{owner}/{name}"))
}
