//! An entry to propose, and the release that the entries share.

use manifests::Manifests;
use model::Version;

/// An entry of the proposal.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The name it should have; made unique before it is written.
    pub(super) name: String,
    /// The folder it lies in.
    pub(super) folder: String,
    /// Why it is proposed, one comment a line.
    pub(super) why: Vec<String>,
    /// The version in its own manifest, and that manifest's path.
    pub(super) version: Option<(Version, String)>,
    /// The repository's address, as its manifest says it.
    pub(super) repository: Option<String>,
    /// Values in TOML, ready to write.
    pub(super) python: Option<String>,
    pub(super) binary: Option<String>,
    pub(super) chart: Option<String>,
    pub(super) image: Option<Image>,
}

/// A Dockerfile.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) dockerfile: String,
    /// The build context, when it is not the Dockerfile's folder.
    pub(super) context: Option<String>,
}

/// `[release]` of the proposal.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) version: Option<Version>,
    /// A manifest's path, or a literal.
    pub(super) source: String,
    pub(super) why: String,
    pub(super) repository: Option<String>,
}

impl Release {
    /// The root's version, else the one that most entries have.
    pub(super) fn choose(manifests: &Manifests<'_>, drafts: &[Draft]) -> Self {
        let root = manifests.cargo_version(".").ok().flatten();
        let root = root.and_then(|located| {
            Some((Version::parse(&located.text).ok()?, "Cargo.toml".to_owned()))
        });
        let of_root = drafts
            .iter()
            .filter(|draft| draft.folder == ".")
            .find_map(|draft| draft.version.clone())
            .or(root)
            .filter(|(version, _)| version.semver().is_ok());
        let repository =
            drafts.iter().filter_map(|draft| draft.repository.as_deref()).find_map(github_address);
        let (chosen, why) = match of_root {
            Some(found) => (Some(found), "what the project at the root says".to_owned()),
            None => most_common(drafts),
        };
        match chosen {
            Some((version, source)) => Self { version: Some(version), source, why, repository },
            None => {
                let why = "no manifest has a version: set one".to_owned();
                let version = Version::parse(UNSAID).ok();
                Self { version, source: UNSAID.to_owned(), why, repository }
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

fn most_common(drafts: &[Draft]) -> (Option<(Version, String)>, String) {
    let versions: Vec<&(Version, String)> = drafts
        .iter()
        .filter_map(|draft| draft.version.as_ref())
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
