//! Codes that several crates share.

crate::codes! {
    /// `appVersion` is read as a number, not as text.
    CHART_APP_VERSION = "chart-app-version", Invalid;
    /// `{}` cannot be a repository's name in a registry.
    CHART_NAME = "chart-name", Invalid;
    /// Cannot read it: {error}.
    FILE_FAILED = "file-failed", Failed;
    /// Is not there.
    FILE_MISSING = "file-missing", Absent;
    /// Is a link or no file: it has no digest of its own.
    FILE_NOT_REGULAR = "file-not-regular", Invalid;
    /// The image `{}` cannot be made for {platform}.
    IMAGE_PLATFORM = "image-platform", Invalid;
    /// The user `{}` of the image `{}` is no number.
    IMAGE_USER = "image-user", Invalid;
    /// The name `{shown}` in `{}` {why}.
    PYTHON_NAME = "python-name", Invalid;
    /// The tree cannot be read: {why}.
    TREE_UNREADABLE = "tree-unreadable", Failed;
    /// Has {size} bytes, expected at most {limit}.
    FILE_TOO_LARGE = "file-too-large", Invalid;
}
