//! The one spelling of a signature of ECDSA over P-256 with SHA-256, the algorithm that keys sign
//! with: DER (RFC 3279, 2.2.3). The arithmetic is not done here.

/// Whether it is the one spelling of a signature: strict DER, and the lower of the two values that
/// `s` may have. Every signature has a twin with `n - s` that verifies as well.
#[must_use]
pub fn is_canonical_signature(signature: &[u8]) -> bool {
    let read = || {
        let body = element(signature, 0x30).filter(|(_, rest)| rest.is_empty())?.0;
        let (r, rest) = element(body, 0x02)?;
        let (s, rest) = element(rest, 0x02)?;
        rest.is_empty().then_some((unsigned(r)?, unsigned(s)?))
    };
    read().is_some_and(|(_, s)| s <= HALF_ORDER)
}

/// Content and remainder of the DER element with `tag` at the front; short lengths only.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(&[tag])?;
    let (length, rest) = rest.split_first()?;
    (*length < 0x80).then(|| rest.split_at_checked(usize::from(*length)))?
}

/// A positive integer of at most 32 bytes in its shortest form, with zeros in front.
fn unsigned(integer: &[u8]) -> Option<[u8; 32]> {
    let digits = match integer {
        [] | [0] => return None,
        [0, next, ..] if *next < 0x80 => return None,
        [0, digits @ ..] => digits,
        [first, ..] if *first >= 0x80 => return None,
        digits => digits,
    };
    let mut value = [0_u8; 32];
    let start = value.len().checked_sub(digits.len())?;
    value.get_mut(start..)?.copy_from_slice(digits);
    Some(value)
}

/// Half of the order of P-256 (SEC 2, 2.4.2), rounded down.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
        let integer = |value: &[u8]| [&[2, value.len() as u8], value].concat();
        let body = [integer(r), integer(s)].concat();
        [&[0x30, body.len() as u8][..], &body].concat()
    }

    #[test]
    fn only_the_lower_half_of_s_is_canonical() {
        let mut above = HALF_ORDER;
        above[31] += 1;
        assert!(is_canonical_signature(&der(&[1], &HALF_ORDER)));
        assert!(!is_canonical_signature(&der(&[1], &above)));
        assert!(!is_canonical_signature(&der(&[1], &[&[0], &[0xff; 32][..]].concat())));
    }

    #[test]
    fn any_other_der_is_refused() {
        let good = der(&[1], &[2]);
        assert!(is_canonical_signature(&good));
        let cases: [&[u8]; 10] = [
            &[],
            &[0x30],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2],
            &good[..7],
            &[&good[..], &[0]].concat(),
            &der(&[0, 1], &[2]),
            &der(&[1], &[0]),
            &der(&[0x80], &[2]),
            &der(&[1], &[1; 33]),
        ];
        for bytes in cases {
            assert!(!is_canonical_signature(bytes), "{bytes:x?} was accepted");
        }
    }
}
