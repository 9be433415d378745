//! `Cargo.lock`: the packages, their checksums, and what each needs.
//!
//! Five fields of a TOML file, so `toml` and `serde` suffice: the crate `cargo-lock` would bring
//! `semver` and `url` into the WASM core, and refuses a lock whose version it does not know yet.

use model::limits::MAX_TEXT_BYTES;
use serde::Deserialize;

/// A lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct CargoLock {
    /// The packages, in the file's order.
    #[serde(default, rename = "package")]
    pub packages: Vec<LockedPackage>,
}

/// `[[package]]`. Texts are empty where the file says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LockedPackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from: `registry+https://…`, `git+https://…`; empty for a path.
    #[serde(default)]
    pub source: String,
    /// SHA-256 in hexadecimal digits; of packages from a registry.
    #[serde(default)]
    pub checksum: String,
    /// What it needs, each as [`LockedDependency::parse`] reads it.
    #[serde(default)]
    pub dependencies: Vec<String>,
}

/// A package that another one needs: as much of it as tells it from the others of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockedDependency<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its version, where the lock holds several.
    pub version: Option<&'t str>,
    /// Its source, where the lock holds that version from several.
    pub source: Option<&'t str>,
}

/// Why a text cannot be read as a lock file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CargoLockError {
    /// More than [`MAX_TEXT_BYTES`].
    #[error("`Cargo.lock` is longer than 16 MiB")]
    TooLong,
    /// Not TOML, or not a lock file's.
    #[error("`Cargo.lock` cannot be read: {0}")]
    Unreadable(String),
}

impl CargoLock {
    /// Reads a lock file of any version.
    ///
    /// # Errors
    /// When it is too long, not TOML, or a package lacks its name or version.
    pub fn parse(text: &str) -> Result<Self, CargoLockError> {
        if text.len() as u64 > MAX_TEXT_BYTES {
            return Err(CargoLockError::TooLong);
        }
        toml::from_str(text).map_err(|error| CargoLockError::Unreadable(error.message().to_owned()))
    }
}

impl<'t> LockedDependency<'t> {
    /// Reads `name`, `name version` or `name version (source)`; nothing when there is no name.
    #[must_use]
    pub fn parse(text: &'t str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (name, version, source) = (words.next()?, words.next(), words.next());
        let bare = |text: &'t str| text.strip_prefix('(')?.strip_suffix(')');
        // A source in another form is kept as it is: it then fits no package.
        Some(Self { name, version, source: source.map(|text| bare(text).unwrap_or(text)) })
    }

    /// Whether it means `package`.
    #[must_use]
    pub fn means(&self, package: &LockedPackage) -> bool {
        self.name == package.name
            && self.version.is_none_or(|version| version == package.version)
            && self.source.is_none_or(|source| source == package.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_lists_packages_of_every_kind_of_source() {
        let text = "version = 4\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\n\
                    dependencies = [\"a\"]\n\
                    [[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\
                    source = \"registry+https://example.com/index\"\nchecksum = \"00\"\n";
        let text_of = str::to_owned;
        let me = LockedPackage {
            name: text_of("me"),
            version: text_of("0.1.0"),
            dependencies: vec![text_of("a")],
            ..LockedPackage::default()
        };
        let a = LockedPackage {
            name: text_of("a"),
            version: text_of("1.0.0"),
            source: text_of("registry+https://example.com/index"),
            checksum: text_of("00"),
            ..LockedPackage::default()
        };
        assert_eq!(CargoLock::parse(text).unwrap().packages, [me, a]);
        assert_eq!(CargoLock::parse("version = 9\n").unwrap(), CargoLock::default());
    }

    #[test]
    fn a_text_that_is_not_a_lock_is_refused() {
        for text in ["[[", "package = 1", "[[package]]\nname = \"x\"\n"] {
            let error = CargoLock::parse(text).unwrap_err();
            assert!(matches!(error, CargoLockError::Unreadable(_)), "{text}: {error}");
        }
        let long = "#".repeat(usize::try_from(MAX_TEXT_BYTES).unwrap() + 1);
        assert_eq!(CargoLock::parse(&long), Err(CargoLockError::TooLong));
    }

    #[test]
    fn a_dependency_says_no_more_than_tells_it_apart() {
        let check = |text: &str, expected: [&str; 4]| {
            let [name, version, source, other] = expected.map(str::to_owned);
            let package = LockedPackage { name, version, source, ..LockedPackage::default() };
            let other = LockedPackage { version: other, ..package.clone() };
            let dependency = LockedDependency::parse(text).unwrap();
            assert!(dependency.means(&package), "{text}");
            assert_eq!(dependency.means(&other), dependency.version.is_none(), "{text}");
        };
        check("a", ["a", "1.0.0", "", "2.0.0"]);
        check("a 1.0.0", ["a", "1.0.0", "registry+x", "2.0.0"]);
        check("a 1.0.0 (registry+x)", ["a", "1.0.0", "registry+x", "2.0.0"]);
        assert_eq!(LockedDependency::parse(" "), None);
    }
}
