//! Codes of private keys and of signing with them.

model::codes! {
    /// The key is not an unencrypted ECDSA P-256 key in PEM format.
    KEY_FORMAT = "key-format", Invalid;
    /// The system did not supply usable random numbers for a new key.
    KEY_RANDOM = "key-random", Invalid;
    /// The digest cannot be signed with the key.
    KEY_SIGN = "key-sign", Invalid;
}
