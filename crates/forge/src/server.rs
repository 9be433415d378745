//! Sockets: listens on loopback for every service, with and without TLS, until told to stop.
//!
//! It reads requests, lets faults strike, hands the rest to the world and keeps the log. It does
//! not know what any service means.

mod lies;
mod outgoing;
mod serve;
mod site;
mod tap;
mod tls;

use std::fmt;
use std::io;
use std::net::TcpListener as Listener;
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

use crate::fault::{Faults, Kind, On, Seen};
use crate::{Setup, World};

pub use site::Service;
pub(crate) use site::Sites;
use tap::Tap;

/// One request, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1.
    pub sequence: u64,
    /// Its number among those that write, from 1.
    pub write: Option<u64>,
    /// The service it came to.
    pub service: Service,
    /// Whether it came through TLS.
    pub tls: bool,
    /// `GET`, …
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// How many bytes of its body came.
    pub received: u64,
    /// The answer's status; `None` where none was given.
    pub status: Option<u16>,
    /// The fault that was to hit it.
    pub fault: Option<Kind>,
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub setup: Setup,
    pub sites: Sites,
    state: Mutex<State>,
}

/// What somebody else does just before a request is answered.
type Meanwhile = Box<dyn FnOnce(&mut World) + Send>;

/// What changes.
#[derive(Default)]
pub(crate) struct State {
    pub world: World,
    /// The world as it was before the last write.
    pub before: World,
    pub faults: Faults,
    pub log: Vec<Entry>,
    pub time: Option<u64>,
    pub meanwhile: Vec<(On, Meanwhile)>,
    sequence: u64,
    writes: u64,
}

/// Binds all ports and starts the thread that serves them.
pub(crate) fn start(
    setup: Setup,
    stopped: oneshot::Receiver<()>,
) -> io::Result<(Arc<Shared>, JoinHandle<()>)> {
    let authority = if setup.tls { Some(tls::Authority::new()?) } else { None };
    let (sites, doors) = site::bind(authority.as_ref())?;
    let acceptor = authority.map(|authority| authority.acceptor);
    let state = State { time: setup.time, ..State::default() };
    let shared = Arc::new(Shared { setup, sites, state: Mutex::new(state) });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let own = shared.clone();
    let serve = move || {
        runtime.block_on(async move {
            for (service, listener, tls) in doors {
                let acceptor = acceptor.clone().filter(|_| tls);
                tokio::spawn(accept(own.clone(), service, listener, acceptor));
            }
            // An error means that the forge is gone: then it ends as well.
            let _ = stopped.await;
        });
    };
    let thread = thread::Builder::new().name("forge".to_owned()).spawn(serve)?;
    Ok((shared, thread))
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("State").field("log", &self.log).finish_non_exhaustive()
    }
}

impl State {
    /// The time: seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        let machine =
            || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_secs());
        self.time.unwrap_or_else(machine)
    }

    /// Does what was to be done before such a request, once.
    pub(crate) fn act(&mut self, seen: &Seen<'_>) {
        if let Some(index) = self.meanwhile.iter().position(|(on, _)| on.hits(seen)) {
            let (_, change) = self.meanwhile.remove(index);
            change(&mut self.world);
        }
    }

    pub(crate) fn forget(&mut self) {
        self.log.clear();
        (self.sequence, self.writes) = (0, 0);
    }
}

async fn accept(
    shared: Arc<Shared>,
    service: Service,
    listener: Listener,
    tls: Option<TlsAcceptor>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
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
    let (tap, cut) = Tap::new(TokioIo::new(stream));
    let door = serve::Door { shared, service, tls, cut };
    let answer = service_fn(move |request| serve::serve(door.clone(), request));
    // A connection that ends in an error is what faults are for, and what killed clients leave.
    let _ = http1::Builder::new().serve_connection(tap, answer).await;
}
