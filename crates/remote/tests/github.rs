//! The room of GitHub releases against a GitHub that fails, refuses and lies on order.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]
#![allow(clippy::panic, clippy::print_stdout, reason = "its figures are for people")]

#[path = "github/drafts.rs"]
mod drafts;
#[path = "github/refused.rs"]
mod refused;
#[path = "fixtures/sealed.rs"]
#[allow(dead_code, reason = "distributions are for the index's tests")]
mod sealed;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, thread};

use forge::{Fault, Forge, GithubSetup as Hub, Kind, MakeLatest, On, Service, Setup};
use model::Diagnostics;
use remote::github::{Github, GithubSetup, Repository};
use remote::http::{Http, Patience};
use remote::{Fate, Order, Phase, Room, Secret, publish};
use sealed::{COMMIT, manifest};

const TOKEN: &str = "canary-token";
const FILES: [&str; 3] = ["app", "app-1.2.3+x.tgz", "checksums.txt"];

fn forge(immutable: bool) -> Forge {
    let github = Hub { token: Some(TOKEN.to_owned()), immutable, ..Hub::default() };
    Forge::start(Setup { github, ..Setup::default() }).unwrap()
}

fn dist(salt: &str) -> PathBuf {
    let dist = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("releases-{salt}"));
    fs::create_dir_all(dist.join("github")).unwrap();
    for file in FILES {
        fs::write(dist.join("github").join(file), format!("{file} {salt}").repeat(50)).unwrap();
    }
    dist
}

/// The room for a release of `version` with that salt.
fn room(
    forge: &Forge,
    salt: &str,
    version: &str,
    patience: Patience,
) -> Result<Github, Diagnostics> {
    room_of(forge, &dist(salt), version, patience)
}

/// The room for the downloads of `dist`.
fn room_of(
    forge: &Forge,
    dist: &Path,
    version: &str,
    patience: Patience,
) -> Result<Github, Diagnostics> {
    let http = Arc::new(Http::new(patience).unwrap());
    let repository =
        Repository { api: forge.url(Service::Api), owner: "o".to_owned(), repo: "r".to_owned() };
    let notes = Some("- notes".to_owned());
    let token = Some(Secret::new(TOKEN));
    let setup = GithubSetup { repository, token, asks_only: false, notes };
    Github::new(&http, &manifest(version, Vec::new(), &["app"]), dist, setup)
}

/// Publishes `phases`, and gives what became of each item.
fn run_in(
    forge: &Forge,
    salt: &str,
    phases: &[Phase],
    attempts: u32,
) -> Result<Vec<Fate>, Diagnostics> {
    publish_room(room(forge, salt, "1.2.3", Patience::without_waits(attempts))?, phases)
}

fn publish_room(room: Github, phases: &[Phase]) -> Result<Vec<Fate>, Diagnostics> {
    let rooms: [Box<dyn Room>; 1] = [Box::new(room)];
    let order = Order { phases: phases.iter().copied().collect(), dry_run: false };
    let run = publish(&rooms, &order, &|_| {});
    let text = run.problems.to_string();
    assert!(!text.contains(TOKEN), "{text}");
    if !run.problems.is_empty() {
        return Err(run.problems);
    }
    Ok(run.items.iter().map(|ended| ended.fate).collect())
}

const ALL: [Phase; 3] = [Phase::Stage, Phase::Index, Phase::Finish];

fn run(forge: &Forge, salt: &str, attempts: u32) -> Result<Vec<Fate>, Diagnostics> {
    run_in(forge, salt, &ALL, attempts)
}

/// The one release that is there: published, with these very bytes and nothing else.
fn is_whole(forge: &Forge, salt: &str, about: &str) {
    let github = forge.github();
    let releases: Vec<_> = github.releases("o/r").collect();
    assert_eq!(releases.len(), 1, "{about}: {releases:?}");
    let release = releases[0];
    assert!(!release.draft, "{about}");
    assert_eq!(github.repositories["o/r"].tags["v1.2.3"], COMMIT, "{about}");
    let names: BTreeSet<&str> = release.assets.values().map(|one| one.name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(FILES), "{about}");
    for asset in release.assets.values() {
        let bytes = fs::read(dist(salt).join("github").join(&asset.name)).unwrap();
        assert!(asset.uploaded && asset.bytes == bytes, "{about}: {}", asset.name);
    }
}

/// Runs until it goes well, then once more, which writes nothing.
fn converges(forge: &Forge, salt: &str, about: &str) {
    for _ in 0..3 {
        if run(forge, salt, 3).is_ok() {
            break;
        }
    }
    forge.clear_log();
    let fates = run(forge, salt, 1);
    let fates = fates.unwrap_or_else(|problems| panic!("{about}: {problems}"));
    assert!(fates.iter().all(|fate| *fate == Fate::AlreadyThere), "{about}: {fates:?}");
    assert_eq!(forge.writes().len(), 0, "{about}");
    is_whole(forge, salt, about);
}

#[test]
fn a_release_arrives_whole_and_a_second_run_writes_nothing() {
    for immutable in [false, true] {
        let forge = forge(immutable);
        let fates = run(&forge, "whole", 1).unwrap();
        assert!(fates.iter().all(|fate| *fate == Fate::Written), "{fates:?}");
        // One draft, three assets, one publication, which comes last.
        let methods: Vec<String> = forge.writes().into_iter().map(|one| one.method).collect();
        assert_eq!(methods, ["POST", "POST", "POST", "POST", "PATCH"]);
        let release = forge.github().published("o/r", "v1.2.3").cloned().unwrap();
        assert_eq!(release.body.as_deref(), Some("- notes"));
        assert_eq!((release.make_latest, release.target.as_str()), (MakeLatest::True, COMMIT));
        converges(&forge, "whole", "again");
    }
}

#[test]
fn a_staged_release_is_seen_by_nobody_until_it_is_finished() {
    let forge = forge(true);
    run_in(&forge, "staged", &[Phase::Stage], 1).unwrap();
    assert_eq!(forge.github().published("o/r", "v1.2.3"), None);
    run_in(&forge, "staged", &[Phase::Finish], 1).unwrap();
    assert!(forge.github().published("o/r", "v1.2.3").is_some_and(|one| one.immutable));
    converges(&forge, "staged", "again");
}

#[test]
fn after_any_fault_at_any_request_the_same_release_is_there() {
    let whole = {
        let forge = forge(true);
        run(&forge, "faults", 1).unwrap();
        forge.log().len() as u64
    };
    let kinds = [
        Kind::DropRequest(0),
        Kind::DropRequest(60),
        Kind::DropResponse(0),
        Kind::DropResponse(200),
        Kind::Status(401),
        Kind::Status(404),
        Kind::Status(422),
        Kind::Status(500),
        Kind::StatusAfter(502),
        Kind::TooManyRequests { retry_after: 0 },
        Kind::SecondaryRateLimit { retry_after: 0 },
        Kind::Stale,
        Kind::Slow(64),
        Kind::WrongDigest,
        Kind::WrongSize,
        Kind::WrongBytes,
        Kind::Redirect("http://localhost:9/elsewhere".to_owned()),
        Kind::Padded(1 << 20),
    ];
    let (mut runs, mut at_once) = (0, 0);
    for kind in &kinds {
        for number in 1..=whole {
            let forge = forge(true);
            forge.inject(Fault::once(On::Sequence(number), kind.clone()));
            at_once += u32::from(run(&forge, "faults", 3).is_ok());
            forge.disarm();
            converges(&forge, "faults", &format!("{kind:?} at request {number}"));
            runs += 1;
        }
    }
    println!("{runs} runs with a fault, {at_once} of them went well at once, all in the end");
}

#[test]
fn a_run_that_was_killed_after_any_number_of_requests_is_run_again() {
    let whole = {
        let forge = forge(false);
        run(&forge, "kills", 1).unwrap();
        forge.log().len() as u64
    };
    for killed_at in 0..whole {
        let forge = forge(false);
        // From one request on everything fails, as for a process that is no more.
        forge.inject(Fault::always(On::Any, Kind::Status(400)).after(killed_at));
        run(&forge, "kills", 1).unwrap_err();
        forge.disarm();
        converges(&forge, "kills", &format!("killed after {killed_at} requests"));
    }
}

#[test]
fn two_publishers_of_one_release_end_with_one() {
    for round in 0..8 {
        let forge = forge(round % 2 == 0);
        let ended: Vec<_> = thread::scope(|scope| {
            let runs: Vec<_> = (0..2).map(|_| scope.spawn(|| run(&forge, "two", 4))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        converges(&forge, "two", &format!("round {round}: {ended:?}"));
    }
}

#[test]
fn of_two_publishers_with_other_bytes_one_wins_and_the_other_says_so() {
    for round in 0..8 {
        let forge = forge(round % 2 == 0);
        let ended: Vec<_> = thread::scope(|scope| {
            let salts = ["mine", "theirs"].into_iter();
            let runs: Vec<_> = salts.map(|salt| scope.spawn(|| run(&forge, salt, 4))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        let won: Vec<&str> = ["mine", "theirs"]
            .into_iter()
            .zip(&ended)
            .filter(|(_, run)| run.is_ok())
            .map(|(salt, _)| salt)
            .collect();
        assert_eq!(won.len(), 1, "round {round}: {ended:?}");
        converges(&forge, won[0], &format!("round {round}: {ended:?}"));
        let said = ended.into_iter().find_map(Result::err).unwrap();
        assert!(said.0.iter().any(|one| one.code == &remote::codes::PUBLISH_OTHER_BYTES), "{said}");
    }
}
