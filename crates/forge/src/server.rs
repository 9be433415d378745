//! The HTTP server: listens on loopback for every service, with and without TLS.
//!
//! It reads requests, injects faults, passes the other requests on to the services and keeps the
//! log. It must not know what any service means.

mod body;
mod listen;
mod log;
mod serve;
mod stream;
mod tampering;
mod tls;

use std::fmt;
use std::io;
use std::net::TcpListener as Socket;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::fault::{Faults, On, RequestInfo};
use crate::service::{Addresses, Service};
use crate::setup::Setup;
use crate::state::State;

pub use log::Entry;
use log::Log;
use stream::FaultyStream;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub setup: Setup,
    pub addresses: Addresses,
    inner: Mutex<Inner>,
}

/// A change that another client makes just before a request is answered.
type Change = Box<dyn FnOnce(&mut State) + Send>;

/// What changes while the server runs.
#[derive(Default)]
pub(crate) struct Inner {
    pub state: State,
    /// The state before the last write.
    pub before: State,
    pub faults: Faults,
    pub log: Log,
    /// The time in seconds since 1970; the machine's own if `None`.
    pub time: Option<u64>,
    pub changes: Vec<(On, Change)>,
}

/// Binds all ports and starts the thread that serves them.
pub(crate) fn start(
    setup: Setup,
    stopped: oneshot::Receiver<()>,
) -> io::Result<(Arc<Shared>, JoinHandle<()>)> {
    let authority = if setup.tls { Some(tls::Authority::new()?) } else { None };
    let (addresses, listeners) = listen::bind(authority.as_ref())?;
    let acceptor = authority.map(|authority| authority.acceptor);
    let inner = Inner { time: setup.time, ..Inner::default() };
    let shared = Arc::new(Shared { setup, addresses, inner: Mutex::new(inner) });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let own = shared.clone();
    let serve = move || {
        runtime.block_on(async move {
            for listener in listeners {
                let acceptor = acceptor.clone().filter(|_| listener.tls);
                tokio::spawn(accept(own.clone(), listener.service, listener.socket, acceptor));
            }
            // An error means that the forge was dropped, which ends the server as well.
            let _ = stopped.await;
        });
    };
    let thread = thread::Builder::new().name("forge".to_owned()).spawn(serve)?;
    Ok((shared, thread))
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Inner").field("log", &self.log).finish_non_exhaustive()
    }
}

impl Inner {
    /// The time in seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let machine =
            || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
        self.time.unwrap_or_else(machine)
    }

    /// Applies the first change that was requested for such a request, once.
    pub(crate) fn apply_change(&mut self, request: &RequestInfo<'_>) {
        if let Some(index) = self.changes.iter().position(|(on, _)| on.matches(request)) {
            let (_, change) = self.changes.remove(index);
            change(&mut self.state);
        }
    }
}

async fn accept(shared: Arc<Shared>, service: Service, socket: Socket, tls: Option<TlsAcceptor>) {
    let Ok(listener) = TcpListener::from_std(socket) else { return };
    loop {
        let Ok((socket, _)) = listener.accept().await else { continue };
        let (shared, tls) = (shared.clone(), tls.clone());
        let _ = socket.set_nodelay(true);
        tokio::spawn(async move {
            match tls {
                None => connection(shared, service, false, socket).await,
                Some(acceptor) => {
                    if let Ok(stream) = acceptor.accept(socket).await {
                        connection(shared, service, true, stream).await;
                    }
                }
            }
        });
    }
}

async fn connection<S>(shared: Arc<Shared>, service: Service, tls: bool, stream: S)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (stream, break_point) = FaultyStream::new(TokioIo::new(stream));
    let connection = serve::Connection { shared, service, tls, break_point };
    let answer = service_fn(move |request| serve::serve(connection.clone(), request));
    // Faults and killed clients end a connection in an error, which is not the server's.
    let _ = http1::Builder::new().serve_connection(stream, answer).await;
}
