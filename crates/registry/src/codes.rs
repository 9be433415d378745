//! Codes of registries: of their credentials, manifests, referrers, tags and uploads.

model::codes! {
    /// The Docker configuration with the registry credentials is not valid.
    CREDENTIALS_CONFIG = "credentials-config", Invalid;
    /// The Docker credential helper failed.
    CREDENTIALS_HELPER = "credentials-helper", Failed;
    /// The registry does not have this image or chart.
    REGISTRY_ABSENT = "registry-absent", Absent;
    /// The response does not look like that of a registry.
    REGISTRY_ANSWER = "registry-answer", Invalid;
    /// The registry does not accept these credentials.
    REGISTRY_DENIED = "registry-denied", Denied;
    /// The registry serves content whose digest or size differs from the requested one.
    REGISTRY_DIGEST = "registry-digest", Differs;
    /// The content of the registry cannot be written to the local folder.
    REGISTRY_FOLDER = "registry-folder", Invalid;
    /// The item does not belong to this registry destination.
    REGISTRY_ITEM = "registry-item", Invalid;
    /// The registry holds more content for the reference than the limits allow.
    REGISTRY_LIMIT = "registry-limit", Invalid;
    /// The manifest in the registry is not valid.
    REGISTRY_MANIFEST = "registry-manifest", Invalid;
    /// The host does not answer like a registry.
    REGISTRY_NONE = "registry-none", Invalid;
    /// The repository in the registry cannot be pulled without credentials.
    REGISTRY_PRIVATE = "registry-private", Invalid, warning;
    /// The reference to an image or chart is not valid.
    REGISTRY_REFERENCE = "registry-reference", Invalid;
    /// The registry lists more pages of referrers than the limit.
    REGISTRY_REFERRERS = "registry-referrers", Invalid;
    /// The registry refused the request.
    REGISTRY_REFUSED = "registry-refused", Invalid;
    /// A sealed image or chart cannot be read, or was altered after sealing.
    REGISTRY_SOURCE = "registry-source", Invalid;
    /// The tag was not moved to this release.
    REGISTRY_TAG_STAYS = "registry-tag-stays", Invalid, warning;
    /// The token server of the registry is not valid or did not issue a token.
    REGISTRY_TOKEN = "registry-token", Invalid;
    /// It is unknown whether the repository can be pulled without credentials.
    REGISTRY_UNKNOWN_VISIBILITY = "registry-unknown-visibility", Invalid, warning;
    /// The upload to the registry was interrupted.
    REGISTRY_UPLOAD = "registry-upload", Unreachable;
}
