//! Trusted publishing: an identity token of a workflow run is exchanged for an upload token, by the
//! index's rules for GitHub Actions.

use serde_json::{Value, json};

use crate::World;
use crate::encoding::sha256;
use crate::exchange::{Call, Reply};
use crate::issuer;
use crate::setup::Publisher;
use crate::world::Place;

/// Who the identity token must be for.
pub(super) const AUDIENCE: &str = "pypi";

/// How long an upload token lives, seconds.
const LIFE: u64 = 900;

/// An upload token that was given for an identity token.
#[derive(Debug, Clone)]
pub(crate) struct Minted {
    pub publisher: Publisher,
    pub ends: u64,
}

pub(super) fn mint(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let asked = call.json();
    let Some(token) = asked.get("token").and_then(Value::as_str) else {
        return refuse("invalid-payload", "the payload has no `token`");
    };
    let Some(claims) = issuer::verify(place, token, AUDIENCE, call.now) else {
        return refuse("invalid-token", "malformed, unsigned, expired or foreign token");
    };
    let jti = word(&claims, "jti").to_owned();
    if world.issuer.spent.contains(&jti) {
        return refuse("invalid-reuse-token", "invalid token: already used");
    }
    let Some(publisher) = place.setup.index.publishers.iter().find(|one| fits(one, &claims)) else {
        let why = "valid token, but no corresponding publisher (Publisher with matching claims was \
                   not found)";
        return refuse("invalid-publisher", why);
    };
    world.issuer.spent.insert(jti.clone());
    let token = format!("pypi-{}", sha256(format!("minted {jti}").as_bytes()));
    let ends = call.now + LIFE;
    let minted = Minted { publisher: publisher.clone(), ends };
    world.issuer.minted.insert(token.clone(), minted);
    Reply::json(200, &json!({ "success": true, "token": token, "expires": ends }))
}

pub(super) fn burn(world: &mut World, call: &Call) -> Reply {
    let asked = call.json();
    let basic = call.basic().map(|(_, password)| password);
    let told = asked.get("token").and_then(Value::as_str).or(call.bearer()).map(str::to_owned);
    match told.or(basic).and_then(|token| world.issuer.minted.remove(&token)) {
        Some(_) => Reply::json(200, &json!({ "success": true })),
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

/// The repository is the caller's. The workflow must be a file of that very repository: one that is
/// called in another repository does not count.
fn fits(publisher: &Publisher, claims: &Value) -> bool {
    let repository = word(claims, "repository");
    let (file, commit) = (&publisher.workflow, word(claims, "sha"));
    let at = |what: &str| format!("{repository}/.github/workflows/{file}@{what}");
    let called = word(claims, "job_workflow_ref");
    let environment = word(claims, "environment");
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    same(&publisher.repository, repository)
        && [word(claims, "ref"), commit].into_iter().any(|what| called == at(what))
        && publisher.environment.as_ref().is_none_or(|wanted| same(wanted, environment))
        && word(claims, "event_name") != "pull_request_target"
}

fn word<'a>(claims: &'a Value, key: &str) -> &'a str {
    claims.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn refuse(code: &str, why: &str) -> Reply {
    let errors = json!([{ "code": code, "description": why }]);
    Reply::json(422, &json!({ "message": "Token request failed", "errors": errors }))
}
