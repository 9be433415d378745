//! The log of requests.

use crate::fault::Kind;
use crate::service::Service;

/// One request, as the log records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub sequence: u64,
    /// Its number among the requests that write, from 1; `None` for a read.
    pub write: Option<u64>,
    /// The service it was sent to.
    pub service: Service,
    /// Whether it was sent over TLS.
    pub tls: bool,
    /// `GET`, …
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// How many bytes of its body arrived.
    pub received: u64,
    /// The status of the response; `None` if there was no response.
    pub status: Option<u16>,
    /// The fault that was injected into it.
    pub fault: Option<Kind>,
}

/// All requests since the start or the last [`Self::clear`].
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub entries: Vec<Entry>,
    sequence: u64,
    writes: u64,
}

impl Log {
    /// The number of a new request, and its number among those that write.
    pub(crate) fn number(&mut self, writes: bool) -> (u64, Option<u64>) {
        self.sequence += 1;
        self.writes += u64::from(writes);
        (self.sequence, writes.then_some(self.writes))
    }

    /// Records what came of a request.
    pub(crate) fn finish(&mut self, sequence: u64, received: u64, status: Option<u16>) {
        let entry = self.entries.iter_mut().rev().find(|entry| entry.sequence == sequence);
        if let Some(entry) = entry {
            (entry.received, entry.status) = (received, status);
        }
    }

    /// Removes all entries and numbers from 1 again.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
