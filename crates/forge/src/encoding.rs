//! Encodings: hexadecimal, base64, digests, times.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256, Sha512};

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `sha256:<hex>`.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256(bytes))
}

/// The hexadecimal SHA-256 alone.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The digest of the bytes by the algorithm of the digest `like`, `sha256:…` or `sha512:…` as in
/// the OCI image specification. `None` for other algorithms, and if `like` is not a digest.
pub(crate) fn digest_like(like: &str, bytes: &[u8]) -> Option<String> {
    let (algorithm, value) = like.split_once(':')?;
    let plain = value.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    match (algorithm, value.len()) {
        ("sha256", 64) if plain => Some(digest(bytes)),
        ("sha512", 128) if plain => Some(format!("sha512:{}", hex(&Sha512::digest(bytes)))),
        _ => None,
    }
}

/// Whether the text is a digest.
pub(crate) fn is_digest(text: &str) -> bool {
    digest_like(text, b"").is_some()
}

/// Decodes base64 of either alphabet, padded or not.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim().trim_end_matches('=').replace('+', "-").replace('/', "_");
    URL_SAFE_NO_PAD.decode(plain).ok()
}

/// Standard base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Base64 for URLs without padding, as in a JWT (RFC 7515).
pub(crate) fn base64_url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Seconds since 1970 as `2026-01-02T03:04:05Z`.
pub(crate) fn time(seconds: u64) -> String {
    archive::time::Moment::at(seconds).rfc3339()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_digests_are_digests() {
        let check = |text: &str, expected| assert_eq!(is_digest(text), expected, "{text}");
        check(&digest(b""), true);
        check(&format!("sha512:{}", "a".repeat(128)), true);
        check(&format!("sha256:{}", "A".repeat(64)), false);
        check(&format!("sha256:{}", "a".repeat(63)), false);
        check("md5:abc", false);
        check("latest", false);
    }
}
