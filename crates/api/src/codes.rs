//! The codes of this crate.

model::codes! {
    /// The path `{}` {why}.
    CHECKSUMS_PATH = "checksums-path", Invalid;
    /// Event refused.
    EVENT_REFUSED = "event-refused", Invalid;
    /// The list of problems cannot be read: {error}.
    REQUEST_SYNTAX = "request-syntax", Invalid;
    /// `{}` is no bare file name.
    REQUEST_VALUE = "request-value", Invalid;
    /// The runner {found}: what another job left there could reach this.
    RUNNER_REFUSED = "runner-refused", Invalid;
    /// The commit `{}` is not 40 or 64 hex digits.
    STATEMENT_COMMIT = "statement-commit", Invalid;
    /// Version none.
    VERSION_NONE = "version-none", Invalid;
    /// The pattern `{pattern}` does not hold `{version}`.
    VERSION_PATTERN = "version-pattern", Invalid;
    /// The tag `{tag}` does not follow `{pattern}`.
    VERSION_TAG = "version-tag", Invalid;
}
