//! The codes of this crate.

model::codes! {
    /// `{}` could not be {verb}: {source}.
    CACHE_IO = "cache-io", Failed;
    /// Command failed.
    COMMAND_FAILED = "command-failed", Failed;
    /// Command not found.
    COMMAND_NOT_FOUND = "command-not-found", Invalid;
    /// `npm` was not found on `PATH`.
    PREREQUISITE_MISSING = "prerequisite-missing", Failed;
    /// `{what}` could not be fetched: {}.
    TOOL_FETCH = "tool-fetch", Failed;
    /// A download does not have the pinned hash.
    TOOL_HASH = "tool-hash", Failed;
    /// Tool missing.
    TOOL_MISSING = "tool-missing", Failed;
    /// The tool is not pinned for this machine.
    TOOL_NO_ROW = "tool-no-row", Failed;
    /// `{what}` is not in the cache `{}`, and nothing is fetched offline.
    TOOL_OFFLINE = "tool-offline", Failed;
    /// The path given by `--tool` is not an executable file.
    TOOL_OVERRIDE = "tool-override", Failed;
    /// Tool table.
    TOOL_TABLE = "tool-table", Invalid;
}
