//! One version as each format spells it.

use model::{Diagnostic, Diagnostics, Version, VersionError};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::shown;

/// A version or a tag: one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The version.
    pub version: Option<String>,
    /// The tag.
    pub tag: Option<String>,
    /// What tags look like: `v{version}` unless said otherwise.
    #[serde(default = "pattern")]
    pub pattern: String,
}

/// The spellings. One that cannot be is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// As it was given.
    pub version: String,
    /// The release's tag.
    pub tag: String,
    /// In SemVer 2.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub semver: Option<String>,
    /// In PEP 440.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pep440: Option<String>,
    /// As an image's tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Whether it is a pre-release.
    pub prerelease: bool,
}

/// Spells a version.
///
/// # Errors
/// `version-pattern`, `version-tag`, `version-none`, and `request-value` for both or neither.
pub fn version(request: Request) -> crate::Outcome<Answer> {
    let Request { version, tag, pattern } = &request;
    let (before, after) = pattern.split_once("{version}").ok_or_else(|| {
        let message = format!("the pattern `{}` does not hold `{{version}}`", shown(pattern));
        Diagnostics::from(Diagnostic::new(&codes::VERSION_PATTERN, message))
    })?;
    let text = match (version, tag) {
        (Some(version), None) => version.as_str(),
        (None, Some(tag)) => between(tag, before, after).ok_or_else(|| {
            let (tag, pattern) = (shown(tag), shown(pattern));
            let message = format!("the tag `{tag}` does not follow `{pattern}`");
            Diagnostics::from(Diagnostic::new(&codes::VERSION_TAG, message))
        })?,
        _ => {
            let message = "either `version` or `tag` is asked for";
            return Err(Diagnostic::new(&codes::REQUEST_VALUE, message).into());
        }
    };
    let version = Version::parse(text).map_err(|error: VersionError| {
        Diagnostics::from(Diagnostic::new(&codes::VERSION_NONE, error.to_string()))
    })?;
    let answer = Answer {
        tag: format!("{before}{text}{after}"),
        semver: version.semver().ok().map(str::to_owned),
        pep440: version.pep440().ok(),
        image: version.tag().ok(),
        prerelease: version.is_prerelease(),
        version: text.to_owned(),
    };
    Ok(answer.into())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

fn pattern() -> String {
    "v{version}".to_owned()
}
