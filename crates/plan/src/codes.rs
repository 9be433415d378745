//! The codes of this crate.

model::codes! {
    /// `{}` has several binaries.
    BINARY_MANY_BINS = "binary-many-bins", Invalid;
    /// The name `{shown}` {why}.
    BINARY_NAME = "binary-name", Invalid;
    /// `{}` has no binary target.
    BINARY_NO_BIN = "binary-no-bin", Invalid;
    /// Neither `{path}` nor a folder above it holds `go.mod`.
    BINARY_NO_GO_MOD = "binary-no-go-mod", Invalid;
    /// `{manifest}` has no `[package]` with a name.
    BINARY_NO_PACKAGE = "binary-no-package", Invalid;
    /// `{}` has no binary `{}`.
    BINARY_UNKNOWN_BIN = "binary-unknown-bin", Invalid;
    /// `{file}` has no `name`.
    CHART_NO_NAME = "chart-no-name", Invalid;
    /// `{shown}` is the name of no package.
    IMAGE_FROM_RELEASE = "image-from-release", Invalid;
    /// `{shown}` cannot name an image.
    IMAGE_NAME = "image-name", Invalid;
    /// The image of `{}` is made from its binary, but it has none.
    IMAGE_NO_BINARY = "image-no-binary", Invalid;
    /// `{path}` ends with `USER {user}`, so the image runs as root.
    IMAGE_ROOT = "image-root", Invalid;
    /// `{shown}` cannot name a variable.
    IMAGE_SECRET_NAME = "image-secret-name", Invalid;
    /// `{}` requires `{}`, which requires it in turn.
    META_CYCLE = "meta-cycle", Invalid;
    /// `{}` is the name of no other package with `python`.
    META_EMPTY = "meta-empty", Invalid;
    /// `{}` is already the name of the package at {other}.
    PACKAGE_DUPLICATE = "package-duplicate", Invalid;
    /// `{}` is released in no format.
    PACKAGE_EMPTY = "package-empty", Invalid;
    /// The name `{}` {why}.
    PACKAGE_NAME = "package-name", Invalid;
    /// The path `{shown}` {why}.
    PATH_INVALID = "path-invalid", Invalid;
    /// Units need each other: {}.
    PLAN_CYCLE = "plan-cycle", Invalid;
    /// The unit `{id}` is there twice.
    PLAN_DUPLICATE_UNIT = "plan-duplicate-unit", Invalid;
    /// `{}` and `{}` would both leave a file `{name}`.
    PLAN_FILE_NAME = "plan-file-name", Invalid;
    /// {max_legs} legs are not possible.
    PLAN_MAX_LEGS = "plan-max-legs", Invalid;
    /// {count} downloads and {RELEASE_FILES} files of evidence are more than the {MAX_RELEASE_ASSETS} assets that a GitHub release holds.
    PLAN_TOO_MANY_ASSETS = "plan-too-many-assets", Invalid;
    /// `{}` needs `{need}`, which nothing builds.
    PLAN_UNKNOWN_NEED = "plan-unknown-need", Invalid;
    /// `{}` has `bindings = "{bindings}"`, not PyO3.
    PYTHON_BINDINGS = "python-bindings", Invalid;
    /// `{}` is no Python to build for.
    PYTHON_INTERPRETER = "python-interpreter", Invalid;
    /// `{}` builds with `{requirement}`: its wheel may not be pure.
    PYTHON_NATIVE = "python-native", Invalid, warning;
    /// Maturin builds `{}`, which is no Cargo package.
    PYTHON_NO_CRATE = "python-no-crate", Invalid;
    /// `{}` has another build backend than maturin.
    PYTHON_NOT_MATURIN = "python-not-maturin", Invalid;
    /// `{}` is built by maturin, so its wheels hold machine code.
    PYTHON_NOT_PURE = "python-not-pure", Invalid;
    /// `{}` does not use PyO3's stable ABI.
    PYTHON_PYTHONS_MISSING = "python-pythons-missing", Invalid;
    /// `{}` is no list of version specifiers.
    PYTHON_REQUIRES_PYTHON = "python-requires-python", Invalid;
    /// The version of `{}` cannot be read without running its backend.
    PYTHON_VERSION_UNKNOWN = "python-version-unknown", Invalid;
    /// No registry is named, so images and charts are called `localhost/…`.
    RELEASE_REGISTRY = "release-registry", Invalid;
    /// `{}` is no web address of a repository.
    RELEASE_REPOSITORY = "release-repository", Invalid;
    /// The tag `{}` {why}.
    RELEASE_TAG = "release-tag", Invalid;
    /// `{}` is neither a version nor a manifest that has one.
    RELEASE_VERSION = "release-version", Invalid;
    /// `{path}` says no version that can be read.
    RELEASE_VERSION_MISSING = "release-version-missing", Invalid;
    /// There is nothing to build.
    SELECT_NOTHING = "select-nothing", Invalid;
    /// `{pattern}` is the name of no package.
    SELECT_UNKNOWN_PACKAGE = "select-unknown-package", Invalid;
    /// `{name}` is {version} ({}), but the release is {released} ({released_at}).
    VERSION_DIFFERS = "version-differs", Differs;
    /// `{}` as {format}: {error}.
    VERSION_FORMAT = "version-format", Invalid;
    /// Version invalid.
    VERSION_INVALID = "version-invalid", Invalid;
}
