//! Dead Simple Signing Envelope v1: what is really signed when a statement is signed.

/// The payload type of an in-toto statement in JSON.
pub const IN_TOTO_PAYLOAD: &str = "application/vnd.in-toto+json";

/// The pre-authentication encoding (DSSE protocol, "Signature Definition"):
/// `DSSEv1 <length of type> <type> <length of payload> <payload>`, lengths in bytes.
#[must_use]
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    let mut bytes = Vec::with_capacity(head.len().saturating_add(payload.len()));
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first case stands in the DSSE protocol's own test vectors.
    #[test]
    fn type_and_payload_are_framed_by_their_lengths_in_bytes() {
        let check = |kind: &str, payload: &str, expected: &str| {
            assert_eq!(String::from_utf8(pae(kind, payload.as_bytes())).unwrap(), expected);
        };
        check(
            "http://example.com/HelloWorld",
            "hello world",
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
        );
        check("", "", "DSSEv1 0  0 ");
        check("ü", "ß", "DSSEv1 2 ü 2 ß");
    }
}
