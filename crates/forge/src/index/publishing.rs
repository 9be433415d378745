//! Trusted publishing: an identity token of a workflow run is exchanged for an upload token, by the
//! index's rules for GitHub Actions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::context::Context;
use crate::encoding::sha256;
use crate::http::{Request, Response};
use crate::issuer;
use crate::setup::Publisher;

/// The audience that the identity token must name.
pub(super) const AUDIENCE: &str = "pypi";

/// How long an upload token is valid, in seconds.
const LIFETIME: u64 = 900;

/// The upload tokens that were issued.
#[derive(Debug, Clone, Default)]
pub(crate) struct UploadTokens {
    /// The `jti` of identity tokens that were exchanged: none is accepted twice.
    exchanged: BTreeSet<String>,
    minted: BTreeMap<String, Minted>,
}

/// An upload token that was issued for an identity token.
#[derive(Debug, Clone)]
struct Minted {
    publisher: Publisher,
    /// When it expires, in seconds since 1970.
    expires: u64,
}

impl UploadTokens {
    /// The publisher that an upload token was issued to, unless the token has expired.
    pub(super) fn publisher(&self, token: &str, now: u64) -> Option<&Publisher> {
        let minted = self.minted.get(token).filter(|minted| minted.expires > now)?;
        Some(&minted.publisher)
    }
}

pub(super) fn mint(tokens: &mut UploadTokens, context: Context<'_>, request: &Request) -> Response {
    let payload = request.json();
    let Some(token) = payload.get("token").and_then(Value::as_str) else {
        return refuse("invalid-payload", "the payload has no `token`");
    };
    let Some(claims) = issuer::verify(context, token, AUDIENCE, request.now) else {
        return refuse("invalid-token", "malformed, unsigned, expired or foreign token");
    };
    let jti = claim(&claims, "jti").to_owned();
    if tokens.exchanged.contains(&jti) {
        return refuse("invalid-reuse-token", "invalid token: already used");
    }
    let Some(publisher) = context.setup.index.publishers.iter().find(|one| matches(one, &claims))
    else {
        let why = "valid token, but no corresponding publisher (Publisher with matching claims was \
                   not found)";
        return refuse("invalid-publisher", why);
    };
    tokens.exchanged.insert(jti.clone());
    let token = format!("pypi-{}", sha256(format!("minted {jti}").as_bytes()));
    let expires = request.now + LIFETIME;
    let minted = Minted { publisher: publisher.clone(), expires };
    tokens.minted.insert(token.clone(), minted);
    Response::json(200, &json!({ "success": true, "token": token, "expires": expires }))
}

pub(super) fn burn(tokens: &mut UploadTokens, request: &Request) -> Response {
    let payload = request.json();
    let basic = request.basic().map(|(_, password)| password);
    let given =
        payload.get("token").and_then(Value::as_str).or(request.bearer()).map(str::to_owned);
    match given.or(basic).and_then(|token| tokens.minted.remove(&token)) {
        Some(_) => Response::json(200, &json!({ "success": true })),
        None => refuse("invalid-token", "no such token"),
    }
}

/// A publisher as the index shows it (PEP 740).
pub(super) fn shown(publisher: &Publisher) -> Value {
    json!({
        "kind": "GitHub",
        "repository": publisher.repository,
        "workflow": publisher.workflow,
        "environment": publisher.environment,
    })
}

/// The repository is that of the calling workflow. The workflow must be a file of that same
/// repository: a reusable workflow of another repository does not match.
fn matches(publisher: &Publisher, claims: &Value) -> bool {
    let repository = claim(claims, "repository");
    let (file, commit) = (&publisher.workflow, claim(claims, "sha"));
    let at = |what: &str| format!("{repository}/.github/workflows/{file}@{what}");
    let called = claim(claims, "job_workflow_ref");
    let environment = claim(claims, "environment");
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    same(&publisher.repository, repository)
        && [claim(claims, "ref"), commit].into_iter().any(|what| called == at(what))
        && publisher.environment.as_ref().is_none_or(|wanted| same(wanted, environment))
        && claim(claims, "event_name") != "pull_request_target"
}

fn claim<'a>(claims: &'a Value, key: &str) -> &'a str {
    claims.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn refuse(code: &str, why: &str) -> Response {
    let errors = json!([{ "code": code, "description": why }]);
    Response::json(422, &json!({ "message": "Token request failed", "errors": errors }))
}
