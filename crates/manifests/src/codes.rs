//! Codes of manifests in the tree, and of the paths that lead to them.

model::codes! {
    /// The `Chart.yaml` uses YAML that is invalid or not understood.
    CHART_YAML = "chart-yaml", Invalid;
    /// The manifest is not valid TOML.
    MANIFEST_SYNTAX = "manifest-syntax", Invalid;
    /// There is no file or folder at the path.
    PATH_MISSING = "path-missing", Absent;
    /// The path leads to a folder where a file is expected.
    PATH_NOT_A_FILE = "path-not-a-file", Invalid;
    /// The path leads to a file where a folder is expected.
    PATH_NOT_A_FOLDER = "path-not-a-folder", Invalid;
    /// The file is not UTF-8 text, or is too large to be read as text.
    PATH_NOT_TEXT = "path-not-text", Invalid;
    /// The path leads out of the tree.
    PATH_OUTSIDE = "path-outside", Invalid;
    /// The file or folder at the path cannot be read.
    PATH_UNREADABLE = "path-unreadable", Failed;
}
