//! The client: one runtime, one connection pool, one way to redirect and fail.
//!
//! TLS is verified; plain http is for this machine only. Redirects are followed here (of `GET` and
//! `HEAD`, and of uploads that ask for it), so that credentials stay with the host that they are
//! for. Messages name hosts and paths, never queries or headers.

use std::future::Future;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use model::Diagnostic;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode, Url};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use crate::address::{self, same_origin};
use crate::body::Incoming;
use crate::codes;
use crate::fault::{self, Fault};
use crate::file_body::FileBody;
use crate::redact;
use crate::request::{Content, Reply, Request};
use crate::retry::{self, Attempt, Next, RetryPolicy, is_transient};
use crate::unreachable::UnreachableOrigins;

/// Until a connection counts as failed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Redirects of one request: token, storage and mirror hosts are one or two.
const MAX_REDIRECTS: u32 = 5;

/// A wait that a person would notice.
const NOTICEABLE: Duration = Duration::from_secs(2);

/// Threads: bodies are hashed and encrypted on them.
const WORKERS: usize = 2;

/// One runtime and one client for everything that a run asks.
pub struct Http {
    runtime: Runtime,
    plain: Client,
    tls: OnceLock<Result<Client, Diagnostic>>,
    policy: RetryPolicy,
    on_wait: OnceLock<OnWait>,
    unreachable: UnreachableOrigins,
}

/// Is called with a description of each wait.
type OnWait = Box<dyn Fn(&str) + Send + Sync>;

impl Http {
    /// A client that retries as `policy` says.
    ///
    /// # Errors
    /// `remote-client` when the system gives no threads.
    pub fn new(policy: RetryPolicy) -> Result<Self, Diagnostic> {
        // A second call finds the provider installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime =
            Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build().map_err(
                |error| Diagnostic::new(&codes::REMOTE_CLIENT, format!("no threads: {error}")),
            )?;
        // To this machine nothing goes through a proxy, and nothing is encrypted.
        let plain = builder().no_proxy().tls_certs_only([]);
        let plain = plain.build().map_err(|error| unusable(&error))?;
        Ok(Self {
            runtime,
            plain,
            tls: OnceLock::new(),
            policy,
            on_wait: OnceLock::new(),
            unreachable: UnreachableOrigins::default(),
        })
    }

    /// Sets what is called before waits that a person would notice. The first one is kept.
    pub fn on_wait(&self, listener: impl Fn(&str) + Send + Sync + 'static) {
        let _ = self.on_wait.set(Box::new(listener));
    }

    /// Runs a future of this client to its end. Must not be called inside another one.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// How often, and after which waits, anything is tried again.
    #[must_use]
    pub fn policy(&self) -> RetryPolicy {
        self.policy
    }

    /// Makes attempts, numbered from 1, until one is done, fails for good, or is the last one that
    /// the policy allows.
    ///
    /// # Errors
    /// That of the attempt that failed for good, or of the last one.
    pub async fn retry<T, E>(
        &self,
        mut attempt: impl AsyncFnMut(u32) -> Result<Attempt<T, E>, E>,
    ) -> Result<T, E> {
        let mut number = 1;
        loop {
            let ended = attempt(number).await;
            if let ControlFlow::Break(outcome) = self.after(number, ended).await {
                return outcome;
            }
            number += 1;
        }
    }

    /// The same for attempts that block. Must not be called inside a future of this client.
    ///
    /// # Errors
    /// As [`Http::retry`].
    pub fn retry_blocking<T, E>(
        &self,
        mut attempt: impl FnMut(u32) -> Result<Attempt<T, E>, E>,
    ) -> Result<T, E> {
        let mut number = 1;
        loop {
            let ended = attempt(number);
            if let ControlFlow::Break(outcome) = self.block_on(self.after(number, ended)) {
                return outcome;
            }
            number += 1;
        }
    }

    /// Sends a request until it is answered with a status that does not pass by itself, and reads
    /// the whole answer. A status that refuses is an answer too: see [`Reply::refusal`].
    ///
    /// # Errors
    /// `remote-unreachable` when no attempt was answered, `remote-tls`, `remote-redirect`,
    /// `remote-plain-http`, `remote-address`, `remote-body-limit`.
    pub async fn send(&self, request: Request) -> Result<Reply, Diagnostic> {
        // As `retry` does. It is not called, because the compiler cannot tell that the future of an
        // asynchronous closure may go to another thread, and octocrab wants this one to.
        let mut number = 1;
        let outcome = loop {
            let ended = self.attempt_to_send(&request).await;
            if let ControlFlow::Break(outcome) = self.after(number, ended).await {
                break outcome;
            }
            number += 1;
        };
        match &outcome {
            Ok(reply) => self.unreachable.remove(&reply.url),
            Err(Fault { unreached: Some(origin), .. }) => self.unreachable.insert(origin),
            Err(_) => {}
        }
        outcome.map_err(|fault| fault.problem)
    }

    /// Sends a request once and leaves the body to the caller, who retries.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn open(&self, request: &Request) -> Result<Incoming, Diagnostic> {
        let (_, response) = self.follow(request).await.map_err(|fault| fault.problem)?;
        Ok(Incoming::new(request.shown(), response, self.policy.idle_timeout))
    }

    /// The outcome after attempt number `number` (from 1), or the wait before the next one.
    async fn after<T, E>(
        &self,
        number: u32,
        ended: Result<Attempt<T, E>, E>,
    ) -> ControlFlow<Result<T, E>> {
        match self.policy.next(number, ended) {
            Next::End(outcome) => ControlFlow::Break(outcome),
            Next::Again(asked) => {
                self.wait(number, asked).await;
                ControlFlow::Continue(())
            }
        }
    }

    /// Waits before the attempt after failed attempt number `attempt` (from 1).
    async fn wait(&self, attempt: u32, asked: Option<Duration>) {
        let mut chance = [0];
        // Without randomness waits are merely the longest ones.
        let _ = getrandom::fill(&mut chance);
        let [chance] = chance;
        let wait = self.policy.wait(attempt, asked, chance);
        if let Some(listener) = self.on_wait.get().filter(|_| wait >= NOTICEABLE) {
            let (seconds, next) = (wait.as_secs_f64().ceil(), attempt + 1);
            let attempts = self.policy.attempts;
            listener(&format!("no answer: attempt {next} of {attempts} in {seconds} s"));
        }
        sleep(wait).await;
    }

    async fn attempt_to_send(&self, request: &Request) -> Result<Attempt<Reply, Fault>, Fault> {
        match self.once(request).await {
            Ok(reply) if is_transient(reply.status, request.repeatable) => {
                let asked = reply.header(RETRY_AFTER.as_str());
                let after = asked.and_then(|text| retry::retry_after(text, SystemTime::now()));
                Ok(Attempt::Retry { outcome: Ok(reply), after })
            }
            Err(fault) if self.may_retry(request, &fault) => Ok(Attempt::retry(Err(fault))),
            outcome => outcome.map(Attempt::Done),
        }
    }

    fn may_retry(&self, request: &Request, fault: &Fault) -> bool {
        let known = |origin: &String| self.unreachable.contains(origin);
        fault.passing
            && (request.repeatable || fault.unsent)
            && !fault.unreached.as_ref().is_some_and(known)
    }

    async fn once(&self, request: &Request) -> Result<Reply, Fault> {
        let (url, response) = self.follow(request).await?;
        let asked = request.shown();
        let mut incoming = Incoming::new(asked.clone(), response, self.policy.idle_timeout);
        let body = incoming.whole(request.limit).await?;
        let Incoming { status, headers, .. } = incoming;
        let refused = status.is_client_error() || status.is_server_error();
        let said = if refused { redact::excerpt(&body, &request.headers) } else { String::new() };
        Ok(Reply { asked, url, status, headers, body, said })
    }

    /// Sends a request, and where it may be redirected, again.
    async fn follow(&self, request: &Request) -> Result<(Url, Response), Fault> {
        let mut request = request.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.attempt(&request).await?;
            let follows = match request.method {
                Method::GET | Method::HEAD => is_redirect(response.status()),
                _ => request.redirected && keeps_method(response.status()),
            };
            if !follows {
                return Ok((request.url, response));
            }
            let location = response.headers().get(LOCATION).and_then(|text| text.to_str().ok());
            let target = address::redirect(&request.url, location).map_err(Fault::lasting)?;
            if !same_origin(&request.url, &target) {
                request.headers = without_credentials(&request.headers);
            }
            request.url = target;
        }
        let message = format!("{} redirects more than {MAX_REDIRECTS} times", request.shown());
        Err(Fault::lasting(Diagnostic::new(&codes::REMOTE_REDIRECT, message)))
    }

    async fn attempt(&self, request: &Request) -> Result<Response, Fault> {
        address::check(&request.url).map_err(Fault::lasting)?;
        let client = self.client(&request.url).map_err(Fault::lasting)?;
        let mut builder = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        let sent = Arc::new(AtomicU64::new(0));
        match &request.content {
            Content::None => {}
            Content::Bytes(bytes) => builder = builder.body(bytes.clone()),
            Content::File { path, offset, length } => {
                let body = FileBody::open(path, *offset, *length, Arc::clone(&sent));
                let body = body.map_err(|error| Fault::lasting(unreadable(&error, request)))?;
                builder = builder.body(reqwest::Body::wrap(body));
            }
        }
        let asked = request.shown();
        let mut sending = std::pin::pin!(builder.send());
        let mut seen = 0;
        loop {
            match timeout(self.policy.idle_timeout, &mut sending).await {
                Ok(answered) => return answered.map_err(|error| fault::of(&asked, &error)),
                // A large body takes its time; only one that does not move has failed.
                Err(_) => {
                    let now = sent.load(Ordering::Relaxed);
                    if now == seen {
                        return Err(fault::idle(&asked, self.policy.idle_timeout));
                    }
                    seen = now;
                }
            }
        }
    }

    /// The client for an address. The one with TLS reads the system's certificates, so it is made
    /// when it is first needed.
    fn client(&self, url: &Url) -> Result<&Client, Diagnostic> {
        if url.scheme() == "http" {
            return Ok(&self.plain);
        }
        let made = || builder().build().map_err(|error| unusable(&error));
        self.tls.get_or_init(made).as_ref().map_err(Clone::clone)
    }
}

fn builder() -> reqwest::ClientBuilder {
    Client::builder()
        .user_agent(concat!("package-actions/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// RFC 9110, 15.4.8 and 15.4.9: the same request, elsewhere.
fn keeps_method(status: StatusCode) -> bool {
    matches!(status.as_u16(), 307 | 308)
}

fn without_credentials(headers: &HeaderMap) -> HeaderMap {
    let kept = headers.iter().filter(|(_, value)| !value.is_sensitive());
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn unreadable(error: &std::io::Error, request: &Request) -> Diagnostic {
    let message = format!("cannot read what {} is to carry: {error}", request.shown());
    Diagnostic::new(&codes::REMOTE_SOURCE, message)
}

fn unusable(error: &reqwest::Error) -> Diagnostic {
    Diagnostic::new(&codes::REMOTE_CLIENT, format!("no HTTP client: {error}"))
}

#[cfg(test)]
mod tests;
