//! Which version a package carries in each format, and whether it is the release's.

use model::{Version, VersionError};

use super::context::Context;
use super::release::Draft;
use crate::codes;
use crate::config::WrittenPackage;
use crate::manifests::Sited;

/// What a package's versions are measured against.
pub(super) struct Versions {
    rule: Rule,
    /// For formats that have no manifest; nothing when it could not be known.
    fallback: Option<Version>,
}

enum Rule {
    /// As the release; holds the release's version and where it stands.
    Release(Version, String),
    /// As `version = "…"` says.
    Literal(Version),
    /// Whatever the manifests say.
    Own,
    /// The version to compare with is unknown, and that is told elsewhere.
    Unknown,
}

impl Versions {
    /// The rule for `package`, whose manifests' versions stand at `sites`.
    pub(super) fn new(
        context: &mut Context<'_, '_>,
        package: &WrittenPackage,
        release: &Draft,
        sites: &[Option<&Sited>],
    ) -> Self {
        let released = release.version.as_ref();
        match &package.version {
            Some(own) if own.value == "own" => {
                let own = sites.iter().flatten().find_map(|s| Version::parse(&s.text).ok());
                let fallback = own.or_else(|| released.map(|(version, _)| version.clone()));
                Self { rule: Rule::Own, fallback }
            }
            Some(literal) => match Version::parse(&literal.value) {
                Ok(version) => {
                    let fallback = Some(version.clone());
                    Self { rule: Rule::Literal(version), fallback }
                }
                Err(error) => {
                    context.error(
                        literal.offset,
                        &codes::VERSION_INVALID,
                        error.to_string(),
                        "write `own`, or a version such as `1.2.3`",
                    );
                    Self { rule: Rule::Unknown, fallback: None }
                }
            },
            None => match released {
                Some((version, site)) => Self {
                    rule: Rule::Release(version.clone(), site.clone()),
                    fallback: Some(version.clone()),
                },
                None => Self { rule: Rule::Unknown, fallback: None },
            },
        }
    }

    /// Whether the package goes its own way.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.rule, Rule::Own)
    }

    /// The version for a format whose manifest says `site`, or that has none.
    pub(super) fn settle(
        &self,
        context: &mut Context<'_, '_>,
        package: &WrittenPackage,
        site: Option<&Sited>,
    ) -> Option<Version> {
        let Some(site) = site else { return self.fallback.clone() };
        let version = match Version::parse(&site.text) {
            Ok(version) => version,
            Err(error) => {
                context.problems.push(
                    model::Diagnostic::new(&codes::VERSION_INVALID, error.to_string())
                        .at(site.location.clone())
                        .help("write a version such as `1.2.3`"),
                );
                return None;
            }
        };
        let name = &package.name.value;
        match &self.rule {
            Rule::Release(released, released_at) if !version.same_as(released) => {
                context.error(
                    package.name.offset,
                    &codes::VERSION_DIFFERS,
                    format!(
                        "`{name}` is {version} ({}), but the release is {released} ({released_at})",
                        site.location
                    ),
                    format!(
                        "set one of the two, or add `version = \"own\"` to release it as {version}"
                    ),
                );
            }
            Rule::Literal(literal) if !version.same_as(literal) => {
                let offset = package.version.as_ref().map_or(package.offset, |at| at.offset);
                context.error(
                    offset,
                    &codes::VERSION_DIFFERS,
                    format!("`{name}` is {version} ({}), not {literal}", site.location),
                    "write `version = \"own\"`: the manifest says which",
                );
            }
            _ => {}
        }
        Some(version)
    }
}

/// Tells when a format cannot hold the version.
pub(super) fn check_spelling<T>(
    context: &mut Context<'_, '_>,
    package: &WrittenPackage,
    format: &str,
    spelling: Result<T, VersionError>,
) {
    if let Err(error) = spelling {
        let offset = package.version.as_ref().map_or(package.name.offset, |at| at.offset);
        context.error(
            offset,
            &codes::VERSION_FORMAT,
            format!("`{}` as {format}: {error}", package.name.value),
            "use a version that both SemVer and PEP 440 can spell, such as `1.2.3` or `1.2.3-rc.1`",
        );
    }
}
