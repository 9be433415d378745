//! Percent-encoding of addresses (RFC 3986, 2.1).

/// With `%41` as `A`; what is not an escape is kept.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.filter(|hex| !hex.starts_with('+'));
        match byte.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_escape_is_kept() {
        let check = |text: &str, expected: &str| assert_eq!(decoded(text), expected);
        check("a%2Bb", "a+b");
        check("a%2", "a%2");
        check("%+1%zz%41", "%+1%zzA");
        check("", "");
    }
}
