//! The codes of this crate.

model::codes! {
    /// `DOCKER_AUTH_CONFIG` is not the JSON of Docker's.
    CREDENTIALS_CONFIG = "credentials-config", Invalid;
    /// {message}: {why}.
    CREDENTIALS_HELPER = "credentials-helper", Failed;
    /// A GitHub release needs a token, and `GITHUB_TOKEN` (or `GH_TOKEN`) is not set.
    CREDENTIALS_MISSING = "credentials-missing", Denied;
    /// A credential holds a character that no header can.
    CREDENTIALS_UNUSABLE = "credentials-unusable", Failed;
    /// There is no published release `{shown}`.
    GITHUB_ABSENT = "github-absent", Absent;
    /// `{shown}` names no repository on a GitHub.
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
    /// `{}` is no item of this room.
    GITHUB_ITEM = "github-item", Invalid;
    /// {} has moved.
    GITHUB_MOVED = "github-moved", Invalid;
    /// The draft of `{}` is gone.
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
    /// The index has no `{}` of version `{}`.
    INDEX_ABSENT = "index-absent", Absent;
    /// The attestation of `{name}` stays here: uploads with a token take none.
    INDEX_ATTESTATION_LEFT = "index-attestation-left", Invalid, warning;
    /// Uv could not publish: {words}.
    INDEX_CREDENTIALS = "index-credentials", Denied;
    /// The upload address of the Python index holds credentials.
    INDEX_CREDENTIALS_IN_ADDRESS = "index-credentials-in-address", Invalid;
    /// `{}` sends to `{}`, another index.
    INDEX_ELSEWHERE = "index-elsewhere", Differs;
    /// Uv could not publish: {words}.
    INDEX_FILE_EXISTS = "index-file-exists", Invalid;
    /// `{}` is no name of a wheel or sdist.
    INDEX_FILE_NAME = "index-file-name", Invalid;
    /// Two files are called `{name}`.
    INDEX_FILE_TWICE = "index-file-twice", Invalid;
    /// This job stands in `{found}`, a workflow of another repository than `{}`: no index accepts its identity.
    INDEX_FOREIGN_WORKFLOW = "index-foreign-workflow", Invalid;
    /// `{}` is not ours.
    INDEX_ITEM = "index-item", Invalid;
    /// `{}` has a local version.
    INDEX_LOCAL_VERSION = "index-local-version", Invalid;
    /// {projects} projects are new to the index.
    INDEX_MANY_NEW_PROJECTS = "index-many-new-projects", Invalid, warning;
    /// The index lists {} files of one version.
    INDEX_PAGE = "index-page", Invalid;
    /// Uv could not publish: {words}.
    INDEX_PUBLISHER = "index-publisher", Invalid;
    /// `{name}` and `{other}` are sdists of one release.
    INDEX_TWO_SDISTS = "index-two-sdists", Invalid;
    /// Whether files are on the Python index cannot be asked: no index is configured.
    INDEX_UNKNOWN = "index-unknown", Absent;
    /// Uv could not publish: {words}.
    INDEX_UPLOAD = "index-upload", Invalid;
    /// `{} {}` is on the index for {days} days, without `{}`.
    INDEX_WINDOW = "index-window", Invalid;
    /// `{}` is gone from the store.
    PUBLISH_READ_BACK = "publish-read-back", Invalid;
    /// Publish too early.
    PUBLISH_TOO_EARLY = "publish-too-early", Invalid;
    /// There is no `{reference}`.
    REGISTRY_ABSENT = "registry-absent", Absent;
    /// {} was answered `{}`, but not in the words of a registry.
    REGISTRY_ANSWER = "registry-answer", Invalid;
    /// `{name}` answered `{}` to our credentials.
    REGISTRY_DENIED = "registry-denied", Denied;
    /// `{}` serves {} bytes that hash to {found} for {} of {} bytes.
    REGISTRY_DIGEST = "registry-digest", Differs;
    /// Cannot write below `{}`: {error}.
    REGISTRY_FOLDER = "registry-folder", Invalid;
    /// `{}` is no item of this room.
    REGISTRY_ITEM = "registry-item", Invalid;
    /// {} of {} bytes is above {limit}.
    REGISTRY_LIMIT = "registry-limit", Invalid;
    /// The manifest {digest} {why}.
    REGISTRY_MANIFEST = "registry-manifest", Invalid;
    /// `{}` is no registry: it {why}.
    REGISTRY_NONE = "registry-none", Invalid;
    /// `{root}` cannot be pulled without credentials.
    REGISTRY_PRIVATE = "registry-private", Invalid, warning;
    /// `{shown}` is no reference: {why}.
    REGISTRY_REFERENCE = "registry-reference", Invalid;
    /// `{repository}` lists more than {MAX_PAGES} pages of referrers.
    REGISTRY_REFERRERS = "registry-referrers", Invalid;
    /// `{}` is {}; the chart's own is {found}.
    REGISTRY_SOURCE = "registry-source", Invalid;
    /// `{}` stays where it is: {why}.
    REGISTRY_TAG_STAYS = "registry-tag-stays", Invalid, warning;
    /// `{}` names no token server: {}.
    REGISTRY_TOKEN = "registry-token", Invalid;
    /// Whether all can pull `{root}` is unknown: {}.
    REGISTRY_UNKNOWN_VISIBILITY = "registry-unknown-visibility", Invalid, warning;
    /// An address {why}.
    REMOTE_ADDRESS = "remote-address", Invalid;
    /// The answer to {} is above the limit of {limit} bytes.
    REMOTE_BODY_LIMIT = "remote-body-limit", Invalid;
    /// The client has ended.
    REMOTE_CLIENT = "remote-client", Invalid;
    /// Cannot make `{}`: {error}.
    REMOTE_FILE = "remote-file", Invalid;
    /// `{}` would be asked without TLS.
    REMOTE_PLAIN_HTTP = "remote-plain-http", Invalid;
    /// `{}` redirects {what}.
    REMOTE_REDIRECT = "remote-redirect", Invalid;
    /// {} was answered `{}`{said}.
    REMOTE_REFUSED = "remote-refused", Invalid;
    /// Cannot read what {} is to carry: {error}.
    REMOTE_SOURCE = "remote-source", Invalid;
    /// {asked} failed: TLS does not hold: {tls}.
    REMOTE_TLS = "remote-tls", Invalid;
    /// {asked} failed: {}.
    REMOTE_UNREACHABLE = "remote-unreachable", Unreachable;
    /// Github credentials.
    GITHUB_CREDENTIALS = "github-credentials", Invalid;
    /// Registry refused.
    REGISTRY_REFUSED = "registry-refused", Invalid;
    /// Something else is published under this name already.
    PUBLISH_OTHER_BYTES = "publish-other-bytes", Differs;
    /// An upload to a registry broke off.
    REGISTRY_UPLOAD = "registry-upload", Unreachable;
}
