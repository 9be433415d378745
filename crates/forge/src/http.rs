//! Requests and responses of HTTP as values.
//!
//! It must not know sockets or services.

use hyper::body::Bytes;
use hyper::header::HeaderMap;
use serde_json::Value;

use crate::encoding::from_base64;
use crate::service::Service;

/// A request, as far as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub service: Service,
    /// Whether it was sent over TLS.
    pub tls: bool,
    pub method: String,
    /// As sent, without the query.
    pub path: String,
    /// Decoded pairs, in the order sent.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// Whether the whole body arrived.
    pub complete: bool,
    /// The time of the forge, in seconds since 1970.
    pub now: u64,
}

/// A response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Request {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header, joined by commas.
    pub(crate) fn headers_of(&self, name: &str) -> String {
        let lines = self.headers.get_all(name).iter();
        lines.filter_map(|line| line.to_str().ok()).collect::<Vec<_>>().join(",")
    }

    /// A query parameter, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The segments of the path, decoded, without empty ones.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
    }

    /// The body as JSON; null if it is not JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The user and the password of HTTP's Basic scheme (RFC 7617).
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let (scheme, rest) = self.header("authorization")?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let text = String::from_utf8(from_base64(rest)?).ok()?;
        text.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
    }

    /// The token of the Bearer scheme (RFC 6750), or of GitHub's `token` scheme.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        let known = ["bearer", "token"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
        known.then_some(token)
    }
}

impl Response {
    /// Only a status.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A JSON document.
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::bytes(status, "application/json; charset=utf-8", value.to_string().into())
    }

    /// Bytes with a media type.
    pub(crate) fn bytes(status: u16, kind: &str, body: Bytes) -> Self {
        Self { status, body, ..Self::default() }.with("content-type", kind)
    }

    /// Plain text.
    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", text.to_owned().into())
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The decoded pairs of a query or a URL-encoded form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(&key.replace('+', " ")), decode(&value.replace('+', " ")))
    };
    parts.map(pair).collect()
}

/// Decodes percent-encoded text (RFC 3986); an invalid escape stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escape = escape.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, escape) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = pairs(text);
            let found: Vec<(&str, &str)> =
                found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("", &[]);
        check("a=1&b", &[("a", "1"), ("b", "")]);
        check("digest=sha256%3Aab&x=a+b%2B", &[("digest", "sha256:ab"), ("x", "a b+")]);
        check("x=%zz%2", &[("x", "%zz%2")]);
    }
}
