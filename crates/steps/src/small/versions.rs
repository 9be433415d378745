//! One version as each format spells it.

use model::{Diagnostic, Diagnostics, Version, VersionError};
use serde::{Deserialize, Serialize};

use super::{Answer, answer, shown};
use crate::codes;

/// `{"version": "1.0.0rc1"}` or `{"tag": "v1.0.0rc1"}`, with `"pattern"` (`v{version}` unless said
/// otherwise), gives `{"version", "tag", "semver", "pep440", "image", "prerelease"}`. A spelling
/// that cannot be is absent.
#[must_use]
pub fn version(request: &str) -> Answer {
    answer(request, |asked: Asked| {
        let (before, after) = asked.pattern.split_once("{version}").ok_or_else(|| {
            let pattern = shown(&asked.pattern);
            let message = format!("the pattern `{pattern}` does not hold `{{version}}`");
            Diagnostics::from(Diagnostic::new(&codes::VERSION_PATTERN, message))
        })?;
        let text = match (&asked.version, &asked.tag) {
            (Some(version), None) => version.as_str(),
            (None, Some(tag)) => between(tag, before, after).ok_or_else(|| {
                let (tag, pattern) = (shown(tag), shown(&asked.pattern));
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
        Ok(Told {
            tag: format!("{before}{text}{after}"),
            semver: version.semver().ok().map(str::to_owned),
            pep440: version.pep440().ok(),
            image: version.tag().ok(),
            prerelease: version.is_prerelease(),
            version: text.to_owned(),
        })
    })
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    version: Option<String>,
    tag: Option<String>,
    #[serde(default = "pattern")]
    pattern: String,
}

fn pattern() -> String {
    "v{version}".to_owned()
}

#[derive(Serialize)]
struct Told {
    version: String,
    tag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    semver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pep440: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    prerelease: bool,
}
