//! A certificate authority generated at the start, and one certificate of it for loopback.

use std::fmt::Debug;
use std::io;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The CA's certificate, and the TLS acceptor with a certificate issued by it.
pub(crate) struct Authority {
    pub pem: String,
    pub acceptor: TlsAcceptor,
}

impl Authority {
    pub(crate) fn new() -> io::Result<Self> {
        let key = KeyPair::generate().map_err(other)?;
        let mut parameters = CertificateParams::new(Vec::<String>::new()).map_err(other)?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let name = rcgen::DnType::CommonName;
        parameters.distinguished_name.push(name, "package-actions forge");
        let root = parameters.self_signed(&key).map_err(other)?;
        let issuer = Issuer::new(parameters, key);

        let own = KeyPair::generate().map_err(other)?;
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut parameters = CertificateParams::new(names).map_err(other)?;
        parameters.use_authority_key_identifier_extension = true;
        parameters.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        let leaf = parameters.signed_by(&own, &issuer).map_err(other)?;
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], secret)
            .map_err(other)?;
        Ok(Self { pem: root.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) })
    }
}

fn other(error: impl Debug) -> io::Error {
    io::Error::other(format!("{error:?}"))
}
