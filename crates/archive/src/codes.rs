//! What this crate finds wrong with tar, gzip and zip archives, as declared codes.

model::codes! {
    /// The archive unpacks to a suspicious multiple of its size.
    ARCHIVE_BOMB = "archive-bomb", Invalid;
    /// A member's content does not match its checksum.
    ARCHIVE_CHECKSUM = "archive-checksum", Invalid;
    /// A zip member has a comment in the central directory.
    ARCHIVE_COMMENT = "archive-comment", Invalid;
    /// A member is damaged or its header is not valid.
    ARCHIVE_CORRUPT = "archive-corrupt", Invalid;
    /// A zip member has a data descriptor, which states its sizes a second time.
    ARCHIVE_DATA_DESCRIPTOR = "archive-data-descriptor", Invalid;
    /// The archive contains the same path more than once.
    ARCHIVE_DUPLICATE = "archive-duplicate", Invalid;
    /// A zip member is encrypted.
    ARCHIVE_ENCRYPTED = "archive-encrypted", Invalid;
    /// The zip's end of central directory record is not valid.
    ARCHIVE_END_RECORD = "archive-end-record", Invalid;
    /// A path of the archive is both a file and a folder.
    ARCHIVE_FILE_AND_FOLDER = "archive-file-and-folder", Invalid;
    /// The file is not an archive of the expected format.
    ARCHIVE_FORMAT = "archive-format", Invalid;
    /// A member's extended header is larger than accepted.
    ARCHIVE_HEADER_TOO_LARGE = "archive-header-too-large", Invalid;
    /// A zip member is neither stored nor deflated.
    ARCHIVE_METHOD = "archive-method", Invalid;
    /// A zip member's local header contradicts the central directory.
    ARCHIVE_MISMATCH = "archive-mismatch", Invalid;
    /// A member's path is unsafe or not valid.
    ARCHIVE_PATH = "archive-path", Invalid;
    /// The zip can also be read as a tar archive.
    ARCHIVE_POLYGLOT = "archive-polyglot", Invalid;
    /// A member is not a regular file.
    ARCHIVE_SPECIAL_FILE = "archive-special-file", Invalid;
    /// The modification time does not fit into the archive's headers.
    ARCHIVE_TIME = "archive-time", Invalid;
    /// The archive unpacks to more bytes than are accepted.
    ARCHIVE_TOO_LARGE = "archive-too-large", Invalid;
    /// The archive contains more entries than are accepted.
    ARCHIVE_TOO_MANY_ENTRIES = "archive-too-many-entries", Invalid;
    /// The archive is followed by extra bytes.
    ARCHIVE_TRAILING_BYTES = "archive-trailing-bytes", Invalid;
    /// The archive ends in the middle of a member.
    ARCHIVE_TRUNCATED = "archive-truncated", Invalid;
    /// The zip contains bytes that belong to no member.
    ARCHIVE_UNKNOWN_RECORD = "archive-unknown-record", Invalid;
    /// A zip member has no central directory entry, or an entry has no member.
    ARCHIVE_UNLISTED = "archive-unlisted", Invalid;
}
