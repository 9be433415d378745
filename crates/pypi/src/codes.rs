//! What this crate finds wrong with wheels, sdists and what they are made from, as declared codes.

model::codes! {
    /// Meta packages require each other in a cycle.
    META_CYCLE = "meta-cycle", Invalid;
    /// The pattern of a meta package matches no other Python package.
    META_EMPTY = "meta-empty", Invalid;
    /// A classifier is unknown, deprecated or forbids the upload to a public index.
    METADATA_CLASSIFIER = "metadata-classifier", Invalid;
    /// The `Description-Content-Type` is not plain text, reStructuredText or Markdown in UTF-8.
    METADATA_CONTENT_TYPE = "metadata-content-type", Invalid;
    /// The metadata has no description for the index to show.
    METADATA_DESCRIPTION = "metadata-description", Invalid, warning;
    /// A requirement is a direct URL, which the index does not accept.
    METADATA_DIRECT_URL = "metadata-direct-url", Invalid;
    /// The metadata declares a field dynamic that must be static, or that does not exist.
    METADATA_DYNAMIC = "metadata-dynamic", Invalid;
    /// An author's or maintainer's e-mail address is not valid.
    METADATA_EMAIL = "metadata-email", Invalid;
    /// The name of an extra is not valid or is declared twice.
    METADATA_EXTRA = "metadata-extra", Invalid;
    /// The `Metadata-Version` is missing or not one that the index accepts.
    METADATA_FORMAT_VERSION = "metadata-format-version", Invalid;
    /// An `Import-Name` or `Import-Namespace` of the metadata cannot be imported in Python.
    METADATA_IMPORT_NAME = "metadata-import-name", Invalid;
    /// The `License-Expression` is not valid SPDX or names an unknown licence.
    METADATA_LICENSE_EXPRESSION = "metadata-license-expression", Invalid;
    /// A `License-File` of the metadata is not the plain path of one file.
    METADATA_LICENSE_FILE = "metadata-license-file", Invalid;
    /// A licence file that the metadata names is not in the wheel or sdist.
    METADATA_LICENSE_FILE_MISSING = "metadata-license-file-missing", Invalid;
    /// The metadata has both `License` and `License-Expression`.
    METADATA_LICENSE_TWICE = "metadata-license-twice", Invalid;
    /// The version has a local part (`+…`), which the index does not accept.
    METADATA_LOCAL_VERSION = "metadata-local-version", Invalid;
    /// The distribution's name is missing or not valid.
    METADATA_NAME = "metadata-name", Invalid;
    /// The metadata repeats a field that may appear only once.
    METADATA_REPEATED_FIELD = "metadata-repeated-field", Invalid;
    /// A requirement in the metadata is not a valid PEP 508 requirement.
    METADATA_REQUIREMENT = "metadata-requirement", Invalid;
    /// The metadata's `Requires-Python` is not a valid version specifier.
    METADATA_REQUIRES_PYTHON = "metadata-requires-python", Invalid;
    /// The summary is missing, spans several lines or exceeds 512 characters.
    METADATA_SUMMARY = "metadata-summary", Invalid;
    /// A metadata file is too long, not UTF-8 or has a line that is not a header.
    METADATA_SYNTAX = "metadata-syntax", Invalid;
    /// The metadata uses a field that its metadata version does not have yet.
    METADATA_TOO_OLD_FOR_FIELD = "metadata-too-old-for-field", Invalid;
    /// A project URL in the metadata is not a web address, or its label is not valid.
    METADATA_URL = "metadata-url", Invalid;
    /// The distribution's version is missing or not a valid PEP 440 version.
    METADATA_VERSION = "metadata-version", Invalid;
    /// Maturin is configured for bindings other than PyO3.
    PYTHON_BINDINGS = "python-bindings", Invalid;
    /// The file exceeds the index's default upload limit of 100 MB.
    PYTHON_FILE_SIZE = "python-file-size", Invalid, warning;
    /// The value of `build-cutoff` is neither `commit`, `none`, nor a time.
    PYTHON_BUILD_CUTOFF = "python-build-cutoff", Invalid;
    /// An entry of `pythons` is not a version of Python such as `3.12`.
    PYTHON_INTERPRETER = "python-interpreter", Invalid;
    /// The project's build requirements suggest that its wheel holds compiled code.
    PYTHON_NATIVE = "python-native", Invalid, warning;
    /// Maturin is to build a crate that has no `Cargo.toml`.
    PYTHON_NO_CRATE = "python-no-crate", Invalid;
    /// The project is declared as PyO3 but is built by a backend other than maturin.
    PYTHON_NOT_MATURIN = "python-not-maturin", Invalid;
    /// The package is not configured as a meta package.
    PYTHON_NOT_META = "python-not-meta", Invalid;
    /// The project is declared as pure Python but is built by maturin.
    PYTHON_NOT_PURE = "python-not-pure", Invalid;
    /// The project needs a list of Python versions because it lacks the stable ABI.
    PYTHON_PYTHONS_MISSING = "python-pythons-missing", Invalid;
    /// A version specifier or requirement of a meta package is not valid.
    PYTHON_REQUIRES = "python-requires", Invalid;
    /// The value of `requires-python` is not a list of version specifiers.
    PYTHON_REQUIRES_PYTHON = "python-requires-python", Invalid;
    /// The package's version cannot be written as a PEP 440 version.
    PYTHON_VERSION = "python-version", Invalid;
    /// The version of the Python project is not a literal in its `pyproject.toml`.
    PYTHON_VERSION_UNKNOWN = "python-version-unknown", Invalid;
    /// A link in the sdist does not lead to a file of the sdist.
    SDIST_LINK = "sdist-link", Invalid;
    /// The sdist's metadata predates version 2.2, so no tool can rely on it without a build.
    SDIST_METADATA_VERSION = "sdist-metadata-version", Invalid, warning;
    /// The sdist's file name is not the normalized name and version followed by `.tar.gz`.
    SDIST_NAME = "sdist-name", Invalid;
    /// The sdist has no `PKG-INFO` in its top-level folder.
    SDIST_PKG_INFO_MISSING = "sdist-pkg-info-missing", Invalid;
    /// The sdist has no `pyproject.toml`.
    SDIST_PYPROJECT_MISSING = "sdist-pyproject-missing", Invalid, warning;
    /// The sdist contains a build product, such as bytecode or a wheel.
    SDIST_STRAY_FILE = "sdist-stray-file", Invalid, warning;
    /// The sdist does not consist of one top-level folder named after its name and version.
    SDIST_TOP_LEVEL = "sdist-top-level", Invalid;
    /// The wheel contains compiled bytecode.
    WHEEL_BYTECODE = "wheel-bytecode", Invalid, warning;
    /// The wheel's `.data` folder has a subfolder that is not an install scheme.
    WHEEL_DATA_SCHEME = "wheel-data-scheme", Invalid;
    /// The wheel's `.dist-info` folder is missing, ambiguous or does not match its file name.
    WHEEL_DIST_INFO = "wheel-dist-info", Invalid;
    /// The wheel's `entry_points.txt` is malformed or has an entry that is not valid.
    WHEEL_ENTRY_POINTS = "wheel-entry-points", Invalid;
    /// The wheel's `Wheel-Version` is not 1.x.
    WHEEL_FORMAT_VERSION = "wheel-format-version", Invalid;
    /// An SBOM in the wheel contains a local path of the build machine.
    WHEEL_LOCAL_PATH = "wheel-local-path", Invalid, warning;
    /// The wheel has the platform tag `any` but contains machine code.
    WHEEL_MACHINE_CODE = "wheel-machine-code", Invalid, warning;
    /// The wheel's `.dist-info` folder has no `METADATA`.
    WHEEL_METADATA_MISSING = "wheel-metadata-missing", Invalid;
    /// The file name is not a valid wheel name.
    WHEEL_NAME = "wheel-name", Invalid;
    /// The name in the wheel's file name is not the normalized name of its metadata.
    WHEEL_NAME_NOT_NORMAL = "wheel-name-not-normal", Invalid;
    /// The version in the wheel's file name is not the version in its metadata.
    WHEEL_NAME_VERSION = "wheel-name-version", Invalid;
    /// A project that was to leave a pure wheel left one for a single platform.
    WHEEL_PLATFORM = "wheel-platform", Invalid;
    /// The index does not accept the wheel's platform tag.
    WHEEL_PLATFORM_TAG = "wheel-platform-tag", Invalid;
    /// The wheel's `Root-Is-Purelib` is missing or contradicts its machine code.
    WHEEL_PURELIB = "wheel-purelib", Invalid, warning;
    /// A hash in the wheel's `RECORD` is wrong, missing or weaker than SHA-256.
    WHEEL_RECORD_HASH = "wheel-record-hash", Invalid;
    /// The wheel's `RECORD` lacks a file of the archive.
    WHEEL_RECORD_INCOMPLETE = "wheel-record-incomplete", Invalid;
    /// The wheel's `RECORD` is missing or is not a CSV file with three columns.
    WHEEL_RECORD_MISSING = "wheel-record-missing", Invalid;
    /// The wheel contains a signature of its `RECORD`, which PEP 815 deprecates.
    WHEEL_RECORD_SIGNATURE = "wheel-record-signature", Invalid, warning;
    /// The wheel's `RECORD` gives a file another size than it has.
    WHEEL_RECORD_SIZE = "wheel-record-size", Invalid;
    /// The wheel's `RECORD` lists a file that is not in the archive.
    WHEEL_RECORD_SURPLUS = "wheel-record-surplus", Invalid;
    /// The wheel's `RECORD` lists a file more than once.
    WHEEL_RECORD_TWICE = "wheel-record-twice", Invalid;
    /// A hash in the wheel's `RECORD` uses an algorithm that is not checked here.
    WHEEL_RECORD_UNCHECKED = "wheel-record-unchecked", Unsupported, warning;
    /// An SBOM in the wheel is JSON in which an object has a key twice.
    WHEEL_SBOM = "wheel-sbom", Invalid;
    /// The wheel would install a file or folder that does not belong in site-packages.
    WHEEL_STRAY_TOP_LEVEL = "wheel-stray-top-level", Invalid, warning;
    /// The compressed tags in the wheel's file name are not sorted.
    WHEEL_TAG_ORDER = "wheel-tag-order", Invalid, warning;
    /// The wheel's `WHEEL` file expands to more tags than are accepted.
    WHEEL_TAGS = "wheel-tags", Invalid;
    /// The tags in the wheel's `WHEEL` file are not those of its file name.
    WHEEL_TAGS_DIFFER = "wheel-tags-differ", Invalid;
    /// The version in the wheel's file name is not in its PEP 440 normal form.
    WHEEL_VERSION_SPELLING = "wheel-version-spelling", Invalid;
    /// The wheel's `.dist-info` folder has no `WHEEL`.
    WHEEL_WHEEL_MISSING = "wheel-wheel-missing", Invalid;
}
