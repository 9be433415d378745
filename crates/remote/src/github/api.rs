//! octocrab over our own client: so redirects, retries, limits and credentials are the same for
//! GitHub as for every other place.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::http::{Request as HttpRequest, Response as HttpResponse, request::Parts};
use model::Diagnostic;
use octocrab::{AuthState, GitHubError, OctoBody, Octocrab, OctocrabBuilder};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName};
use reqwest::{Method, StatusCode, Url};

use crate::Secret;
use crate::codes;
use crate::http::{Content, Http, Request, address, same_place, shown};

/// Bytes of one answer: a page of thirty releases with a thousand assets each is about half.
const MAX_ANSWER_BYTES: u64 = 64 << 20;

/// The API version that this room speaks.
const API_VERSION: (&str, &str) = ("x-github-api-version", "2022-11-28");

/// What GitHub asks for after a secondary limit that does not say when to come back.
const UNNAMED_WAIT: Duration = Duration::from_secs(60);

/// A GitHub.
pub(super) struct Api {
    pub(super) http: Arc<Http>,
    pub(super) base: Url,
    crab: Octocrab,
    token: Option<Secret>,
}

/// Why a call did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failed {
    /// GitHub said so.
    Said {
        /// The status.
        status: u16,
        /// The code of its first error, such as `already_exists`; empty without one.
        code: String,
        /// For people.
        problem: Diagnostic,
    },
    /// There was no answer.
    Unheard(Diagnostic),
}

impl Api {
    /// One that is asked with `token`, or as anybody.
    pub(super) fn new(
        http: &Arc<Http>,
        base: &str,
        token: Option<Secret>,
    ) -> Result<Self, Diagnostic> {
        let base = address(base.trim_end_matches('/'))?;
        // Fails here rather than at each request.
        bearer(Request::get(base.clone()), token.as_ref())?;
        let line = Line { http: Arc::downgrade(http), base: base.clone(), token: token.clone() };
        let service = tower::service_fn(move |request| line.clone().carry(request));
        // octocrab starts a task of its own, so it wants to be made inside the runtime.
        let made = http.block_on(async {
            OctocrabBuilder::new_empty().with_service(service).with_auth(AuthState::None).build()
        });
        let Ok(crab) = made;
        Ok(Self { http: Arc::clone(http), base, crab, token })
    }

    /// Asks until there is an answer that does not pass by itself. Rate limits are waited for
    /// where the wait is within our patience.
    pub(super) async fn call<T>(
        &self,
        ask: impl AsyncFn(&Octocrab) -> octocrab::Result<T>,
    ) -> Result<T, Failed> {
        let patience = self.http.patience();
        let mut attempt = 1;
        loop {
            let error = match ask(&self.crab).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let limited = rate_limit(&error, SystemTime::now());
            match limited {
                Some(wait) if wait <= patience.longest && attempt < patience.attempts => {
                    self.http.wait(attempt, Some(wait)).await;
                }
                Some(wait) => return Err(too_long(wait)),
                None => return Err(self.failed(error)),
            }
            attempt += 1;
        }
    }

    /// Whether it is asked as somebody.
    pub(super) fn is_signed(&self) -> bool {
        self.token.is_some()
    }

    /// A request with the token, for what does not go through octocrab.
    pub(super) fn signed(&self, request: Request) -> Result<Request, Diagnostic> {
        Ok(bearer(request, self.token.as_ref())?
            .header(HeaderName::from_static(API_VERSION.0), API_VERSION.1))
    }

    /// What a refused request says, as GitHub words it.
    pub(super) fn refused(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failed {
        let said: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| said.get(key).and_then(|v| v.as_str()).unwrap_or_default();
        let errors = said.get("errors").and_then(|errors| errors.as_array().cloned());
        if is_limit(status, headers, text("message")) {
            return too_long(limit_wait(headers, SystemTime::now()));
        }
        self.said(status, text("message"), errors.as_deref())
    }

    fn failed(&self, error: octocrab::Error) -> Failed {
        match error {
            octocrab::Error::GitHub { source, .. } => {
                self.said(source.status_code, &source.message, source.errors.as_deref())
            }
            octocrab::Error::Service { source, .. } => {
                Failed::Unheard(match source.downcast::<Carried>() {
                    Ok(carried) => carried.0,
                    Err(other) => unreadable(&self.clean(&other.to_string())),
                })
            }
            // Bodies that are no JSON of the expected form.
            other => Failed::Unheard(unreadable(&self.clean(&other.to_string()))),
        }
    }

    fn said(
        &self,
        status: StatusCode,
        message: &str,
        errors: Option<&[serde_json::Value]>,
    ) -> Failed {
        let first = errors.and_then(|errors| errors.first());
        let field = |key: &str| {
            let text = first.and_then(|first| first.get(key)).and_then(|text| text.as_str());
            text.unwrap_or_default().to_owned()
        };
        let code = field("code");
        let more = [field("field"), code.clone(), field("message")];
        let more: Vec<String> = more.into_iter().filter(|text| !text.is_empty()).collect();
        let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(" ")) };
        let message = self.clean(&format!("{message}{more}"));
        Failed::Said { status: status.as_u16(), code, problem: refusal(status, &message) }
    }

    /// Foreign words, short, on one line, and without our token, should a server echo it.
    fn clean(&self, text: &str) -> String {
        let text = match &self.token {
            Some(token) => text.replace(token.expose(), "***"),
            None => text.to_owned(),
        };
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        text.trim().chars().take(MAX_WORDS).collect()
    }
}

/// Characters of a server's words that are shown.
const MAX_WORDS: usize = 400;

impl Failed {
    /// For people.
    pub(super) fn problem(self) -> Diagnostic {
        match self {
            Self::Said { problem, .. } | Self::Unheard(problem) => problem,
        }
    }

    /// Whether GitHub said that there is no such thing.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Said { status: 404 | 410, .. })
    }
}

/// An answer, or nothing where GitHub says that there is no such thing.
pub(super) fn unless_absent<T>(answer: Result<T, Failed>) -> Result<Option<T>, Diagnostic> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failed) if failed.is_absent() => Ok(None),
        Err(failed) => Err(failed.problem()),
    }
}

fn bearer(request: Request, token: Option<&Secret>) -> Result<Request, Diagnostic> {
    let Some(token) = token else { return Ok(request) };
    request.credential(AUTHORIZATION, &Secret::new(format!("Bearer {}", token.expose())))
}

/// What carries octocrab's requests.
#[derive(Clone)]
struct Line {
    // Weak: octocrab keeps this in a task of the runtime that the client owns.
    http: Weak<Http>,
    base: Url,
    token: Option<Secret>,
}

impl Line {
    async fn carry(
        self,
        request: HttpRequest<OctoBody>,
    ) -> Result<HttpResponse<Full<Bytes>>, Carried> {
        let gone = || Carried(Diagnostic::new(&codes::REMOTE_CLIENT, "the client has ended"));
        let http = self.http.upgrade().ok_or_else(gone)?;
        let (parts, body) = request.into_parts();
        let url = self.target(&parts).map_err(Carried)?;
        let body = body.collect().await.map_err(|_| gone())?.to_bytes();
        let repeatable = parts.method != Method::POST;
        let mut request = Request::new(parts.method, url)
            .header(ACCEPT, "application/vnd.github+json")
            .header(HeaderName::from_static(API_VERSION.0), API_VERSION.1)
            // What we change, we set to what it is to be: twice is as good as once.
            .repeatable(repeatable)
            .limit(MAX_ANSWER_BYTES);
        if !body.is_empty() {
            request = request
                .header(reqwest::header::CONTENT_TYPE, "application/json")
                .content(Content::Bytes(body));
        }
        let request = bearer(request, self.token.as_ref()).map_err(Carried)?;
        let reply = http.send(request).await.map_err(Carried)?;
        if reply.status.is_redirection() {
            let problem =
                Diagnostic::new(&codes::GITHUB_MOVED, format!("{} has moved", reply.asked))
                    .help("the repository has another name now: name that one");
            return Err(Carried(problem));
        }
        let mut response = HttpResponse::new(Full::new(reply.body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        Ok(response)
    }

    /// The address that a request of octocrab means. Links to further pages come from the server,
    /// so they are looked at.
    fn target(&self, parts: &Parts) -> Result<Url, Diagnostic> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        if parts.uri.authority().is_none() {
            return address(&format!("{}{path}", self.base.as_str().trim_end_matches('/')));
        }
        let url = address(&parts.uri.to_string())?;
        if same_place(&url, &self.base) {
            return Ok(url);
        }
        let message = format!("the server names `{}` as the next page, another host", shown(&url));
        Err(Diagnostic::new(&codes::GITHUB_OTHER_HOST, message).help("nothing was sent there"))
    }
}

/// A problem on its way through octocrab.
#[derive(Debug)]
struct Carried(Diagnostic);

impl fmt::Display for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Carried {}

/// How long to wait when a primary or secondary rate limit refused; nothing when none did.
fn rate_limit(error: &octocrab::Error, now: SystemTime) -> Option<Duration> {
    let octocrab::Error::GitHub { source, .. } = error else { return None };
    let GitHubError { status_code, message, headers, .. } = source.as_ref();
    let headers = headers.as_ref()?;
    is_limit(*status_code, headers, message).then(|| limit_wait(headers, now))
}

/// A refusal for now (GitHub's "Best practices for using the REST API").
fn is_limit(status: StatusCode, headers: &HeaderMap, message: &str) -> bool {
    let spent = headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    let secondary = message.to_ascii_lowercase().contains("secondary rate limit");
    let told = headers.contains_key("retry-after");
    matches!(status.as_u16(), 403 | 429) && (spent || secondary || told)
}

fn limit_wait(headers: &HeaderMap, now: SystemTime) -> Duration {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Duration::from_secs(seconds);
    }
    let spent = headers.get("x-ratelimit-remaining").is_some_and(|left| left == "0");
    let reset = number("x-ratelimit-reset").filter(|_| spent).map(Duration::from_secs);
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    reset.map_or(UNNAMED_WAIT, |reset| reset.saturating_sub(since))
}

fn too_long(wait: Duration) -> Failed {
    let message = format!("GitHub's rate limit is used up for {} seconds more", wait.as_secs());
    let problem = Diagnostic::new(&codes::GITHUB_RATE_LIMIT, message)
        .help("run the same command again after that: what is there is not written again");
    Failed::Said { status: 429, code: String::new(), problem }
}

fn refusal(status: StatusCode, message: &str) -> Diagnostic {
    let problem =
        Diagnostic::new(&codes::GITHUB_REFUSED, format!("GitHub answered `{status}`: {message}"));
    match status.as_u16() {
        401 => Diagnostic { code: &codes::GITHUB_CREDENTIALS, ..problem }
            .help("the token in `GITHUB_TOKEN` (or `GH_TOKEN`) is not valid, or has expired"),
        403 => Diagnostic { code: &codes::GITHUB_CREDENTIALS, ..problem }.help(
            "the token needs `permissions: contents: write`; for a commit that changes \
             workflows, push the tag first",
        ),
        404 => problem.help(
            "there is no such repository, or the token in `GITHUB_TOKEN` (or `GH_TOKEN`) may not \
             see its drafts: it needs `permissions: contents: write`",
        ),
        _ => problem,
    }
}

fn unreadable(why: &str) -> Diagnostic {
    Diagnostic::new(&codes::GITHUB_ANSWER, format!("GitHub's answer cannot be read: {why}"))
        .help("is the API's address right?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limit_is_told_from_a_refusal_and_says_how_long() {
        let check =
            |status: u16, headers: &[(&'static str, &str)], said: &str, wait: Option<u64>| {
                let expected = wait.map(Duration::from_secs);
                let mut map = HeaderMap::new();
                for (name, value) in headers {
                    map.insert(*name, value.parse().unwrap());
                }
                let status = StatusCode::from_u16(status).unwrap();
                let now = UNIX_EPOCH + Duration::from_secs(1_000);
                let wait = is_limit(status, &map, said).then(|| limit_wait(&map, now));
                assert_eq!(wait, expected, "{headers:?} {said}");
            };
        check(403, &[], "Resource not accessible by integration", None);
        check(403, &[("retry-after", "30")], "", Some(30));
        check(429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1090")], "", Some(90));
        check(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "900")], "", Some(0));
        check(403, &[], "You have exceeded a secondary rate limit", Some(60));
        check(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "x")], "", Some(60));
        check(403, &[("x-ratelimit-remaining", "12")], "no", None);
        check(422, &[("x-ratelimit-remaining", "0")], "no", None);
    }
}
