//! The services, and the address of each one.

use std::collections::BTreeMap;

/// A service. Each has a port, and so a host, of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// The OCI registry.
    Registry,
    /// The registry's token endpoint.
    Tokens,
    /// GitHub's REST API.
    Api,
    /// The host to which release assets are uploaded.
    Uploads,
    /// The host that serves the files other services redirect to: release assets, blobs.
    Objects,
    /// The Python index: uploads, the simple API, files, the exchange of identity tokens.
    Index,
    /// The issuer of identity tokens.
    Issuer,
    /// The artifact service of GitHub Actions, and its storage.
    Artifacts,
}

impl Service {
    pub(crate) const ALL: [Self; 8] = [
        Self::Registry,
        Self::Tokens,
        Self::Api,
        Self::Uploads,
        Self::Objects,
        Self::Index,
        Self::Issuer,
        Self::Artifacts,
    ];
}

/// The address of each service.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    /// Ports by service and whether TLS is spoken there.
    pub ports: BTreeMap<(Service, bool), u16>,
    /// The CA's certificate in PEM; empty without TLS.
    pub ca: String,
}

impl Addresses {
    /// `127.0.0.1:PORT`; `localhost:PORT` for [`Service::Objects`], so that clients that do not
    /// compare ports take it for another host too.
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
