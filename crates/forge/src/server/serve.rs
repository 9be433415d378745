//! One request, from its head to its response: logged, then hit by a fault or passed on to its
//! service.

use std::fmt;
use std::future;
use std::sync::Arc;

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};

use super::body::ResponseBody;
use super::stream::BreakPoint;
use super::{Entry, Inner, Shared, tampering};
use crate::artifacts;
use crate::context::Context;
use crate::fault::{Hit, Kind, RequestInfo};
use crate::http::{Request, Response, pairs};
use crate::service::Service;

/// The largest body that is read, in bytes: far above what any test sends. A longer one is treated
/// as broken off.
const BODY_LIMIT: u64 = 512 * 1024 * 1024;

/// What a connection needs in order to answer.
#[derive(Debug, Clone)]
pub(crate) struct Connection {
    pub shared: Arc<Shared>,
    pub service: Service,
    pub tls: bool,
    pub break_point: Arc<BreakPoint>,
}

/// The connection ends without a response.
#[derive(Debug)]
pub(crate) struct Dropped;

impl fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection was dropped on request")
    }
}

impl std::error::Error for Dropped {}

/// Answers one request.
pub(crate) async fn serve(
    connection: Connection,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    connection.break_point.disarm();
    let (head, body) = request.into_parts();
    let mut request = Request {
        service: connection.service,
        tls: connection.tls,
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: pairs(head.uri.query().unwrap_or_default()),
        headers: head.headers,
        body: Bytes::new(),
        complete: true,
        now: 0,
    };
    let query = head.uri.query().unwrap_or_default();
    let (sequence, hit) = begin(&mut connection.shared.lock(), &mut request, query);
    let kind = hit.as_ref().map(|hit| hit.kind.clone());
    if let (Some(Kind::Silent), Some(hit)) = (&kind, &hit) {
        hit.fired();
        return future::pending().await;
    }
    let limit = if let Some(Kind::DropRequest(bytes)) = kind { bytes } else { BODY_LIMIT };
    (request.body, request.complete) = read(body, limit).await;
    if matches!(kind, Some(Kind::DropRequest(_))) {
        request.complete = false;
    }
    let response = finish(&connection, &request, sequence, hit.as_ref());
    if !request.complete {
        return Err(Dropped);
    }
    match (&kind, &hit) {
        (Some(Kind::DropResponse(bytes)), Some(hit)) => {
            connection.break_point.arm(*bytes, hit.clone());
        }
        (Some(kind), Some(hit)) if !tampering::is_tampering(kind) => hit.fired(),
        _ => {}
    }
    to_hyper(&request, response, kind.as_ref())
}

/// Numbers the request and logs it.
fn begin(inner: &mut Inner, request: &mut Request, query: &str) -> (u64, Option<Hit>) {
    let (sequence, write) = inner.log.number(is_write(request));
    request.now = inner.now();
    let service = request.service;
    let (method, path) = (request.method.as_str(), request.path.as_str());
    let info = RequestInfo { service, sequence, write, method, path };
    inner.apply_change(&info);
    let hit = inner.faults.hit(&info);
    inner.log.entries.push(Entry {
        sequence,
        write,
        service,
        tls: request.tls,
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        authorization: request.header("authorization").map(str::to_owned),
        received: 0,
        status: None,
        fault: hit.as_ref().map(|hit| hit.kind.clone()),
    });
    (sequence, hit)
}

/// Whether it may change what a service holds. Asking for a token changes nothing.
fn is_write(request: &Request) -> bool {
    let reads = artifacts::is_read(&request.path)
        || matches!(request.service, Service::Tokens | Service::Issuer)
        || request.path.starts_with("/_/oidc/");
    !reads && !["GET", "HEAD", "OPTIONS"].contains(&request.method.as_str())
}

/// The body as far as it arrived, at most `limit` bytes of it, and whether that was all.
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

/// Lets the service answer unless the fault prevents it, and logs the result.
fn finish(
    connection: &Connection,
    request: &Request,
    sequence: u64,
    hit: Option<&Hit>,
) -> Response {
    let shared = &connection.shared;
    let mut inner = shared.lock();
    let inner = &mut *inner;
    let context = Context { setup: &shared.setup, addresses: &shared.addresses };
    let kind = hit.map(|hit| &hit.kind);
    let mut response = match kind.and_then(|kind| tampering::replacement(kind, request)) {
        Some(response) => response,
        None if is_write(request) => {
            inner.before = inner.state.clone();
            inner.state.answer(context, request)
        }
        None if kind == Some(&Kind::Stale) => {
            inner.state.stale(&inner.before).answer(context, request)
        }
        None => inner.state.answer(context, request),
    };
    if let Some(hit) = hit {
        let changed = tampering::tamper(&hit.kind, request, &mut response);
        if changed || !request.complete {
            hit.fired();
        } else if tampering::is_tampering(&hit.kind) {
            inner.faults.missed(hit);
        }
    }
    let answered = request.complete && kind != Some(&Kind::DropResponse(0));
    let status = answered.then_some(response.status);
    inner.log.finish(sequence, request.body.len() as u64, status);
    response
}

fn to_hyper(
    request: &Request,
    response: Response,
    kind: Option<&Kind>,
) -> Result<hyper::Response<ResponseBody>, Dropped> {
    let mut builder = hyper::Response::builder().status(response.status);
    let has_length = response.header("content-length").is_some();
    let padded = matches!(kind, Some(Kind::Padded(_)));
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    // A response to HEAD states the length of the body, but does not send it.
    if !has_length && !padded && response.status != 204 {
        builder = builder.header("content-length", response.body.len());
    }
    let body = match kind {
        _ if request.method == "HEAD" => ResponseBody::whole(Bytes::new()),
        Some(Kind::Slow(piece)) => ResponseBody::slow(response.body, *piece),
        Some(Kind::Padded(spaces)) => ResponseBody::padded(response.body, *spaces),
        _ => ResponseBody::whole(response.body),
    };
    builder.body(body).map_err(|_| Dropped)
}
