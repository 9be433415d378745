//! What can be wrong with an archive. Each error names the member if there is one.

use crate::codes;
use model::limits::{MAX_ARCHIVE_ENTRIES, MAX_UNPACK_RATIO, MAX_UNPACKED_BYTES};
use model::{Code, Diagnostic, Exhausted, Location};

/// A defect of an archive. `member` is the member's name, shortened if it is very long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each message explains its variant")]
pub enum ArchiveError {
    #[error("is not a {format} archive")]
    NotThis { format: &'static str },
    #[error("ends in the middle of `{member}`")]
    Truncated { member: String },
    #[error("holds {count} bytes after its end")]
    TrailingBytes { count: usize },
    #[error("holds more than {MAX_ARCHIVE_ENTRIES} entries")]
    TooManyEntries,
    #[error("`{member}` takes the unpacked size over {MAX_UNPACKED_BYTES} bytes")]
    TooLarge { member: String },
    #[error("`{member}` has a header of {bytes} bytes")]
    HeaderTooLarge { member: String, bytes: u64 },
    #[error("unpacks to more than {MAX_UNPACK_RATIO} times its {packed} bytes")]
    Bomb { packed: u64 },
    #[error("the path `{member}` {why}")]
    Path { member: String, why: &'static str },
    #[error("`{member}` appears twice")]
    Duplicate { member: String },
    #[error("`{member}` is a file and a folder at once")]
    FileAndFolder { member: String },
    #[error("`{member}` is {kind}, not a regular file")]
    Special { member: String, kind: &'static str },
    #[error("the checksum of `{member}` does not match")]
    Checksum { member: String },
    #[error("`{member}` {why}")]
    Corrupt { member: String, why: &'static str },
    #[error("`{member}` is encrypted")]
    Encrypted { member: String },
    #[error("`{member}` is followed by a data descriptor: its sizes are in two places")]
    DataDescriptor { member: String },
    #[error("`{member}` is compressed with method {method}, neither stored nor deflated")]
    Method { member: String, method: u16 },
    #[error("`{member}` has one {what} in its own header and another in the directory")]
    Mismatch { member: String, what: &'static str },
    #[error("`{member}` is in the files but not in the directory, or the other way around")]
    Unlisted { member: String },
    #[error("`{member}` carries a comment in the directory")]
    Comment { member: String },
    #[error("has bytes that belong to no member, from offset {offset}")]
    UnknownRecord { offset: usize },
    #[error("its end record {why}")]
    EndRecord { why: &'static str },
    #[error("can be read as a tar archive too")]
    Polyglot,
    #[error("the time {epoch} does not fit its headers")]
    Time { epoch: u64 },
    #[error("unpacks to more than is left of the {limit} bytes that the outermost file may cost")]
    TooMuchWork { limit: u64 },
}

impl ArchiveError {
    /// A stable code in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static Code {
        match self {
            Self::NotThis { .. } => &codes::ARCHIVE_FORMAT,
            Self::Truncated { .. } => &codes::ARCHIVE_TRUNCATED,
            Self::TrailingBytes { .. } => &codes::ARCHIVE_TRAILING_BYTES,
            Self::TooManyEntries => &codes::ARCHIVE_TOO_MANY_ENTRIES,
            Self::TooLarge { .. } => &codes::ARCHIVE_TOO_LARGE,
            Self::HeaderTooLarge { .. } => &codes::ARCHIVE_HEADER_TOO_LARGE,
            Self::Bomb { .. } => &codes::ARCHIVE_BOMB,
            Self::Path { .. } => &codes::ARCHIVE_PATH,
            Self::Duplicate { .. } => &codes::ARCHIVE_DUPLICATE,
            Self::FileAndFolder { .. } => &codes::ARCHIVE_FILE_AND_FOLDER,
            Self::Special { .. } => &codes::ARCHIVE_SPECIAL_FILE,
            Self::Checksum { .. } => &codes::ARCHIVE_CHECKSUM,
            Self::Corrupt { .. } => &codes::ARCHIVE_CORRUPT,
            Self::Encrypted { .. } => &codes::ARCHIVE_ENCRYPTED,
            Self::DataDescriptor { .. } => &codes::ARCHIVE_DATA_DESCRIPTOR,
            Self::Method { .. } => &codes::ARCHIVE_METHOD,
            Self::Mismatch { .. } => &codes::ARCHIVE_MISMATCH,
            Self::Unlisted { .. } => &codes::ARCHIVE_UNLISTED,
            Self::Comment { .. } => &codes::ARCHIVE_COMMENT,
            Self::UnknownRecord { .. } => &codes::ARCHIVE_UNKNOWN_RECORD,
            Self::EndRecord { .. } => &codes::ARCHIVE_END_RECORD,
            Self::Polyglot => &codes::ARCHIVE_POLYGLOT,
            Self::Time { .. } => &codes::ARCHIVE_TIME,
            Self::TooMuchWork { .. } => &model::codes::TOO_MUCH_WORK,
        }
    }

    /// The error as a diagnostic about the file called `file_name`.
    #[must_use]
    pub fn problem(&self, file_name: &str) -> Diagnostic {
        Diagnostic::new(self.code(), self.to_string()).at(Location::file(file_name))
    }
}

impl From<Exhausted> for ArchiveError {
    fn from(Exhausted { limit }: Exhausted) -> Self {
        Self::TooMuchWork { limit }
    }
}

/// An untrusted name as text of limited length.
pub(crate) fn shown(name: &[u8]) -> String {
    let head = name.get(..SHOWN_BYTES).unwrap_or(name);
    let mut text = String::from_utf8_lossy(head).into_owned();
    if name.len() > SHOWN_BYTES {
        text.push('…');
    }
    text
}

/// The most bytes of an untrusted name in a message: a longer path is not readable.
const SHOWN_BYTES: usize = 200;
