//! What people see of a refusal's body: its start, without the credentials that were sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;

/// Characters of a server's own words that are shown.
const MAX_SHOWN: usize = 300;

/// Bytes of a body that are looked at for them.
const MAX_READ: usize = 4096;

/// Shorter words are no secrets, and blanking them would garble the text.
const MIN_SECRET: usize = 4;

/// The start of `body` on one line, without any credential among the `sent` headers.
pub(crate) fn excerpt(body: &[u8], sent: &HeaderMap) -> String {
    let start = body.get(..MAX_READ).unwrap_or(body);
    let mut text = String::from_utf8_lossy(start).into_owned();
    for value in sent.values().filter(|value| value.is_sensitive()) {
        for secret in spellings(value.as_bytes()) {
            text = text.replace(&secret, "***");
        }
    }
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_SHOWN).collect()
}

/// A credential as it was sent, without its scheme, and decoded. Longest first, so that none is
/// left in part.
fn spellings(value: &[u8]) -> Vec<String> {
    let whole = String::from_utf8_lossy(value).into_owned();
    let bare = whole.split_once(' ').map_or(whole.as_str(), |(_, rest)| rest).to_owned();
    let decoded = STANDARD.decode(&bare).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let password =
        decoded.as_ref().and_then(|pair| pair.split_once(':')).map(|(_, p)| p.to_owned());
    let mut all: Vec<String> = [Some(whole), Some(bare), decoded, password]
        .into_iter()
        .flatten()
        .filter(|text| text.len() >= MIN_SECRET)
        .collect();
    all.sort_by_key(|text| std::cmp::Reverse(text.len()));
    all
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AUTHORIZATION, HeaderValue};

    use super::*;

    fn check(authorization: &str, body: &str, expected: &str) {
        let mut value = HeaderValue::from_str(authorization).unwrap();
        value.set_sensitive(true);
        let sent = HeaderMap::from_iter([(AUTHORIZATION, value)]);
        assert_eq!(excerpt(body.as_bytes(), &sent), expected);
    }

    #[test]
    fn a_server_that_echoes_credentials_does_not_bring_them_into_a_message() {
        check("Bearer canary-token", "no: Bearer canary-token", "no: ***");
        check("Bearer canary-token", "bad token canary-token!", "bad token ***!");
        let basic = format!("Basic {}", STANDARD.encode("user:canary-pass"));
        check(&basic, &format!("{basic} user:canary-pass canary-pass"), "*** *** ***");
        check("token canary-gh", r#"{"t":"canary-gh"}"#, r#"{"t":"***"}"#);
    }

    #[test]
    fn a_refusal_is_one_short_line() {
        check("Bearer x", "<html>\n\n  not\u{1b}[31m here\r\n", "<html> not [31m here");
        check("Bearer x", &"é".repeat(9_000), &"é".repeat(300));
        check("Bearer x", "", "");
    }
}
