//! The codes of this crate.

model::codes! {
    /// There is no published release `{shown}`.
    GITHUB_ABSENT = "github-absent", Absent;
    /// A text does not name a repository on a GitHub.
    GITHUB_ADDRESS = "github-address", Invalid;
    /// GitHub's answer cannot be read: {why}.
    GITHUB_ANSWER = "github-answer", Invalid;
    /// `{name}` is {digest}; `{sealed}` was sealed.
    GITHUB_ASSET_ALTERED = "github-asset-altered", Differs;
    /// `{name}` is empty.
    GITHUB_ASSET_EMPTY = "github-asset-empty", Invalid;
    /// The release's download `{name}` is missing.
    GITHUB_ASSET_MISSING = "github-asset-missing", Absent;
    /// GitHub would change the name `{shown}`.
    GITHUB_ASSET_NAME = "github-asset-name", Invalid;
    /// `{name}` of `{shown}` was sent in part only.
    GITHUB_ASSET_PART = "github-asset-part", Invalid;
    /// `{name}` has {size} bytes; GitHub takes less than 2 GiB.
    GITHUB_ASSET_SIZE = "github-asset-size", Invalid;
    /// `{}` is said to be {told}; what is served is {found}.
    GITHUB_DIGEST = "github-digest", Differs;
    /// The published release `{}` also holds {}.
    GITHUB_FOREIGN_ASSET = "github-foreign-asset", Invalid;
    /// An item is not one of this destination.
    GITHUB_ITEM = "github-item", Invalid;
    /// {} has moved.
    GITHUB_MOVED = "github-moved", Invalid;
    /// The draft of a release does not exist any more.
    GITHUB_NO_DRAFT = "github-no-draft", Invalid;
    /// The server names `{}` as the next page, another host.
    GITHUB_OTHER_HOST = "github-other-host", Differs;
    /// GitHub's rate limit is used up for {} seconds more.
    GITHUB_RATE_LIMIT = "github-rate-limit", Invalid;
    /// GitHub answered `{status}`: {message}.
    GITHUB_REFUSED = "github-refused", Invalid;
    /// The tag `{}` is at commit `{found}`; this release is of `{commit}`.
    GITHUB_TAG_ELSEWHERE = "github-tag-elsewhere", Differs;
    /// {} downloads; a release holds {MAX_RELEASE_ASSETS}.
    GITHUB_TOO_MANY_ASSETS = "github-too-many-assets", Invalid;
    /// There are two releases for the tag `{}`: {} and {}.
    GITHUB_TWO_DRAFTS = "github-two-drafts", Invalid;
    /// `{}` is not published: {what}.
    GITHUB_UNFINISHED = "github-unfinished", Invalid;
    /// Cannot read `dist/{FOLDER}`: {error}.
    GITHUB_UNREADABLE = "github-unreadable", Failed;
    /// The server wants assets at `{}`, another host.
    GITHUB_UPLOAD_ADDRESS = "github-upload-address", Invalid;
    /// GitHub does not accept the token.
    GITHUB_CREDENTIALS = "github-credentials", Invalid;
}
