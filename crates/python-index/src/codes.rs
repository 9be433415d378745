//! Codes of Python indexes: of their pages, of uploads and of trusted publishing.

model::codes! {
    /// The index does not have this version of the project.
    INDEX_ABSENT = "index-absent", Absent;
    /// The attestation was left out because uploads with a token do not accept any.
    INDEX_ATTESTATION_LEFT = "index-attestation-left", Invalid, warning;
    /// The index does not accept the credentials.
    INDEX_CREDENTIALS = "index-credentials", Denied;
    /// The upload address of the index contains credentials.
    INDEX_CREDENTIALS_IN_ADDRESS = "index-credentials-in-address", Invalid;
    /// The index redirects to another index.
    INDEX_ELSEWHERE = "index-elsewhere", Differs;
    /// The index already has this file.
    INDEX_FILE_EXISTS = "index-file-exists", Invalid;
    /// The file name is not that of a wheel or an sdist.
    INDEX_FILE_NAME = "index-file-name", Invalid;
    /// Two files of the release have the same name on the index.
    INDEX_FILE_TWICE = "index-file-twice", Invalid;
    /// The job runs a workflow of another repository, whose identity no index accepts.
    INDEX_FOREIGN_WORKFLOW = "index-foreign-workflow", Invalid;
    /// The item does not belong to this index destination.
    INDEX_ITEM = "index-item", Invalid;
    /// The file has a local version, which no index accepts.
    INDEX_LOCAL_VERSION = "index-local-version", Invalid;
    /// The release would create more new projects on the index than it allows in an hour.
    INDEX_MANY_NEW_PROJECTS = "index-many-new-projects", Invalid, warning;
    /// The page is not a valid page of a package index.
    INDEX_PAGE = "index-page", Invalid;
    /// The index does not accept the workflow as a trusted publisher.
    INDEX_PUBLISHER = "index-publisher", Invalid;
    /// The release has two sdists of the same project and version.
    INDEX_TWO_SDISTS = "index-two-sdists", Invalid;
    /// No index is configured that could be asked for its files.
    INDEX_UNKNOWN = "index-unknown", Absent;
    /// The upload to the index failed.
    INDEX_UPLOAD = "index-upload", Invalid;
    /// The index closes a release to new files some days after its first upload.
    INDEX_WINDOW = "index-window", Invalid;
}
