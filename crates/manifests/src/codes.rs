//! The codes of this crate.

model::codes! {
    /// Chart yaml.
    CHART_YAML = "chart-yaml", Invalid;
    /// Not TOML: {}.
    MANIFEST_SYNTAX = "manifest-syntax", Invalid;
    /// There is no file `{path}`.
    PATH_MISSING = "path-missing", Absent;
    /// `{CONFIG_FILE}` is a folder.
    PATH_NOT_A_FILE = "path-not-a-file", Invalid;
    /// `{path}` is a file, not a folder.
    PATH_NOT_A_FOLDER = "path-not-a-folder", Invalid;
    /// `{CONFIG_FILE}` is no UTF-8 text.
    PATH_NOT_TEXT = "path-not-text", Invalid;
    /// `{CONFIG_FILE}` is a link to `{target}`, out of the tree.
    PATH_OUTSIDE = "path-outside", Invalid;
    /// `{CONFIG_FILE}` cannot be read: {reason}.
    PATH_UNREADABLE = "path-unreadable", Failed;
}
