//! One version, spelled as each format spells it.
//!
//! SemVer 2.0 for charts and binaries, PEP 440 for Python packages, and for images the SemVer text
//! with `+` as `_` (OCI distribution-spec, "tag").

mod pep440;
mod semver;
mod snapshot;

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use pep440::Pep440;

/// A version that at least one format can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version {
    text: String,
    semver: Option<String>,
    pep440: Option<Pep440>,
}

/// A version that cannot be held, and by what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    /// By nothing at all.
    #[error("`{0}` is neither a SemVer nor a PEP 440 version")]
    NoVersion(String),
    /// Not by charts, binaries and images.
    #[error("`{0}` has no SemVer spelling")]
    NoSemver(String),
    /// Not by Python packages.
    #[error("`{0}` has no PEP 440 spelling")]
    NoPep440(String),
    /// Not by an image's tag.
    #[error("`{0}` is longer than the 128 characters of an image's tag")]
    NoTag(String),
}

impl Version {
    /// Reads a version in either spelling.
    ///
    /// # Errors
    /// When neither SemVer nor PEP 440 can hold it.
    pub fn parse(text: &str) -> Result<Self, VersionError> {
        let pep440 = Pep440::parse(text).or_else(|| snapshot::in_semver(text));
        let semver = if semver::is_valid(text) {
            Some(text.to_owned())
        } else {
            pep440.as_ref().and_then(Pep440::to_semver)
        };
        if semver.is_none() && pep440.is_none() {
            return Err(VersionError::NoVersion(text.chars().take(80).collect()));
        }
        Ok(Self { text: text.to_owned(), semver, pep440 })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// For charts and binaries. A text that is SemVer already stays as it is.
    ///
    /// # Errors
    /// For an epoch, or more than three release numbers.
    pub fn semver(&self) -> Result<&str, VersionError> {
        self.semver.as_deref().ok_or_else(|| VersionError::NoSemver(self.text.clone()))
    }

    /// For Python packages, in normal form (PEP 440, "Normalization").
    ///
    /// # Errors
    /// For pre-release words that PEP 440 does not know.
    pub fn pep440(&self) -> Result<String, VersionError> {
        self.pep440
            .as_ref()
            .map(ToString::to_string)
            .ok_or_else(|| VersionError::NoPep440(self.text.clone()))
    }

    /// For images: SemVer where there is one, else PEP 440, with `+` and `!` as `_`.
    ///
    /// # Errors
    /// When it is longer than a tag may be.
    pub fn tag(&self) -> Result<String, VersionError> {
        let text = match &self.semver {
            Some(semver) => semver.clone(),
            None => self.pep440()?,
        };
        let tag = text.replace(['+', '!'], "_");
        if tag.len() > MAX_TAG_CHARS { Err(VersionError::NoTag(tag)) } else { Ok(tag) }
    }

    /// Whether it comes before a release of the same numbers.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        match (&self.pep440, &self.semver) {
            (Some(pep440), _) => pep440.is_prerelease(),
            (None, Some(semver)) => semver::has_prerelease(semver),
            (None, None) => false,
        }
    }

    /// Whether both are the same version, however spelled: `1.0.0-RC-3` and `1.0.0rc3` are, and so
    /// are `1.0` and `1.0.0`, `2025.05.09` and `2025.5.9`. Build metadata counts, although SemVer
    /// orders without it: `1.0.0+a` and `1.0.0+b` are two artifacts.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        match (&self.pep440, &other.pep440) {
            (Some(a), Some(b)) => a.trimmed() == b.trimmed(),
            _ => self.semver.is_some() && self.semver == other.semver,
        }
    }

    /// Which of the two comes first: as PEP 440 orders them where it can hold both, else as SemVer
    /// does.
    #[must_use]
    pub fn precedence(&self, other: &Self) -> Ordering {
        match (&self.pep440, &other.pep440, &self.semver, &other.semver) {
            (Some(a), Some(b), _, _) => a.precedence(b),
            (_, _, Some(a), Some(b)) => semver::precedence(a, b),
            _ => self.text.cmp(&other.text),
        }
    }
}

impl TryFrom<String> for Version {
    type Error = VersionError;

    fn try_from(text: String) -> Result<Self, VersionError> {
        Self::parse(&text)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.text
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// OCI distribution-spec: a tag is at most 128 characters.
const MAX_TAG_CHARS: usize = 128;

#[cfg(test)]
mod tests {
    use super::*;

    /// `-` in `expected` stands for "this format cannot hold it".
    fn check(text: &str, expected: [&str; 3]) {
        let version = Version::parse(text).unwrap();
        let or_dash = |spelling: Result<String, VersionError>| spelling.unwrap_or("-".to_owned());
        let found = [
            or_dash(version.semver().map(str::to_owned)),
            or_dash(version.pep440()),
            or_dash(version.tag()),
        ];
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_format_gets_its_own_spelling() {
        check("1.0.0", ["1.0.0", "1.0.0", "1.0.0"]);
        check("1.0.0-RC-3", ["1.0.0-RC-3", "1.0.0rc3", "1.0.0-RC-3"]);
        check(
            "1.0.0-rc.3+build.5",
            ["1.0.0-rc.3+build.5", "1.0.0rc3+build.5", "1.0.0-rc.3_build.5"],
        );
        check("1.0.0rc3", ["1.0.0-rc.3", "1.0.0rc3", "1.0.0-rc.3"]);
        check("v1.2", ["1.2.0", "1.2", "1.2.0"]);
        check("1.0.0.dev4", ["1.0.0-dev.4", "1.0.0.dev4", "1.0.0-dev.4"]);
        check("1.0a1.dev2", ["1.0.0-alpha.1.dev.2", "1.0a1.dev2", "1.0.0-alpha.1.dev.2"]);
        check("1.0.0.post2", ["1.0.0+post.2", "1.0.0.post2", "1.0.0_post.2"]);
        check("1!1.0", ["-", "1!1.0", "1_1.0"]);
        check("1.2.3.4", ["-", "1.2.3.4", "1.2.3.4"]);
        check("1.0.0-nightly.7", ["1.0.0-nightly.7", "-", "1.0.0-nightly.7"]);
        check("2024.01.02", ["2024.1.2", "2024.1.2", "2024.1.2"]);
        let zeros = "1.0.0+0099999999999999999999";
        let bare = "1.0.0+99999999999999999999";
        check(zeros, [zeros, bare, &zeros.replace('+', "_")]);
    }

    #[test]
    fn a_text_that_is_no_version_is_refused() {
        for text in ["", "one", "1.0.0 ; rm", "1..0", "-1", "1.0.0-", "1.0\n", "١.٠"] {
            assert!(Version::parse(text).is_err(), "{text:?} was accepted");
        }
        // A number that does not fit is not passed over.
        for text in ["1rc", "1.post", "1-", "1.dev", "1.", ""] {
            let text = format!("{text}99999999999999999999");
            assert!(Version::parse(&text).is_err(), "{text:?} was accepted");
        }
        let endless = format!("1.0.0-{}", "a".repeat(200));
        assert!(matches!(Version::parse(&endless).unwrap().tag(), Err(VersionError::NoTag(_))));
    }

    #[test]
    fn two_spellings_of_one_version_are_the_same() {
        let same =
            |a: &str, b: &str| Version::parse(a).unwrap().same_as(&Version::parse(b).unwrap());
        assert!(same("1.0.0-RC-3", "1.0.0rc3"));
        assert!(same("v1.0", "1.0.0"));
        assert!(same("2025.05.09", "2025.5.9") && same("1.0-1", "1.0.post1"));
        assert!(same("1.0+Ubuntu-1", "1.0+ubuntu.01") && same("1!1.0", "1!1"));
        assert!(!same("1.0.0+a", "1.0.0+b") && !same("1.0.0+a", "1.0.0") && !same("1!1.0", "1.0"));
        assert!(same("1.0.0-nightly.7", "1.0.0-nightly.7"));
        assert!(!same("1.0.0", "1.0.1"));
        assert!(!same("1.0.0rc1", "1.0.0"));
    }

    #[test]
    fn versions_are_ordered_as_their_specification_orders_them() {
        let pep440 = [
            "0.9",
            "1.0.dev1",
            "1.0a1.dev1",
            "1.0a1",
            "1.0b2",
            "1.0rc1",
            "1.0",
            "1.0+a",
            "1.0+1",
            "1.0.post1.dev1",
            "1.0.post1",
            "1.0.1",
            "1.10",
            "1!0.1",
        ];
        let semver = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-nightly.1",
            "1.0.0",
        ];
        let pairs = pep440.windows(2).chain(semver.windows(2));
        for pair in pairs {
            let [a, b] = [pair[0], pair[1]].map(|text| Version::parse(text).unwrap());
            assert_eq!(a.precedence(&b), Ordering::Less, "{a} {b}");
            assert_eq!(b.precedence(&a), Ordering::Greater, "{b} {a}");
        }
        let equal = |a: &str, b: &str| {
            let [a, b] = [a, b].map(|text| Version::parse(text).unwrap());
            assert_eq!(a.precedence(&b), Ordering::Equal);
        };
        equal("1.0", "1.0.0");
        equal("1.0.0-nightly.1+a", "1.0.0-nightly.1+b");
    }

    #[test]
    fn pre_releases_are_known_in_both_spellings() {
        let pre = |text: &str| Version::parse(text).unwrap().is_prerelease();
        assert!(pre("1.0.0rc1") && pre("1.0.0.dev1") && pre("1.0.0-nightly.1"));
        assert!(!pre("1.0.0") && !pre("1.0.0.post1") && !pre("1.0.0+build-1"));
    }
}
