//! Bodies as they arrive: bounded, and given up when they stall.

use std::time::Duration;

use hyper::body::Bytes;
use model::Diagnostic;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};

use crate::codes;
use crate::fault::{self, Fault};
use crate::stall::StallDetector;

/// An answer whose body is still to be read, with [`Incoming::next`].
pub struct Incoming {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    asked: String,
    response: Response,
    idle_timeout: Duration,
    stall: StallDetector,
}

impl Incoming {
    /// The answer to what messages call `asked`.
    pub(crate) fn new(asked: String, response: Response, idle_timeout: Duration) -> Self {
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            asked,
            response,
            idle_timeout,
            stall: StallDetector::new(),
        }
    }

    /// The next bytes of the body; nothing at its end.
    ///
    /// # Errors
    /// `remote-unreachable` when the body breaks off or stalls.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Diagnostic> {
        self.chunk().await.map_err(|fault| fault.problem)
    }

    /// The problem of an answer that was not hoped for, without the server's words.
    #[must_use]
    pub fn refusal(&self) -> Diagnostic {
        let message = format!("{} was answered `{}`", self.asked, self.status);
        Diagnostic::new(&codes::REMOTE_REFUSED, message)
    }

    /// The whole body, which must stay below `limit` bytes.
    pub(crate) async fn whole(&mut self, limit: u64) -> Result<Bytes, Fault> {
        let mut body = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if (body.len() + piece.len()) as u64 > limit {
                return Err(Fault::lasting(above_limit(&self.asked, limit)));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.into())
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Fault> {
        let next = tokio::time::timeout(self.idle_timeout, self.response.chunk());
        let Ok(read) = next.await else {
            return Err(fault::idle(&self.asked, self.idle_timeout));
        };
        let piece = read.map_err(|error| fault::of(&self.asked, &error))?;
        let arrived = piece.as_ref().map(|bytes| bytes.len() as u64);
        match arrived {
            Some(bytes) if self.stall.is_stalled_after(bytes, self.idle_timeout) => {
                Err(fault::stalled(&self.asked, self.idle_timeout))
            }
            _ => Ok(piece),
        }
    }
}

/// The problem of an answer to `asked` that is longer than is read.
pub(crate) fn above_limit(asked: &str, limit: u64) -> Diagnostic {
    let message = format!("the answer to {asked} is above the limit of {limit} bytes");
    Diagnostic::new(&codes::REMOTE_BODY_LIMIT, message)
}
