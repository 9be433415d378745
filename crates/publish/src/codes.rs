//! The codes of this crate.

model::codes! {
    /// What was written is not served.
    PUBLISH_READ_BACK = "publish-read-back", Invalid;
    /// An earlier phase of the publication is not done.
    PUBLISH_TOO_EARLY = "publish-too-early", Invalid;
    /// Something else is published under this name already.
    PUBLISH_OTHER_BYTES = "publish-other-bytes", Differs;
}
