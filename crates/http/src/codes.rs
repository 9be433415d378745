//! Codes of HTTP requests: of addresses, connections, answers and credentials.

model::codes! {
    /// The server needs credentials, and none are configured.
    CREDENTIALS_MISSING = "credentials-missing", Denied;
    /// The credential holds a character that an HTTP header cannot carry.
    CREDENTIALS_UNUSABLE = "credentials-unusable", Failed;
    /// The address of the server is not valid.
    REMOTE_ADDRESS = "remote-address", Invalid;
    /// The body of the response is larger than the limit.
    REMOTE_BODY_LIMIT = "remote-body-limit", Invalid;
    /// The HTTP client cannot be set up.
    REMOTE_CLIENT = "remote-client", Invalid;
    /// The file for a download cannot be written.
    REMOTE_FILE = "remote-file", Invalid;
    /// The address would send the request to another machine without TLS.
    REMOTE_PLAIN_HTTP = "remote-plain-http", Invalid;
    /// The server redirects too often, without TLS or to an address that is not valid.
    REMOTE_REDIRECT = "remote-redirect", Invalid;
    /// The server answered the request with an error.
    REMOTE_REFUSED = "remote-refused", Invalid;
    /// The file that the request uploads cannot be read.
    REMOTE_SOURCE = "remote-source", Invalid;
    /// The TLS connection to the server cannot be trusted.
    REMOTE_TLS = "remote-tls", Invalid;
    /// The server cannot be reached, or the connection to it broke.
    REMOTE_UNREACHABLE = "remote-unreachable", Unreachable;
}
