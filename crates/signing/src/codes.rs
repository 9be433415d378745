//! The codes of this crate.

model::codes! {
    /// The key is one of cosign's, which are always encrypted.
    KEY_FORMAT = "key-format", Invalid;
    /// No randomness: {error}.
    KEY_RANDOM = "key-random", Invalid;
    /// {digest} cannot be signed.
    KEY_SIGN = "key-sign", Invalid;
}
