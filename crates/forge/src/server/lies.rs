//! Answers that a fault gives instead of the service's, and what it makes of one that is true.

use serde_json::{Value, json};

use crate::Service;
use crate::exchange::{Call, Reply};
use crate::fault::Kind;

/// The answer of a fault that keeps the request from being carried out.
pub(crate) fn instead(kind: &Kind, call: &Call) -> Option<Reply> {
    match kind {
        Kind::Status(status) => Some(refusal(call, *status)),
        Kind::TooMany { retry_after } => {
            Some(refusal(call, 429).with("retry-after", retry_after.to_string()))
        }
        Kind::Secondary { retry_after } => {
            let said = json!({
                "message": "You have exceeded a secondary rate limit. Please wait a few minutes \
                            before you try again.",
                "documentation_url":
                    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            });
            Some(Reply::json(403, &said).with("retry-after", retry_after.to_string()))
        }
        Kind::Spent { reset } => {
            let said = json!({
                "message": "API rate limit exceeded for user ID 1.",
                "documentation_url":
                    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            });
            let reply = Reply::json(403, &said).with("x-ratelimit-remaining", "0");
            Some(reply.with("x-ratelimit-reset", reset.to_string()))
        }
        Kind::Says(status, body) => {
            Some(Reply::bytes(*status, "application/json", body.clone().into_bytes().into()))
        }
        Kind::Redirect(to) => {
            let to = match to.strip_suffix('*') {
                Some(base) => format!("{base}{}{}", call.path, query(call)),
                None => to.clone(),
            };
            Some(Reply::empty(307).with("location", to))
        }
        _ => None,
    }
}

/// The query as it was sent, or nearly so.
fn query(call: &Call) -> String {
    let pairs: Vec<String> =
        call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Changes an answer; tells whether there was something to change.
pub(crate) fn spoil(kind: &Kind, call: &Call, reply: &mut Reply) -> bool {
    if is_lie(kind) && !(200..300).contains(&reply.status) {
        return false;
    }
    match kind {
        Kind::StatusAfter(status) => {
            *reply = refusal(call, *status);
            false
        }
        Kind::LieDigest => {
            let told = spoil_header(reply);
            spoil_json(call, reply, &other_digest) || told
        }
        Kind::LieSize => lie_size(call, reply),
        Kind::LieBytes => {
            let mut bytes = reply.body.to_vec();
            let Some(last) = bytes.last_mut() else { return false };
            *last ^= 1;
            reply.body = bytes.into();
            true
        }
        _ => false,
    }
}

/// Whether it changes something in an answer.
pub(crate) fn is_lie(kind: &Kind) -> bool {
    matches!(kind, Kind::LieDigest | Kind::LieSize | Kind::LieBytes)
}

fn refusal(call: &Call, status: u16) -> Reply {
    let said = match call.service {
        Service::Registry | Service::Tokens => {
            let code = if status == 429 { "TOOMANYREQUESTS" } else { "UNKNOWN" };
            json!({ "errors": [{ "code": code, "message": "out of order" }] })
        }
        Service::Index => return Reply::text(status, "out of order"),
        _ => json!({ "message": "Server Error" }),
    };
    Reply::json(status, &said)
}

fn spoil_header(reply: &mut Reply) -> bool {
    let header = reply.headers.iter_mut().find(|(name, _)| name == "docker-content-digest");
    header.is_some_and(|(_, value)| {
        let other = other_text(value);
        other.map(|other| *value = other).is_some()
    })
}

/// Changes a JSON document of the service's own. What a registry holds is content: its bytes stay.
fn spoil_json(call: &Call, reply: &mut Reply, change: &dyn Fn(&str, &mut Value) -> bool) -> bool {
    let content = call.service == Service::Registry;
    let Some(mut document) = serde_json::from_slice::<Value>(&reply.body).ok().filter(|_| !content)
    else {
        return false;
    };
    let changed = walk(&mut document, change);
    if changed {
        reply.body = document.to_string().into();
    }
    changed
}

fn walk(value: &mut Value, change: &dyn Fn(&str, &mut Value) -> bool) -> bool {
    let mut changed = false;
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                changed |= change(key, member) || walk(member, change);
            }
        }
        Value::Array(items) => {
            for item in items {
                changed |= walk(item, change);
            }
        }
        _ => {}
    }
    changed
}

fn other_digest(key: &str, value: &mut Value) -> bool {
    let Some(text) = value.as_str().filter(|_| key == "digest" || key == "sha256") else {
        return false;
    };
    let other = other_text(text);
    other.map(|other| *value = other.into()).is_some()
}

/// The same text with another last letter.
fn other_text(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    let last = text.pop()?;
    text.push(if last == '0' { '1' } else { '0' });
    Some(text)
}

fn lie_size(call: &Call, reply: &mut Reply) -> bool {
    let one_more = |key: &str, value: &mut Value| {
        let size = value.as_u64().filter(|_| key == "size");
        size.map(|size| *value = (size + 1).into()).is_some()
    };
    if call.method == "HEAD" {
        let length = reply.header("content-length").and_then(|text| text.parse::<usize>().ok());
        let length = length.unwrap_or(reply.body.len()) + 1;
        reply.headers.retain(|(name, _)| name != "content-length");
        reply.headers.push(("content-length".to_owned(), length.to_string()));
        return true;
    }
    if reply.header("content-type").is_some_and(|kind| kind.contains("json"))
        && call.service != Service::Registry
    {
        return spoil_json(call, reply, &one_more);
    }
    reply.body = [reply.body.as_ref(), b" "].concat().into();
    true
}
