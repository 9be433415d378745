//! Access control: HTTP Basic, or the tokens of distribution's token specification.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Registry, error};
use crate::context::Context;
use crate::encoding::{sha256, time};
use crate::http::{Request, Response, pairs};
use crate::service::Service;
use crate::setup::Access;

/// How long a token is valid, in seconds.
const LIFETIME: u64 = 300;

/// The registry's name at the token endpoint.
const SERVICE: &str = "forge";

/// The tokens that were issued.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tokens {
    issued: u64,
    grants: BTreeMap<String, Grant>,
}

/// What a token permits.
#[derive(Debug, Clone)]
struct Grant {
    /// Repositories and actions.
    scopes: BTreeSet<(String, String)>,
    /// Whether it was issued to the user; otherwise to an anonymous client.
    user: bool,
    /// How many more requests it is valid for; unlimited if `None`.
    uses: Option<u64>,
    /// When it expires, in seconds since 1970.
    expires: u64,
}

/// The refusal of a request that is not permitted; `None` if it is permitted.
pub(super) fn refuse(
    tokens: &mut Tokens,
    context: Context<'_>,
    request: &Request,
    wanted: &[(&str, &str)],
) -> Option<Response> {
    match &context.setup.registry.access {
        Access::Open => None,
        Access::Basic { user, password } => {
            if request.basic().is_some_and(|given| given == (user.clone(), password.clone())) {
                return None;
            }
            let challenge = format!("Basic realm=\"{SERVICE}\"");
            let refused = error(401, "UNAUTHORIZED", "authentication required");
            Some(refused.with("www-authenticate", challenge))
        }
        Access::Bearer { .. } => refuse_token(tokens, context, request, wanted),
    }
}

fn refuse_token(
    tokens: &mut Tokens,
    context: Context<'_>,
    request: &Request,
    wanted: &[(&str, &str)],
) -> Option<Response> {
    let grant = request.bearer().and_then(|token| tokens.grants.get_mut(token));
    let grant = grant.filter(|grant| grant.expires > request.now && grant.uses != Some(0));
    let known = grant.is_some();
    if let Some(grant) = grant {
        grant.uses = grant.uses.map(|left| left - 1);
        let permits = |(repository, action): &(&str, &str)| {
            let action = if *action == "delete" { "push" } else { action };
            grant.scopes.contains(&((*repository).to_owned(), action.to_owned()))
        };
        if wanted.iter().all(permits) {
            return None;
        }
    }
    let realm = context.addresses.base(Service::Tokens, request.tls);
    let mut challenge = format!("Bearer realm=\"{realm}/token\",service=\"{SERVICE}\"");
    for (repository, action) in wanted {
        let actions = if *action == "pull" { "pull" } else { "pull,push" };
        challenge.push_str(&format!(",scope=\"repository:{repository}:{actions}\""));
    }
    if known {
        challenge.push_str(",error=\"insufficient_scope\"");
    }
    let refused = error(401, "UNAUTHORIZED", "authentication required");
    Some(refused.with("www-authenticate", challenge))
}

/// The token endpoint: GET with Basic, or an OAuth 2 POST with the user's name and password.
pub(crate) fn issue_token(
    registry: &Registry,
    tokens: &mut Tokens,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let Access::Bearer { user, password } = &context.setup.registry.access else {
        return error(404, "NOT_FOUND", "no tokens are issued here");
    };
    if request.path != "/token" {
        return error(404, "NOT_FOUND", "not found");
    }
    let form = if request.method == "POST" {
        pairs(&String::from_utf8_lossy(&request.body))
    } else {
        request.query.clone()
    };
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let in_form = || Some((field("username")?.clone(), field("password")?.clone()));
    let given = request.basic().or_else(in_form);
    let known = given.as_ref() == Some(&(user.clone(), password.clone()));
    // GHCR answers 403 to unknown credentials, and 401 to an anonymous client if nothing is public.
    let denies = context.setup.registry.denies;
    if given.is_some() && !known {
        let (status, code) = if denies { (403, "DENIED") } else { (401, "UNAUTHORIZED") };
        return error(status, code, "denied");
    }
    let asked = form.iter().filter(|(key, _)| key == "scope").map(|(_, value)| value.as_str());
    let scopes = asked.flat_map(str::split_whitespace).flat_map(scopes);
    let (scopes, denied): (BTreeSet<_>, BTreeSet<_>) =
        scopes.partition(|scope| known || is_public(registry, scope));
    if denies && scopes.is_empty() && !denied.is_empty() {
        return error(401, "UNAUTHORIZED", "authentication required");
    }
    let uses = context.setup.registry.token_uses;
    let grant = Grant { scopes, user: known, uses, expires: request.now + LIFETIME };
    let token = tokens.issue(grant);
    Response::json(
        200,
        &json!({
            "token": token, "access_token": token,
            "expires_in": LIFETIME, "issued_at": time(request.now),
        }),
    )
}

impl Tokens {
    fn issue(&mut self, grant: Grant) -> String {
        self.issued += 1;
        let who = if grant.user { "user" } else { "anybody" };
        let token = format!("{who}.{}", sha256(format!("token {}", self.issued).as_bytes()));
        self.grants.insert(token.clone(), grant);
        token
    }
}

/// The scopes in `repository:owner/app:pull,push`, one for each action.
fn scopes(text: &str) -> Vec<(String, String)> {
    let parts = text.strip_prefix("repository:").and_then(|rest| rest.rsplit_once(':'));
    let Some((repository, actions)) = parts else { return Vec::new() };
    let each = |action: &str| {
        let all = ["pull", "push"].into_iter().filter(|one| action == "*" || action == *one);
        all.map(|action| (repository.to_owned(), action.to_owned())).collect::<Vec<_>>()
    };
    actions.split(',').flat_map(each).collect()
}

/// Whether an anonymous client may do this: read a repository that exists and is not private.
fn is_public(registry: &Registry, (repository, action): &(String, String)) -> bool {
    let found = registry.repositories.get(repository);
    action == "pull" && found.is_some_and(|found| !found.private)
}
