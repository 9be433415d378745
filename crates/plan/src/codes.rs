//! Codes of a plan: of its packages, formats and versions, and of what is selected to be built.

model::codes! {
    /// The Cargo package has several binaries, and the configuration does not choose one.
    BINARY_MANY_BINS = "binary-many-bins", Invalid;
    /// The name of the binary cannot be part of a file name.
    BINARY_NAME = "binary-name", Invalid;
    /// The Cargo package has no binary target.
    BINARY_NO_BIN = "binary-no-bin", Invalid;
    /// The folder of the Go program is not inside a Go module.
    BINARY_NO_GO_MOD = "binary-no-go-mod", Invalid;
    /// The `Cargo.toml` has no `[package]` with a name.
    BINARY_NO_PACKAGE = "binary-no-package", Invalid;
    /// The Cargo package has no binary of the name that is configured.
    BINARY_UNKNOWN_BIN = "binary-unknown-bin", Invalid;
    /// The `Chart.yaml` does not name the chart.
    CHART_NO_NAME = "chart-no-name", Invalid;
    /// The image needs a package that does not exist or has no files for its platform.
    IMAGE_FROM_RELEASE = "image-from-release", Invalid;
    /// The name of the image is not one that a registry accepts.
    IMAGE_NAME = "image-name", Invalid;
    /// The image is to be made from the binary of a package that has none.
    IMAGE_NO_BINARY = "image-no-binary", Invalid;
    /// The image would run as root.
    IMAGE_ROOT = "image-root", Invalid;
    /// The name of a build secret is not the name of an environment variable.
    IMAGE_SECRET_NAME = "image-secret-name", Invalid;
    /// Meta packages require each other in a cycle.
    META_CYCLE = "meta-cycle", Invalid;
    /// The pattern of a meta package matches no other Python package.
    META_EMPTY = "meta-empty", Invalid;
    /// Two packages have the same name.
    PACKAGE_DUPLICATE = "package-duplicate", Invalid;
    /// The package is not released in any format.
    PACKAGE_EMPTY = "package-empty", Invalid;
    /// The name of the package cannot be part of a file name.
    PACKAGE_NAME = "package-name", Invalid;
    /// The path is not a relative path inside the tree.
    PATH_INVALID = "path-invalid", Invalid;
    /// Units of the plan depend on each other in a cycle.
    PLAN_CYCLE = "plan-cycle", Invalid;
    /// The plan has the same unit twice.
    PLAN_DUPLICATE_UNIT = "plan-duplicate-unit", Invalid;
    /// Two units would produce a file of the same name.
    PLAN_FILE_NAME = "plan-file-name", Invalid;
    /// The maximum number of legs is outside the allowed range.
    PLAN_MAX_LEGS = "plan-max-legs", Usage;
    /// The release would have more assets than GitHub accepts for one release.
    PLAN_TOO_MANY_ASSETS = "plan-too-many-assets", Invalid;
    /// A unit needs another unit that is not in the plan.
    PLAN_UNKNOWN_NEED = "plan-unknown-need", Invalid;
    /// Maturin is configured for bindings other than PyO3.
    PYTHON_BINDINGS = "python-bindings", Invalid;
    /// An entry of `pythons` is not a version of Python such as `3.12`.
    PYTHON_INTERPRETER = "python-interpreter", Invalid;
    /// The project's build requirements suggest that its wheel holds compiled code.
    PYTHON_NATIVE = "python-native", Invalid, warning;
    /// Maturin is to build a crate that has no `Cargo.toml`.
    PYTHON_NO_CRATE = "python-no-crate", Invalid;
    /// The project is declared as PyO3 but is built by a backend other than maturin.
    PYTHON_NOT_MATURIN = "python-not-maturin", Invalid;
    /// The project is declared as pure Python but is built by maturin.
    PYTHON_NOT_PURE = "python-not-pure", Invalid;
    /// The project needs a list of Python versions because it lacks the stable ABI.
    PYTHON_PYTHONS_MISSING = "python-pythons-missing", Invalid;
    /// The value of `requires-python` is not a list of version specifiers.
    PYTHON_REQUIRES_PYTHON = "python-requires-python", Invalid;
    /// The version of the Python project is not a literal in its `pyproject.toml`.
    PYTHON_VERSION_UNKNOWN = "python-version-unknown", Invalid;
    /// The registry for images and charts is missing or not valid.
    RELEASE_REGISTRY = "release-registry", Invalid;
    /// The repository is not given as a web address.
    RELEASE_REPOSITORY = "release-repository", Invalid;
    /// The tag of the release is not valid or does not contain the version.
    RELEASE_TAG = "release-tag", Invalid;
    /// The version of the release is neither a version nor the path of a manifest.
    RELEASE_VERSION = "release-version", Invalid;
    /// The release has no version, or its manifest states none that can be read.
    RELEASE_VERSION_MISSING = "release-version-missing", Invalid;
    /// The configuration and the selection leave nothing to build.
    SELECT_NOTHING = "select-nothing", Invalid;
    /// The selection names a package that the configuration does not have.
    SELECT_UNKNOWN_PACKAGE = "select-unknown-package", Usage;
    /// The version of a package differs from the version of the release.
    VERSION_DIFFERS = "version-differs", Differs;
    /// The version cannot be spelled in one of the package's formats.
    VERSION_FORMAT = "version-format", Invalid;
    /// The version is neither valid SemVer nor valid PEP 440.
    VERSION_INVALID = "version-invalid", Invalid;
}
