//! What went wrong below HTTP, and whether it may pass.

use std::error::Error;
use std::io;
use std::time::Duration;

use model::Diagnostic;

use super::gone;
use crate::codes;

/// A failed attempt.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The problem, should it be the last attempt.
    pub(crate) problem: Diagnostic,
    /// Whether another attempt may fare better.
    pub(crate) passing: bool,
    /// Whether the request surely never reached the server.
    pub(crate) unsent: bool,
    /// The place to which no connection came about; it may come up yet.
    pub(crate) unreached: Option<String>,
}

/// The fault of a request to `asked` that ended with `error`.
pub(crate) fn of(asked: &str, error: &reqwest::Error) -> Fault {
    let unsent = error.is_connect();
    if let Some(tls) = tls(error) {
        let message = format!("{asked} failed: TLS does not hold: {tls}");
        let problem = Diagnostic::new(&codes::REMOTE_TLS, message)
            .help("a certificate of your own goes into the file that `SSL_CERT_FILE` names");
        return Fault { problem, passing: false, unsent, unreached: None };
    }
    let message = format!("{asked} failed: {}", words(error));
    let problem =
        Diagnostic::new(&codes::REMOTE_UNREACHABLE, message).help("run the same command again");
    let unreached = error.url().filter(|_| unsent).map(gone::place);
    Fault { problem, passing: !error.is_builder(), unsent, unreached }
}

/// The fault of a server that went silent.
pub(crate) fn silence(asked: &str, idle: Duration) -> Fault {
    let message = format!("{asked} failed: nothing moved for {idle:?}");
    let problem =
        Diagnostic::new(&codes::REMOTE_UNREACHABLE, message).help("run the same command again");
    Fault { problem, passing: true, unsent: false, unreached: None }
}

/// The fault of a server whose answer drips.
pub(crate) fn drip(asked: &str, idle: Duration) -> Fault {
    let message = format!("{asked} failed: next to nothing came in {idle:?}");
    let problem =
        Diagnostic::new(&codes::REMOTE_UNREACHABLE, message).help("run the same command again");
    Fault { problem, passing: true, unsent: false, unreached: None }
}

/// What a person needs of an error: its deepest cause. Errors of the client name whole addresses,
/// with tokens in their queries, so only causes below them are shown.
fn words(error: &reqwest::Error) -> String {
    let mut deepest = "the request broke off".to_owned();
    let mut next = error.source();
    while let Some(cause) = next {
        deepest = cause.to_string();
        next = cause.source();
    }
    deepest
}

/// The TLS error below `error`, when certificates or versions do not fit. A connection that broke
/// off in the handshake is none.
fn tls(error: &reqwest::Error) -> Option<String> {
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<rustls::Error>() {
            return Some(found.to_string());
        }
        // An I/O error hides the error that it wraps from `source`.
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}
