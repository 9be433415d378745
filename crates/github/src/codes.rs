//! Codes of GitHub releases: of drafts, tags, assets and the answers of the API.

model::codes! {
    /// GitHub has no published release for this tag.
    GITHUB_ABSENT = "github-absent", Absent;
    /// The text does not name a repository on GitHub.
    GITHUB_ADDRESS = "github-address", Invalid;
    /// The response from GitHub cannot be parsed.
    GITHUB_ANSWER = "github-answer", Invalid;
    /// The digest of the download differs from the one that was sealed.
    GITHUB_ASSET_ALTERED = "github-asset-altered", Differs;
    /// The download is empty, and GitHub does not accept empty assets.
    GITHUB_ASSET_EMPTY = "github-asset-empty", Invalid;
    /// A download of the release is missing.
    GITHUB_ASSET_MISSING = "github-asset-missing", Absent;
    /// GitHub would change the name of the asset.
    GITHUB_ASSET_NAME = "github-asset-name", Invalid;
    /// The asset on GitHub was uploaded only in part.
    GITHUB_ASSET_PART = "github-asset-part", Invalid;
    /// The asset or the release is larger than the limit.
    GITHUB_ASSET_SIZE = "github-asset-size", Invalid;
    /// GitHub does not accept the token.
    GITHUB_CREDENTIALS = "github-credentials", Invalid;
    /// GitHub serves an asset that differs from the digest or size it states.
    GITHUB_DIGEST = "github-digest", Differs;
    /// The published release holds assets that are not part of this release.
    GITHUB_FOREIGN_ASSET = "github-foreign-asset", Invalid;
    /// The item does not belong to this GitHub destination.
    GITHUB_ITEM = "github-item", Invalid;
    /// The repository has moved to another name.
    GITHUB_MOVED = "github-moved", Invalid;
    /// The draft release does not exist any more.
    GITHUB_NO_DRAFT = "github-no-draft", Invalid;
    /// GitHub names a different host for the next page of a list.
    GITHUB_OTHER_HOST = "github-other-host", Differs;
    /// The rate limit of the GitHub API is used up.
    GITHUB_RATE_LIMIT = "github-rate-limit", Invalid;
    /// GitHub refused the request.
    GITHUB_REFUSED = "github-refused", Invalid;
    /// The tag on GitHub points to a commit other than that of the release.
    GITHUB_TAG_ELSEWHERE = "github-tag-elsewhere", Differs;
    /// The release has more downloads than a GitHub release can hold.
    GITHUB_TOO_MANY_ASSETS = "github-too-many-assets", Invalid;
    /// GitHub has more than one release or draft release for the tag.
    GITHUB_TWO_DRAFTS = "github-two-drafts", Invalid;
    /// The release cannot be published because its draft release is not complete.
    GITHUB_UNFINISHED = "github-unfinished", Invalid;
    /// The downloads of the release cannot be read from the local folder.
    GITHUB_UNREADABLE = "github-unreadable", Failed;
    /// GitHub names a different host for the upload of assets.
    GITHUB_UPLOAD_ADDRESS = "github-upload-address", Invalid;
}
