//! What uv's failures mean, from its words.

use model::Diagnostic;

use super::UvEnd;
use crate::Secret;
use crate::codes;

/// Characters of uv's words that are shown.
const MAX_WORDS: usize = 600;

/// What a failed upload means, in uv's words, without our secrets, should a server echo them.
pub(in crate::pypi) fn failure(end: &UvEnd, secrets: &[(String, Secret)]) -> Diagnostic {
    let words = words(&end.stderr, secrets);
    let has = |all: &[&str]| all.iter().any(|word| words.contains(word));
    let message = format!("uv could not publish: {words}");
    if has(&["invalid-publisher", "invalid-pending-publisher"]) {
        return Diagnostic::new(&codes::INDEX_PUBLISHER, message).help(
            "register this workflow as a trusted publisher of the project: owner, repository, the \
             name of the workflow file that holds the upload job, and the environment, if any; a \
             reusable workflow of another repository is never accepted",
        );
    }
    // The connection comes first: without one nobody was asked who we are.
    if has(&["certificate"]) {
        return Diagnostic::new(&codes::REMOTE_TLS, message)
            .help("a certificate of your own goes into the file that `SSL_CERT_FILE` names");
    }
    if has(&["error sending request"]) {
        return Diagnostic::new(&codes::REMOTE_UNREACHABLE, message)
            .help("run the same command again");
    }
    if has(&["Trusted publishing failed", "trusted publishing"]) {
        return Diagnostic::new(&codes::INDEX_PUBLISHER, message)
            .help("the job needs `permissions: id-token: write`, the index a publisher");
    }
    match status(&words) {
        Some(401 | 403) => Diagnostic::new(&codes::INDEX_CREDENTIALS, message)
            .help("are the token and the project's permissions right?"),
        _ if has(&["Missing credentials"]) => Diagnostic::new(&codes::INDEX_CREDENTIALS, message)
            .help("set `UV_PUBLISH_TOKEN`, or give the job an identity"),
        // Some indexes answer 400 to a file that they have.
        status if status == Some(409) || has(&["already exists"]) => {
            Diagnostic::new(&codes::INDEX_FILE_EXISTS, message)
                .help("an index takes a file once: release this under a new version")
        }
        _ => Diagnostic::new(&codes::INDEX_UPLOAD, message)
            .help("run the same command again: what is there is not sent again"),
    }
}

/// The status that a server answered with, where uv quotes one: of uploads in words of its own, of
/// other questions in those of its HTTP client.
fn status(words: &str) -> Option<u16> {
    let starts = ["Server returned status code ", "status client error (", "status server error ("];
    let behind = starts.iter().find_map(|start| words.split_once(start))?.1;
    behind.split(' ').next()?.parse().ok()
}

/// Whether a failure may pass by itself. (uv retries what breaks off; it takes every status for
/// an answer.)
pub(in crate::pypi) fn passes(end: &UvEnd) -> bool {
    let has = |all: &[&str]| all.iter().any(|words| end.stderr.contains(words));
    let refused = matches!(status(&end.stderr), Some(408 | 429 | 500 | 502..=504));
    let broken =
        has(&["error sending request", "timed out", "connection closed", "Connection reset"]);
    let lasting = has(&["certificate", "invalid-publisher", "Missing credentials"]);
    (refused || broken) && !lasting
}

/// uv's errors and their causes on one line, without the pages that servers send along.
fn words(stderr: &str, secrets: &[(String, Secret)]) -> String {
    let mut text = stderr.to_owned();
    for (_, secret) in secrets.iter().filter(|(_, secret)| secret.expose().len() >= MIN_SECRET) {
        text = text.replace(secret.expose(), "***");
    }
    let start = text.lines().position(|line| line.trim_start().starts_with("error:"));
    let lines: Vec<&str> = text.lines().skip(start.unwrap_or_default()).collect();
    let plain = without_tags(&lines.join(" "));
    let plain: Vec<&str> = plain.split_whitespace().collect();
    let plain = plain.join(" ").replace("cause: ", "");
    let plain = plain.strip_prefix("error: ").unwrap_or(&plain);
    let plain = if plain.is_empty() { "it said nothing" } else { plain };
    plain.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}

/// Shorter values are flags such as `true`, not secrets.
const MIN_SECRET: usize = 6;

/// A page's text: without tags and styles.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let style = after.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("style"));
        let after = if style { after.split_once("</").map_or("", |(_, rest)| rest) } else { after };
        match after.split_once('>').filter(|_| is_tag) {
            Some((_, after)) => rest = after,
            None => {
                out.push('<');
                rest = after;
            }
        }
        out.push(' ');
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Vec<(String, Secret)> {
        vec![("UV_PUBLISH_TOKEN".to_owned(), Secret::new("canary-token"))]
    }

    fn end(stderr: &str) -> UvEnd {
        UvEnd { success: false, stderr: stderr.to_owned() }
    }

    #[test]
    fn uvs_words_are_quoted_without_pages_and_secrets() {
        let check = |stderr: &str, code: &str, expected: &str| {
            let problem = failure(&end(stderr), &secrets());
            assert_eq!((problem.code.name, problem.message.as_str()), (code, expected));
        };
        let start = "Publishing 1 file\nUploading a (1KiB)\nerror: Failed to publish `a` to `b`\n  \
                     cause: Server returned status code";
        check(
            &format!(
                "{start} 403 Forbidden. Server says:\n  <!DOCTYPE x>\n <style type=x>\n a \
                      {{}}\n</style><h1>No: canary-token</h1> 1 < 2"
            ),
            "index-credentials",
            "uv could not publish: Failed to publish `a` to `b` Server returned status code 403 \
             Forbidden. Server says: No: *** 1 < 2",
        );
        check(
            &format!("{start} 409 Conflict. Server says: there"),
            "index-file-exists",
            "uv could not publish: Failed to publish `a` to `b` Server returned status code 409 \
             Conflict. Server says: there",
        );
        check(
            "error: Failed to publish `a-4.0.3-py3.whl`\n  cause: 40 bytes left of 409",
            "index-upload",
            "uv could not publish: Failed to publish `a-4.0.3-py3.whl` 40 bytes left of 409",
        );
        check("", "index-upload", "uv could not publish: it said nothing");
        let long = failure(&end(&"x".repeat(100_000)), &[]);
        assert!(long.message.len() < 700);
    }

    #[test]
    fn a_refused_publisher_is_told_from_other_failures() {
        let said = "error: Trusted publishing failed\n  cause: Server returned error code 422 for \
                    trusted publishing token: {\"code\": \"invalid-publisher\"}";
        let problem = failure(&end(said), &[]);
        assert_eq!(problem.code.to_string(), "index-publisher");
        assert!(problem.help.unwrap().contains("reusable workflow"));
    }

    #[test]
    fn a_connection_that_fails_is_no_matter_of_identity() {
        let check = |cause: &str, code: &str| {
            let tokens = "error: Failed to obtain token for trusted publishing\n  cause: Failed to \
                          fetch: https://i/_/oidc/audience\n  cause: error sending request";
            let upload = "error: Failed to publish `a`\n  cause: error sending request for url (i)";
            for start in [tokens, upload] {
                let said = format!("{start}\n  cause: client error (Connect)\n  cause: {cause}");
                assert_eq!(failure(&end(&said), &[]).code.name, code);
            }
        };
        check(
            "tcp connect error\n  cause: Connection refused (os error 111)",
            "remote-unreachable",
        );
        check("invalid peer certificate: UnknownIssuer", "remote-tls");
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let check = |said: &str, expected: bool| assert_eq!(passes(&end(said)), expected, "{said}");
        let status = "cause: Server returned status code";
        check(&format!("{status} 503 Service Unavailable. Server says: oops"), true);
        check(&format!("{status} 429 Too Many Requests. Server says: oops"), true);
        check(&format!("{status} 400 Bad Request. Server says: 503"), false);
        check(&format!("{status} 403 Forbidden"), false);
        let client = "cause: HTTP status";
        check(&format!("{client} server error (502 Bad Gateway) for url (x)"), true);
        check(&format!("{client} client error (404 Not Found) for url (503 )"), false);
        check("cause: error sending request for url (x)\n cause: Connection refused", true);
        check("cause: error sending request for url\n cause: invalid peer certificate", false);
    }
}
