//! `version = "git-tag"`: the version that a commit's tag says, and that of a commit without one.
//!
//! Decides from answers of git, which the tree gives; the questions are data. Whoever planned hands
//! the version on, so that a build asks only whether a tag disagrees.

use std::cmp::Ordering;

use model::{Diagnostic, Tree, Version};

use crate::codes;

/// What a caller knows of the version that `git-tag` stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tagged {
    /// The version, as the plan told it.
    pub version: Option<Version>,
    /// The tag whose push or release started the run.
    pub event: Option<TagEvent>,
}

/// The push or release of a tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagEvent {
    /// The tag.
    pub tag: String,
    /// The commit that it is on; empty when not known.
    pub commit: String,
}

const COMMIT: [&str; 4] = ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"];
const ON_COMMIT: [&str; 5] =
    ["for-each-ref", "--sort=refname", "--format=%(refname)", "--points-at=HEAD", "refs/tags"];
const REACHABLE: [&str; 5] =
    ["for-each-ref", "--sort=refname", "--format=%(refname)", "--merged=HEAD", "refs/tags"];
const IS_SHALLOW: [&str; 2] = ["rev-parse", "--is-shallow-repository"];

/// The version of the tree's commit, whose tags look like `pattern`: what the caller says, else
/// what the event's tag says, else the highest of the commit's tags, else a snapshot.
///
/// # Errors
/// `release-tag-differs` when a tag is there that says otherwise than the caller,
/// `release-tag-unknown` when there is nothing to ask or the clone is too shallow.
pub(crate) fn version(
    tree: &dyn Tree,
    pattern: &str,
    known: &Tagged,
) -> Result<Version, Diagnostic> {
    let commit = tree.git(&COMMIT)?.map(|commit| commit.trim().to_owned());
    let here = if commit.is_some() { fitting(tree, &ON_COMMIT, pattern)? } else { Vec::new() };
    if let Some(version) = &known.version {
        agrees(tree, pattern, version, &here, commit.as_deref())?;
        return Ok(version.clone());
    }
    let Some(commit) = commit.filter(|commit| !commit.is_empty()) else {
        let message = format!("the version is that of a tag like `{pattern}`, and no git is there");
        return Err(Diagnostic::new(&codes::RELEASE_TAG_UNKNOWN, message)
            .help("plan in a clone of the repository, or give `--tag-version 1.2.3`"));
    };
    let event = known.event.as_ref();
    let event = event.filter(|event| event.commit.is_empty() || event.commit == commit);
    match event.and_then(|event| version_in(pattern, &event.tag)).or_else(|| highest(here)) {
        Some(version) => Ok(version),
        None => snapshot(tree, pattern, &commit),
    }
}

/// The version that `tag` says, if it looks like `pattern`.
pub(crate) fn version_in(pattern: &str, tag: &str) -> Option<Version> {
    let (before, after) = pattern.split_once(VERSION)?;
    let rest = tag.strip_prefix(before)?;
    // What follows may hold the version again.
    let end = match after.split(VERSION).next() {
        Some("") | None => rest.len(),
        Some(next) => rest.find(next)?,
    };
    let text = rest.get(..end)?;
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let version = Version::parse(text).ok().filter(|_| starts)?;
    (pattern.replace(VERSION, text) == tag).then_some(version)
}

/// The version that a tag says, and what the tags of its kind look like: `v{version}`.
#[must_use]
pub fn pattern_of(tag: &str) -> Option<(String, String)> {
    // Behind the last `/`, whole or behind a `-` or `@`, with or without a `v` in front.
    let from = tag.rfind('/').map_or(0, |slash| slash + 1);
    let starts = tag.char_indices().filter(|(at, c)| *at > from && matches!(c, '-' | '@'));
    let starts = std::iter::once(from).chain(starts.map(|(at, _)| at + 1));
    starts.into_iter().find_map(|start| {
        let rest = tag.get(start..)?;
        let version = rest.strip_prefix('v').unwrap_or(rest);
        let read =
            version.starts_with(|c: char| c.is_ascii_digit()) && Version::parse(version).is_ok();
        let prefix = tag.get(..tag.len() - version.len())?;
        read.then(|| (version.to_owned(), format!("{prefix}{VERSION}")))
    })
}

/// Whether git knows the tree's commit.
pub(crate) fn has_commit(tree: &dyn Tree) -> bool {
    matches!(tree.git(&COMMIT), Ok(Some(_)))
}

/// What stands for the version in a pattern.
const VERSION: &str = "{version}";

/// The versions of the tags that `question` lists, with what looks like `pattern`.
fn fitting(tree: &dyn Tree, question: &[&str], pattern: &str) -> Result<Vec<Version>, Diagnostic> {
    let answer = tree.git(question)?.unwrap_or_default();
    let tags = answer.lines().filter_map(|line| line.strip_prefix("refs/tags/"));
    Ok(tags.filter_map(|tag| version_in(pattern, tag)).collect())
}

/// Of `v1`, `v1.0` and `v1.0.0`, which may all be on one commit, it is the longest.
fn highest(versions: Vec<Version>) -> Option<Version> {
    let longer = |a: &Version, b: &Version| a.text().len().cmp(&b.text().len());
    let order = |a: &Version, b: &Version| match a.precedence(b) {
        Ordering::Equal => longer(a, b).then_with(|| a.text().cmp(b.text())),
        other => other,
    };
    versions.into_iter().max_by(order)
}

/// A version that was handed on must be what the tags say that are there.
fn agrees(
    tree: &dyn Tree,
    pattern: &str,
    version: &Version,
    here: &[Version],
    commit: Option<&str>,
) -> Result<(), Diagnostic> {
    let differs = |message: String| {
        let help = "plan again: a tag was set or moved since, or this is another commit";
        Err(Diagnostic::new(&codes::RELEASE_TAG_DIFFERS, message).help(help))
    };
    if let Some(other) = highest(here.to_vec())
        && !here.iter().any(|here| here.same_as(version))
    {
        let tag = pattern.replace(VERSION, other.text());
        return differs(format!("the release is {version}, but its commit has the tag `{tag}`"));
    }
    let tag = format!("refs/tags/{}", pattern.replace(VERSION, version.text()));
    let (Some(commit), true) = (commit, here.is_empty()) else { return Ok(()) };
    let format = "--format=%(refname) %(objectname) %(*objectname)";
    let answer = tree.git(&["for-each-ref", format, &tag])?.unwrap_or_default();
    match answer.lines().find(|line| line.split(' ').next() == Some(&tag)) {
        Some(line) if !line.split(' ').any(|word| word == commit) => differs(format!(
            "the release is {version}, but the tag `{}` is on another commit",
            tag.trim_start_matches("refs/tags/")
        )),
        _ => Ok(()),
    }
}

fn snapshot(tree: &dyn Tree, pattern: &str, commit: &str) -> Result<Version, Diagnostic> {
    let after = highest(fitting(tree, &REACHABLE, pattern)?);
    let unknown = |why: &str, help: &str| {
        let message = format!("the version is that of a tag like `{pattern}`, and {why}");
        Diagnostic::new(&codes::RELEASE_TAG_UNKNOWN, message).help(help)
    };
    let shallow = tree.git(&IS_SHALLOW)?.is_some_and(|answer| answer.trim() == "true");
    if after.is_none() && shallow {
        let why = "the clone is too shallow to hold one";
        return Err(unknown(
            why,
            "run `git fetch --unshallow --tags`; in a workflow, check out with `fetch-depth: 0`",
        ));
    }
    let tag = after.as_ref().map(|after| pattern.replace(VERSION, after.text()));
    let without = tag.map(|tag| format!("^refs/tags/{tag}"));
    let question = ["rev-list", "--count", "HEAD"];
    let question: Vec<&str> = question.into_iter().chain(without.as_deref()).collect();
    let commits = tree.git(&question)?.and_then(|answer| answer.trim().parse::<u64>().ok());
    let made = commits.map(|commits| Version::snapshot(after.as_ref(), commits, commit));
    match made {
        Some(Ok(version)) => Ok(version),
        _ => Err(unknown("git cannot count the commits since", "run `git fsck` and mend it")),
    }
}

#[cfg(test)]
mod tests;
