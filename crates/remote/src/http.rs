//! HTTP for every room: one runtime, one client, one way to retry, redirect and fail.
//!
//! TLS is verified; plain http is for this machine only. Redirects are followed here (of `GET` and
//! `HEAD`, and of uploads that ask for it), so that credentials stay with the host that they are
//! for. Waits between attempts are
//! bounded by [`Patience`], bodies by their request. Messages name hosts and paths, never queries
//! or headers. This room knows no registry, index or forge.

mod address;
mod echo;
mod fault;
mod file_body;
mod gone;
mod hashed;
mod pace;
mod patience;
mod request;

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use hyper::body::Bytes;
use model::Diagnostic;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, StatusCode, Url};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{sleep, timeout};

use crate::codes;
pub use address::address;
pub(crate) use address::url_host::is_loopback_name;
pub(crate) use address::{redirect, same_place, shown};
use fault::Fault;
use file_body::FileBody;
use gone::Gone;
use pace::Pace;
pub use patience::Patience;
pub use request::{Content, DEFAULT_BODY_LIMIT, Reply, Request};

/// Until a connection counts as failed.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Redirects of one request: token, storage and mirror hosts are one or two.
const MAX_REDIRECTS: u32 = 5;

/// A wait that a person would notice.
const NOTICEABLE: Duration = Duration::from_secs(2);

/// Threads: bodies are hashed and encrypted on them.
const WORKERS: usize = 2;

/// One runtime and one client for all rooms of a run.
pub struct Http {
    runtime: Runtime,
    plain: Client,
    tls: OnceLock<Result<Client, Diagnostic>>,
    patience: Patience,
    told: OnceLock<Told>,
    gone: Gone,
}

/// Hears of waits.
type Told = Box<dyn Fn(&str) + Send + Sync>;

/// An answer whose body is still to be read, with [`Incoming::next`].
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    asked: String,
    response: Response,
    idle: Duration,
    pace: Pace,
}

impl Http {
    /// A client that puts up with what `patience` says.
    ///
    /// # Errors
    /// `remote-client` when the system gives no threads.
    pub fn new(patience: Patience) -> Result<Self, Diagnostic> {
        // A second call finds the provider there, which is as good.
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
            patience,
            told: OnceLock::new(),
            gone: Gone::default(),
        })
    }

    /// Who is told of waits that a person would notice. The first one stays.
    pub fn tell(&self, told: impl Fn(&str) + Send + Sync + 'static) {
        let _ = self.told.set(Box::new(told));
    }

    /// Runs a future of this client to its end. Must not be called inside another one.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// How much is put up with.
    #[must_use]
    pub fn patience(&self) -> Patience {
        self.patience
    }

    /// Sends a request until it is answered with a status that does not pass by itself, and reads
    /// the whole answer. A status that refuses is an answer too: see [`Reply::refusal`].
    ///
    /// # Errors
    /// `remote-unreachable` when no attempt was answered, `remote-tls`, `remote-redirect`,
    /// `remote-plain-http`, `remote-address`, `remote-body-limit`.
    pub async fn send(&self, request: Request) -> Result<Reply, Diagnostic> {
        let mut attempt = 1;
        loop {
            let outcome = self.once(&request).await;
            let last = attempt >= self.patience.attempts;
            let asked = match &outcome {
                Ok(reply) if !last && passes(reply.status, request.repeatable) => {
                    reply.header(RETRY_AFTER.as_str())
                }
                Err(fault)
                    if !last
                        && fault.passing
                        && (request.repeatable || fault.unsent)
                        && !self.gone.holds(fault) =>
                {
                    None
                }
                _ => {
                    match &outcome {
                        Ok(reply) => self.gone.came_back(&reply.url),
                        Err(fault) => self.gone.note(fault),
                    }
                    return outcome.map_err(|fault| fault.problem);
                }
            };
            let asked = asked.and_then(|text| patience::retry_after(text, SystemTime::now()));
            self.wait(attempt, asked).await;
            attempt += 1;
        }
    }

    /// Sends a request once and leaves the body to the caller, who retries.
    ///
    /// # Errors
    /// As [`Http::send`].
    pub async fn open(&self, request: &Request) -> Result<Incoming, Diagnostic> {
        let (_, response) = self.follow(request).await.map_err(|fault| fault.problem)?;
        Ok(Incoming {
            status: response.status(),
            headers: response.headers().clone(),
            asked: request.shown(),
            response,
            idle: self.patience.idle,
            pace: Pace::new(),
        })
    }

    /// Waits before the attempt after failed attempt number `attempt` (from 1).
    pub async fn wait(&self, attempt: u32, asked: Option<Duration>) {
        let mut chance = [0];
        // Without randomness waits are merely the longest ones.
        let _ = getrandom::fill(&mut chance);
        let [chance] = chance;
        let wait = self.patience.wait(attempt, asked, chance);
        if let Some(told) = self.told.get().filter(|_| wait >= NOTICEABLE) {
            let (seconds, next) = (wait.as_secs_f64().ceil(), attempt + 1);
            told(&format!(
                "no answer: attempt {next} of {} in {seconds} s",
                self.patience.attempts
            ));
        }
        sleep(wait).await;
    }

    async fn once(&self, request: &Request) -> Result<Reply, Fault> {
        let (url, mut response) = self.follow(request).await?;
        let asked = request.shown();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = whole(&asked, &mut response, request.limit, self.patience.idle).await?;
        let refused = status.is_client_error() || status.is_server_error();
        let said = if refused { echo::said(&body, &request.headers) } else { String::new() };
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
            let target = address::redirect(&request.url, location).map_err(lasting)?;
            if !same_place(&request.url, &target) {
                request.headers = without_credentials(&request.headers);
            }
            request.url = target;
        }
        let message = format!("{} redirects more than {MAX_REDIRECTS} times", request.shown());
        Err(lasting(Diagnostic::new(&codes::REMOTE_REDIRECT, message)))
    }

    async fn attempt(&self, request: &Request) -> Result<Response, Fault> {
        address::check(&request.url).map_err(lasting)?;
        let client = self.client(&request.url).map_err(lasting)?;
        let mut builder = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        let sent = Arc::new(AtomicU64::new(0));
        match &request.content {
            Content::None => {}
            Content::Bytes(bytes) => builder = builder.body(bytes.clone()),
            Content::File { path, offset, length } => {
                let body = FileBody::open(path, *offset, *length, Arc::clone(&sent));
                let body = body.map_err(|error| lasting(unreadable(&error, request)))?;
                builder = builder.body(reqwest::Body::wrap(body));
            }
        }
        let asked = request.shown();
        let mut sending = std::pin::pin!(builder.send());
        let mut seen = 0;
        loop {
            match timeout(self.patience.idle, &mut sending).await {
                Ok(answered) => return answered.map_err(|error| fault::of(&asked, &error)),
                // A large body takes its time; only one that stands still has failed.
                Err(_) => {
                    let now = sent.load(Ordering::Relaxed);
                    if now == seen {
                        return Err(fault::silence(&asked, self.patience.idle));
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

impl Incoming {
    /// The next bytes of the body; nothing at its end.
    ///
    /// # Errors
    /// `remote-unreachable` when the body breaks off or stands still.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Diagnostic> {
        let piece = chunk(&self.asked, &mut self.response, self.idle, &mut self.pace);
        piece.await.map_err(|fault| fault.problem)
    }

    /// The problem of an answer that was not hoped for, without the server's words.
    #[must_use]
    pub fn refusal(&self) -> Diagnostic {
        let message = format!("{} was answered `{}`", self.asked, self.status);
        Diagnostic::new(&codes::REMOTE_REFUSED, message)
    }
}

/// Whether a status may pass by itself. 429 and 503 say that nothing was done.
#[must_use]
pub fn passes(status: StatusCode, repeatable: bool) -> bool {
    match status.as_u16() {
        429 | 503 => true,
        408 | 500 | 502 | 504 => repeatable,
        _ => false,
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

/// The whole body, which must stay below `limit` bytes.
async fn whole(
    asked: &str,
    response: &mut Response,
    limit: u64,
    idle: Duration,
) -> Result<Bytes, Fault> {
    let above = || {
        let message = format!("the answer to {asked} is above the limit of {limit} bytes");
        lasting(Diagnostic::new(&codes::REMOTE_BODY_LIMIT, message))
    };
    let mut body = Vec::new();
    let mut pace = Pace::new();
    while let Some(piece) = chunk(asked, response, idle, &mut pace).await? {
        if (body.len() + piece.len()) as u64 > limit {
            return Err(above());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.into())
}

async fn chunk(
    asked: &str,
    response: &mut Response,
    idle: Duration,
    pace: &mut Pace,
) -> Result<Option<Bytes>, Fault> {
    let Ok(read) = timeout(idle, response.chunk()).await else {
        return Err(fault::silence(asked, idle));
    };
    let piece = read.map_err(|error| fault::of(asked, &error))?;
    match &piece {
        Some(bytes) if !pace.holds(bytes.len() as u64, idle) => Err(fault::drip(asked, idle)),
        _ => Ok(piece),
    }
}

fn lasting(problem: Diagnostic) -> Fault {
    Fault { problem, passing: false, unsent: true, unreached: None }
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
