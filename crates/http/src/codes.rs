//! The codes of this crate.

model::codes! {
    /// Credentials are needed, and there are none.
    CREDENTIALS_MISSING = "credentials-missing", Denied;
    /// A credential holds a character that no header can.
    CREDENTIALS_UNUSABLE = "credentials-unusable", Failed;
    /// An address is not valid.
    REMOTE_ADDRESS = "remote-address", Invalid;
    /// The answer to {} is above the limit of {limit} bytes.
    REMOTE_BODY_LIMIT = "remote-body-limit", Invalid;
    /// There is no HTTP client.
    REMOTE_CLIENT = "remote-client", Invalid;
    /// A file for a download cannot be written.
    REMOTE_FILE = "remote-file", Invalid;
    /// `{}` would be asked without TLS.
    REMOTE_PLAIN_HTTP = "remote-plain-http", Invalid;
    /// `{}` redirects {what}.
    REMOTE_REDIRECT = "remote-redirect", Invalid;
    /// {} was answered `{}`{said}.
    REMOTE_REFUSED = "remote-refused", Invalid;
    /// Cannot read what {} is to carry: {error}.
    REMOTE_SOURCE = "remote-source", Invalid;
    /// {asked} failed: TLS does not hold: {tls}.
    REMOTE_TLS = "remote-tls", Invalid;
    /// {asked} failed: {}.
    REMOTE_UNREACHABLE = "remote-unreachable", Unreachable;
}
