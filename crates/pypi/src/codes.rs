//! The codes of this crate.

model::codes! {
    /// The lock file would change, not only shrink: {}.
    LOCK_CHANGED = "lock-changed", Differs;
    /// `Cargo.lock` {why}.
    LOCK_SYNTAX = "lock-syntax", Invalid;
    /// `{text}` says that no public index may take it.
    METADATA_CLASSIFIER = "metadata-classifier", Invalid;
    /// `Description-Content-Type: {}` is unknown.
    METADATA_CONTENT_TYPE = "metadata-content-type", Invalid;
    /// The metadata has no description for the index to show.
    METADATA_DESCRIPTION = "metadata-description", Invalid, warning;
    /// `{name}` is required by its address: `{text}`.
    METADATA_DIRECT_URL = "metadata-direct-url", Invalid;
    /// `{field}` may never be dynamic.
    METADATA_DYNAMIC = "metadata-dynamic", Invalid;
    /// `{}` is no e-mail address.
    METADATA_EMAIL = "metadata-email", Invalid;
    /// `{}` cannot name an extra.
    METADATA_EXTRA = "metadata-extra", Invalid;
    /// Metadata version `{version}` is none that the index takes.
    METADATA_FORMAT_VERSION = "metadata-format-version", Invalid;
    /// `{}` is no SPDX licence expression.
    METADATA_LICENSE_EXPRESSION = "metadata-license-expression", Invalid;
    /// The wheel lacks `{new}`.
    METADATA_LICENSE_FILE_MISSING = "metadata-license-file-missing", Invalid;
    /// The metadata has both `License` and `License-Expression`.
    METADATA_LICENSE_TWICE = "metadata-license-twice", Invalid;
    /// The index takes no local version such as `{version}`.
    METADATA_LOCAL_VERSION = "metadata-local-version", Invalid;
    /// `{}` cannot name a distribution.
    METADATA_NAME = "metadata-name", Invalid;
    /// The metadata says `{field}` more than once.
    METADATA_REPEATED_FIELD = "metadata-repeated-field", Invalid;
    /// `{field}: {}` is no requirement.
    METADATA_REQUIREMENT = "metadata-requirement", Invalid;
    /// `Requires-Python: {}` is no version specifier.
    METADATA_REQUIRES_PYTHON = "metadata-requires-python", Invalid;
    /// The summary is longer than 512 characters.
    METADATA_SUMMARY = "metadata-summary", Invalid;
    /// `{place}` {why}.
    METADATA_SYNTAX = "metadata-syntax", Invalid;
    /// `{field}` needs metadata version 2.4.
    METADATA_TOO_OLD_FOR_FIELD = "metadata-too-old-for-field", Invalid;
    /// `{field}: {}` is no web address.
    METADATA_URL = "metadata-url", Invalid;
    /// `{}` is no PEP 440 version.
    METADATA_VERSION = "metadata-version", Invalid;
    /// The file has {} bytes; a project may upload 100 MB.
    PYTHON_FILE_SIZE = "python-file-size", Invalid, warning;
    /// `{}` is no meta package.
    PYTHON_NOT_META = "python-not-meta", Invalid;
    /// `{}` is no version specifier.
    PYTHON_REQUIRES = "python-requires", Invalid;
    /// Python version.
    PYTHON_VERSION = "python-version", Invalid;
    /// `{}` links to no file of the sdist.
    SDIST_LINK = "sdist-link", Invalid;
    /// Its metadata is older than 2.2, so nobody can rely on it before a build.
    SDIST_METADATA_VERSION = "sdist-metadata-version", Invalid, warning;
    /// The file must be called `{expected}.tar.gz`.
    SDIST_NAME = "sdist-name", Invalid;
    /// The sdist lacks `{path}`.
    SDIST_PKG_INFO_MISSING = "sdist-pkg-info-missing", Invalid;
    /// The sdist has no `pyproject.toml`.
    SDIST_PYPROJECT_MISSING = "sdist-pyproject-missing", Invalid, warning;
    /// `{}` is a product of a build, not a source.
    SDIST_STRAY_FILE = "sdist-stray-file", Invalid, warning;
    /// Its folder is `{}`, not `{expected}`.
    SDIST_TOP_LEVEL = "sdist-top-level", Invalid;
    /// `{path}` is compiled bytecode.
    WHEEL_BYTECODE = "wheel-bytecode", Invalid, warning;
    /// `{path}` is in no folder that installers know.
    WHEEL_DATA_SCHEME = "wheel-data-scheme", Invalid;
    /// Its folder is `{}`, not `{}`.
    WHEEL_DIST_INFO = "wheel-dist-info", Invalid;
    /// `entry_points.txt` is not well-formed.
    WHEEL_ENTRY_POINTS = "wheel-entry-points", Invalid;
    /// `Wheel-Version: {}` is not 1.
    WHEEL_FORMAT_VERSION = "wheel-format-version", Invalid;
    /// `{path}` names a folder of the machine it was built on.
    WHEEL_LOCAL_PATH = "wheel-local-path", Invalid, warning;
    /// `{}` is {kind}, but the wheel is for any platform.
    WHEEL_MACHINE_CODE = "wheel-machine-code", Invalid, warning;
    /// Wheel metadata missing.
    WHEEL_METADATA_MISSING = "wheel-metadata-missing", Invalid;
    /// Wheel name.
    WHEEL_NAME = "wheel-name", Invalid;
    /// Its file name must start with `{expected}`, not `{}`.
    WHEEL_NAME_NOT_NORMAL = "wheel-name-not-normal", Invalid;
    /// Its file name says version `{}`, its metadata `{}`.
    WHEEL_NAME_VERSION = "wheel-name-version", Invalid;
    /// The index takes no wheel for the platform `{platform}`.
    WHEEL_PLATFORM_TAG = "wheel-platform-tag", Invalid;
    /// `Root-Is-Purelib` is true, but it holds machine code.
    WHEEL_PURELIB = "wheel-purelib", Invalid, warning;
    /// `RECORD` has `{value}` for `{}`; it is `{found}`.
    WHEEL_RECORD_HASH = "wheel-record-hash", Invalid;
    /// `RECORD` does not list `{}`.
    WHEEL_RECORD_INCOMPLETE = "wheel-record-incomplete", Invalid;
    /// The wheel lacks `{own}`.
    WHEEL_RECORD_MISSING = "wheel-record-missing", Invalid;
    /// `{}` is a signature that nothing reads (PEP 815).
    WHEEL_RECORD_SIGNATURE = "wheel-record-signature", Invalid, warning;
    /// `RECORD` says that `{}` has {} bytes; it has {}.
    WHEEL_RECORD_SIZE = "wheel-record-size", Invalid;
    /// `RECORD` lists `{path}`, which is not in the wheel.
    WHEEL_RECORD_SURPLUS = "wheel-record-surplus", Invalid;
    /// `RECORD` lists `{}` twice.
    WHEEL_RECORD_TWICE = "wheel-record-twice", Invalid;
    /// The {algorithm} of `{}` in `RECORD` was not checked.
    WHEEL_RECORD_UNCHECKED = "wheel-record-unchecked", Invalid, warning;
    /// `{top}` would land at the root of everyone's site-packages.
    WHEEL_STRAY_TOP_LEVEL = "wheel-stray-top-level", Invalid, warning;
    /// Its compressed tags are not sorted.
    WHEEL_TAG_ORDER = "wheel-tag-order", Invalid, warning;
    /// `WHEEL` stands for more than {MAX_TAGS} tags.
    WHEEL_TAGS = "wheel-tags", Invalid;
    /// `WHEEL` says `{}`, the file name `{}`.
    WHEEL_TAGS_DIFFER = "wheel-tags-differ", Invalid, warning;
    /// `{}` in its file name is not in normal form.
    WHEEL_VERSION_SPELLING = "wheel-version-spelling", Invalid, warning;
    /// Wheel wheel missing.
    WHEEL_WHEEL_MISSING = "wheel-wheel-missing", Invalid;
}
