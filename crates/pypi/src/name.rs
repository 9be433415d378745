//! Names of distributions, and the names of the files they come in.
//!
//! Knows spelling alone: PEP 427 and 425 (wheels), PEP 625 (sdists), with
//! the strictness of the `packaging` library. Opens no file and trusts no name's meaning.

use std::collections::BTreeSet;

use model::{Version, normalized_python_name};

use crate::tags::{self, MAX_TAGS, Tag};

/// The parts of a wheel's file name (PEP 427, "File name convention").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelName {
    /// The distribution's name, as the file name spells it.
    pub distribution: String,
    /// The version, as the file name spells it.
    pub version: String,
    /// The build number and what follows it.
    pub build: Option<(u64, String)>,
    /// Python tags, as listed.
    pub pythons: Vec<String>,
    /// ABI tags, as listed.
    pub abis: Vec<String>,
    /// Platform tags, as listed.
    pub platforms: Vec<String>,
}

/// The parts of a source distribution's file name (PEP 625).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SdistName {
    /// The distribution's name, as the file name spells it.
    pub distribution: String,
    /// The version, as the file name spells it.
    pub version: String,
    /// `.tar.gz`, or `.zip` of old.
    pub suffix: &'static str,
}

/// Why a file name is none that this format knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message says what its variant means")]
pub enum NameError {
    #[error("its name does not end in `{0}`")]
    Suffix(&'static str),
    #[error("its name must have three tags and at most one build number between dashes")]
    Parts,
    #[error("its name starts with no valid distribution name")]
    Distribution,
    #[error("its name holds no PEP 440 version")]
    Version,
    #[error("its build number does not start with a digit")]
    Build,
    #[error("its name has an empty or malformed tag")]
    Tag,
    #[error("its name stands for more than {MAX_TAGS} tags")]
    TooManyTags,
}

/// The normal form as file names hold it: with `_` for `-`.
#[must_use]
pub fn normalize_for_files(name: &str) -> String {
    normalized_python_name(name).replace('-', "_")
}

/// Whether `name` can name a distribution (core metadata, "Name"; extras follow the same rule).
#[must_use]
pub fn is_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    ends(name.chars().next())
        && ends(name.chars().last())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

impl WheelName {
    /// Takes a file name apart.
    ///
    /// # Errors
    /// When `packaging` would refuse it too, or it stands for more than a thousand tags.
    pub fn parse(file_name: &str) -> Result<Self, NameError> {
        let stem = file_name.strip_suffix(".whl").ok_or(NameError::Suffix(".whl"))?;
        let parts: Vec<&str> = stem.split('-').collect();
        let (distribution, version, build, [python, abi, platform]) = match parts.as_slice() {
            [name, version, a, b, c] => (*name, *version, None, [*a, *b, *c]),
            [name, version, build, a, b, c] => (*name, *version, Some(*build), [*a, *b, *c]),
            _ => return Err(NameError::Parts),
        };
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        if distribution.is_empty() || distribution.contains("__") {
            return Err(NameError::Distribution);
        }
        if !distribution.chars().all(in_name) {
            return Err(NameError::Distribution);
        }
        pep440(version).ok_or(NameError::Version)?;
        let build = build.map(|text| parse_build(text).ok_or(NameError::Build)).transpose()?;
        let pythons = tag_set(python)?;
        if !pythons.iter().all(|tag| is_identifier(tag)) {
            return Err(NameError::Tag);
        }
        let (abis, platforms) = (tag_set(abi)?, tag_set(platform)?);
        if !tags::is_bounded([pythons.len(), abis.len(), platforms.len()]) {
            return Err(NameError::TooManyTags);
        }
        Ok(Self {
            distribution: distribution.to_owned(),
            version: version.to_owned(),
            build,
            pythons,
            abis,
            platforms,
        })
    }

    /// Every combination of its tags, sorted, once each (PEP 425, "Compressed tag sets").
    #[must_use]
    pub fn tags(&self) -> Vec<Tag> {
        let mut tags = BTreeSet::new();
        for python in &self.pythons {
            for abi in &self.abis {
                tags.extend(self.platforms.iter().map(|platform| Tag::new(python, abi, platform)));
            }
        }
        tags.into_iter().collect()
    }

    /// Whether each compressed set is sorted, as the specification asks of new wheels.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        [&self.pythons, &self.abis, &self.platforms].into_iter().all(|set| set.is_sorted())
    }

    /// `{name}-{version}.dist-info`, spelled as the file name spells both.
    #[must_use]
    pub fn dist_info(&self) -> String {
        format!("{}-{}.dist-info", self.distribution, self.version)
    }
}

impl SdistName {
    /// Takes a file name apart.
    ///
    /// # Errors
    /// When `packaging` would refuse it too.
    pub fn parse(file_name: &str) -> Result<Self, NameError> {
        let with = |suffix: &'static str| file_name.strip_suffix(suffix).map(|stem| (stem, suffix));
        let (stem, suffix) =
            with(".tar.gz").or_else(|| with(".zip")).ok_or(NameError::Suffix(".tar.gz"))?;
        let (distribution, version) = stem.rsplit_once('-').ok_or(NameError::Parts)?;
        if distribution.is_empty() || distribution.contains(['/', '\\']) {
            return Err(NameError::Distribution);
        }
        pep440(version).ok_or(NameError::Version)?;
        Ok(Self { distribution: distribution.to_owned(), version: version.to_owned(), suffix })
    }
}

/// The version, when PEP 440 can hold it.
pub(crate) fn pep440(text: &str) -> Option<Version> {
    Version::parse(text).ok().filter(|version| version.pep440().is_ok())
}

fn parse_build(text: &str) -> Option<(u64, String)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.get(..text.len() - rest.len())?;
    // `packaging` takes no more than one line.
    (!rest.contains(char::is_control)).then(|| Some((digits.parse().ok()?, rest.to_owned())))?
}

fn tag_set(text: &str) -> Result<Vec<String>, NameError> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let parts = text.split('.');
    parts
        .map(|part| {
            let fits = !part.is_empty() && part.chars().all(good);
            fits.then(|| part.to_ascii_lowercase()).ok_or(NameError::Tag)
        })
        .collect()
}

fn is_identifier(tag: &str) -> bool {
    !tag.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_the_normal_form_with_underscores() {
        assert_eq!(normalize_for_files("MCP-Server.Time"), "mcp_server_time");
    }

    #[test]
    fn names_that_metadata_cannot_hold_are_known() {
        for name in ["", "_not_legal", "hi\n", "\nhi", "h\ni", "a ", "-a", "a.", "bár"] {
            assert!(!is_name(name), "{name:?} was accepted");
        }
        for name in ["a", "A.b_c-1", "1--1", "0"] {
            assert!(is_name(name), "{name:?} was refused");
        }
    }

    #[test]
    fn a_wheels_name_is_taken_apart() {
        let check =
            |file: &str, name: &str, version: &str, build: Option<(u64, &str)>, tags: &str| {
                let parsed = WheelName::parse(file).unwrap();
                assert_eq!(normalized_python_name(&parsed.distribution), name, "{file}");
                assert_eq!(parsed.version, version, "{file}");
                assert_eq!(parsed.build, build.map(|(n, rest)| (n, rest.to_owned())), "{file}");
                let found: Vec<String> = parsed.tags().iter().map(ToString::to_string).collect();
                assert_eq!(found.join(" "), tags, "{file}");
            };
        check("foo-1.0-py3-none-any.whl", "foo", "1.0", None, "py3-none-any");
        check("some_PACKAGE-1.0-py3-none-any.whl", "some-package", "1.0", None, "py3-none-any");
        check("foo-1.0-1000-py3-none-any.whl", "foo", "1.0", Some((1000, "")), "py3-none-any");
        check(
            "foo-1.0-1000abc-py3-none-any.whl",
            "foo",
            "1.0",
            Some((1000, "abc")),
            "py3-none-any",
        );
        check(
            "pyvirtualcam-0.13.0-cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
            "pyvirtualcam",
            "0.13.0",
            None,
            "cp310-cp310-manylinux2014_x86_64 cp310-cp310-manylinux_2_17_x86_64",
        );
        check(
            "foo-2-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            "foo",
            "2",
            None,
            "py2-none-manylinux2014_x86_64 py2-none-manylinux_2_17_x86_64 \
             py3-none-manylinux2014_x86_64 py3-none-manylinux_2_17_x86_64",
        );
        check("foo_bár-1.0-py3-none-any.whl", "foo-bár", "1.0", None, "py3-none-any");
        check("a-1-cp315-abi3.abi3t-any.whl", "a", "1", None, "cp315-abi3-any cp315-abi3t-any");
    }

    #[test]
    fn a_malformed_wheel_name_is_refused() {
        let check = |file: &str, expected: NameError| {
            assert_eq!(WheelName::parse(file), Err(expected), "{file:?}");
        };
        check("foo-1.0.whl", NameError::Parts);
        check("foo-1.0-py3-none-any.wheel", NameError::Suffix(".whl"));
        check("foo__bar-1.0-py3-none-any.whl", NameError::Distribution);
        check("foo\n-1.0-py3-none-any.whl", NameError::Distribution);
        check("foo#bar-1.0-py3-none-any.whl", NameError::Distribution);
        check("../foo-1.0-py3-none-any.whl", NameError::Distribution);
        check("-1.0-py3-none-any.whl", NameError::Distribution);
        check("-1.0-200-py3-none-any.whl", NameError::Distribution);
        check("foobar-1.x-py3-none-any.whl", NameError::Version);
        check("foo-1.0-abc-py3-none-any.whl", NameError::Build);
        check("foo-1.0-1\na-py3-none-any.whl", NameError::Build);
        check("foo-1.0-200-py3-none-any-junk.whl", NameError::Parts);
        check("foo-1.0--none-any.whl", NameError::Tag);
        check("foo-1.0-py3-none-.whl", NameError::Tag);
        check("foo-1.0-py3.-none-any.whl", NameError::Tag);
        check("playlyfe-0.1.1-2.7.6-none-any.whl", NameError::Tag);
        check("foo-1.0-py3-none-a/b.whl", NameError::Tag);
        let many = vec!["a"; 32].join(".");
        check(&format!("foo-1.0-{many}-{many}-any.whl"), NameError::TooManyTags);
    }

    #[test]
    fn the_order_of_compressed_tags_is_known() {
        let ordered = |file: &str| WheelName::parse(file).unwrap().is_ordered();
        assert!(ordered("a-1-cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"));
        assert!(!ordered("a-1-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"));
        assert!(!ordered("foo-1.0-py3.py2-none-any.whl"));
    }

    #[test]
    fn an_sdists_name_is_taken_apart_or_refused() {
        let check = |file: &str, expected: Result<(&str, &str), NameError>| {
            let found = SdistName::parse(file).map(|name| (name.distribution, name.version));
            let expected = expected.map(|(name, version)| (name.to_owned(), version.to_owned()));
            assert_eq!(found, expected, "{file:?}");
        };
        check("foo-1.0.tar.gz", Ok(("foo", "1.0")));
        check("foo-1.0.zip", Ok(("foo", "1.0")));
        check("foo-bar-1.0rc1.tar.gz", Ok(("foo-bar", "1.0rc1")));
        check("foo-1.0.xz", Err(NameError::Suffix(".tar.gz")));
        check("foo1.0.tar.gz", Err(NameError::Parts));
        check("foo-1.x.tar.gz", Err(NameError::Version));
        check("-1.0.tar.gz", Err(NameError::Distribution));
        check("a/b-1.0.tar.gz", Err(NameError::Distribution));
    }
}
