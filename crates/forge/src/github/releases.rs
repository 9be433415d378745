//! Releases and drafts: created, found, changed, published, deleted.

use serde_json::Value;

use super::{Handler, MakeLatest, Release, invalid, message, not_found, page};
use crate::encoding::sha256;
use crate::http::Response;

/// GitHub's limit on the length of a release's notes, in characters.
const BODY_LIMIT: usize = 125_000;

pub(super) fn list(handler: &Handler<'_>) -> Response {
    let mut seen: Vec<&Release> = visible(handler).collect();
    // Drafts first, then the newest.
    seen.sort_by_key(|release| (release.draft, release.created, release.id));
    let items: Vec<Value> = seen.iter().rev().map(|release| handler.release(release)).collect();
    page(handler.context, handler.request, &items)
}

pub(super) fn get(handler: &Handler<'_>, id: u64) -> Response {
    let found = visible(handler).find(|release| release.id == id);
    found.map_or_else(not_found, |release| Response::json(200, &handler.release(release)))
}

/// Only published releases: a draft has no tag yet.
pub(super) fn by_tag(handler: &Handler<'_>, tag: &str) -> Response {
    let found = handler.github.published(&handler.repository, tag);
    found.map_or_else(not_found, |release| Response::json(200, &handler.release(release)))
}

pub(super) fn latest(handler: &Handler<'_>) -> Response {
    let stable = || {
        let all = handler.github.releases(&handler.repository);
        all.filter(|release| !release.draft && !release.prerelease)
    };
    let repository = handler.github.repositories.get(&handler.repository);
    let marked = repository.and_then(|repository| repository.latest);
    let explicit = stable().find(|release| Some(release.id) == marked);
    let newest = || {
        let candidates = stable().filter(|release| release.make_latest != MakeLatest::False);
        candidates.max_by_key(|release| (release.created, release.id))
    };
    let found = explicit.or_else(newest);
    found.map_or_else(not_found, |release| Response::json(200, &handler.release(release)))
}

pub(super) fn create(handler: &mut Handler<'_>) -> Response {
    let wanted = handler.request.json();
    let Some(tag) = wanted.get("tag_name").and_then(Value::as_str).filter(|tag| is_tag(tag)) else {
        return invalid("Release", "tag_name", "missing_field", None);
    };
    let now = handler.request.now;
    let mut release = Release {
        id: 0,
        tag: tag.to_owned(),
        target: "main".to_owned(),
        name: None,
        body: None,
        draft: true,
        prerelease: false,
        immutable: false,
        make_latest: MakeLatest::True,
        created: now,
        published: None,
        updated: now,
        assets: Default::default(),
    };
    let draft = wanted.get("draft").and_then(Value::as_bool).unwrap_or(false);
    if let Some(refused) = change(handler, &mut release, &wanted, draft) {
        return refused;
    }
    release.id = handler.github.new_id();
    let document = handler.release(&release);
    store(handler, release);
    let own = document.get("url").and_then(Value::as_str).unwrap_or_default();
    Response::json(201, &document).with("location", own)
}

pub(super) fn update(handler: &mut Handler<'_>, id: u64) -> Response {
    let wanted = handler.request.json();
    let held = handler.github.repository(&handler.repository).releases.get(&id);
    let Some(mut release) = held.cloned() else { return not_found() };
    let draft = wanted.get("draft").and_then(Value::as_bool).unwrap_or(release.draft);
    if let Some(refused) = change(handler, &mut release, &wanted, draft) {
        return refused;
    }
    let document = handler.release(&release);
    store(handler, release);
    Response::json(200, &document)
}

pub(super) fn delete(handler: &mut Handler<'_>, id: u64) -> Response {
    let held = handler.github.repository(&handler.repository);
    let Some(release) = held.releases.remove(&id) else { return not_found() };
    if release.immutable {
        held.reserved_tags.insert(release.tag);
    }
    Response::empty(204)
}

/// Applies the requested changes to the release, and publishes it if requested; returns a refusal
/// if that is not allowed.
fn change(
    handler: &Handler<'_>,
    release: &mut Release,
    wanted: &Value,
    draft: bool,
) -> Option<Response> {
    let word = |key: &str| wanted.get(key).and_then(Value::as_str).map(str::to_owned);
    let tag = word("tag_name").unwrap_or_else(|| release.tag.clone());
    if release.immutable && (draft || tag != release.tag) {
        return Some(message(422, "Cannot update an immutable release"));
    }
    if !is_tag(&tag) {
        return Some(invalid("Release", "tag_name", "custom", Some("tag_name is not a valid tag")));
    }
    if word("body").is_some_and(|body| body.chars().count() > BODY_LIMIT) {
        let text = "body is too long (maximum is 125000 characters)";
        return Some(invalid("Release", "body", "custom", Some(text)));
    }
    release.tag = tag;
    release.target = word("target_commitish").unwrap_or_else(|| release.target.clone());
    release.name = word("name").or_else(|| release.name.take());
    release.body = word("body").or_else(|| release.body.take());
    let flag = wanted.get("prerelease").and_then(Value::as_bool);
    release.prerelease = flag.unwrap_or(release.prerelease);
    release.make_latest = match word("make_latest").as_deref() {
        None => release.make_latest,
        Some("true") => MakeLatest::True,
        Some("false") => MakeLatest::False,
        Some("legacy") => MakeLatest::Legacy,
        Some(_) => return Some(invalid("Release", "make_latest", "invalid", None)),
    };
    release.updated = handler.request.now;
    if !draft {
        return publish(handler, release);
    }
    release.draft = true;
    None
}

fn publish(handler: &Handler<'_>, release: &mut Release) -> Option<Response> {
    let taken = handler.github.published(&handler.repository, &release.tag);
    if taken.is_some_and(|other| other.id != release.id) {
        return Some(invalid("Release", "tag_name", "already_exists", None));
    }
    let held = handler.github.repositories.get(&handler.repository);
    if release.draft && held.is_some_and(|held| held.reserved_tags.contains(&release.tag)) {
        let text = "tag_name was used by an immutable release";
        return Some(invalid("Release", "tag_name", "custom", Some(text)));
    }
    if release.draft {
        release.published = Some(handler.request.now);
        release.immutable = handler.context.setup.github.immutable;
    }
    release.draft = false;
    None
}

/// Stores the release. A published one creates its tag and may become the latest.
fn store(handler: &mut Handler<'_>, release: Release) {
    let held = handler.github.repository(&handler.repository);
    if !release.draft {
        // Branches have no commits here, so a commit is derived from the branch's name.
        let is_commit =
            release.target.len() == 40 && release.target.chars().all(|c| c.is_ascii_hexdigit());
        let made = sha256(release.target.as_bytes()).chars().take(40).collect();
        let commit = if is_commit { release.target.clone() } else { made };
        held.tags.entry(release.tag.clone()).or_insert(commit);
        match release.make_latest {
            MakeLatest::True if !release.prerelease => held.latest = Some(release.id),
            MakeLatest::False if held.latest == Some(release.id) => held.latest = None,
            MakeLatest::Legacy => held.latest = None,
            _ => {}
        }
    }
    held.releases.insert(release.id, release);
}

/// The releases that the sender may see.
fn visible<'a>(handler: &'a Handler<'_>) -> impl Iterator<Item = &'a Release> {
    let all = handler.github.releases(&handler.repository);
    all.filter(|release| handler.writer || !release.draft)
}

/// Whether it is a valid name of a tag, by the rules of git that matter here.
fn is_tag(tag: &str) -> bool {
    let banned = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    !tag.is_empty() && !tag.contains(banned) && !tag.contains("..") && !tag.ends_with(['/', '.'])
}
