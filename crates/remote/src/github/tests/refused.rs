//! What GitHub refuses, and what is never sent.

use super::*;

#[test]
fn a_rate_limit_within_our_patience_is_waited_for_and_a_longer_one_named() {
    let check = |more: &'static str, expected: Option<&str>| {
        let hub = start();
        let limit = Fault::Answer(403, more, "{\"message\": \"secondary rate limit\"}");
        lock(&hub).faults.push(("GET /repos/o/r/releases?", limit));
        let longest = Duration::from_millis(10);
        let patience = Patience { longest, ..Patience::without_waits(3) };
        let room = room_with(&hub, &dist("limits", FILES), "1.2.3", patience).unwrap();
        let answer = room.ask(&room.items()[0].clone());
        match expected {
            None => assert_eq!(answer, Ok(Answer::Absent)),
            Some(words) => {
                let problem = answer.unwrap_err();
                assert_eq!(problem.code, "github-rate-limit");
                assert!(problem.message.contains(words), "{problem}");
            }
        }
    };
    check("retry-after: 0\r\n", None);
    check("retry-after: 90\r\n", Some("90 seconds"));
    check("", Some("60 seconds"));
}

#[test]
fn a_refusal_names_the_token_or_the_right_that_is_missing_and_never_the_token_itself() {
    let check = |status: u16, body: &'static str, code: &str, words: &str| {
        let hub = start();
        lock(&hub).faults.push(("GET", Fault::Answer(status, "", body)));
        let problem = run(room_of(&hub, "refused", "1.2.3")).unwrap_err().0.remove(0);
        assert_eq!(problem.code, code);
        let text = problem.to_string();
        assert!(text.contains(words), "{text}");
        assert!(!text.contains("canary-token"), "{text}");
    };
    check(401, "{\"message\": \"Bad credentials\"}", "github-credentials", "GITHUB_TOKEN");
    check(403, "{\"message\": \"not accessible\"}", "github-credentials", "contents: write");
    check(404, "{\"message\": \"Not Found\"}", "github-refused", "no such repository");
    check(418, "{\"message\": \"you sent canary-token\"}", "github-refused", "you sent ***");
    check(200, "<html>", "github-answer", "cannot be read");
}

#[test]
fn a_repository_that_was_renamed_is_named() {
    let hub = start();
    lock(&hub).faults.push(("POST /repos", Fault::Answer(307, "location: /x\r\n", "")));
    let room = room_with(&hub, &dist("moved", FILES), "1.2.3", Patience::without_waits(1)).unwrap();
    let problem = room.write(&room.items()[0].clone()).unwrap_err();
    assert_eq!(problem.code, "github-moved");
}

#[test]
fn an_upload_address_elsewhere_gets_neither_bytes_nor_token() {
    let hub = start();
    lock(&hub).draft(3, "v1.2.3", COMMIT);
    let elsewhere = json!("https://example.com/up/3/assets{?name,label}");
    lock(&hub).releases.get_mut(&3).unwrap()["upload_url"] = elsewhere;
    let problems = run(room_of(&hub, "elsewhere", "1.2.3")).unwrap_err();
    assert!(problems.0.iter().any(|one| one.code == "github-upload-address"), "{problems}");
}

#[test]
fn what_cannot_be_published_is_said_before_anything_is_asked() {
    let hub = start();
    let check = |files: &[(&str, &str)], code: &str| {
        let made = room_with(&hub, &dist("wrong", files), "1.2.3", Patience::without_waits(1));
        let problems = made.err().unwrap();
        assert_eq!(problems.0[0].code, code, "{problems}");
    };
    check(&[("other", "x")], "github-asset-missing");
    check(&[("app", "x"), ("a b", "x")], "github-asset-name");
    check(&[("app", "x"), (".hidden", "x")], "github-asset-name");
    check(&[("app", "")], "github-asset-empty");
    assert_eq!(lock(&hub).log, Vec::<String>::new());
}

#[test]
fn a_missing_token_is_named_with_the_permission() {
    let http = Arc::new(Http::new(Patience::without_waits(1)).unwrap());
    let repository = Repository::of("o/r", None).unwrap();
    for token in [None, Some(Secret::new(" "))] {
        let repository = repository.clone();
        let setup = GithubSetup { repository, token, asks_only: false, notes: None };
        let made = Github::new(&http, &manifest("1.2.3"), &dist("token", FILES), setup);
        let problem = made.err().unwrap().0.remove(0);
        assert_eq!(problem.code, "credentials-missing");
        let text = problem.to_string();
        for words in ["GITHUB_TOKEN", "GH_TOKEN", "permissions: contents: write"] {
            assert!(text.contains(words), "{text}");
        }
    }
}
