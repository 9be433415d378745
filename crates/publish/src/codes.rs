//! Codes of the order of publication and of what destinations hold and serve.

model::codes! {
    /// Different bytes are already published under this name.
    PUBLISH_OTHER_BYTES = "publish-other-bytes", Differs;
    /// The destination does not serve what was published to it.
    PUBLISH_READ_BACK = "publish-read-back", Invalid;
    /// An earlier phase of the publication is not finished.
    PUBLISH_TOO_EARLY = "publish-too-early", Invalid;
}
