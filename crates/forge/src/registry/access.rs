//! Who may come: HTTP Basic, or tokens as distribution's token specification has them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::error;
use crate::encoding::{sha256, time};
use crate::exchange::{Call, Reply, pairs};
use crate::setup::Access;
use crate::world::Place;
use crate::{Service, World};

/// How long a token is said to live, seconds.
const LIFE: u64 = 300;

/// What the token endpoint calls the registry.
const SERVICE: &str = "forge";

/// Tokens given out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    given: u64,
    tokens: BTreeMap<String, Grant>,
}

/// What a token is good for.
#[derive(Debug, Clone)]
struct Grant {
    /// Repository and action.
    scopes: BTreeSet<(String, String)>,
    /// Whether it was given to the user, not to anybody.
    user: bool,
    uses: Option<u64>,
    ends: u64,
}

/// The answer to somebody who may not do this; `None` where they may.
pub(super) fn refuse(
    world: &mut World,
    place: Place<'_>,
    call: &Call,
    wanted: &[(&str, &str)],
) -> Option<Reply> {
    match &place.setup.registry.access {
        Access::Open => None,
        Access::Basic { user, password } => {
            if call.basic().is_some_and(|given| given == (user.clone(), password.clone())) {
                return None;
            }
            let challenge = format!("Basic realm=\"{SERVICE}\"");
            let refused = error(401, "UNAUTHORIZED", "authentication required");
            Some(refused.with("www-authenticate", challenge))
        }
        Access::Bearer { .. } => refuse_token(world, place, call, wanted),
    }
}

fn refuse_token(
    world: &mut World,
    place: Place<'_>,
    call: &Call,
    wanted: &[(&str, &str)],
) -> Option<Reply> {
    let grant = call.bearer().and_then(|token| world.keys.tokens.get_mut(token));
    let grant = grant.filter(|grant| grant.ends > call.now && grant.uses != Some(0));
    let known = grant.is_some();
    if let Some(grant) = grant {
        grant.uses = grant.uses.map(|left| left - 1);
        let holds = |(repository, action): &(&str, &str)| {
            let action = if *action == "delete" { "push" } else { action };
            grant.scopes.contains(&((*repository).to_owned(), action.to_owned()))
        };
        if wanted.iter().all(holds) {
            return None;
        }
    }
    let realm = place.sites.base(Service::Tokens, call.tls);
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
pub(crate) fn give_token(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let Access::Bearer { user, password } = &place.setup.registry.access else {
        return error(404, "NOT_FOUND", "no tokens are given here");
    };
    if call.path != "/token" {
        return error(404, "NOT_FOUND", "nothing here");
    }
    let form = if call.method == "POST" {
        pairs(&String::from_utf8_lossy(&call.body))
    } else {
        call.query.clone()
    };
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let in_form = || Some((field("username")?.clone(), field("password")?.clone()));
    let given = call.basic().or_else(in_form);
    let known = given.as_ref() == Some(&(user.clone(), password.clone()));
    // GHCR says 403 to credentials that it does not know, 401 to anybody where nothing is public.
    let denies = place.setup.registry.denies;
    if given.is_some() && !known {
        let (status, code) = if denies { (403, "DENIED") } else { (401, "UNAUTHORIZED") };
        return error(status, code, "denied");
    }
    let asked = form.iter().filter(|(key, _)| key == "scope").map(|(_, value)| value.as_str());
    let scopes = asked.flat_map(str::split_whitespace).flat_map(scopes);
    let (scopes, denied): (BTreeSet<_>, BTreeSet<_>) =
        scopes.partition(|scope| known || is_public(world, scope));
    if denies && scopes.is_empty() && !denied.is_empty() {
        return error(401, "UNAUTHORIZED", "authentication required");
    }
    let uses = place.setup.registry.token_uses;
    let grant = Grant { scopes, user: known, uses, ends: call.now + LIFE };
    let token = world.keys.give(grant);
    Reply::json(
        200,
        &json!({
            "token": token, "access_token": token,
            "expires_in": LIFE, "issued_at": time(call.now),
        }),
    )
}

impl Keys {
    fn give(&mut self, grant: Grant) -> String {
        self.given += 1;
        let who = if grant.user { "user" } else { "anybody" };
        let token = format!("{who}.{}", sha256(format!("token {}", self.given).as_bytes()));
        self.tokens.insert(token.clone(), grant);
        token
    }
}

/// `repository:owner/app:pull,push`, each action by itself.
fn scopes(text: &str) -> Vec<(String, String)> {
    let parts = text.strip_prefix("repository:").and_then(|rest| rest.rsplit_once(':'));
    let Some((repository, actions)) = parts else { return Vec::new() };
    let each = |action: &str| {
        let all = ["pull", "push"].into_iter().filter(|one| action == "*" || action == *one);
        all.map(|action| (repository.to_owned(), action.to_owned())).collect::<Vec<_>>()
    };
    actions.split(',').flat_map(each).collect()
}

/// What anybody may do: read what is there and not private.
fn is_public(world: &World, (repository, action): &(String, String)) -> bool {
    let shelf = world.registry.repositories.get(repository);
    action == "pull" && shelf.is_some_and(|shelf| !shelf.private)
}
