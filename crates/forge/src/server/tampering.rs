//! Responses that a fault sends instead of the service's, and how faults alter correct ones.

use serde_json::{Value, json};

use crate::fault::Kind;
use crate::http::{Request, Response};
use crate::service::Service;

/// The response of a fault that prevents the request from being carried out.
pub(crate) fn replacement(kind: &Kind, request: &Request) -> Option<Response> {
    match kind {
        Kind::Status(status) => Some(refusal(request, *status)),
        Kind::TooManyRequests { retry_after } => {
            Some(refusal(request, 429).with("retry-after", retry_after.to_string()))
        }
        Kind::SecondaryRateLimit { retry_after } => {
            let document = json!({
                "message": "You have exceeded a secondary rate limit. Please wait a few minutes \
                            before you try again.",
                "documentation_url":
                    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            });
            Some(Response::json(403, &document).with("retry-after", retry_after.to_string()))
        }
        Kind::PrimaryRateLimit { reset } => {
            let document = json!({
                "message": "API rate limit exceeded for user ID 1.",
                "documentation_url":
                    "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api",
            });
            let response = Response::json(403, &document).with("x-ratelimit-remaining", "0");
            Some(response.with("x-ratelimit-reset", reset.to_string()))
        }
        Kind::StatusWithBody(status, body) => {
            Some(Response::bytes(*status, "application/json", body.clone().into_bytes().into()))
        }
        Kind::Redirect(to) => {
            let to = match to.strip_suffix('*') {
                Some(base) => format!("{base}{}{}", request.path, query(request)),
                None => to.clone(),
            };
            Some(Response::empty(307).with("location", to))
        }
        _ => None,
    }
}

/// The query, without percent-encoding.
fn query(request: &Request) -> String {
    let pairs: Vec<String> =
        request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Alters a response; returns whether there was something to alter.
pub(crate) fn tamper(kind: &Kind, request: &Request, response: &mut Response) -> bool {
    if is_tampering(kind) && !(200..300).contains(&response.status) {
        return false;
    }
    match kind {
        Kind::StatusAfter(status) => {
            *response = refusal(request, *status);
            false
        }
        Kind::WrongDigest => {
            let altered = wrong_header(response);
            alter_json(request, response, &wrong_digest) || altered
        }
        Kind::WrongSize => wrong_size(request, response),
        Kind::WrongBytes => {
            let mut bytes = response.body.to_vec();
            let Some(last) = bytes.last_mut() else { return false };
            *last ^= 1;
            response.body = bytes.into();
            true
        }
        _ => false,
    }
}

/// Whether it alters a response.
pub(crate) fn is_tampering(kind: &Kind) -> bool {
    matches!(kind, Kind::WrongDigest | Kind::WrongSize | Kind::WrongBytes)
}

fn refusal(request: &Request, status: u16) -> Response {
    let document = match request.service {
        Service::Registry | Service::Tokens => {
            let code = if status == 429 { "TOOMANYREQUESTS" } else { "UNKNOWN" };
            json!({ "errors": [{ "code": code, "message": "out of order" }] })
        }
        Service::Index => return Response::text(status, "out of order"),
        _ => json!({ "message": "Server Error" }),
    };
    Response::json(status, &document)
}

fn wrong_header(response: &mut Response) -> bool {
    let header = response.headers.iter_mut().find(|(name, _)| name == "docker-content-digest");
    header.is_some_and(|(_, value)| {
        let other = wrong_text(value);
        other.map(|other| *value = other).is_some()
    })
}

/// Alters a JSON document of the service itself. What a registry holds is content, and is not
/// altered here.
fn alter_json(
    request: &Request,
    response: &mut Response,
    change: &dyn Fn(&str, &mut Value) -> bool,
) -> bool {
    let content = request.service == Service::Registry;
    let Some(mut document) =
        serde_json::from_slice::<Value>(&response.body).ok().filter(|_| !content)
    else {
        return false;
    };
    let changed = walk(&mut document, change);
    if changed {
        response.body = document.to_string().into();
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

fn wrong_digest(key: &str, value: &mut Value) -> bool {
    let Some(text) = value.as_str().filter(|_| key == "digest" || key == "sha256") else {
        return false;
    };
    let other = wrong_text(text);
    other.map(|other| *value = other.into()).is_some()
}

/// The same text with a different last letter.
fn wrong_text(text: &str) -> Option<String> {
    let mut text = text.to_owned();
    let last = text.pop()?;
    text.push(if last == '0' { '1' } else { '0' });
    Some(text)
}

fn wrong_size(request: &Request, response: &mut Response) -> bool {
    let one_more = |key: &str, value: &mut Value| {
        let size = value.as_u64().filter(|_| key == "size");
        size.map(|size| *value = (size + 1).into()).is_some()
    };
    if request.method == "HEAD" {
        let length = response.header("content-length").and_then(|text| text.parse::<usize>().ok());
        let length = length.unwrap_or(response.body.len()) + 1;
        response.headers.retain(|(name, _)| name != "content-length");
        response.headers.push(("content-length".to_owned(), length.to_string()));
        return true;
    }
    if response.header("content-type").is_some_and(|kind| kind.contains("json"))
        && request.service != Service::Registry
    {
        return alter_json(request, response, &one_more);
    }
    response.body = [response.body.as_ref(), b" "].concat().into();
    true
}
