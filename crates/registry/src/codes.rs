//! The codes of this crate.

model::codes! {
    /// `DOCKER_AUTH_CONFIG` is not the JSON of Docker's.
    CREDENTIALS_CONFIG = "credentials-config", Invalid;
    /// A credential helper of Docker failed.
    CREDENTIALS_HELPER = "credentials-helper", Failed;
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
    /// An item is not one of this destination.
    REGISTRY_ITEM = "registry-item", Invalid;
    /// {} of {} bytes is above {limit}.
    REGISTRY_LIMIT = "registry-limit", Invalid;
    /// The manifest {digest} {why}.
    REGISTRY_MANIFEST = "registry-manifest", Invalid;
    /// A host is not a registry.
    REGISTRY_NONE = "registry-none", Invalid;
    /// `{root}` cannot be pulled without credentials.
    REGISTRY_PRIVATE = "registry-private", Invalid, warning;
    /// A reference of an image or chart is not valid.
    REGISTRY_REFERENCE = "registry-reference", Invalid;
    /// `{repository}` lists more than {MAX_PAGES} pages of referrers.
    REGISTRY_REFERRERS = "registry-referrers", Invalid;
    /// `{}` is {}; the chart's own is {found}.
    REGISTRY_SOURCE = "registry-source", Invalid;
    /// A tag is not moved.
    REGISTRY_TAG_STAYS = "registry-tag-stays", Invalid, warning;
    /// The token server of a registry cannot be used.
    REGISTRY_TOKEN = "registry-token", Invalid;
    /// Whether all can pull `{root}` is unknown: {}.
    REGISTRY_UNKNOWN_VISIBILITY = "registry-unknown-visibility", Invalid, warning;
    /// A registry refused a request.
    REGISTRY_REFUSED = "registry-refused", Invalid;
    /// An upload to a registry broke off.
    REGISTRY_UPLOAD = "registry-upload", Unreachable;
}
