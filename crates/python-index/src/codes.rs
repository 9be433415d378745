//! The codes of this crate.

model::codes! {
    /// The index has no `{}` of version `{}`.
    INDEX_ABSENT = "index-absent", Absent;
    /// An attestation is not uploaded: uploads with a token take none.
    INDEX_ATTESTATION_LEFT = "index-attestation-left", Invalid, warning;
    /// The index does not accept the credentials.
    INDEX_CREDENTIALS = "index-credentials", Denied;
    /// The upload address of the Python index holds credentials.
    INDEX_CREDENTIALS_IN_ADDRESS = "index-credentials-in-address", Invalid;
    /// `{}` sends to `{}`, another index.
    INDEX_ELSEWHERE = "index-elsewhere", Differs;
    /// The index has this file already.
    INDEX_FILE_EXISTS = "index-file-exists", Invalid;
    /// A file name is not that of a wheel or sdist.
    INDEX_FILE_NAME = "index-file-name", Invalid;
    /// Two files are called `{name}`.
    INDEX_FILE_TWICE = "index-file-twice", Invalid;
    /// The job is in a workflow of another repository: no index accepts its identity.
    INDEX_FOREIGN_WORKFLOW = "index-foreign-workflow", Invalid;
    /// `{}` is not ours.
    INDEX_ITEM = "index-item", Invalid;
    /// `{}` has a local version.
    INDEX_LOCAL_VERSION = "index-local-version", Invalid;
    /// {projects} projects are new to the index.
    INDEX_MANY_NEW_PROJECTS = "index-many-new-projects", Invalid, warning;
    /// A page of the index cannot be used.
    INDEX_PAGE = "index-page", Invalid;
    /// The index does not accept the workflow as a trusted publisher.
    INDEX_PUBLISHER = "index-publisher", Invalid;
    /// `{name}` and `{other}` are sdists of one release.
    INDEX_TWO_SDISTS = "index-two-sdists", Invalid;
    /// Whether files are on the Python index cannot be asked: no index is configured.
    INDEX_UNKNOWN = "index-unknown", Absent;
    /// An upload to the index failed.
    INDEX_UPLOAD = "index-upload", Invalid;
    /// The index takes no more files of a release after some days.
    INDEX_WINDOW = "index-window", Invalid;
}
