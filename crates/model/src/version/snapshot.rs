//! The version of a commit that no tag is on: made, and known again.
//!
//! PEP 440 spells it `X.Y.Z.devN+gCOMMIT`, SemVer `X.Y.Z-dev.N.gCOMMIT`: N commits after a tag, the
//! next patch of whose version is X.Y.Z.

use super::pep440::{Pep440, SHORT_COMMIT_CHARS};
use super::{Version, VersionError, semver};

impl Version {
    /// The version of `commit`, which is `commits` commits behind the tag of `after`; behind none
    /// it is one of 0.0.0.
    ///
    /// # Errors
    /// When `commit` is not a commit's hash.
    pub fn snapshot(
        after: Option<&Self>,
        commits: u64,
        commit: &str,
    ) -> Result<Self, VersionError> {
        let (epoch, [major, minor, patch]) = match after {
            None => (0, [0; 3]),
            Some(after) => {
                let (epoch, [major, minor, patch]) = after.numbers();
                (epoch, [major, minor, patch.saturating_add(1)])
            }
        };
        let short: String = commit.chars().take(SHORT_COMMIT_CHARS).collect();
        let made = Self::parse(&match epoch {
            0 => format!("{major}.{minor}.{patch}-dev.{commits}.g{short}"),
            _ => format!("{epoch}!{major}.{minor}.{patch}.dev{commits}+g{short}"),
        })?;
        if made.is_snapshot() { Ok(made) } else { Err(VersionError::NoVersion(made.text)) }
    }

    /// Whether it is the version of a commit that no tag is on.
    #[must_use]
    pub fn is_snapshot(&self) -> bool {
        self.pep440.as_ref().is_some_and(Pep440::is_snapshot)
    }

    fn numbers(&self) -> (u64, [u64; 3]) {
        match (&self.pep440, &self.semver) {
            (Some(pep440), _) => pep440.numbers(),
            (None, Some(semver)) => (0, semver::numbers(semver)),
            (None, None) => (0, [0; 3]),
        }
    }
}

/// The snapshot that the SemVer version `text` spells.
pub(super) fn in_semver(text: &str) -> Option<Pep440> {
    let (core, rest) = text.split_once("-dev.")?;
    let (commits, commit) = rest.split_once('.')?;
    let read = Pep440::parse(&format!("{core}.dev{commits}+{commit}"))?;
    (semver::is_valid(text) && read.is_snapshot()).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_the_next_patch_after_its_tag_in_each_spelling() {
        let check = |after: Option<&str>, commits: u64, expected: [&str; 2]| {
            let after = after.map(|text| Version::parse(text).unwrap());
            let made = Version::snapshot(after.as_ref(), commits, "abc1234def5678").unwrap();
            let semver = made.semver().unwrap_or("-").to_owned();
            assert_eq!([semver, made.pep440().unwrap()], expected, "{after:?}");
            assert!(made.is_snapshot() && made.is_prerelease());
            for spelling in expected.iter().filter(|spelling| **spelling != "-") {
                let again = Version::parse(spelling).unwrap();
                assert!(again.same_as(&made) && again.is_snapshot(), "{spelling}");
                assert_eq!(again.pep440(), made.pep440());
                assert_eq!(again.semver().ok(), made.semver().ok());
            }
        };
        check(None, 7, ["0.0.0-dev.7.gabc1234", "0.0.0.dev7+gabc1234"]);
        check(Some("1.4.0"), 3, ["1.4.1-dev.3.gabc1234", "1.4.1.dev3+gabc1234"]);
        check(Some("1.4"), 3, ["1.4.1-dev.3.gabc1234", "1.4.1.dev3+gabc1234"]);
        check(Some("1.5.0-rc.1"), 1, ["1.5.1-dev.1.gabc1234", "1.5.1.dev1+gabc1234"]);
        check(Some("1.0.0-nightly.7"), 1, ["1.0.1-dev.1.gabc1234", "1.0.1.dev1+gabc1234"]);
        check(Some("2025.05.09"), 0, ["2025.5.10-dev.0.gabc1234", "2025.5.10.dev0+gabc1234"]);
        check(Some("1!2.0"), 1, ["-", "1!2.0.1.dev1+gabc1234"]);
        assert!(Version::snapshot(None, 1, "HEAD").is_err());
    }

    #[test]
    fn what_people_call_a_version_is_no_snapshot() {
        for text in ["1.0.0.dev3", "1.0.0-dev.3", "1.0.0+gabc1234", "1.0.0-dev.3.gone", "1.0.0"] {
            assert!(!Version::parse(text).unwrap().is_snapshot(), "{text}");
        }
    }
}
