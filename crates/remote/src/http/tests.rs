use std::sync::atomic::AtomicUsize;

use reqwest::header::{ACCEPT, AUTHORIZATION};

use super::*;
use crate::Secret;
use crate::scripted::{Server, answer};

fn http() -> Http {
    Http::new(Patience::without_waits(3)).unwrap()
}

/// A server that answers with each of `script` in turn, then with 200.
fn server(script: Vec<Vec<u8>>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let turn = next.fetch_add(1, Ordering::SeqCst);
        script.get(turn).cloned().unwrap_or_else(|| answer(200, &[], b"done"))
    })
}

fn check(request: impl Fn(Url) -> Request, script: Vec<Vec<u8>>, expected: Result<u16, &str>) {
    let tries = script.len();
    let server = server(script);
    let http = http();
    let found = http.block_on(http.send(request(server.address("/x"))));
    let found =
        found.map(|reply| reply.status.as_u16()).map_err(|problem| problem.code.to_string());
    assert_eq!(found, expected.map_err(str::to_owned), "{tries} answers");
}

#[test]
fn what_passes_is_repeated_a_bounded_number_of_times() {
    let truncated = || answer(200, &[("Content-Length", "100")], b"half");
    check(Request::get, vec![answer(503, &[("Retry-After", "9")], b"")], Ok(200));
    check(Request::get, vec![answer(500, &[], b""), answer(429, &[], b"")], Ok(200));
    check(Request::get, vec![truncated(), Vec::new()], Ok(200));
    check(Request::get, vec![answer(502, &[], b""); 3], Ok(502));
    check(Request::get, vec![Vec::new(); 3], Err("remote-unreachable"));
    check(Request::get, vec![truncated(); 3], Err("remote-unreachable"));
    check(Request::get, vec![answer(404, &[], b"")], Ok(404));
}

#[test]
fn a_host_that_is_gone_is_waited_for_once() {
    let http = http();
    let away = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/x", listener.local_addr().unwrap())
    };
    let away: Url = away.parse().unwrap();
    let fault = |url: &Url| http.block_on(http.once(&Request::get(url.clone()))).unwrap_err();
    let send = |url: &Url| {
        let sent = http.block_on(http.send(Request::get(url.clone())));
        sent.map(|reply| reply.status.as_u16()).map_err(|problem| problem.code.to_string())
    };
    assert!(!http.gone.holds(&fault(&away)));
    for _ in 0..2 {
        assert_eq!(send(&away), Err("remote-unreachable".to_owned()));
        assert!(http.gone.holds(&fault(&away)));
    }
    // What was reached and broke off, or answered, is not gone.
    let breaks = server(vec![Vec::new(); 3]);
    assert!(send(&breaks.address("/x")).is_err());
    assert!(http.gone.0.lock().unwrap().len() == 1);
    // One that came back is put up with again, from its first answer on.
    let back = server(vec![answer(503, &[], b""), Vec::new()]);
    let url = back.address("/x");
    http.gone.note(&Fault { unreached: Some(gone::place(&url)), ..fault(&away) });
    assert_eq!(send(&url), Ok(200));
    assert!(http.gone.0.lock().unwrap().len() == 1);
    // A target of a redirect is gone, not who sent there.
    let location = away.to_string();
    let sends = server(vec![answer(302, &[("Location", location.as_str())], b""); 3]);
    assert!(send(&sends.address("/x")).is_err());
    assert!(http.gone.0.lock().unwrap().len() == 1);
}

#[test]
fn what_may_have_been_done_is_not_done_twice() {
    let post = |url| Request::new(Method::POST, url);
    check(post, vec![answer(500, &[], b"")], Ok(500));
    check(post, vec![Vec::new()], Err("remote-unreachable"));
    check(post, vec![answer(429, &[], b""), answer(503, &[], b"")], Ok(200));
    check(|url| post(url).repeatable(true), vec![answer(500, &[], b"")], Ok(200));
}

#[test]
fn a_body_above_its_limit_is_refused() {
    let with = |limit| move |url| Request::get(url).limit(limit);
    check(with(4), vec![answer(200, &[], b"four")], Ok(200));
    check(with(3), vec![answer(200, &[], b"four")], Err("remote-body-limit"));
    let endless = b"HTTP/1.1 200 X\r\n\r\n".iter().chain(&[b'x'; 5000]).copied().collect();
    check(with(4000), vec![endless], Err("remote-body-limit"));
}

#[test]
fn credentials_stay_with_their_host() {
    let other = server(Vec::new());
    let target = other.address("/there?token=1").to_string();
    let own = server(vec![
        answer(307, &[("Location", "/again")], b""),
        answer(302, &[("Location", &target)], b""),
    ]);
    let request = Request::get(own.address("/x")).header(ACCEPT, "a/b");
    let request = request.credential(AUTHORIZATION, &Secret::new("Bearer canary")).unwrap();
    let http = http();
    let reply = http.block_on(http.send(request)).unwrap();
    assert_eq!(reply.url.as_str(), target);
    let sent: Vec<String> =
        own.seen().iter().map(|seen| seen.header("authorization").to_owned()).collect();
    assert_eq!(sent, ["Bearer canary", "Bearer canary"]);
    let there = other.seen();
    assert_eq!(there[0].header("authorization"), "");
    assert_eq!(there[0].header("accept"), "a/b");
}

#[test]
fn redirects_end_and_only_questions_follow_them() {
    let around = || answer(302, &[("Location", "/x")], b"");
    check(Request::get, vec![around(); 9], Err("remote-redirect"));
    check(Request::get, vec![answer(302, &[], b"")], Err("remote-redirect"));
    let away = answer(302, &[("Location", "http://example.org/")], b"");
    check(Request::get, vec![away], Err("remote-plain-http"));
    check(|url| Request::new(Method::PUT, url), vec![around()], Ok(302));
}

#[test]
fn a_refusal_names_what_was_asked_and_no_secret() {
    let server = server(vec![answer(403, &[], b"no, Bearer canary-b is not enough")]);
    let http = http();
    let request = Request::get(server.address("/v2/x?token=canary-a"));
    let request = request.credential(AUTHORIZATION, &Secret::new("Bearer canary-b")).unwrap();
    let reply = http.block_on(http.send(request)).unwrap();
    let problem = reply.refusal();
    assert_eq!(problem.code.to_string(), "remote-refused");
    assert!(problem.message.contains("/v2/x"), "{problem}");
    assert!(problem.message.contains("no, *** is not enough"), "{problem}");
    assert!(!problem.to_string().contains("canary"), "{problem}");
}

#[test]
fn who_does_not_answer_is_named_without_the_query() {
    let server = server(vec![Vec::new(); 3]);
    let http = http();
    let request = Request::get(server.address("/x?token=canary"));
    let problem = http.block_on(http.send(request)).unwrap_err();
    assert_eq!(problem.code.to_string(), "remote-unreachable");
    let named = format!("GET http://127.0.0.1:{}/x failed", server.port);
    assert!(problem.message.contains(&named), "{problem}");
    assert!(!problem.to_string().contains("canary"), "{problem}");
}

#[test]
fn a_credential_that_no_header_can_hold_is_refused_unseen() {
    let request = Request::get(address("https://a.example/").unwrap());
    let problem = request.credential(AUTHORIZATION, &Secret::new("canary\n")).unwrap_err();
    assert_eq!(problem.code.to_string(), "credentials-unusable");
    assert!(!format!("{problem} {problem:?}").contains("canary"));
}
