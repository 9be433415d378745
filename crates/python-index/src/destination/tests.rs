use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Mutex;
use std::thread;

use http::{RetryPolicy, Secret};
use model::{Digest, Invocation};
use publish::{Event, ItemStatus, Options, publish};

use super::*;
use crate::preflight::{Workflow, preflight};
use crate::uv::{Trusted, UvEnd};

mod preconditions;
#[path = "../../tests/fixtures/sealed.rs"]
mod sealed;

const WHEEL: &str = "a_b-1.0-py3-none-any.whl";
const SDIST: &str = "a_b-1.0.tar.gz";
const OTHER: &str = "other-1.0.tar.gz";

/// An index of a few lines, and a uv that puts files into it.
#[derive(Default)]
struct Fake {
    files: BTreeMap<String, Digest>,
    /// What the next pages say instead, in order.
    pages: Vec<String>,
    /// How the next uploads end, in order.
    ends: Vec<&'static str>,
    /// Whether a failing upload stores its first file all the same.
    stores_first: bool,
    json: bool,
    digests: bool,
    uploaded: &'static str,
    calls: Vec<Vec<String>>,
    asked: Vec<String>,
}

type Shared = Arc<Mutex<Fake>>;

struct FakeUv(Shared);

impl Uv for FakeUv {
    fn run(&self, command: &Invocation, _: &[(String, Secret)]) -> Result<UvEnd, Diagnostic> {
        let mut fake = self.0.lock().unwrap();
        let files = command.args.iter().skip_while(|arg| *arg != "--").skip(1);
        let names: Vec<String> =
            files.map(|path| path.rsplit('/').next().unwrap().to_owned()).collect();
        fake.calls.push(names.clone());
        let said = if fake.ends.is_empty() { None } else { Some(fake.ends.remove(0)) };
        let stored = if said.is_none() { names.len() } else { usize::from(fake.stores_first) };
        for name in names.iter().take(stored) {
            fake.files.insert(name.clone(), Digest::of(name.as_bytes()));
        }
        Ok(UvEnd { success: said.is_none(), stderr: said.unwrap_or_default().to_owned() })
    }
}

impl Fake {
    fn page(&mut self, project: &str) -> String {
        if !self.pages.is_empty() {
            return self.pages.remove(0);
        }
        let of = |name: &&String| {
            crate::preflight::project(name).is_some_and(|found| found.0 == project)
        };
        let names: Vec<&String> = self.files.keys().filter(of).collect();
        if names.is_empty() {
            return answer("404 Not Found", "", "");
        }
        let hex = |name: &String| self.files.get(name).unwrap().hex();
        if self.json {
            let file = |name: &&String| {
                format!(
                    r#"{{"filename": "{name}", "url": "/f/{name}", "upload-time": "{}",
                         "hashes": {{"sha256": "{}"}}}}"#,
                    self.uploaded,
                    hex(name)
                )
            };
            let files: Vec<String> = names.iter().map(file).collect();
            let files = files.join(",");
            let body = format!(
                r#"{{"meta": {{"api-version": "1.1"}}, "name": "{project}", "files": [{files}]}}"#
            );
            return answer("200 OK", "application/vnd.pypi.simple.v1+json", &body);
        }
        let link = |name: &&String| {
            let fragment =
                if self.digests { format!("#sha256={}", hex(name)) } else { String::new() };
            format!("<a href='/f/{name}{fragment}'>{name}</a>")
        };
        let body: Vec<String> = names.iter().map(link).collect();
        answer("200 OK", "text/html", &body.join("\n"))
    }
}

fn answer(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn start() -> (Shared, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/simple", listener.local_addr().unwrap());
    let fake =
        Fake { json: true, digests: true, uploaded: "2026-01-01T00:00:00Z", ..Fake::default() };
    let fake = Arc::new(Mutex::new(fake));
    let shared = Arc::clone(&fake);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let fake = Arc::clone(&shared);
            thread::spawn(move || {
                let mut reader = BufReader::new(stream);
                loop {
                    let lines = reader.by_ref().lines().map_while(Result::ok);
                    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                    let Some(target) = head.first().and_then(|line| line.split(' ').nth(1)) else {
                        return;
                    };
                    let mut fake = fake.lock().unwrap();
                    fake.asked.push(target.to_owned());
                    // A file's bytes are its name.
                    let text = match target.strip_prefix("/f/") {
                        Some(name) => answer("200 OK", "x", name),
                        None => fake.page(target.trim_matches('/').trim_start_matches("simple/")),
                    };
                    reader.get_mut().write_all(text.as_bytes()).unwrap();
                }
            });
        }
    });
    (fake, base)
}

/// A file's bytes are its name.
fn manifest(files: &[&str]) -> Manifest {
    let artifacts = files.iter().map(|name| sealed::distribution(name, name.as_bytes()));
    sealed::manifest("1.0.0", artifacts.collect(), &[])
}

/// The formats that an index takes.
static FORMATS: &[&dyn Inspects] = &[&pypi::Pypi];

fn setup(base: &str) -> Settings {
    let auth = UploadAuth { token: Some(Secret::new("canary-token")), ..UploadAuth::default() };
    let index = IndexAddress { upload: None, check: Some(base.to_owned()) };
    Settings { index, auth, now: epoch_of_rfc3339("2026-01-02T00:00:00Z").unwrap() }
}

fn with_destination<T>(
    base: &str,
    uv: &FakeUv,
    files: &[&str],
    work: impl FnOnce(&PythonIndex<'_>) -> T,
) -> T {
    let http = Arc::new(Http::new(RetryPolicy::without_waits(3)).unwrap());
    let dist = Path::new("/nowhere");
    work(&PythonIndex::new(&http, (&manifest(files), FORMATS), dist, setup(base), uv).unwrap())
}

fn run(base: &str, uv: &FakeUv, files: &[&str]) -> publish::Run {
    let http = Arc::new(Http::new(RetryPolicy::without_waits(3)).unwrap());
    let index = PythonIndex::new(
        &http,
        (&manifest(files), FORMATS),
        Path::new("/nowhere"),
        setup(base),
        uv,
    )
    .unwrap();
    let destinations: [Box<dyn Destination + '_>; 1] = [Box::new(index)];
    let phases = BTreeSet::from([Phase::Index]);
    publish(&destinations, &Options { phases, dry_run: false }, &|_: &Event<'_>| {})
}

fn lock(fake: &Shared) -> MutexGuard<'_, Fake> {
    fake.lock().unwrap()
}

#[test]
fn files_are_sent_once_and_a_second_run_sends_nothing() {
    let (fake, base) = start();
    let uv = FakeUv(Arc::clone(&fake));
    let files = [WHEEL, SDIST, OTHER];
    let first = run(&base, &uv, &files);
    assert!(first.problems.is_empty(), "{}", first.problems);
    let calls = lock(&fake).calls.len();
    let again = run(&base, &uv, &files);
    assert!(again.items.iter().all(|ended| ended.status == ItemStatus::AlreadyThere));
    assert_eq!(lock(&fake).calls.len(), calls);
}

#[test]
fn html_and_json_pages_answer_alike() {
    for (json, digests) in [(true, true), (false, true), (false, false)] {
        let (fake, base) = start();
        lock(&fake).json = json;
        lock(&fake).digests = digests;
        let uv = FakeUv(Arc::clone(&fake));
        lock(&fake).files.insert(SDIST.to_owned(), Digest::of(SDIST.as_bytes()));
        with_destination(&base, &uv, &[WHEEL, SDIST, OTHER], |index| {
            let ask = |at: usize| index.ask(&index.items()[at]).unwrap();
            assert_eq!(ask(0), Answer::Absent, "json: {json}");
            assert_eq!(ask(1), Answer::Same, "json: {json}");
            assert_eq!(ask(2), Answer::Absent, "json: {json}");
        });
        // One question a project, and the file itself only where no digest is given.
        let asked = lock(&fake).asked.len();
        assert_eq!(asked, if digests { 2 } else { 3 });
    }
}

#[test]
fn other_bytes_are_named_by_both_digests() {
    let (fake, base) = start();
    let theirs = Digest::of(b"theirs");
    lock(&fake).files.insert(SDIST.to_owned(), theirs);
    let uv = FakeUv(Arc::clone(&fake));
    let run = run(&base, &uv, &[WHEEL, SDIST]);
    let text = run.problems.to_string();
    for digest in [theirs, Digest::of(SDIST.as_bytes())] {
        assert!(text.contains(&digest.to_string()), "{text}");
    }
    assert_eq!(lock(&fake).calls.len(), 0);
}

#[test]
fn an_upload_that_may_pass_is_tried_again_with_what_is_still_absent() {
    let (fake, base) = start();
    let busy = "error: Failed\n  cause: Server returned status code 503 Service Unavailable.";
    lock(&fake).ends = vec![busy];
    lock(&fake).stores_first = true;
    let uv = FakeUv(Arc::clone(&fake));
    with_destination(&base, &uv, &[WHEEL, SDIST], |index| {
        let items: Vec<&Item> = index.items().iter().collect();
        assert_eq!(index.write_all(&items), Some(vec![Ok(()), Ok(())]));
    });
    assert_eq!(lock(&fake).calls, [vec![WHEEL, SDIST], vec![SDIST]]);
}

#[test]
fn an_upload_that_is_refused_is_not_tried_again() {
    let (fake, base) = start();
    lock(&fake).ends = vec!["error: Failed\n  cause: Server returned status code 403 Forbidden."];
    let uv = FakeUv(Arc::clone(&fake));
    let run = run(&base, &uv, &[SDIST]);
    assert_eq!(run.problems.0[0].code.to_string(), "index-credentials", "{}", run.problems);
    assert_eq!(lock(&fake).calls.len(), 1);
}

#[test]
fn a_page_that_is_late_is_waited_for_after_an_upload_only() {
    let (fake, base) = start();
    let uv = FakeUv(Arc::clone(&fake));
    let late = answer("404 Not Found", "", "");
    lock(&fake).pages = vec![late.clone(), late.clone(), late];
    with_destination(&base, &uv, &[SDIST], |index| {
        let item = &index.items()[0];
        assert_eq!(index.ask(item), Ok(Answer::Absent));
        assert_eq!(lock(&fake).asked.len(), 1);
        index.write(item).unwrap();
        assert_eq!(index.ask(item), Ok(Answer::Same));
        assert_eq!(lock(&fake).asked.len(), 4);
    });
}

#[test]
fn a_question_that_failed_is_no_absence() {
    let check = |page: String, code: &str| {
        let (fake, base) = start();
        lock(&fake).pages = vec![page; 3];
        let uv = FakeUv(Arc::clone(&fake));
        with_destination(&base, &uv, &[SDIST], |index| {
            assert_eq!(index.ask(&index.items()[0]).unwrap_err().code.name, code);
        });
    };
    check(answer("500 Oops", "", ""), "remote-refused");
    check(answer("401 No", "", ""), "index-credentials");
    check(answer("200 OK", "application/json", "{"), "index-page");
    let elsewhere = "HTTP/1.1 302 Found\r\nlocation: http://localhost:1/simple/a-b/\r\n\
                     content-length: 0\r\n\r\n";
    check(elsewhere.to_owned(), "remote-unreachable");
    let (other, other_base) = start();
    drop(other);
    let elsewhere = elsewhere.replace("http://localhost:1/simple", &other_base);
    check(elsewhere, "index-elsewhere");
}

#[test]
fn a_release_that_is_nearly_closed_is_warned_about_and_a_closed_one_refused() {
    let check = |uploaded: &'static str, own_index: bool, code: Option<&str>| {
        let (fake, base) = start();
        lock(&fake).uploaded = uploaded;
        lock(&fake).files.insert(WHEEL.to_owned(), Digest::of(WHEEL.as_bytes()));
        let uv = FakeUv(Arc::clone(&fake));
        let mut setup = setup(&base);
        setup.index.upload = own_index.then(|| "http://127.0.0.1:1/".to_owned());
        let http = Arc::new(Http::new(RetryPolicy::without_waits(3)).unwrap());
        let index = PythonIndex::new(
            &http,
            (&manifest(&[WHEEL, SDIST]), FORMATS),
            Path::new("/"),
            setup,
            &uv,
        )
        .unwrap();
        assert_eq!(index.ask(&index.items()[0]), Ok(Answer::Same));
        let answer = index.ask(&index.items()[1]);
        assert_eq!(answer.as_ref().err().map(|problem| problem.code.name), code);
        index.notices().len()
    };
    assert_eq!(check("2026-01-01T00:00:00Z", false, None), 0);
    assert_eq!(check("2025-12-23T00:00:00Z", false, None), 1);
    assert_eq!(check("2025-12-19T00:00:00Z", false, Some("index-window")), 0);
    assert_eq!(check("2025-12-19T00:00:00Z", true, None), 1);
    assert_eq!(check("", false, None), 0);
}

#[test]
fn all_files_of_a_project_go_the_same_way_wheels_first() {
    let (fake, base) = start();
    let uv = FakeUv(Arc::clone(&fake));
    let many: Vec<String> = (0..9).map(|number| format!("p{number}-1.0.tar.gz")).collect();
    let mut files: Vec<&str> = many.iter().map(String::as_str).collect();
    files.extend([SDIST, WHEEL]);
    with_destination(&base, &uv, &files, |index| {
        let items: Vec<&Item> = index.items().iter().collect();
        assert!(index.write_all(&items).unwrap().iter().all(Result::is_ok));
    });
    let calls = &lock(&fake).calls;
    assert_eq!(calls.len(), 4, "{calls:?}");
    let of_a_b: Vec<&Vec<String>> =
        calls.iter().filter(|call| call.contains(&SDIST.to_owned())).collect();
    let place = |name: &str| of_a_b[0].iter().position(|one| one == name);
    assert!(place(WHEEL) < place(SDIST) && place(WHEEL).is_some(), "{calls:?}");
}
