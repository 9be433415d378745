//! What GitHub refuses, and what is never sent.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use forge::{Fault, Kind, On};
use model::Digest;
use remote::github::{Github, GithubSetup, Repository};
use remote::http::{Http, Patience};
use remote::{Answer, Room, Secret};
use serde_json::json;

use super::sealed::{COMMIT, manifest};
use super::{FILES, TOKEN, dist, forge, room, room_of, run};

const LIST: &str = "/repos/o/r/releases";

#[test]
fn a_rate_limit_within_our_patience_is_waited_for_and_a_longer_one_named() {
    let check = |retry_after: u64, expected: Option<&str>| {
        let forge = forge(false);
        forge.inject(Fault::once(On::at("GET", LIST), Kind::SecondaryRateLimit { retry_after }));
        let longest = Duration::from_millis(10);
        let patience = Patience { longest, ..Patience::without_waits(3) };
        let room = room(&forge, "limits", "1.2.3", patience).unwrap();
        let answer = room.ask(&room.items()[0].clone());
        match expected {
            None => assert_eq!(answer, Ok(Answer::Absent)),
            Some(words) => {
                let problem = answer.unwrap_err();
                assert_eq!(problem.code.to_string(), "github-rate-limit");
                assert!(problem.message.contains(words), "{problem}");
            }
        }
    };
    check(0, None);
    check(90, Some("90 seconds"));
}

#[test]
fn a_refusal_names_the_token_or_the_right_that_is_missing_and_never_the_token_itself() {
    let check = |status: u16, body: &str, code: &str, words: &str| {
        let forge = forge(false);
        forge.inject(Fault::always(
            On::at("GET", LIST),
            Kind::StatusWithBody(status, body.to_owned()),
        ));
        let problem = run(&forge, "refused", 1).unwrap_err().0.remove(0);
        assert_eq!(problem.code.to_string(), code);
        let text = problem.to_string();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains(TOKEN), "{text}");
    };
    check(401, r#"{"message": "Bad credentials"}"#, "github-credentials", "GITHUB_TOKEN");
    check(403, r#"{"message": "not accessible"}"#, "github-credentials", "contents: write");
    check(404, r#"{"message": "Not Found"}"#, "github-refused", "no such repository");
    let echo = format!(r#"{{"message": "you sent {TOKEN}"}}"#);
    check(418, &echo, "github-refused", "you sent ***");
    check(200, "<html>", "github-answer", "cannot be read");
}

#[test]
fn a_repository_that_was_renamed_is_named() {
    let forge = forge(false);
    forge.inject(Fault::always(On::at("POST", LIST), Kind::Redirect("/x".to_owned())));
    let room = room(&forge, "moved", "1.2.3", Patience::without_waits(1)).unwrap();
    let problem = room.write(&room.items()[0].clone()).unwrap_err();
    assert_eq!(problem.code.to_string(), "github-moved");
}

#[test]
fn an_upload_address_elsewhere_gets_neither_bytes_nor_token() {
    let forge = forge(false);
    // A draft that is marked as ours: nothing but its assets is missing.
    let line = |name: &str| {
        let bytes = fs::read(dist("elsewhere").join("github").join(name)).unwrap();
        format!("{}  {name}\n", Digest::of(&bytes).hex())
    };
    let set = Digest::of(FILES.map(line).concat().as_bytes());
    let row = json!([{
        "id": 3, "tag_name": "v1.2.3", "draft": true, "target_commitish": COMMIT,
        "body": format!("- notes\n\n<!-- package-actions {set} -->"),
        "upload_url": "https://example.com/up/3/assets{?name,label}",
    }]);
    forge.inject(Fault::always(On::at("GET", LIST), Kind::StatusWithBody(200, row.to_string())));
    let assets = format!("{LIST}/3/assets");
    forge.inject(Fault::always(On::at("GET", &assets), Kind::StatusWithBody(200, "[]".to_owned())));
    let problems = run(&forge, "elsewhere", 1).unwrap_err();
    assert!(
        problems.0.iter().any(|one| one.code.to_string() == "github-upload-address"),
        "{problems}"
    );
}

#[test]
fn what_cannot_be_published_is_said_before_anything_is_asked() {
    let forge = forge(false);
    let check = |files: &[(&str, &str)], code: &str| {
        let made = room_of(&forge, &dist_of(files), "1.2.3", Patience::without_waits(1));
        let problems = made.err().unwrap();
        assert_eq!(problems.0[0].code.to_string(), code, "{problems}");
    };
    check(&[("other", "x")], "github-asset-missing");
    check(&[("app", "x"), ("a b", "x")], "github-asset-name");
    check(&[("app", "x"), (".hidden", "x")], "github-asset-name");
    check(&[("app", "")], "github-asset-empty");
    assert_eq!(forge.log(), []);
}

/// A `dist/` with these downloads alone.
fn dist_of(files: &[(&str, &str)]) -> PathBuf {
    let dist = Path::new(env!("CARGO_TARGET_TMPDIR")).join("releases-wrong");
    fs::remove_dir_all(&dist).ok();
    fs::create_dir_all(dist.join("github")).unwrap();
    for (name, text) in files {
        fs::write(dist.join("github").join(name), text).unwrap();
    }
    dist
}

#[test]
fn a_missing_token_is_named_with_the_permission() {
    let http = Arc::new(Http::new(Patience::without_waits(1)).unwrap());
    for token in [None, Some(Secret::new(" "))] {
        let repository = Repository::of("o/r", None).unwrap();
        let setup = GithubSetup { repository, token, asks_only: false, notes: None };
        let manifest = manifest("1.2.3", Vec::new(), &["app"]);
        let made = Github::new(&http, &manifest, &dist("token"), setup);
        let problem = made.err().unwrap().0.remove(0);
        assert_eq!(problem.code.to_string(), "credentials-missing");
        let text = problem.to_string();
        for words in ["GITHUB_TOKEN", "GH_TOKEN", "permissions: contents: write"] {
            assert!(text.contains(words), "{text}");
        }
    }
}
