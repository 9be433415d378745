//! The codes of this crate.

model::codes! {
    /// Unpacks to more than {MAX_UNPACK_RATIO} times its {packed} bytes.
    ARCHIVE_BOMB = "archive-bomb", Invalid;
    /// The checksum of `{member}` does not match.
    ARCHIVE_CHECKSUM = "archive-checksum", Invalid;
    /// `{member}` carries a comment in the directory.
    ARCHIVE_COMMENT = "archive-comment", Invalid;
    /// `{member}` {why}.
    ARCHIVE_CORRUPT = "archive-corrupt", Invalid;
    /// `{member}` is followed by a data descriptor: its sizes are in two places.
    ARCHIVE_DATA_DESCRIPTOR = "archive-data-descriptor", Invalid;
    /// `{member}` appears twice.
    ARCHIVE_DUPLICATE = "archive-duplicate", Invalid;
    /// `{member}` is encrypted.
    ARCHIVE_ENCRYPTED = "archive-encrypted", Invalid;
    /// Its end record {why}.
    ARCHIVE_END_RECORD = "archive-end-record", Invalid;
    /// `{member}` is a file and a folder at once.
    ARCHIVE_FILE_AND_FOLDER = "archive-file-and-folder", Invalid;
    /// Is not a {format} archive.
    ARCHIVE_FORMAT = "archive-format", Invalid;
    /// `{member}` has a header of {bytes} bytes.
    ARCHIVE_HEADER_TOO_LARGE = "archive-header-too-large", Invalid;
    /// `{member}` is compressed with method {method}, neither stored nor deflated.
    ARCHIVE_METHOD = "archive-method", Invalid;
    /// `{member}` has one {what} in its own header and another in the directory.
    ARCHIVE_MISMATCH = "archive-mismatch", Differs;
    /// The path `{member}` {why}.
    ARCHIVE_PATH = "archive-path", Invalid;
    /// Can be read as a tar archive too.
    ARCHIVE_POLYGLOT = "archive-polyglot", Invalid;
    /// `{member}` is {kind}, not a regular file.
    ARCHIVE_SPECIAL_FILE = "archive-special-file", Invalid;
    /// The time {epoch} does not fit its headers.
    ARCHIVE_TIME = "archive-time", Invalid;
    /// `{member}` takes the unpacked size over {MAX_UNPACKED_BYTES} bytes.
    ARCHIVE_TOO_LARGE = "archive-too-large", Invalid;
    /// Holds more than {MAX_ARCHIVE_ENTRIES} entries.
    ARCHIVE_TOO_MANY_ENTRIES = "archive-too-many-entries", Invalid;
    /// Holds {count} bytes after its end.
    ARCHIVE_TRAILING_BYTES = "archive-trailing-bytes", Invalid;
    /// Ends in the middle of `{member}`.
    ARCHIVE_TRUNCATED = "archive-truncated", Invalid;
    /// Has bytes that belong to no member, from offset {offset}.
    ARCHIVE_UNKNOWN_RECORD = "archive-unknown-record", Invalid;
    /// `{member}` is in the files but not in the directory, or the other way around.
    ARCHIVE_UNLISTED = "archive-unlisted", Invalid;
}
