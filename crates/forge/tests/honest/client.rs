//! An HTTP client that shows what was received, even if it is not valid HTTP: one request per
//! connection, no retries, no redirects.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Longer than any response of the double takes, shorter than the timeout of a test.
const LIMIT: Duration = Duration::from_secs(20);

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    base: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How many bytes of the body are sent before the client disconnects; all if `None`.
    sent: Option<usize>,
    timeout: Duration,
}

/// A response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the body was as long as the head says.
    pub(crate) whole: bool,
}

pub(crate) fn request(base: &str, method: &str, path: &str) -> Request {
    let path = path.strip_prefix(base).unwrap_or(path);
    let (base, method, path) = (base.to_owned(), method.to_owned(), path.to_owned());
    Request {
        base,
        method,
        path,
        headers: Vec::new(),
        body: Vec::new(),
        sent: None,
        timeout: LIMIT,
    }
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, kind: &str, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self.header("content-type", kind)
    }

    pub(crate) fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string().as_bytes())
    }

    /// The client disconnects after this many bytes of the body.
    pub(crate) fn dies_after(mut self, bytes: usize) -> Self {
        self.sent = Some(bytes);
        self
    }

    /// The client disconnects if nothing is received for this long.
    pub(crate) fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sends it; `None` if nothing is received.
    pub(crate) fn send(self) -> Option<Answer> {
        let host = self.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(self.timeout)).unwrap();
        let mut head = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len()));
        // Some tests make the server disconnect while it is being written to.
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&self.body[..self.sent.unwrap_or(self.body.len())]);
        if self.sent.is_some() {
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        }
        let mut bytes = Vec::new();
        let mut buffer = [0; 64 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            bytes.extend_from_slice(&buffer[..count]);
        }
        parse(&bytes, self.method == "HEAD")
    }

    /// Sends it; a complete response must be received.
    pub(crate) fn answer(self) -> Answer {
        let answer = self.send().expect("an answer");
        assert!(answer.whole, "{answer:?}");
        answer
    }

    /// Sends it; the response must have this status.
    pub(crate) fn expect(self, status: u16) -> Answer {
        let told = format!("{} {}", self.method, self.path);
        let answer = self.answer();
        assert_eq!(answer.status, status, "{told}: {}", answer.text());
        answer
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

fn parse(bytes: &[u8], head_only: bool) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_ascii_lowercase(), value.trim().to_owned())
    };
    let headers: Vec<(String, String)> = lines.map(pair).collect();
    let told = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    let rest = &bytes[end + 4..];
    let (body, whole) = if told("transfer-encoding").is_some() {
        chunks(rest)
    } else {
        let length = told("content-length").map_or(0, |text| text.parse().unwrap());
        (rest.to_vec(), rest.len() == length || (head_only && rest.is_empty()))
    };
    Some(Answer { status, headers, body, whole })
}

/// A chunked body, and whether its last chunk was received.
fn chunks(mut rest: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = String::from_utf8_lossy(&rest[..end]).into_owned();
        let size = usize::from_str_radix(&size, 16).unwrap();
        rest = &rest[end + 2..];
        if size == 0 {
            return (body, true);
        }
        let part = &rest[..size.min(rest.len())];
        body.extend_from_slice(part);
        rest = rest.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}
