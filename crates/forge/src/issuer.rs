//! The issuer of identity tokens, as GitHub Actions has it: a job sends the token from its
//! environment and receives a JWT (ES256) whose claims describe the job.

use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::context::Context;
use crate::encoding::{base64_url, from_base64};
use crate::http::{Request, Response};
use crate::service::Service;
use crate::setup::Workflow;

/// How long a token is valid, in seconds.
const LIFETIME: u64 = 300;

/// The id of the key in the key set.
const KEY_ID: &str = "forge-1";

/// The state of the issuer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Issuer {
    /// How many tokens it issued.
    issued: u64,
}

/// Answers a request to the issuer.
pub(crate) fn answer(state: &mut Issuer, context: Context<'_>, request: &Request) -> Response {
    let issuer = context.addresses.base(Service::Issuer, request.tls);
    match request.path.as_str() {
        "/.well-known/openid-configuration" => Response::json(
            200,
            &json!({
                "issuer": issuer,
                "jwks_uri": format!("{issuer}/.well-known/jwks"),
                "subject_types_supported": ["public", "pairwise"],
                "response_types_supported": ["id_token"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "scopes_supported": ["openid"],
            }),
        ),
        "/.well-known/jwks" => Response::json(200, &json!({ "keys": [public_key()] })),
        "/token" => {
            let workflow = &context.setup.workflow;
            if request.bearer() != Some(workflow.request_token.as_str()) {
                return Response::json(401, &json!({ "message": "wrong request token" }));
            }
            state.issued += 1;
            let owner = workflow.repository.split('/').next().unwrap_or_default();
            let default = format!("https://github.com/{owner}");
            let audience = request.parameter("audience").unwrap_or(&default);
            let claims = claims(workflow, &issuer, audience, request.now, state.issued);
            Response::json(200, &json!({ "count": 1, "value": sign(&claims) }))
        }
        _ => Response::json(404, &json!({ "message": "Not Found" })),
    }
}

/// The claims of a token that this issuer signed for this audience and that has not expired.
pub(crate) fn verify(context: Context<'_>, token: &str, audience: &str, now: u64) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = Signature::from_slice(&from_base64(signature)?).ok()?;
    let key = VerifyingKey::from(&signing_key()?);
    key.verify(signed.as_bytes(), &signature).ok()?;
    let claims: Value = serde_json::from_slice(&from_base64(signed.split_once('.')?.1)?).ok()?;
    let claim = |key: &str| claims.get(key).and_then(Value::as_str);
    let issuers = [false, true].map(|tls| context.addresses.base(Service::Issuer, tls));
    let valid = issuers.iter().any(|own| claim("iss") == Some(own))
        && claim("aud") == Some(audience)
        && claims.get("exp").and_then(Value::as_u64).is_some_and(|expires| expires > now);
    valid.then_some(claims)
}

/// The claims of GitHub Actions.
fn claims(
    of: &Workflow,
    issuer: &str,
    audience: &str,
    now: u64,
    number: u64,
) -> Map<String, Value> {
    let own = format!("{}/{}@{}", of.repository, of.path, of.reference);
    let called = of.reusable.clone().unwrap_or_else(|| own.clone());
    let owner = of.repository.split('/').next().unwrap_or_default();
    let kind = if of.reference.starts_with("refs/tags/") { "tag" } else { "branch" };
    let subject = match &of.environment {
        Some(environment) => format!("repo:{}:environment:{environment}", of.repository),
        None => format!("repo:{}:ref:{}", of.repository, of.reference),
    };
    let mut claims = json!({
        "iss": issuer, "aud": audience, "sub": subject,
        "jti": format!("forge-{number}"),
        "iat": now, "nbf": now, "exp": now + LIFETIME,
        "repository": of.repository, "repository_owner": owner,
        "repository_id": "1001", "repository_owner_id": "1000",
        "repository_visibility": "public",
        "actor": owner, "actor_id": "1000",
        "ref": of.reference, "ref_type": kind, "sha": of.commit,
        "workflow": "Release", "workflow_ref": own, "workflow_sha": of.commit,
        "job_workflow_ref": called, "job_workflow_sha": of.commit,
        "event_name": of.event, "head_ref": "", "base_ref": "",
        "run_id": "1", "run_number": "1", "run_attempt": "1",
        "runner_environment": "github-hosted",
    });
    let Some(members) = claims.as_object_mut() else { return Map::new() };
    if let Some(environment) = &of.environment {
        members.insert("environment".to_owned(), environment.as_str().into());
    }
    members.extend(of.claims.clone());
    members.clone()
}

fn sign(claims: &Map<String, Value>) -> String {
    let header = json!({ "typ": "JWT", "alg": "ES256", "kid": KEY_ID }).to_string();
    let claims = Value::Object(claims.clone()).to_string();
    let signed = format!("{}.{}", base64_url(header.as_bytes()), base64_url(claims.as_bytes()));
    let Some(key) = signing_key() else { return signed };
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", base64_url(&signature.to_bytes()))
}

/// The same key at every start: only tests trust it.
fn signing_key() -> Option<SigningKey> {
    SigningKey::from_slice(&Sha256::digest(b"the forge's issuer")).ok()
}

fn public_key() -> Value {
    let point = signing_key().map(|key| VerifyingKey::from(&key).to_encoded_point(false));
    let part = |part: Option<&[u8]>| base64_url(part.unwrap_or_default());
    let (x, y) = point.map_or_else(Default::default, |point| {
        (part(point.x().map(|x| &x[..])), part(point.y().map(|y| &y[..])))
    });
    json!({
        "kty": "EC", "crv": "P-256", "use": "sig",
        "alg": "ES256", "kid": KEY_ID, "x": x, "y": y,
    })
}
