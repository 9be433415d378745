//! Listening sockets: one for each service, and a second one where TLS is spoken.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use super::tls::Authority;
use crate::service::{Addresses, Service};

/// A listening socket.
pub(crate) struct Listener {
    pub service: Service,
    pub tls: bool,
    pub socket: TcpListener,
}

/// Binds ports that the system chooses, on the loopback interface only.
pub(crate) fn bind(authority: Option<&Authority>) -> io::Result<(Addresses, Vec<Listener>)> {
    let ca = authority.map(|authority| authority.pem.clone()).unwrap_or_default();
    let mut addresses = Addresses { ca, ..Addresses::default() };
    let mut listeners = Vec::new();
    let all = |tls: bool| Service::ALL.into_iter().map(move |service| (service, tls));
    for (service, tls) in all(false).chain(all(true).filter(|_| authority.is_some())) {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_nonblocking(true)?;
        addresses.ports.insert((service, tls), socket.local_addr()?.port());
        listeners.push(Listener { service, tls, socket });
    }
    Ok((addresses, listeners))
}
