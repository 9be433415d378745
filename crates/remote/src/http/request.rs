//! A request before it is sent, and the whole answer to it.

use std::path::PathBuf;

use hyper::body::Bytes;
use model::Diagnostic;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode, Url};

use crate::Secret;
use crate::codes;
use crate::http::address;

/// Bytes of an answer's body unless the request says otherwise: JSON documents are far below it.
pub const DEFAULT_BODY_LIMIT: u64 = 4 << 20;

/// What a request carries.
#[derive(Debug, Clone, Default)]
pub enum Content {
    /// Nothing.
    #[default]
    None,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A part of a file, read while it is sent.
    File {
        /// The file.
        path: PathBuf,
        /// Where the part begins.
        offset: u64,
        /// How long it is.
        length: u64,
    },
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
    pub(crate) limit: u64,
    pub(crate) repeatable: bool,
    pub(crate) redirected: bool,
}

/// An answer with its whole body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// What was asked, for messages: method and address without its query.
    pub asked: String,
    /// The address that answered, after redirects.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The start of a refusal's body, for people: printable, and without the credentials that
    /// were sent, should the server echo them.
    pub said: String,
}

impl Request {
    /// A request to `url` (see [`address`]). `GET`, `HEAD`, `PUT`, `DELETE` are
    /// repeated after transient failures, others only when the server said that it did nothing.
    #[must_use]
    pub fn new(method: Method, url: Url) -> Self {
        let repeatable = method.is_idempotent();
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            content: Content::None,
            limit: DEFAULT_BODY_LIMIT,
            repeatable,
            redirected: false,
        }
    }

    /// A `GET` of `url`.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// With a header; one that no header can hold is left out.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// With a header that is a credential: it stays with the host that `url` names, and appears in
    /// no message.
    ///
    /// # Errors
    /// `credentials-unusable` when no header can hold it, such as one with a newline.
    pub fn credential(mut self, name: HeaderName, value: &Secret) -> Result<Self, Diagnostic> {
        let mut value = HeaderValue::from_str(value.expose()).map_err(|_| {
            Diagnostic::new(
                &codes::CREDENTIALS_UNUSABLE,
                "a credential holds a character that no header can",
            )
            .help("look for a newline at its end")
        })?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// With something to carry.
    #[must_use]
    pub fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    /// With another limit of the answer's body, in bytes.
    #[must_use]
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Says whether sending it twice does no harm.
    #[must_use]
    pub fn repeatable(mut self, yes: bool) -> Self {
        self.repeatable = yes;
        self
    }

    /// Lets a request that carries something follow a redirect that keeps its method (307, 308):
    /// it is sent anew, from its beginning, without credentials where another host is named.
    #[must_use]
    pub fn redirected(mut self, yes: bool) -> Self {
        self.redirected = yes;
        self
    }

    /// For messages: method and address without its query.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.method, address::shown(&self.url))
    }
}

impl Reply {
    /// A header's text; nothing when it is absent or not ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The problem of an answer that was not hoped for: `remote-refused`, with what was asked, the
    /// status and what the server said.
    #[must_use]
    pub fn refusal(&self) -> Diagnostic {
        let said = if self.said.is_empty() { String::new() } else { format!(": {}", self.said) };
        let message = format!("{} was answered `{}`{said}", self.asked, self.status);
        let problem = Diagnostic::new(&codes::REMOTE_REFUSED, message);
        match self.status {
            StatusCode::UNAUTHORIZED => problem.help("the credentials are missing or not accepted"),
            StatusCode::FORBIDDEN => problem.help("the credentials do not allow this"),
            StatusCode::PAYLOAD_TOO_LARGE => problem.help("the server takes no body of this size"),
            _ => problem,
        }
    }
}
