//! The codes of this crate.

model::codes! {
    /// Cannot read what `cargo auditable` wrote: {why}.
    AUDIT_DATA = "audit-data", Invalid;
    /// Is cut off: its headers name {end} bytes, it has {}.
    BINARY_BROKEN = "binary-broken", Invalid;
    /// Binary format.
    BINARY_FORMAT = "binary-format", Invalid;
    /// Expected a program, found a library: {}.
    BINARY_NOT_A_PROGRAM = "binary-not-a-program", Invalid;
    /// Expected {expected}, found one that needs {}.
    BINARY_NOT_STATIC = "binary-not-static", Invalid;
    /// Expected an executable for `{platform}`, found {}.
    BINARY_PLATFORM = "binary-platform", Invalid;
    /// Is larger than 2 GiB.
    BINARY_TOO_LARGE = "binary-too-large", Invalid;
    /// Binary `{}`: {error}.
    BINARY_VERSION = "binary-version", Invalid;
    /// Go's build information is cut off or damaged.
    GO_BUILD_INFO = "go-build-info", Invalid;
}
