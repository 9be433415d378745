//! Tokens for a registry (distribution's token authentication; OAuth 2 for refresh tokens).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Diagnostic;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{Need, Registry};
use crate::Secret;
use crate::codes;
use crate::http::{Content, Request, address, shown};
use crate::oci::login::Login;

/// Tokens by their scopes. The lock is held while one is fetched, so that many threads that need
/// the same one fetch it once.
#[derive(Default)]
pub(super) struct Tokens(Mutex<BTreeMap<String, Token>>);

struct Token {
    text: Secret,
    until: Instant,
}

/// A token's life when its server names none (the specification's own number).
const DEFAULT_LIFE: u64 = 60;

/// The longest life that is believed.
const MAX_LIFE: u64 = 24 * 60 * 60;

/// What is left of a token's life when it counts as over: a request takes its time to arrive.
const MARGIN: Duration = Duration::from_secs(10);

/// Bytes of a token server's answer; tokens reach some ten kilobytes.
const MAX_ANSWER: u64 = 1 << 20;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

/// The value of an `Authorization` header (RFC 7617).
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    let pair = Secret::new(format!("{user}:{}", password.expose()));
    Secret::new(format!("Basic {}", STANDARD.encode(pair.expose())))
}

impl Registry<'_> {
    /// A token for `need`: the one at hand, unless it has run out or is the one `refused`.
    pub(super) async fn token(
        &self,
        realm: &str,
        service: &str,
        need: Need<'_>,
        refused: Option<&Secret>,
    ) -> Result<Secret, Diagnostic> {
        let scopes = need.scopes();
        let key = scopes.join(" ");
        let mut tokens = self.tokens.0.lock().await;
        let now = Instant::now();
        let held = tokens.get(&key).filter(|token| token.until > now);
        if let Some(token) = held.filter(|token| Some(&token.text) != refused) {
            return Ok(token.text.clone());
        }
        let realm = address(realm).map_err(|problem| {
            let message = format!("`{}` names no token server: {}", self.name, problem.message);
            Diagnostic::new(&codes::REGISTRY_TOKEN, message)
        })?;
        let request = match self.login()? {
            Login::Identity(refresh) => by_refresh(realm, service, &key, refresh),
            Login::Password { user, password } => by_query(realm, service, &scopes)
                .credential(AUTHORIZATION, &basic(user, password))?,
            Login::Anonymous => by_query(realm, service, &scopes),
        };
        let (text, life) = self.fetch(request).await?;
        let until = (now + Duration::from_secs(life)).checked_sub(MARGIN).unwrap_or(now);
        tokens.insert(key, Token { text: text.clone(), until });
        Ok(text)
    }

    async fn fetch(&self, request: Request) -> Result<(Secret, u64), Diagnostic> {
        let asked = shown(&request.url);
        let reply = self.http.send(request.limit(MAX_ANSWER)).await?;
        if !reply.status.is_success() {
            return Err(match reply.status {
                // Only the server's word counts here, not its reason: it may echo what was sent.
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.refusal(&reply),
                _ => Diagnostic { code: &codes::REGISTRY_TOKEN, ..reply.refusal() },
            });
        }
        let answer: Option<Answer> = serde_json::from_slice(&reply.body).ok();
        let answer = answer.filter(|a| !(a.token.is_empty() && a.access_token.is_empty()));
        let answer = answer.ok_or_else(|| {
            let message = format!("`{asked}` gave no token");
            Diagnostic::new(&codes::REGISTRY_TOKEN, message).help("run the same command again")
        })?;
        let text = if answer.token.is_empty() { answer.access_token } else { answer.token };
        let life = answer.expires_in.unwrap_or(DEFAULT_LIFE).min(MAX_LIFE);
        Ok((Secret::new(text), life))
    }
}

fn by_query(mut realm: Url, service: &str, scopes: &[String]) -> Request {
    {
        let mut query = realm.query_pairs_mut();
        if !service.is_empty() {
            query.append_pair("service", service);
        }
        for scope in scopes {
            query.append_pair("scope", scope);
        }
    }
    Request::get(realm)
}

fn by_refresh(realm: Url, service: &str, scope: &str, refresh: &Secret) -> Request {
    let mut form = realm.clone();
    form.set_query(None);
    form.query_pairs_mut()
        .append_pair("grant_type", "refresh_token")
        .append_pair("service", service)
        .append_pair("client_id", "package-actions")
        .append_pair("scope", scope)
        .append_pair("refresh_token", refresh.expose());
    let body = form.query().unwrap_or_default().to_owned();
    let kind: HeaderName = CONTENT_TYPE;
    Request::new(Method::POST, realm)
        .repeatable(true)
        .header(kind, "application/x-www-form-urlencoded")
        .content(Content::Bytes(body.into()))
}
