use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, process};

use model::{Asset as Named, Digest, Release, ReleaseFacts, Signing, ToolUse, Version};
use serde_json::json;

use super::fake::{Fault, Hub, Shared, start};
use super::*;
use crate::http::Patience;
use crate::{Event, Fate, Order, publish};

mod refused;

const COMMIT: &str = "c0ffee";

fn manifest(version: &str) -> Manifest {
    Manifest {
        schema: Manifest::SCHEMA.to_owned(),
        generator: ToolUse { name: "t".to_owned(), version: "1".to_owned(), digest: None },
        release: Release {
            version: Version::parse(version).unwrap(),
            tag: format!("v{version}"),
            registry: String::new(),
            charts: String::new(),
            repository: String::new(),
        },
        source: ReleaseFacts {
            commit: Some(COMMIT.to_owned()),
            dirty: false,
            epoch: 0,
            notes: Vec::new(),
        },
        plan: Digest::of(b""),
        signing: Signing::None,
        units: Vec::new(),
        artifacts: Vec::new(),
        documents: Vec::new(),
        evidence: Vec::new(),
        assets: vec![Named { name: "app".to_owned(), path: "binary/app".to_owned() }],
        tools: Vec::new(),
    }
}

/// A `dist/` of a test, with the given downloads.
fn dist(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let dist = env::temp_dir().join(format!("remote-github-{name}-{}", process::id()));
    fs::remove_dir_all(&dist).ok();
    fs::create_dir_all(dist.join("github")).unwrap();
    for (file, text) in files {
        fs::write(dist.join("github").join(file), text).unwrap();
    }
    dist
}

const FILES: &[(&str, &str)] =
    &[("app", "the program"), ("app+x.whl", "a wheel"), ("checksums.txt", "sums")];

fn room_of(hub: &Shared, name: &str, version: &str) -> Github {
    room_with(hub, &dist(name, FILES), version, Patience::without_waits(4)).unwrap()
}

fn room_with(
    hub: &Shared,
    dist: &Path,
    version: &str,
    patience: Patience,
) -> Result<Github, Problems> {
    let http = Arc::new(Http::new(patience).unwrap());
    let api = hub.lock().unwrap().base.clone();
    let repository = Repository { api, owner: "o".to_owned(), repo: "r".to_owned() };
    let token = Some(Secret::new("canary-token"));
    let notes = Some("- notes".to_owned());
    let setup = GithubSetup { repository, token, asks_only: false, notes };
    Github::new(&http, &manifest(version), dist, setup)
}

fn run(room: Github) -> Result<Vec<Fate>, Problems> {
    let phases = BTreeSet::from([Phase::Stage, Phase::Index, Phase::Finish]);
    let rooms: [Box<dyn Room>; 1] = [Box::new(room)];
    let run = publish(&rooms, &Order { phases, dry_run: false }, &|_: &Event<'_>| {});
    fates(run)
}

fn fates(run: crate::Run) -> Result<Vec<Fate>, Problems> {
    if run.problems.is_empty() {
        Ok(run.items.iter().map(|ended| ended.fate).collect())
    } else {
        Err(run.problems)
    }
}

fn lock(hub: &Shared) -> std::sync::MutexGuard<'_, Hub> {
    hub.lock().unwrap()
}

/// Whatever went wrong: run again, and the release is there once, whole, and nothing else.
fn converges(hub: &Shared, name: &str) {
    for _ in 0..3 {
        if run(room_of(hub, name, "1.2.3")).is_ok() {
            break;
        }
    }
    let before = lock(hub).writes().len();
    let again = run(room_of(hub, name, "1.2.3")).unwrap();
    assert!(again.iter().all(|fate| *fate == Fate::AlreadyThere), "{name}: {again:?}");
    let hub = lock(hub);
    assert_eq!(hub.writes().len(), before, "{name}: the last run wrote");
    assert_eq!(hub.releases.len(), 1, "{name}: {:?}", hub.releases);
    let (id, release) = hub.releases.first_key_value().unwrap();
    assert_eq!(release["draft"], json!(false), "{name}");
    assert_eq!(hub.names(*id), ["app", "app+x.whl", "checksums.txt"], "{name}");
    let published = hub.log.iter().filter(|line| line.starts_with("PATCH")).count();
    assert!(published <= 2, "{name}: published {published} times");
}

#[test]
fn a_release_is_drafted_filled_and_published_once() {
    let hub = start();
    let fates = run(room_of(&hub, "once", "1.2.3")).unwrap();
    assert!(fates.iter().all(|fate| *fate == Fate::Written), "{fates:?}");
    let writes = lock(&hub).writes();
    let count = |start: &str| writes.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!((count("POST /repos"), count("POST /up"), count("PATCH")), (1, 3, 1), "{writes:?}");
    let last = writes.last().unwrap();
    assert!(last.starts_with("PATCH"), "{writes:?}");
    let release = lock(&hub).releases.first_key_value().unwrap().1.clone();
    assert_eq!(release["body"], json!("- notes"));
    assert_eq!(release["make_latest"], json!("true"));
    assert_eq!(release["target_commitish"], json!(COMMIT));
    converges(&hub, "once");
}

#[test]
fn a_prerelease_and_an_older_version_never_become_the_latest() {
    let check = |version: &str, latest: Option<&str>, expected: (bool, &str)| {
        let hub = start();
        if let Some(latest) = latest {
            lock(&hub).draft(1, latest, "other");
            let mut hub = lock(&hub);
            let release = hub.releases.get_mut(&1).unwrap();
            release["draft"] = json!(false);
            release["latest"] = json!("true");
        }
        run(room_of(&hub, "latest", version)).unwrap();
        let release = lock(&hub).releases.last_key_value().unwrap().1.clone();
        let found = (release["prerelease"] == json!(true), release["make_latest"].as_str());
        assert_eq!(found, (expected.0, Some(expected.1)), "{version} after {latest:?}");
    };
    check("1.2.3", None, (false, "true"));
    check("1.2.3", Some("v1.2.2"), (false, "true"));
    check("1.2.3", Some("v2.0.0"), (false, "false"));
    check("2.0.0-rc.1", Some("v1.2.2"), (true, "false"));
}

#[test]
fn after_every_fault_a_second_run_makes_the_same_release() {
    let broken = Fault::Answer(502, "", "");
    let busy = Fault::Answer(429, "retry-after: 0\r\n", "{}");
    let faults = [
        ("POST /repos", Fault::Silent),
        ("POST /repos", broken.clone()),
        ("POST /up", Fault::Half),
        ("POST /up", Fault::Silent),
        ("POST /up", broken.clone()),
        ("POST /up", busy.clone()),
        ("PATCH", Fault::Silent),
        ("PATCH", broken.clone()),
        ("GET /repos/o/r/releases?", Fault::StaleList),
        ("GET /repos/o/r/releases?", busy),
        ("GET /repos/o/r/releases/assets", broken.clone()),
        ("GET /repos/o/r/releases/latest", broken),
        ("GET /repos/o/r/git", Fault::Silent),
    ];
    for (number, (start_of, fault)) in faults.into_iter().enumerate() {
        let hub = start();
        lock(&hub).faults.push((start_of, fault));
        converges(&hub, &format!("fault-{number}"));
    }
}

#[test]
fn a_run_that_was_killed_after_any_number_of_requests_is_run_again() {
    let whole = {
        let hub = start();
        run(room_of(&hub, "kills", "1.2.3")).unwrap();
        lock(&hub).log.len()
    };
    for killed_at in 0..whole {
        let hub = start();
        let dead = Fault::Answer(400, "", "{\"message\": \"killed\"}");
        // From one request on everything fails, as for a process that is no more.
        let (lived, died) = ((0..killed_at), (0..whole * 4));
        lock(&hub).faults =
            lived.map(|_| ("", Fault::None)).chain(died.map(|_| ("", dead.clone()))).collect();
        run(room_of(&hub, "kills", "1.2.3")).unwrap_err();
        lock(&hub).faults.clear();
        converges(&hub, "kills");
    }
}

#[test]
fn of_two_drafts_the_older_one_counts_and_ours_is_deleted() {
    let hub = start();
    lock(&hub).faults.push(("POST /repos", Fault::OtherDraft));
    let room = room_of(&hub, "two", "1.2.3");
    let draft = room.items()[0].clone();
    assert_eq!(room.ask(&draft), Ok(Answer::Absent));
    room.write(&draft).unwrap();
    assert_eq!(room.ask(&draft), Ok(Answer::Same));
    let notices = room.notices();
    assert_eq!(notices[0].code, "github-two-drafts");
    assert!(notices[0].message.starts_with("this run made"), "{notices:?}");
    assert_eq!(lock(&hub).releases.keys().copied().collect::<Vec<_>>(), [3]);
    converges(&hub, "two");
}

#[test]
fn a_draft_that_someone_else_fills_is_left_alone() {
    let check = |prepare: &dyn Fn(&mut Hub), code: &str| {
        let hub = start();
        prepare(&mut lock(&hub));
        let problems = run(room_of(&hub, "foreign", "1.2.3")).unwrap_err();
        assert_eq!(problems.0[0].code, code, "{problems}");
        assert_eq!(lock(&hub).writes(), Vec::<String>::new(), "{code}");
    };
    check(
        &|hub| {
            hub.draft(3, "v1.2.3", COMMIT);
            hub.attach(3, "stranger.zip", b"x", "uploaded");
        },
        "github-foreign-asset",
    );
    check(
        &|hub| {
            hub.draft(3, "v1.2.3", COMMIT);
            hub.draft(4, "v1.2.3", "other");
            hub.attach(4, "stranger.zip", b"x", "uploaded");
        },
        "github-two-drafts",
    );
    check(
        &|hub| {
            hub.draft(3, "v1.2.3", COMMIT);
            hub.attach(3, "app", b"other bytes", "uploaded");
        },
        "publish-other-bytes",
    );
    check(
        &|hub| {
            hub.draft(3, "v1.2.3", "other");
            hub.attach(3, "app", b"the program", "uploaded");
        },
        "publish-other-bytes",
    );
    check(
        &|hub| drop(hub.tags.insert("v1.2.3".to_owned(), "other".to_owned())),
        "github-tag-elsewhere",
    );
}

#[test]
fn both_digests_are_named_when_other_bytes_are_there() {
    let hub = start();
    lock(&hub).draft(3, "v1.2.3", COMMIT);
    lock(&hub).attach(3, "app", b"other bytes", "uploaded");
    let problems = run(room_of(&hub, "digests", "1.2.3")).unwrap_err();
    let message = &problems.0[0].message;
    for digest in [Digest::of(b"other bytes"), Digest::of(b"the program")] {
        assert!(message.contains(&digest.to_string()), "{message}");
    }
}

#[test]
fn a_published_release_with_other_files_is_never_touched() {
    let check = |files: &[(&str, &[u8])], expected: Option<&str>| {
        let hub = start();
        lock(&hub).draft(3, "v1.2.3", COMMIT);
        lock(&hub).releases.get_mut(&3).unwrap()["draft"] = json!(false);
        for (name, bytes) in files {
            lock(&hub).attach(3, name, bytes, "uploaded");
        }
        let ended = run(room_of(&hub, "published", "1.2.3"));
        match expected {
            None => assert!(ended.unwrap().iter().all(|fate| *fate == Fate::AlreadyThere)),
            Some(words) => {
                let text = ended.unwrap_err().to_string();
                assert!(text.contains(words), "{text}");
            }
        }
        assert_eq!(lock(&hub).writes(), Vec::<String>::new(), "{files:?}");
    };
    let (app, wheel) = (("app", b"the program".as_slice()), ("app+x.whl", b"a wheel".as_slice()));
    let sums = ("checksums.txt", b"sums".as_slice());
    check(&[app, wheel, sums], None);
    check(&[app, wheel, sums, ("by-hand.txt", b"x")], None);
    check(&[app, wheel], Some("a published release with no `checksums.txt`"));
    check(&[app, wheel, ("checksums.txt", b"SUMS")], Some("`checksums.txt` as sha256:"));
}

#[test]
fn without_digests_the_bytes_themselves_are_compared() {
    let hub = start();
    lock(&hub).without_digests = true;
    lock(&hub).draft(3, "v1.2.3", COMMIT);
    lock(&hub).attach(3, "app", b"the pr", "uploaded");
    let room = room_of(&hub, "hashes", "1.2.3");
    let app = room.items()[1].clone();
    assert_eq!(room.ask(&app), Ok(Answer::Stale));
    room.write(&app).unwrap();
    // The test's server serves an asset's row for its bytes: other bytes of the same size.
    assert!(matches!(room.ask(&app), Ok(Answer::Other(_))));
}
