//! One request, from its head to its answer: logged, hit by a fault, or handed to the world.

use std::fmt;
use std::future;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};

use super::outgoing::Outgoing;
use super::tap::Cut;
use super::{Entry, Service, Shared, State, lies};
use crate::artifacts;
use crate::exchange::{Call, Reply, pairs};
use crate::fault::{Hit, Kind, Seen};
use crate::world::Place;

/// The largest body that is read; more breaks off.
const BODY_LIMIT: u64 = 512 * 1024 * 1024;

/// What a connection needs to answer.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub shared: Arc<Shared>,
    pub service: Service,
    pub tls: bool,
    pub cut: Arc<Cut>,
}

/// The connection ends without an answer.
#[derive(Debug)]
pub(crate) struct Gone;

impl fmt::Display for Gone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection was dropped on order")
    }
}

impl std::error::Error for Gone {}

/// Answers one request.
pub(crate) async fn serve(
    door: Door,
    request: Request<Incoming>,
) -> Result<Response<Outgoing>, Gone> {
    door.cut.disarm();
    let (head, body) = request.into_parts();
    let mut call = Call {
        service: door.service,
        tls: door.tls,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: pairs(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        body: Bytes::new(),
        complete: true,
        now: 0,
    };
    let query = head.uri.query().unwrap_or_default();
    let (sequence, hit) = begin(&mut door.shared.lock(), &mut call, query);
    let kind = hit.as_ref().map(|hit| hit.kind.clone());
    if let (Some(Kind::Silent), Some(hit)) = (&kind, &hit) {
        hit.fired();
        return future::pending().await;
    }
    let limit = if let Some(Kind::DropRequest(bytes)) = kind { bytes } else { BODY_LIMIT };
    (call.body, call.complete) = read(body, limit).await;
    if matches!(kind, Some(Kind::DropRequest(_))) {
        call.complete = false;
    }
    let reply = finish(&door, &call, sequence, hit.as_ref());
    if !call.complete {
        return Err(Gone);
    }
    match (&kind, &hit) {
        (Some(Kind::DropResponse(bytes)), Some(hit)) => door.cut.arm(*bytes, hit.clone()),
        (Some(kind), Some(hit)) if !lies::is_lie(kind) => hit.fired(),
        _ => {}
    }
    response(&call, reply, kind.as_ref())
}

/// Numbers the request and notes it.
fn begin(state: &mut State, call: &mut Call, query: &str) -> (u64, Option<Hit>) {
    state.sequence += 1;
    let write = is_write(call).then(|| {
        state.writes += 1;
        state.writes
    });
    let sequence = state.sequence;
    call.now = state.now();
    let (service, method, path) = (call.service, call.method.as_str(), call.path.as_str());
    let seen = Seen { service, sequence, write, method, path };
    state.act(&seen);
    let hit = state.faults.hit(&seen);
    state.log.push(Entry {
        sequence,
        write,
        service,
        tls: call.tls,
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        authorization: call.header("authorization").map(str::to_owned),
        received: 0,
        status: None,
        fault: hit.as_ref().map(|hit| hit.kind.clone()),
    });
    (sequence, hit)
}

/// Whether it may change what a service holds. Asking for a token changes nothing.
fn is_write(call: &Call) -> bool {
    let asks = artifacts::only_asks(&call.path)
        || matches!(call.service, Service::Tokens | Service::Issuer)
        || call.path.starts_with("/_/oidc/");
    !asks && !["GET", "HEAD", "OPTIONS"].contains(&call.method.as_str())
}

/// The body as far as it came, at most so many bytes, and whether that was all.
async fn read(mut body: Incoming, limit: u64) -> (Bytes, bool) {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return (bytes.into(), false) };
        let Some(data) = frame.data_ref() else { continue };
        bytes.extend_from_slice(data);
        if bytes.len() as u64 > limit {
            bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return (bytes.into(), false);
        }
    }
    (bytes.into(), true)
}

/// Lets the world answer, unless the fault stands before it, and notes what came of it.
fn finish(door: &Door, call: &Call, sequence: u64, hit: Option<&Hit>) -> Reply {
    let mut state = door.shared.lock();
    let state = &mut *state;
    let place = Place { setup: &door.shared.setup, sites: &door.shared.sites };
    let kind = hit.map(|hit| &hit.kind);
    let mut reply = match kind.and_then(|kind| lies::instead(kind, call)) {
        Some(reply) => reply,
        None if is_write(call) => {
            state.before = state.world.clone();
            state.world.answer(place, call)
        }
        None if kind == Some(&Kind::Stale) => state.world.stale(&state.before).answer(place, call),
        None => state.world.answer(place, call),
    };
    if let Some(hit) = hit {
        let spoiled = lies::spoil(&hit.kind, call, &mut reply);
        if spoiled || !call.complete {
            hit.fired();
        } else if lies::is_lie(&hit.kind) {
            state.faults.missed(hit);
        }
    }
    let answered = call.complete && kind != Some(&Kind::DropResponse(0));
    if let Some(entry) = state.log.iter_mut().rev().find(|entry| entry.sequence == sequence) {
        entry.received = call.body.len() as u64;
        entry.status = answered.then_some(reply.status);
    }
    reply
}

fn response(call: &Call, reply: Reply, kind: Option<&Kind>) -> Result<Response<Outgoing>, Gone> {
    let mut builder = Response::builder().status(reply.status);
    let told = reply.header("content-length").is_some();
    let padded = matches!(kind, Some(Kind::Pad(_)));
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    // To HEAD a body's length is told, and no body sent.
    if !told && !padded && reply.status != 204 {
        builder = builder.header("content-length", reply.body.len());
    }
    let body = match kind {
        _ if call.method == "HEAD" => Outgoing::whole(Bytes::new()),
        Some(Kind::Slow(piece)) => Outgoing::slow(reply.body, *piece),
        Some(Kind::Pad(blanks)) => Outgoing::padded(reply.body, *blanks),
        _ => Outgoing::whole(reply.body),
    };
    builder.body(body).map_err(|_| Gone)
}
