//! Codes of requests to the small steps, and of runs that may not go on.

model::codes! {
    /// A release was asked for on a branch other than the default one.
    BRANCH_OTHER = "branch-other", Invalid;
    /// A path of the checksum list is empty, repeated or contains a NUL.
    CHECKSUMS_PATH = "checksums-path", Invalid;
    /// The event that started the run may not lead to a release.
    EVENT_REFUSED = "event-refused", Invalid;
    /// The request is not valid JSON of the expected structure.
    REQUEST_SYNTAX = "request-syntax", Usage;
    /// A value of the request is not one that the step accepts.
    REQUEST_VALUE = "request-value", Usage;
    /// The job runs on a machine that GitHub does not discard afterwards.
    RUNNER_REFUSED = "runner-refused", Invalid;
    /// The commit is not a hash of 40 or 64 hexadecimal digits.
    STATEMENT_COMMIT = "statement-commit", Invalid;
    /// The text is not a valid version.
    VERSION_NONE = "version-none", Invalid;
    /// The tag pattern does not contain the placeholder for the version.
    VERSION_PATTERN = "version-pattern", Invalid;
    /// The tag does not follow the tag pattern.
    VERSION_TAG = "version-tag", Invalid;
}
