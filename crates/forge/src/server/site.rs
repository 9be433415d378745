//! The services, and where each one listens.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener};

use super::tls::Authority;

/// A service; each has a port, so a host, of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// The OCI registry.
    Registry,
    /// The registry's token endpoint.
    Tokens,
    /// GitHub's REST API.
    Api,
    /// Where GitHub takes release assets.
    Uploads,
    /// Where files are served to which others redirect: GitHub's assets, a registry's blobs.
    Objects,
    /// The Python index: uploads, the simple API, files, the exchange of identity tokens.
    Index,
    /// The issuer of identity tokens.
    Issuer,
    /// The artifact service of GitHub Actions, and its storage.
    Artifacts,
}

const ALL: [Service; 8] = [
    Service::Registry,
    Service::Tokens,
    Service::Api,
    Service::Uploads,
    Service::Objects,
    Service::Index,
    Service::Issuer,
    Service::Artifacts,
];

/// A service, its listener, and whether TLS is spoken there.
pub(crate) type Door = (Service, TcpListener, bool);

/// Where everything listens.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    ports: BTreeMap<(Service, bool), u16>,
    /// The CA's certificate in PEM.
    pub ca: String,
}

impl Sites {
    /// `127.0.0.1:PORT`; `localhost:PORT` where files are served, so that it is another host to
    /// those too that do not look at ports.
    pub(crate) fn host(&self, service: Service, tls: bool) -> String {
        let plain = || self.ports.get(&(service, false));
        let port = self.ports.get(&(service, tls)).or_else(plain).copied().unwrap_or_default();
        let name = if service == Service::Objects { "localhost" } else { "127.0.0.1" };
        format!("{name}:{port}")
    }

    /// Scheme and host.
    pub(crate) fn base(&self, service: Service, tls: bool) -> String {
        let scheme =
            if self.ports.contains_key(&(service, true)) && tls { "https" } else { "http" };
        format!("{scheme}://{}", self.host(service, tls))
    }
}

/// Ports that the system chooses, on loopback alone.
pub(crate) fn bind(authority: Option<&Authority>) -> io::Result<(Sites, Vec<Door>)> {
    let ca = authority.map(|authority| authority.pem.clone()).unwrap_or_default();
    let (mut sites, mut doors) = (Sites { ca, ..Sites::default() }, Vec::new());
    let with_tls = ALL.iter().filter(|_| authority.is_some()).map(|service| (*service, true));
    for (service, tls) in ALL.iter().map(|service| (*service, false)).chain(with_tls) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        sites.ports.insert((service, tls), listener.local_addr()?.port());
        doors.push((service, listener, tls));
    }
    Ok((sites, doors))
}
