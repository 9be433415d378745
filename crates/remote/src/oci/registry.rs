//! One registry: its address, its credentials, and requests that carry them.

mod manifests;
mod tags;
mod token;
mod upload;

use std::sync::{Mutex, OnceLock};

use model::Diagnostic;
use reqwest::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use reqwest::{StatusCode, Url};
use tokio::sync::OnceCell;

use super::challenge::{self, Challenge};
use super::login::{Keychain, Login};
use super::reference;
use crate::Secret;
use crate::http::{Http, Incoming, Reply, Request, same_place};

use crate::codes;
pub(crate) use manifests::{MAX_MANIFEST, Served, says_unknown};
use token::Tokens;
pub(crate) use upload::Source;

/// How often a request is sent with other credentials: a token may run out between two.
const MAX_LOGINS: u32 = 3;

/// A registry.
pub(crate) struct Registry<'h> {
    http: &'h Http,
    name: String,
    base: Url,
    keychain: Keychain,
    login: OnceLock<Result<Login, Diagnostic>>,
    ready: OnceCell<Result<(), Diagnostic>>,
    challenge: Mutex<Option<Challenge>>,
    tokens: Tokens,
}

/// What a request needs to be allowed: the repository it is about, whether it writes, and another
/// repository that it reads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need<'r> {
    repository: &'r str,
    writes: bool,
    also: Option<&'r str>,
}

impl<'r> Need<'r> {
    /// To read from a repository.
    pub(crate) fn pull(repository: &'r str) -> Self {
        Self { repository, writes: false, also: None }
    }

    /// To write to a repository.
    pub(crate) fn push(repository: &'r str) -> Self {
        Self { repository, writes: true, also: None }
    }

    /// And to read from another one.
    fn and_pull(self, other: &'r str) -> Self {
        Self { also: Some(other), ..self }
    }

    /// The scopes of a token (distribution's token authentication, "scope").
    fn scopes(&self) -> Vec<String> {
        let actions = if self.writes { "pull,push" } else { "pull" };
        let own = format!("repository:{}:{actions}", self.repository);
        let other = self.also.map(|name| format!("repository:{name}:pull"));
        [Some(own), other].into_iter().flatten().collect()
    }
}

impl<'h> Registry<'h> {
    /// The registry that people call `name`. Asks nothing yet.
    pub(crate) fn new(http: &'h Http, name: &str, keychain: &Keychain) -> Result<Self, Diagnostic> {
        Ok(Self {
            http,
            name: name.to_owned(),
            base: reference::base(name)?,
            keychain: keychain.clone(),
            login: OnceLock::new(),
            ready: OnceCell::new(),
            challenge: Mutex::new(None),
            tokens: Tokens::default(),
        })
    }

    /// Whether it answered all that it was asked without asking who we are: what we saw, anybody
    /// sees.
    pub(crate) fn is_open(&self) -> bool {
        let answered = matches!(self.ready.get(), Some(Ok(())));
        answered && self.challenge.lock().is_ok_and(|known| known.is_none())
    }

    /// The client and runtime below.
    pub(crate) fn http(&self) -> &'h Http {
        self.http
    }

    /// The address of something in a repository: `manifests/1.2.3`, `blobs/sha256:…`.
    pub(crate) fn at(&self, repository: &str, rest: &str) -> Result<Url, Diagnostic> {
        self.base.join(&format!("v2/{repository}/{rest}")).map_err(|_| {
            let message = format!("`{repository}` has no address at `{}`", self.name);
            Diagnostic::new(&codes::REGISTRY_REFERENCE, message)
        })
    }

    /// Sends a request with what its `need` asks for. A refusal is an answer too.
    pub(crate) async fn call(&self, request: Request, need: Need<'_>) -> Result<Reply, Diagnostic> {
        self.ready.get_or_init(|| self.get_ready()).await.clone()?;
        // Uploads may lead to another host, which brings its own permission in its address.
        if !same_place(&request.url, &self.base) {
            return self.http.send(request).await;
        }
        let mut refused = None;
        for _ in 1..MAX_LOGINS {
            let (sent, token) = self.with_credentials(request.clone(), need, refused).await?;
            let reply = self.http.send(sent).await?;
            if !self.is_challenge(&reply) {
                return Ok(reply);
            }
            self.learn(&reply);
            refused = token;
        }
        let (last, _) = self.with_credentials(request, need, refused).await?;
        self.http.send(last).await
    }

    /// The same for an answer whose body is read by the caller, who also retries.
    pub(crate) async fn open(
        &self,
        request: Request,
        need: Need<'_>,
    ) -> Result<Incoming, Diagnostic> {
        self.ready.get_or_init(|| self.get_ready()).await.clone()?;
        let (first, token) = self.with_credentials(request.clone(), need, None).await?;
        let incoming = self.http.open(&first).await?;
        if incoming.status != StatusCode::UNAUTHORIZED {
            return Ok(incoming);
        }
        let (second, _) = self.with_credentials(request, need, token).await?;
        self.http.open(&second).await
    }

    /// The problem of an answer that was not hoped for.
    pub(crate) fn refusal(&self, reply: &Reply) -> Diagnostic {
        let problem = reply.refusal();
        let anonymous = matches!(self.login.get(), None | Some(Ok(Login::Anonymous)));
        let name = &self.name;
        match reply.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if anonymous => {
                self.credentials_missing()
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                // In the same words for every item, so that a person reads them once.
                let message = format!("`{name}` answered `{}` to our credentials", reply.status);
                Diagnostic::new(&codes::REGISTRY_DENIED, message).help(format!(
                    "the credentials for `{name}` do not allow this; a workflow that writes to \
                     ghcr.io needs `permissions: packages: write`"
                ))
            }
            _ => Diagnostic { code: &codes::REGISTRY_REFUSED, ..problem },
        }
    }

    fn credentials_missing(&self) -> Diagnostic {
        let name = &self.name;
        let message = format!("`{name}` wants credentials, and there are none for it");
        Diagnostic::new(&codes::CREDENTIALS_MISSING, message).help(format!(
            "run `docker login {name}` (in a workflow, docker/login-action does), or give a user \
             and a token for it"
        ))
    }

    /// Asks whether there is a registry at all, and how it wants to be asked: what answers 404 to
    /// everything holds nothing, and would be written to.
    async fn get_ready(&self) -> Result<(), Diagnostic> {
        let url = self.base.join("v2/").map_err(|_| self.no_registry("has no address"))?;
        let reply = self.http.send(Request::get(url)).await?;
        if self.is_challenge(&reply) {
            self.learn(&reply);
            return Ok(());
        }
        match reply.status {
            StatusCode::OK => Ok(()),
            // It has trouble, or wants nothing to do with us: that says what it is, too.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => {
                Err(self.refusal(&reply))
            }
            status if status.is_server_error() => Err(self.refusal(&reply)),
            status => Err(self.no_registry(&format!("answers `/v2/` with `{status}`"))),
        }
    }

    fn no_registry(&self, why: &str) -> Diagnostic {
        let message = format!("`{}` is no registry: it {why}", self.name);
        Diagnostic::new(&codes::REGISTRY_NONE, message)
            .help("look at `registry` and `charts` below `[release]` in package-actions.toml")
    }

    fn is_challenge(&self, reply: &Reply) -> bool {
        reply.status == StatusCode::UNAUTHORIZED && same_place(&reply.url, &self.base)
    }

    fn learn(&self, reply: &Reply) {
        let headers = reply.headers.get_all(WWW_AUTHENTICATE).iter();
        let texts: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        let found = challenge::parse(&texts.join(", "));
        if let (Some(found), Ok(mut known)) = (found, self.challenge.lock()) {
            *known = Some(found);
        }
    }

    /// The request with what the registry asked for, and the token in it, if any; never the one
    /// that was `refused`.
    async fn with_credentials(
        &self,
        request: Request,
        need: Need<'_>,
        refused: Option<Secret>,
    ) -> Result<(Request, Option<Secret>), Diagnostic> {
        let known = self.challenge.lock().ok().and_then(|known| known.clone());
        match known {
            None => Ok((request, None)),
            Some(Challenge::Basic) => match self.login()? {
                Login::Password { user, password } => {
                    let value = token::basic(user, password);
                    Ok((request.credential(AUTHORIZATION, &value)?, None))
                }
                _ => Err(self.credentials_missing()),
            },
            Some(Challenge::Bearer { realm, service }) => {
                let token = self.token(&realm, &service, need, refused.as_ref()).await?;
                let value = Secret::new(format!("Bearer {}", token.expose()));
                Ok((request.credential(AUTHORIZATION, &value)?, Some(token)))
            }
        }
    }

    /// The credentials, looked for when they are first needed: a helper may ask a person.
    fn login(&self) -> Result<&Login, Diagnostic> {
        self.login.get_or_init(|| self.keychain.find(&self.name)).as_ref().map_err(Clone::clone)
    }
}
