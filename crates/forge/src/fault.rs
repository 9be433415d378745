//! Faults on request: which request is hit, and what happens to it.
//!
//! It decides; the server carries out. It must not know what any service means.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::service::Service;

/// Which requests a fault hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// Any request.
    Any,
    /// The nth request that writes, counted from 1 since the start or the last
    /// [`crate::Forge::clear_log`].
    Write(u64),
    /// The nth request, reads included, counted in the same way.
    Sequence(u64),
    /// Requests with this method (`*`: any) whose path starts with this prefix.
    Request {
        /// The service; any if `None`.
        service: Option<Service>,
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// The start of the path.
        prefix: String,
    },
    /// Requests with this method (`*`: any) and exactly this path.
    At {
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// The path.
        path: String,
    },
    /// Requests with this method (`*`: any) whose path contains this text.
    Containing {
        /// `GET`, `PUT`, … or `*`.
        method: String,
        /// A part of the path.
        part: String,
    },
}

/// What happens to the request. The kinds that alter a response wait for one in which there is
/// something to alter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The connection ends after this many bytes of the request's body; the service sees an
    /// incomplete request.
    DropRequest(u64),
    /// The request is carried out; the connection ends after this many bytes of the response, head
    /// included. 0: no response at all.
    DropResponse(u64),
    /// Not carried out; this status.
    Status(u16),
    /// Not carried out; this status, and this body as JSON.
    StatusWithBody(u16, String),
    /// Carried out; answered with this status nevertheless.
    StatusAfter(u16),
    /// Not carried out; 429 with `Retry-After` in seconds.
    TooManyRequests {
        /// Seconds.
        retry_after: u64,
    },
    /// Not carried out; GitHub's secondary rate limit: 403 with `Retry-After` in seconds.
    SecondaryRateLimit {
        /// Seconds.
        retry_after: u64,
    },
    /// Not carried out; GitHub's primary rate limit: 403, no requests left until this time.
    PrimaryRateLimit {
        /// Seconds since 1970.
        reset: u64,
    },
    /// A read is answered from the state before the last write.
    Stale,
    /// The response's body is sent in pieces of this many bytes, a millisecond apart.
    Slow(usize),
    /// No response, ever, on a connection that stays open.
    Silent,
    /// A digest in the response (in a header, or in JSON that is not OCI content) is wrong.
    WrongDigest,
    /// A size in the response is one too large, and a body that is not JSON is one byte longer.
    WrongSize,
    /// The last byte of the body is wrong.
    WrongBytes,
    /// Not carried out; 307 to this address. A trailing `*` stands for the request's path and
    /// query.
    Redirect(String),
    /// This many spaces after the body, and no `Content-Length`.
    Padded(u64),
}

/// A fault: hits the requests that match, after `skip` of them, `times` times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which requests.
    pub on: On,
    /// What happens.
    pub kind: Kind,
    /// How many matching requests are let through first.
    pub skip: u64,
    /// How many it hits.
    pub times: u64,
}

/// Identifies an injected fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FaultId(usize);

impl On {
    /// Requests with this method (`*`: any) whose path starts with this prefix, to any service.
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

    /// Requests with this method (`*`: any) and exactly this path.
    #[must_use]
    pub fn at(method: &str, path: &str) -> Self {
        Self::At { method: method.to_owned(), path: path.to_owned() }
    }

    /// Requests with this method (`*`: any) whose path contains this text.
    #[must_use]
    pub fn containing(method: &str, part: &str) -> Self {
        Self::Containing { method: method.to_owned(), part: part.to_owned() }
    }

    pub(crate) fn matches(&self, request: &RequestInfo<'_>) -> bool {
        let methods = |method: &str| method == "*" || method == request.method;
        match self {
            Self::Any => true,
            Self::Write(nth) => request.write == Some(*nth),
            Self::Sequence(nth) => request.sequence == *nth,
            Self::Request { service, method, prefix } => {
                service.is_none_or(|service| service == request.service)
                    && methods(method)
                    && request.path.starts_with(prefix)
            }
            Self::At { method, path } => methods(method) && request.path == path,
            Self::Containing { method, part } => methods(method) && request.path.contains(part),
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

    /// Lets this many matching requests through first.
    #[must_use]
    pub fn after(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }

    /// Hits this many requests.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = times;
        self
    }
}

/// What faults know about a request.
pub(crate) struct RequestInfo<'a> {
    pub service: Service,
    pub sequence: u64,
    /// Its number among the requests that write.
    pub write: Option<u64>,
    pub method: &'a str,
    pub path: &'a str,
}

/// A fault that is to hit a request; [`Self::fired`] counts it once it did.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub kind: Kind,
    index: usize,
    fired: Arc<AtomicU64>,
}

impl Hit {
    pub(crate) fn fired(&self) {
        self.fired.fetch_add(1, Ordering::SeqCst);
    }
}

/// All injected faults.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    injected: Vec<Injected>,
}

#[derive(Debug)]
struct Injected {
    fault: Fault,
    fired: Arc<AtomicU64>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) -> FaultId {
        self.injected.push(Injected { fault, fired: Arc::default() });
        FaultId(self.injected.len() - 1)
    }

    /// How often it fired.
    pub(crate) fn fired(&self, id: FaultId) -> u64 {
        self.injected.get(id.0).map_or(0, |injected| injected.fired.load(Ordering::SeqCst))
    }

    /// Stops all faults; their counts stay.
    pub(crate) fn disarm(&mut self) {
        self.injected.iter_mut().for_each(|injected| injected.fault.times = 0);
    }

    /// The fault found nothing to alter, so this hit does not count.
    pub(crate) fn missed(&mut self, hit: &Hit) {
        if let Some(injected) = self.injected.get_mut(hit.index) {
            injected.fault.times = injected.fault.times.saturating_add(1);
        }
    }

    /// The first fault that hits this request; counts one of its hits.
    pub(crate) fn hit(&mut self, request: &RequestInfo<'_>) -> Option<Hit> {
        let live =
            self.injected.iter_mut().enumerate().filter(|(_, injected)| injected.fault.times > 0);
        for (index, injected) in live.filter(|(_, injected)| injected.fault.on.matches(request)) {
            if injected.fault.skip > 0 {
                injected.fault.skip -= 1;
                continue;
            }
            injected.fault.times -= 1;
            let (kind, fired) = (injected.fault.kind.clone(), injected.fired.clone());
            return Some(Hit { kind, index, fired });
        }
        None
    }
}
