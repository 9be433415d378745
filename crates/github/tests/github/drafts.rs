//! What is there already: drafts and releases of others, files of others, older and newer versions.

use forge::{Asset, Fault, Forge, MakeLatest, On, Release};
use http::RetryPolicy;
use model::Digest;
use publish::{Answer, Destination, ItemStatus};

use super::sealed::COMMIT;
use super::{ALL, FILES, TOKEN, converges, destination, dist, forge, publish_to, run};

const REPOSITORY: &str = "o/r";

/// A release as another program would make it.
fn release(id: u64, target: &str, draft: bool, files: &[(&str, &[u8])]) -> Release {
    let asset = |(number, (name, bytes)): (u64, &(&str, &[u8]))| Asset {
        id: id * 100 + number,
        name: (*name).to_owned(),
        label: None,
        content_type: "x/y".to_owned(),
        bytes: bytes.to_vec().into(),
        uploaded: true,
        created: 0,
        downloads: 0,
    };
    let assets = (900..).zip(files).map(asset).map(|asset| (asset.id, asset));
    Release {
        id,
        tag: "v1.2.3".to_owned(),
        target: target.to_owned(),
        name: None,
        body: None,
        draft,
        prerelease: false,
        immutable: false,
        make_latest: MakeLatest::False,
        created: 0,
        published: (!draft).then_some(0),
        updated: 0,
        assets: assets.collect(),
    }
}

fn put(forge: &Forge, release: Release) {
    forge.change(|state| state.github.repository(REPOSITORY).releases.insert(release.id, release));
}

#[test]
fn the_commit_is_named_only_where_the_publication_makes_the_tag() {
    for is_tagged in [false, true] {
        let forge = forge(false);
        if is_tagged {
            forge.change(|state| {
                let held = state.github.repository(REPOSITORY);
                held.tags.insert("v1.2.3".to_owned(), COMMIT.to_owned());
            });
        }
        let destination =
            destination(&forge, "commit", "1.2.3", RetryPolicy::without_waits(1)).unwrap();
        publish_to(destination, &ALL).unwrap();
        let github = forge.github();
        let ours = github.published(REPOSITORY, "v1.2.3").unwrap();
        // GitHub refuses it to a workflow's token where workflows differ from the default branch.
        assert_eq!(ours.target == COMMIT, !is_tagged, "{}", ours.target);
        assert_eq!(github.repositories[REPOSITORY].tags["v1.2.3"], COMMIT);
    }
}

#[test]
fn a_prerelease_and_an_older_version_never_become_the_latest() {
    let check = |version: &str, latest: Option<&str>, expected: (bool, MakeLatest)| {
        let forge = forge(false);
        if let Some(latest) = latest {
            let tag = latest.to_owned();
            put(&forge, Release { tag, ..release(77, COMMIT, false, &[]) });
            forge.change(|state| state.github.repository(REPOSITORY).latest = Some(77));
        }
        let destination =
            destination(&forge, "latest", version, RetryPolicy::without_waits(1)).unwrap();
        publish_to(destination, &ALL).unwrap();
        let github = forge.github();
        let ours = github.published(REPOSITORY, &format!("v{version}")).unwrap();
        assert_eq!((ours.prerelease, ours.make_latest), expected, "{version} after {latest:?}");
    };
    check("1.2.3", None, (false, MakeLatest::True));
    check("1.2.3", Some("v1.2.2"), (false, MakeLatest::True));
    check("1.2.3", Some("v2.0.0"), (false, MakeLatest::False));
    check("2.0.0-rc.1", Some("v1.2.2"), (true, MakeLatest::False));
    // Which of the two is newer is not ours to tell.
    check("1.2.3", Some("other-9.0.0"), (false, MakeLatest::Legacy));
}

#[test]
fn of_two_drafts_the_older_one_counts_and_ours_is_deleted() {
    let forge = forge(false);
    forge.change_before(On::at("POST", "/repos/o/r/releases"), |state| {
        let theirs = release(0, COMMIT, true, &[]);
        state.github.repository(REPOSITORY).releases.insert(0, theirs);
    });
    let destination =
        destination(&forge, "two-drafts", "1.2.3", RetryPolicy::without_waits(4)).unwrap();
    let draft = destination.items()[0].clone();
    assert_eq!(destination.ask(&draft), Ok(Answer::Absent));
    destination.write(&draft).unwrap();
    assert_eq!(destination.ask(&draft), Ok(Answer::Same));
    let notices = destination.notices();
    assert_eq!(notices[0].code.name, "github-two-drafts");
    assert!(notices[0].message.starts_with("this run made"), "{notices:?}");
    let left: Vec<u64> = forge.github().releases(REPOSITORY).map(|release| release.id).collect();
    assert_eq!(left, [0]);
    converges(&forge, "two-drafts", "two drafts");
}

#[test]
fn a_draft_that_someone_else_fills_is_left_alone() {
    let check = |prepare: &dyn Fn(&Forge), code: &str| {
        let forge = forge(false);
        prepare(&forge);
        let problems = run(&forge, "foreign", 1).unwrap_err();
        assert_eq!(problems.0[0].code.to_string(), code, "{problems}");
        assert_eq!(forge.writes(), [], "{code}");
    };
    let stranger: &[(&str, &[u8])] = &[("stranger.zip", b"x")];
    let app: &[(&str, &[u8])] = &[("app", b"other bytes")];
    check(&|forge| put(forge, release(3, COMMIT, true, stranger)), "github-foreign-asset");
    check(
        &|forge| {
            put(forge, release(3, COMMIT, true, &[]));
            put(forge, release(4, "other", true, stranger));
        },
        "github-two-drafts",
    );
    check(&|forge| put(forge, release(3, COMMIT, true, app)), "publish-other-bytes");
    check(&|forge| put(forge, release(3, "other", true, app)), "publish-other-bytes");
    check(
        &|forge| {
            forge.change(|state| {
                let tags = &mut state.github.repository(REPOSITORY).tags;
                tags.insert("v1.2.3".to_owned(), "a".repeat(40));
            });
        },
        "github-tag-elsewhere",
    );
}

#[test]
fn both_digests_are_named_when_other_bytes_are_there() {
    let forge = forge(false);
    put(&forge, release(3, COMMIT, true, &[("app", b"other bytes")]));
    let problems = run(&forge, "digests", 1).unwrap_err();
    let message = &problems.0[0].message;
    let ours = std::fs::read(dist("digests").join("github/app")).unwrap();
    for digest in [Digest::of(b"other bytes"), Digest::of(&ours)] {
        assert!(message.contains(&digest.to_string()), "{message}");
    }
}

#[test]
fn a_published_release_with_other_files_is_never_touched() {
    let check = |change: &dyn Fn(&mut Release), expected: Option<&str>| {
        let forge = forge(false);
        run(&forge, "published", 1).unwrap();
        forge.change(|state| {
            let releases = &mut state.github.repository(REPOSITORY).releases;
            releases.values_mut().for_each(change);
        });
        forge.clear_log();
        let ended = run(&forge, "published", 1);
        match expected {
            None => assert!(ended.unwrap().iter().all(|fate| *fate == ItemStatus::AlreadyThere)),
            Some(words) => {
                let text = ended.unwrap_err().to_string();
                assert!(text.contains(words), "{text}");
            }
        }
        assert_eq!(forge.writes(), [], "{expected:?}");
    };
    let named = |release: &mut Release, name: &str| {
        let found = release.assets.values().find(|asset| asset.name == name);
        found.map(|asset| asset.id).unwrap()
    };
    check(&|_| {}, None);
    check(
        &|release| {
            let mut by_hand = release.assets.values().next().unwrap().clone();
            (by_hand.id, by_hand.name) = (999, "by-hand.txt".to_owned());
            release.assets.insert(999, by_hand);
        },
        None,
    );
    check(
        &|release| {
            let id = named(release, FILES[2]);
            release.assets.remove(&id);
        },
        Some("a published release with no `checksums.txt`"),
    );
    check(
        &|release| {
            let id = named(release, FILES[2]);
            release.assets.get_mut(&id).unwrap().bytes = b"SUMS".to_vec().into();
        },
        Some("`checksums.txt` as sha256:"),
    );
}

#[test]
fn without_digests_the_bytes_themselves_are_compared() {
    let github = forge::GithubSetup {
        token: Some(TOKEN.to_owned()),
        digests: false,
        ..forge::GithubSetup::default()
    };
    let forge = Forge::start(forge::Setup { github, ..forge::Setup::default() }).unwrap();
    put(&forge, release(3, COMMIT, true, &[("app", b"the pr")]));
    let destination =
        destination(&forge, "hashes", "1.2.3", RetryPolicy::without_waits(2)).unwrap();
    let app = destination.items().iter().find(|item| item.name.ends_with("/app")).unwrap().clone();
    assert_eq!(destination.ask(&app), Ok(Answer::Stale), "another size in a draft: sent in part");
    destination.write(&app).unwrap();
    assert_eq!(destination.ask(&app), Ok(Answer::Same));
    forge.inject(Fault::always(On::service(forge::Service::Objects), forge::Kind::WrongBytes));
    assert!(matches!(destination.ask(&app), Ok(Answer::Other(_))), "other bytes of the same size");
}
