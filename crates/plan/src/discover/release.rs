//! The release that the proposed packages share.

use format::ProposedPackage;
use manifests::Manifests;
use model::Version;

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
}

impl Release {
    /// The root's version, else the one that most entries have.
    pub(super) fn choose(
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
        let repository = packages
            .iter()
            .filter_map(|package| package.repository.as_deref())
            .find_map(github_address)
            .map(|address| (address, "from a manifest"))
            .or_else(|| Some((around.repository()?, "from git's remote")));
        let tag = match around.tag() {
            Some((pattern, example)) => (pattern, format!(" # like the tag {example}")),
            None => ("v{version}".to_owned(), String::new()),
        };
        let (chosen, why) = match of_root {
            Some(found) => (Some(found), "what the project at the root says".to_owned()),
            None => most_common(packages),
        };
        match chosen {
            Some((version, source)) => {
                Self { version: Some(version), source, why, repository, tag }
            }
            None => {
                let why = "no manifest has a version: set one".to_owned();
                let version = Version::parse(UNSAID).ok();
                Self { version, source: UNSAID.to_owned(), why, repository, tag }
            }
        }
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
