//! `actions/setup`: nothing but the bytes that the commit names is ever run.

use std::collections::VecDeque;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use model::Digest;
use serde_json::json;

use super::installed::{Installed, Run};

const PROGRAM: &str = "#!/bin/sh\necho package-actions 9.9.9\n";

/// Answers one prepared answer a request, in order; what is asked beyond them is refused.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answers: &[String]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, mut left) = (Arc::clone(&asked), VecDeque::from(answers.to_vec()));
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut head = [0; 4096];
                let count = stream.read(&mut head).unwrap_or_default();
                let line = String::from_utf8_lossy(&head[..count]);
                seen.lock().unwrap().push(line.lines().next().unwrap_or_default().to_owned());
                let none = || "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned();
                let answer = left.pop_front().unwrap_or_else(none);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(status: &str, body: &str, length: usize) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn good() -> String {
    answer("200 OK", PROGRAM, PROGRAM.len())
}

/// This machine as the table names it.
fn host() -> String {
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    format!("linux-{arch}")
}

fn write_table(installed: &Installed, row: &str, program: &str) {
    let row = json!({ row: { "name": "package-actions-test", "size": program.len(),
        "sha256": Digest::of(program.as_bytes()).to_string() } });
    let table = json!({ "version": "9.9.9", "commit": "a".repeat(40), "binaries": row });
    fs::write(installed.join("actions/setup/binaries.json"), table.to_string()).unwrap();
}

fn setup(installed: &Installed, server: &Server) -> Run {
    installed.action("setup", &[("PACKAGE_ACTIONS_MIRROR=", &server.address)])
}

fn refused(run: &Run, code: &str, words: &str) {
    assert_eq!(run.verdict.code, 1, "{:?}", run.verdict);
    let stdout = &run.verdict.stdout;
    assert!(stdout.contains(&format!("title={code}::")) && stdout.contains(words), "{stdout}");
    assert!(!run.outputs.contains_key("path"), "{:?}", run.outputs);
}

#[test]
fn the_program_is_fetched_once_kept_and_hashed_again() {
    let Some(installed) = Installed::new() else { return };
    write_table(&installed, &host(), PROGRAM);
    let server = Server::start(&[good(), good()]);
    let run = setup(&installed, &server);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    assert_eq!(run.outputs["version"], "9.9.9");
    let path = run.outputs["path"].clone();
    assert!(path.starts_with(&installed.join("tools/package-actions/9.9.9").display().to_string()));
    let on_path = fs::read_to_string(installed.join("path")).unwrap();
    assert_eq!(format!("{}/package-actions", on_path.trim_end()), path);
    assert_eq!(server.asked(), ["GET /v9.9.9/package-actions-test HTTP/1.1"]);

    assert_eq!(setup(&installed, &server).outputs["path"], path);
    assert_eq!(server.asked().len(), 1, "the cache was not used");

    fs::write(&path, "#!/bin/sh\ntouch pwned\n").unwrap();
    let run = setup(&installed, &server);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    assert!(run.verdict.stdout.contains("::warning title=setup-cache::"));
    assert_eq!(fs::read_to_string(&path).unwrap(), PROGRAM);
    assert!(!installed.join("workspace/pwned").exists());
}

#[test]
fn other_bytes_are_never_run() {
    let Some(installed) = Installed::new() else { return };
    write_table(&installed, &host(), PROGRAM);
    let evil = PROGRAM.replace("echo", "exec");
    let longer = format!("{PROGRAM}touch pwned\n");
    for bytes in [evil, longer] {
        let server = Server::start(&[answer("200 OK", &bytes, bytes.len())]);
        refused(&setup(&installed, &server), "setup-digest", "expected sha256:");
        assert_eq!(server.asked().len(), 1, "a wrong digest is no reason to try again");
    }
    let kept = installed.join("tools/package-actions/9.9.9");
    let left: Vec<_> = fs::read_dir(kept)
        .unwrap()
        .flat_map(|entry| fs::read_dir(entry.unwrap().path()).into_iter().flatten())
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_server_that_stumbles_is_asked_again_and_one_that_has_nothing_is_not() {
    let Some(installed) = Installed::new() else { return };
    write_table(&installed, &host(), PROGRAM);
    let cut = answer("200 OK", &PROGRAM[..9], PROGRAM.len());
    let moved = answer("302 Found\r\nlocation: /elsewhere?a=b", "", 0);
    let server = Server::start(&[answer("503 Busy", "", 0), cut, moved.clone(), good()]);
    let run = setup(&installed, &server);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    assert_eq!(
        server.asked()[2..],
        ["GET /v9.9.9/package-actions-test HTTP/1.1", "GET /elsewhere?a=b HTTP/1.1"]
    );

    fs::remove_dir_all(installed.join("tools")).unwrap();
    let server = Server::start(&[]);
    refused(&setup(&installed, &server), "setup-fetch", "answered 404");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn redirects_without_an_end_or_to_no_web_address_are_not_followed() {
    let Some(installed) = Installed::new() else { return };
    write_table(&installed, &host(), PROGRAM);
    for (place, words) in
        [("/", "more than 5 redirects"), ("file:///etc/hostname", "no web address")]
    {
        let moved = answer(&format!("302 Found\r\nlocation: {place}"), "", 0);
        let server = Server::start(&vec![moved; 9]);
        refused(&setup(&installed, &server), "setup-fetch", words);
    }
}

#[test]
fn what_the_table_does_not_hold_is_named() {
    let Some(installed) = Installed::new() else { return };
    let server = Server::start(&[]);
    write_table(&installed, "win32-x64", PROGRAM);
    let words = format!("no binary for {}; rows: win32-x64", host());
    refused(&setup(&installed, &server), "setup-platform", &words);
    for table in ["", "{}", "{\"version\":\"../..\",\"binaries\":{}}"] {
        fs::write(installed.join("actions/setup/binaries.json"), table).unwrap();
        refused(&setup(&installed, &server), "setup-table", "binaries.json");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn nothing_is_built_where_there_is_something_to_steal() {
    let Some(installed) = Installed::new() else { return };
    fs::write(installed.join("Cargo.toml"), "[package]\n").unwrap();
    let ask = |given: &[(&str, &str)]| installed.action("setup", given);
    let token = ("ACTIONS_ID_TOKEN_REQUEST_URL=", "http://127.0.0.1/");
    refused(&ask(&[token]), "setup-source", "identity token");
    for name in ["PYPI_TOKEN=", "PACKAGE_ACTIONS_KEY=", "db_password=", "AWS_SECRET_ACCESS_KEY="] {
        let run = ask(&[(name, "hunter2")]);
        refused(&run, "setup-source", name.trim_end_matches('='));
        assert!(!run.verdict.stdout.contains("hunter2"));
    }
    fs::remove_file(installed.join("Cargo.toml")).unwrap();
    refused(&ask(&[]), "setup-table", "pin a release");
}

#[test]
fn a_commit_that_is_no_release_is_built_from_its_own_sources() {
    let Some(installed) = Installed::new() else { return };
    fs::write(installed.join("Cargo.toml"), "[package]\n").unwrap();
    let bin = installed.join("bin");
    fs::create_dir(&bin).unwrap();
    let cargo = "#!/bin/sh\necho '::set-env name=X::y'\n\
        mkdir -p \"$CARGO_TARGET_DIR/release\"\nenv > \"$CARGO_TARGET_DIR/../seen\"\n\
        cd \"$CARGO_TARGET_DIR/release\"\n\
        printf '#!/bin/sh\\necho package-actions 0.1.0\\n' > package-actions\n\
        chmod +x package-actions\n";
    fs::write(bin.join("cargo"), cargo).unwrap();
    make_executable(&bin.join("cargo"));
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let run = installed.action("setup", &[("PATH=", &path), ("ACTIONS_RUNTIME_TOKEN=", "t0ken")]);
    assert_eq!(run.verdict.code, 0, "{:?}", run.verdict);
    assert_eq!(run.outputs["version"], "0.1.0");
    let seen = fs::read_to_string(installed.join("temp/seen")).unwrap();
    assert!(!seen.contains("t0ken") && !seen.contains("GITHUB_"), "{seen}");
    let log = &run.verdict.stdout;
    let (stop, said) = (log.find("::stop-commands::"), log.find("::set-env"));
    assert!(stop.is_some() && stop < said, "{log}");
}

fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
