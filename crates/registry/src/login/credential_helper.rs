//! Docker's credential helpers: `docker-credential-NAME get`, the server's name on its input, JSON
//! on its output.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use http::Secret;
use model::Diagnostic;
use serde::Deserialize;

use super::{Login, password};
use crate::codes;

/// A helper may ask a person; after that long nobody answers.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Bytes of its answer: the longest tokens have a few kilobytes.
const MAX_ANSWER: u64 = 1 << 20;

/// The words of every helper that has nothing for a server.
const NOT_FOUND: &str = "credentials not found in native keychain";

/// Secrets of ours that no helper has a use for. (What else it needs, only its maker knows.)
const NOT_FOR_HELPERS: &[&str] =
    &["PACKAGE_ACTIONS_KEY", "DOCKER_AUTH_CONFIG", "UV_PUBLISH_TOKEN", "UV_PUBLISH_PASSWORD"];

/// Asks the helper `name` about `server`. What it says reaches memory only.
pub(super) fn ask(name: &str, server: &str) -> Result<Login, Diagnostic> {
    let taken = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.chars().all(taken) {
        return Err(failed(name, server, "its name is not letters, digits, `-`, `_`, `.`"));
    }
    let mut command = Command::new(format!("docker-credential-{name}"));
    for secret in NOT_FOR_HELPERS {
        command.env_remove(secret);
    }
    let mut child = command
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(name, server, &format!("it does not start: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read its input says so by its answer.
        let _ = input.write_all(server.as_bytes());
    }
    let answer = answer(&mut child);
    if answer.is_none() {
        // It is stuck: nothing of it may outlive us.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| failed(name, server, &error.to_string()))?;
    let answer = answer.ok_or_else(|| failed(name, server, "it did not answer within a minute"))?;
    if !status.success() {
        if String::from_utf8_lossy(&answer).contains(NOT_FOUND) {
            return Ok(Login::Anonymous);
        }
        return Err(failed(name, server, &format!("it ended with {status}")));
    }
    read(&answer).ok_or_else(|| failed(name, server, "its answer is not the JSON of a helper"))
}

/// All that the child writes, if it ends in time.
fn answer(child: &mut Child) -> Option<Vec<u8>> {
    let output = child.stdout.take()?;
    let (done, ended) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.take(MAX_ANSWER).read_to_end(&mut bytes);
        // Nobody receives it when the wait was too long.
        let _ = done.send(read.map(|_| bytes));
    });
    ended.recv_timeout(TIMEOUT).ok()?.ok()
}

fn read(answer: &[u8]) -> Option<Login> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Answer {
        username: String,
        secret: String,
    }
    let answer: Answer = serde_json::from_slice(answer).ok()?;
    // A user of this name says that the secret is a refresh token.
    if answer.username == "<token>" {
        return Some(Login::Identity(Secret::new(answer.secret)));
    }
    Some(password(&answer.username, &answer.secret))
}

fn failed(name: &str, server: &str, why: &str) -> Diagnostic {
    let name: String = name.chars().take(80).collect();
    let message = format!("the credential helper `docker-credential-{name}` failed for `{server}`");
    Diagnostic::new(&codes::CREDENTIALS_HELPER, format!("{message}: {why}"))
        .help("repair it, or remove it from `credsStore` or `credHelpers` of Docker's config.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_password_or_a_refresh_token() {
        let check = |answer: &str, expected: Option<Login>| {
            assert_eq!(read(answer.as_bytes()), expected, "{answer}");
        };
        check(r#"{"ServerURL":"ghcr.io","Username":"u","Secret":"s"}"#, Some(password("u", "s")));
        check(r#"{"Username":"<token>","Secret":"s"}"#, Some(Login::Identity(Secret::new("s"))));
        check(r#"{"Username":"u"}"#, None);
        check("not json", None);
    }

    #[test]
    fn a_helper_is_a_program_by_name_never_a_path() {
        for name in ["../evil", "a b", "a;b", "/bin/sh"] {
            assert_eq!(ask(name, "ghcr.io").unwrap_err().code.to_string(), "credentials-helper");
        }
        let problem = ask("there-is-none-of-this-name", "ghcr.io").unwrap_err();
        assert!(problem.message.contains("does not start"), "{problem}");
    }
}
