//! Codes of external tools: of their downloads, their cache and their runs.

/// What to do where a disk is full.
pub const MAKE_ROOM: &str = "free some space, or keep the cache on another disk with `--cache-dir`";

model::codes! {
    /// The disk that holds the cache is full.
    CACHE_FULL = "cache-full", Failed;
    /// The folder for the cache is a file, or lies below one.
    CACHE_BELOW_FILE = "cache-below-file", Usage;
    /// A file in the tool cache cannot be read or written.
    CACHE_IO = "cache-io", Failed;
    /// An external command failed.
    COMMAND_FAILED = "command-failed", Failed;
    /// An external command was not found.
    COMMAND_NOT_FOUND = "command-not-found", Invalid;
    /// A program that the build needs is not installed or is too old.
    PREREQUISITE_MISSING = "prerequisite-missing", Failed;
    /// The tool could not be downloaded.
    TOOL_FETCH = "tool-fetch", Failed;
    /// The downloaded tool does not match its pinned hash.
    TOOL_HASH = "tool-hash", Failed;
    /// The installed tool lacks a file that it should contain.
    TOOL_MISSING = "tool-missing", Failed;
    /// The tool is not pinned for the platform of this machine.
    TOOL_NOT_PINNED = "tool-not-pinned", Failed;
    /// The tool is not in the cache, and nothing is downloaded offline.
    TOOL_OFFLINE = "tool-offline", Failed;
    /// The path given with `--tool` is not an executable file.
    TOOL_OVERRIDE = "tool-override", Failed;
    /// The table of pinned tools is not valid.
    TOOL_TABLE = "tool-table", Invalid;
}
