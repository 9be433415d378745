//! What a registry asks for when it answers 401 (RFC 9110, 11.6.1; distribution-spec's token
//! authentication).

use std::collections::BTreeMap;

/// A way to authenticate that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// User and password with each request.
    Basic,
    /// A token from elsewhere.
    Bearer {
        /// The token server's address.
        realm: String,
        /// The name of this registry there; empty when not said.
        service: String,
    },
}

/// Bytes of a header that are read: a few hundred in the field.
const MAX_HEADER: usize = 8 << 10;

/// The challenge to answer among those of a `WWW-Authenticate` header: a token where it is offered,
/// since passwords then go to one host only.
#[must_use]
pub fn parse(header: &str) -> Option<Challenge> {
    let all = challenges(header.get(..MAX_HEADER).unwrap_or(header));
    let bearer = all.iter().find_map(|(scheme, values)| {
        let realm = values.get("realm").filter(|_| scheme == "bearer")?.clone();
        Some(Challenge::Bearer {
            realm,
            service: values.get("service").cloned().unwrap_or_default(),
        })
    });
    let basic = || all.iter().any(|(scheme, _)| scheme == "basic").then_some(Challenge::Basic);
    bearer.or_else(basic)
}

type Parameters = BTreeMap<String, String>;

/// All challenges: schemes in lower case, with their parameters.
fn challenges(header: &str) -> Vec<(String, Parameters)> {
    let mut all: Vec<(String, Parameters)> = Vec::new();
    let mut rest = header.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        if word.is_empty() {
            // No token: nothing sensible follows.
            break;
        }
        let behind = behind.trim_start_matches([' ', '\t']);
        let value = behind.strip_prefix('=').filter(|_| !all.is_empty());
        rest = if let Some(value) = value {
            let (value, after) = value_of(value.trim_start_matches([' ', '\t']));
            if let Some((_, parameters)) = all.last_mut() {
                parameters.entry(word.to_ascii_lowercase()).or_insert(value);
            }
            after
        } else {
            all.push((word.to_ascii_lowercase(), Parameters::new()));
            behind
        };
        rest = rest.trim_start_matches([' ', '\t', ',']);
    }
    all
}

/// A value, quoted or not, and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.to_owned(), rest);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Option<Challenge>) {
        assert_eq!(parse(header), expected, "{header}");
    }

    fn bearer(realm: &str, service: &str) -> Option<Challenge> {
        Some(Challenge::Bearer { realm: realm.to_owned(), service: service.to_owned() })
    }

    #[test]
    fn a_token_is_preferred_over_a_password() {
        let ghcr =
            r#"Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:o/r:pull""#;
        check(ghcr, bearer("https://ghcr.io/token", "ghcr.io"));
        check(r#"bearer REALM="https://t/" , service = s"#, bearer("https://t/", "s"));
        check(r#"Basic realm="a, Bearer b", Bearer realm="https://t/""#, bearer("https://t/", ""));
        check(r#"Bearer realm="https://t/", Basic realm="x""#, bearer("https://t/", ""));
        check(r#"Bearer realm="https://t/?a=\"b\"""#, bearer("https://t/?a=\"b\"", ""));
        check(r#"Basic realm="Registry""#, Some(Challenge::Basic));
        check("BASIC", Some(Challenge::Basic));
        check(r#"Bearer service="s", Basic"#, Some(Challenge::Basic));
    }

    #[test]
    fn what_is_no_challenge_gives_none() {
        for header in ["", ",,,", "Negotiate", "=", "\"", "Bearer", "Bearer realm", "é=ü"] {
            check(header, None);
        }
        check("Bearer realm=\"unclosed", bearer("unclosed", ""));
        check("Bearer realm=\"x\\", bearer("x", ""));
        check(&"a=".repeat(1 << 16), None);
        check(&"Basic ".repeat(1 << 16), Some(Challenge::Basic));
    }
}
