//! Codes of a plan: of its packages, formats and versions, and of what is selected to be built.

model::codes! {
    /// Two packages have the same name.
    PACKAGE_DUPLICATE = "package-duplicate", Invalid;
    /// The package is not released in any format.
    PACKAGE_EMPTY = "package-empty", Invalid;
    /// The name of the package cannot be part of a file name.
    PACKAGE_NAME = "package-name", Invalid;
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
    /// The folder that the release would be written to is the tree itself, or git's own.
    RELEASE_OUT = "release-out", Invalid;
    /// The registry for images and charts is missing or not valid.
    RELEASE_REGISTRY = "release-registry", Invalid;
    /// The repository is not given as a web address.
    RELEASE_REPOSITORY = "release-repository", Invalid;
    /// No tag of the commit states its version, so the release is a snapshot.
    RELEASE_SNAPSHOT = "release-snapshot", Invalid, warning;
    /// The tag of the release is not valid or does not contain the version.
    RELEASE_TAG = "release-tag", Invalid;
    /// A tag disagrees with the version that the release was planned with.
    RELEASE_TAG_DIFFERS = "release-tag-differs", Differs;
    /// The version comes from a tag, and no tag can be found.
    RELEASE_TAG_UNKNOWN = "release-tag-unknown", Failed;
    /// The version of the release is neither a version nor the path of a manifest.
    RELEASE_VERSION = "release-version", Invalid;
    /// The release has no version, or its manifest states none that can be read.
    RELEASE_VERSION_MISSING = "release-version-missing", Invalid;
    /// The configuration and the selection leave nothing to build.
    SELECT_NOTHING = "select-nothing", Invalid;
    /// The selection names a format that this program does not have.
    SELECT_UNKNOWN_FORMAT = "select-unknown-format", Usage;
    /// The selection names a package that the configuration does not have.
    SELECT_UNKNOWN_PACKAGE = "select-unknown-package", Usage;
}
