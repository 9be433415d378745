//! What this crate finds wrong with executables and their build data, as declared codes.

model::codes! {
    /// The dependency list that `cargo auditable` embedded cannot be read.
    AUDIT_DATA = "audit-data", Invalid;
    /// The executable's headers are not valid or point beyond its end.
    BINARY_BROKEN = "binary-broken", Invalid;
    /// The file is not an ELF, Mach-O or PE executable.
    BINARY_FORMAT = "binary-format", Invalid;
    /// The flags for Go's linker hold an unknown placeholder, or a quote that is not closed.
    BINARY_LDFLAGS = "binary-ldflags", Invalid;
    /// The Cargo package has several binaries, and the configuration does not choose one.
    BINARY_MANY_BINS = "binary-many-bins", Invalid;
    /// The name of the binary cannot be part of a file name.
    BINARY_NAME = "binary-name", Invalid;
    /// The file is a library or object file, not a program.
    BINARY_NOT_A_PROGRAM = "binary-not-a-program", Invalid;
    /// The executable needs shared libraries.
    BINARY_NOT_STATIC = "binary-not-static", Invalid;
    /// The Cargo package has no binary target.
    BINARY_NO_BIN = "binary-no-bin", Invalid;
    /// The folder of the Go program is not inside a Go module.
    BINARY_NO_GO_MOD = "binary-no-go-mod", Invalid;
    /// The `Cargo.toml` has no `[package]` with a name.
    BINARY_NO_PACKAGE = "binary-no-package", Invalid;
    /// The executable is for another platform than expected.
    BINARY_PLATFORM = "binary-platform", Differs;
    /// The program's build constraints exclude a platform that it is to be built for.
    BINARY_PLATFORM_EXCLUDED = "binary-platform-excluded", Invalid;
    /// A build tag for Go holds other characters than letters, digits, `_` and `.`.
    BINARY_TAG = "binary-tag", Invalid;
    /// The executable is larger than 2 GiB.
    BINARY_TOO_LARGE = "binary-too-large", Invalid;
    /// The Cargo package has no binary of the name that is configured.
    BINARY_UNKNOWN_BIN = "binary-unknown-bin", Invalid;
    /// The Cargo package has no feature of the name that is configured.
    BINARY_UNKNOWN_FEATURE = "binary-unknown-feature", Invalid;
    /// The binary's version cannot be written as a SemVer version.
    BINARY_VERSION = "binary-version", Invalid;
    /// The build information that Go embedded is truncated or damaged.
    GO_BUILD_INFO = "go-build-info", Invalid;
}
