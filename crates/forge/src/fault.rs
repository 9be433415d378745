//! What goes wrong on order: which request is hit, and by what.
//!
//! It decides; the server carries out. It knows no service's meaning.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Service;

/// Which request a fault hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// Any.
    Any,
    /// The nth request that writes, counted from 1 since the start or the last
    /// [`crate::Forge::forget`].
    Write(u64),
    /// The nth request of all, counted in the same way.
    Sequence(u64),
    /// Those with this method (`*`: any) whose path starts so.
    Request {
        /// The service, where only one is meant.
        service: Option<Service>,
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// The start of the path.
        prefix: String,
    },
    /// Those with this method (`*`: any) and this very path.
    At {
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// The path.
        path: String,
    },
    /// Those with this method (`*`: any) whose path holds this text.
    Holding {
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// A part of the path.
        part: String,
    },
}

/// What happens to it. A lie waits for an answer that has something to lie about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The connection ends after so many bytes of the request's body; the service sees a request
    /// that broke off.
    DropRequest(u64),
    /// The request is carried out; the connection ends after so many bytes of the answer, head
    /// included. 0: no answer at all.
    DropResponse(u64),
    /// Not carried out; this status.
    Status(u16),
    /// Not carried out; this status, and this body as JSON.
    Says(u16, String),
    /// Carried out; this status all the same.
    StatusAfter(u16),
    /// Not carried out; 429 with `Retry-After` in seconds.
    TooMany {
        /// Seconds.
        retry_after: u64,
    },
    /// Not carried out; GitHub's secondary rate limit: 403 with `Retry-After` in seconds.
    Secondary {
        /// Seconds.
        retry_after: u64,
    },
    /// Not carried out; GitHub's primary rate limit: 403, no request left until that time.
    Spent {
        /// Seconds since 1970.
        reset: u64,
    },
    /// A read is answered as of before the last write.
    Stale,
    /// The answer's body comes in pieces of so many bytes, a millisecond apart.
    Slow(usize),
    /// No answer, ever, on a connection that stays open.
    Silent,
    /// A digest that the answer tells (in a header, or in JSON that is no OCI content) is another.
    LieDigest,
    /// A size that the answer tells is one more, and a body of plain bytes is one byte longer.
    LieSize,
    /// The body's last byte is another.
    LieBytes,
    /// Not carried out; 307 to this address. A `*` at its end stands for the path and query.
    Redirect(String),
    /// So many blanks after the body, and no `Content-Length`.
    Pad(u64),
}

/// A fault: hits requests that match, after `skip` of them, `times` times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which requests.
    pub on: On,
    /// What happens.
    pub kind: Kind,
    /// How many matching requests pass first.
    pub skip: u64,
    /// How many it hits; then it is spent.
    pub times: u64,
}

/// Names a fault that was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultId(usize);

impl On {
    /// Requests with this method (`*`: any) whose path starts so, at any service.
    #[must_use]
    pub fn request(method: &str, prefix: &str) -> Self {
        Self::Request { service: None, method: method.to_owned(), prefix: prefix.to_owned() }
    }

    /// All requests to a service.
    #[must_use]
    pub fn service(service: Service) -> Self {
        let (method, prefix) = ("*".to_owned(), String::new());
        Self::Request { service: Some(service), method, prefix }
    }

    /// Requests with this method (`*`: any) and this very path.
    #[must_use]
    pub fn at(method: &str, path: &str) -> Self {
        Self::At { method: method.to_owned(), path: path.to_owned() }
    }

    /// Requests with this method (`*`: any) whose path holds this text.
    #[must_use]
    pub fn holding(method: &str, part: &str) -> Self {
        Self::Holding { method: method.to_owned(), part: part.to_owned() }
    }

    pub(crate) fn hits(&self, seen: &Seen<'_>) -> bool {
        let methods = |method: &str| method == "*" || method == seen.method;
        match self {
            Self::Any => true,
            Self::Write(nth) => seen.write == Some(*nth),
            Self::Sequence(nth) => seen.sequence == *nth,
            Self::Request { service, method, prefix } => {
                service.is_none_or(|service| service == seen.service)
                    && methods(method)
                    && seen.path.starts_with(prefix)
            }
            Self::At { method, path } => methods(method) && seen.path == path,
            Self::Holding { method, part } => methods(method) && seen.path.contains(part),
        }
    }
}

impl Fault {
    /// Hits the first request that matches.
    #[must_use]
    pub fn once(on: On, kind: Kind) -> Self {
        Self { on, kind, skip: 0, times: 1 }
    }

    /// Hits every request that matches.
    #[must_use]
    pub fn always(on: On, kind: Kind) -> Self {
        Self { on, kind, skip: 0, times: u64::MAX }
    }

    /// Lets so many matching requests pass first.
    #[must_use]
    pub fn after(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }

    /// Hits so many requests.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }
}

/// A request, as far as faults look at it.
pub(crate) struct Seen<'a> {
    pub service: Service,
    pub sequence: u64,
    /// Its number among those that write.
    pub write: Option<u64>,
    pub method: &'a str,
    pub path: &'a str,
}

/// A fault that hits the request at hand; told when it really did.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub kind: Kind,
    row: usize,
    fired: Arc<AtomicU64>,
}

impl Hit {
    pub(crate) fn fired(&self) {
        self.fired.fetch_add(1, Ordering::SeqCst);
    }
}

/// All faults set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    fault: Fault,
    fired: Arc<AtomicU64>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) -> FaultId {
        self.rows.push(Row { fault, fired: Arc::default() });
        FaultId(self.rows.len() - 1)
    }

    /// How often it fired.
    pub(crate) fn fired(&self, id: FaultId) -> u64 {
        self.rows.get(id.0).map_or(0, |row| row.fired.load(Ordering::SeqCst))
    }

    /// No fault hits any more; their counts stay.
    pub(crate) fn disarm(&mut self) {
        self.rows.iter_mut().for_each(|row| row.fault.times = 0);
    }

    /// The fault found nothing to spoil: its time is not spent.
    pub(crate) fn missed(&mut self, hit: &Hit) {
        if let Some(row) = self.rows.get_mut(hit.row) {
            row.fault.times = row.fault.times.saturating_add(1);
        }
    }

    /// The first fault that hits this request, one of its times spent.
    pub(crate) fn hit(&mut self, seen: &Seen<'_>) -> Option<Hit> {
        let live = self.rows.iter_mut().enumerate().filter(|(_, row)| row.fault.times > 0);
        for (index, row) in live.filter(|(_, row)| row.fault.on.hits(seen)) {
            if row.fault.skip > 0 {
                row.fault.skip -= 1;
                continue;
            }
            row.fault.times -= 1;
            let (kind, fired) = (row.fault.kind.clone(), row.fired.clone());
            return Some(Hit { kind, row: index, fired });
        }
        None
    }
}
