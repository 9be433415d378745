//! Which version a package carries in each format, and whether it is the release's.

use manifests::Located;
use model::{Diagnostic, Version, VersionError};

use crate::codes;
use crate::context::Context;
use crate::origin::Origin;
use crate::table::PackageTable;

/// The version that stands for what the tag on the commit says.
pub const GIT_TAG: &str = "git-tag";

/// What a package's versions are measured against.
#[derive(Debug)]
pub struct Versions {
    rule: Rule,
    /// For formats that have no manifest; nothing when it could not be known.
    fallback: Option<Version>,
}

#[derive(Debug)]
enum Rule {
    /// As the release; holds the release's version and where it comes from.
    Release(Version, Origin),
    /// As `version = "…"` says, or the tag that it asks for.
    Literal(Version),
    /// Whatever the manifests say.
    Own,
    /// The version to compare with is unknown, and that is told elsewhere.
    Unknown,
}

impl Versions {
    /// The rule for `package`, whose manifests' versions stand at `manifests`. `released` is the
    /// release's version, `tagged` that of the commit's tag.
    pub fn new(
        context: &mut Context<'_, '_>,
        package: &PackageTable,
        released: Option<&(Version, Origin)>,
        tagged: Option<&Version>,
        manifests: &[Option<&Located>],
    ) -> Self {
        match &package.version {
            Some(tag) if tag.value == GIT_TAG => match tagged {
                Some(version) => {
                    let fallback = Some(version.clone());
                    Self { rule: Rule::Literal(version.clone()), fallback }
                }
                None => Self { rule: Rule::Unknown, fallback: None },
            },
            Some(own) if own.value == "own" => {
                let own = manifests.iter().flatten().find_map(|s| Version::parse(&s.text).ok());
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
                        "write `own`, `git-tag`, or a version such as `1.2.3`",
                    );
                    Self { rule: Rule::Unknown, fallback: None }
                }
            },
            None => match released {
                Some((version, origin)) => Self {
                    rule: Rule::Release(version.clone(), origin.clone()),
                    fallback: Some(version.clone()),
                },
                None => Self { rule: Rule::Unknown, fallback: None },
            },
        }
    }

    /// Whether the package goes its own way.
    pub fn is_own(&self) -> bool {
        matches!(self.rule, Rule::Own)
    }

    /// The version for a format whose manifest says `located`, or that has none.
    pub fn resolve(
        &self,
        context: &mut Context<'_, '_>,
        package: &PackageTable,
        located: Option<&Located>,
    ) -> Option<Version> {
        let Some(located) = located else { return self.fallback.clone() };
        let version = match Version::parse(&located.text) {
            Ok(version) => version,
            Err(error) => {
                context.problems.push(
                    Diagnostic::new(&codes::VERSION_INVALID, error.to_string())
                        .at(located.location.clone())
                        .help("write a version such as `1.2.3`"),
                );
                return None;
            }
        };
        let name = &package.name.value;
        match &self.rule {
            Rule::Release(released, origin) if !version.same_as(released) => {
                let message = format!(
                    "`{name}` is {version} ({}), but the release is {released} ({origin})",
                    located.location
                );
                let problem = Diagnostic::new(&codes::VERSION_DIFFERS, message);
                let named = context.origins.origin(package.name.offset);
                context.problems.push(match origin {
                    Origin::File(_) => named.mark(problem).help(format!(
                        "set one of the two, or add `version = \"own\"` to release {version}"
                    )),
                    Origin::Input(_) => origin.clone().mark(problem).help("set one of the two"),
                    Origin::Tag | Origin::Default => problem.help(
                        "push the tag of the manifest's version, or set the manifest's to the \
                         tag's",
                    ),
                });
            }
            Rule::Literal(literal) if !version.same_as(literal) => {
                let offset = package.version.as_ref().map_or(package.offset, |at| at.offset);
                context.error(
                    offset,
                    &codes::VERSION_DIFFERS,
                    format!("`{name}` is {version} ({}), not {literal}", located.location),
                    "write `version = \"own\"`: the manifest says which",
                );
            }
            _ => {}
        }
        Some(version)
    }
}

/// Tells when a format cannot hold the version.
pub fn check_spelling<T>(
    context: &mut Context<'_, '_>,
    package: &PackageTable,
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
