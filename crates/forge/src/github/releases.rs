//! Releases and drafts: made, found, changed, published, deleted.

use serde_json::Value;

use super::{Desk, MakeLatest, Release, invalid, message, not_found, page};
use crate::encoding::sha256;
use crate::exchange::Reply;

/// GitHub's limit on the length of a release's notes, in characters.
const BODY_LIMIT: usize = 125_000;

pub(super) fn list(desk: &Desk<'_>) -> Reply {
    let mut seen: Vec<&Release> = visible(desk).collect();
    // Drafts first, then the newest.
    seen.sort_by_key(|release| (release.draft, release.created, release.id));
    let items: Vec<Value> = seen.iter().rev().map(|release| desk.release(release)).collect();
    page(desk.place, desk.call, &items)
}

pub(super) fn get(desk: &Desk<'_>, id: u64) -> Reply {
    let found = visible(desk).find(|release| release.id == id);
    found.map_or_else(not_found, |release| Reply::json(200, &desk.release(release)))
}

/// Published ones alone: a draft has no tag yet.
pub(super) fn by_tag(desk: &Desk<'_>, tag: &str) -> Reply {
    let found = desk.github.published(&desk.repository, tag);
    found.map_or_else(not_found, |release| Reply::json(200, &desk.release(release)))
}

pub(super) fn latest(desk: &Desk<'_>) -> Reply {
    let stable = || {
        let all = desk.github.releases(&desk.repository);
        all.filter(|release| !release.draft && !release.prerelease)
    };
    let said = desk.github.repositories.get(&desk.repository).and_then(|held| held.latest);
    let by_word = stable().find(|release| Some(release.id) == said);
    let by_age = || {
        let willing = stable().filter(|release| release.make_latest != MakeLatest::False);
        willing.max_by_key(|release| (release.created, release.id))
    };
    let found = by_word.or_else(by_age);
    found.map_or_else(not_found, |release| Reply::json(200, &desk.release(release)))
}

pub(super) fn create(desk: &mut Desk<'_>) -> Reply {
    let asked = desk.call.json();
    let Some(tag) = asked.get("tag_name").and_then(Value::as_str).filter(|tag| is_tag(tag)) else {
        return invalid("Release", "tag_name", "missing_field", None);
    };
    let now = desk.call.now;
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
    let draft = asked.get("draft").and_then(Value::as_bool).unwrap_or(false);
    if let Some(refused) = change(desk, &mut release, &asked, draft) {
        return refused;
    }
    release.id = desk.github.number();
    let said = desk.release(&release);
    keep(desk, release);
    let own = said.get("url").and_then(Value::as_str).unwrap_or_default();
    Reply::json(201, &said).with("location", own)
}

pub(super) fn update(desk: &mut Desk<'_>, id: u64) -> Reply {
    let asked = desk.call.json();
    let held = desk.github.repository(&desk.repository).releases.get(&id);
    let Some(mut release) = held.cloned() else { return not_found() };
    let draft = asked.get("draft").and_then(Value::as_bool).unwrap_or(release.draft);
    if let Some(refused) = change(desk, &mut release, &asked, draft) {
        return refused;
    }
    let said = desk.release(&release);
    keep(desk, release);
    Reply::json(200, &said)
}

pub(super) fn delete(desk: &mut Desk<'_>, id: u64) -> Reply {
    let held = desk.github.repository(&desk.repository);
    let Some(release) = held.releases.remove(&id) else { return not_found() };
    if release.immutable {
        held.spent.insert(release.tag);
    }
    Reply::empty(204)
}

/// Writes what was asked for into the release, publishing it where that was asked; gives the
/// answer where it may not be.
fn change(desk: &Desk<'_>, release: &mut Release, asked: &Value, draft: bool) -> Option<Reply> {
    let word = |key: &str| asked.get(key).and_then(Value::as_str).map(str::to_owned);
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
    let flag = asked.get("prerelease").and_then(Value::as_bool);
    release.prerelease = flag.unwrap_or(release.prerelease);
    release.make_latest = match word("make_latest").as_deref() {
        None => release.make_latest,
        Some("true") => MakeLatest::True,
        Some("false") => MakeLatest::False,
        Some("legacy") => MakeLatest::Legacy,
        Some(_) => return Some(invalid("Release", "make_latest", "invalid", None)),
    };
    release.updated = desk.call.now;
    if !draft {
        return publish(desk, release);
    }
    release.draft = true;
    None
}

fn publish(desk: &Desk<'_>, release: &mut Release) -> Option<Reply> {
    let taken = desk.github.published(&desk.repository, &release.tag);
    if taken.is_some_and(|other| other.id != release.id) {
        return Some(invalid("Release", "tag_name", "already_exists", None));
    }
    let held = desk.github.repositories.get(&desk.repository);
    if release.draft && held.is_some_and(|held| held.spent.contains(&release.tag)) {
        let text = "tag_name was used by an immutable release";
        return Some(invalid("Release", "tag_name", "custom", Some(text)));
    }
    if release.draft {
        release.published = Some(desk.call.now);
        release.immutable = desk.place.setup.github.immutable;
    }
    release.draft = false;
    None
}

/// Keeps the release; a published one makes its tag, and may become the latest.
fn keep(desk: &mut Desk<'_>, release: Release) {
    let held = desk.github.repository(&desk.repository);
    if !release.draft {
        // A branch has no commits here: one is made of its name.
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

/// What the sender may see.
fn visible<'a>(desk: &'a Desk<'_>) -> impl Iterator<Item = &'a Release> {
    let all = desk.github.releases(&desk.repository);
    all.filter(|release| desk.writer || !release.draft)
}

/// As far as git's rules on references matter here.
fn is_tag(tag: &str) -> bool {
    let banned = |c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c);
    !tag.is_empty() && !tag.contains(banned) && !tag.contains("..") && !tag.ends_with(['/', '.'])
}
