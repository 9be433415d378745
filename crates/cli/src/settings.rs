//! What arguments say that several commands take.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;

use model::Diagnostic;
use pipeline::Failure;
use release::TagEvent;

/// What a setting says; an empty variable counts as unset.
pub(crate) fn set(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

/// The tag whose push or release started the run, where a runner of GitHub's workflows says so.
pub(crate) fn tag_event() -> Option<TagEvent> {
    let get = |name| env::var(name).unwrap_or_default();
    let event = TagEvent { tag: get("GITHUB_REF_NAME"), commit: get("GITHUB_SHA") };
    Some(event).filter(|event| get("GITHUB_REF_TYPE") == "tag" && !event.tag.is_empty())
}

/// The tools of `--tool NAME=PATH`.
pub(crate) fn tools(pairs: &[String]) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let pair = |text: &String| match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(path)))
        }
        _ => Err(Failure::usage(
            Diagnostic::new(
                &pipeline::codes::USAGE_TOOL,
                format!("`--tool {text}` does not name a tool and its path"),
            )
            .help("write `--tool helm=/usr/local/bin/helm`"),
        )),
    };
    pairs.iter().map(pair).collect()
}
