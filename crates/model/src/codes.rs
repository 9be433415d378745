//! Codes that several crates share.

crate::codes! {
    /// The chart's `appVersion` is not text or differs from the released version.
    CHART_APP_VERSION = "chart-app-version", Invalid;
    /// The name of the chart is not one that a registry accepts.
    CHART_NAME = "chart-name", Invalid;
    /// The file or folder cannot be read or written.
    FILE_FAILED = "file-failed", Failed;
    /// The file does not exist.
    FILE_MISSING = "file-missing", Absent;
    /// The path is a link or a special file where a regular file is expected.
    FILE_NOT_REGULAR = "file-not-regular", Invalid;
    /// The file is larger than the limit for its kind.
    FILE_TOO_LARGE = "file-too-large", Invalid;
    /// Git could not list the files of the source tree.
    GIT_FAILED = "git-failed", Failed;
    /// The source tree is a Git repository, but `git` is not installed.
    GIT_MISSING = "git-missing", Failed;
    /// The image cannot be built for the platform.
    IMAGE_PLATFORM = "image-platform", Invalid;
    /// The user of the image is not a number.
    IMAGE_USER = "image-user", Invalid;
    /// The name of the Python project is not valid or differs from the package's name.
    PYTHON_NAME = "python-name", Invalid;
    /// Reading the file would cost out of all proportion to its size.
    TOO_MUCH_WORK = "too-much-work", Invalid;
    /// A file of the source tree has a name that is not UTF-8.
    TREE_NAME = "tree-name", Invalid;
    /// The source tree cannot be read.
    TREE_UNREADABLE = "tree-unreadable", Failed;
}
