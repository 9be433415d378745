//! Which repository on which GitHub, and which hosts belong to it.

use model::Diagnostic;
use reqwest::Url;

use crate::codes;
use crate::http::{address, is_loopback_name, same_place, shown};

/// A repository on a GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// The API's base: `https://api.github.com`, or `https://HOST/api/v3` of an own server.
    pub api: String,
    /// The owner.
    pub owner: String,
    /// The repository's name.
    pub repo: String,
}

impl Repository {
    /// Reads a repository's web address, such as `https://github.com/owner/repo`, or only
    /// `owner/repo` for the public GitHub. `api` (`GITHUB_API_URL`) wins over what follows from
    /// the host.
    ///
    /// # Errors
    /// `github-address` when there is no owner and repository in it.
    pub fn of(repository: &str, api: Option<&str>) -> Result<Self, Diagnostic> {
        let wrong = || {
            let shown: String = repository.chars().take(120).collect();
            let message = format!("`{shown}` names no repository on a GitHub");
            Diagnostic::new(&codes::GITHUB_ADDRESS, message)
                .help("give its web address, such as `https://github.com/owner/repo`")
        };
        let full = if repository.contains("://") {
            repository.to_owned()
        } else {
            format!("https://github.com/{repository}")
        };
        let url = address(&full).map_err(|_| wrong())?;
        let mut parts = url.path().trim_matches('/').split('/');
        let (owner, repo) = (parts.next(), parts.next());
        let (Some(owner), Some(repo), None) = (owner, repo, parts.next()) else {
            return Err(wrong());
        };
        let repo = repo.strip_suffix(".git").unwrap_or(repo);
        if !(is_name(owner) && is_name(repo)) {
            return Err(wrong());
        }
        let api = api.filter(|api| !api.is_empty()).map(str::to_owned);
        let api = api.or_else(|| api_of(&url)).ok_or_else(wrong)?;
        Ok(Self { api, owner: owner.to_owned(), repo: repo.to_owned() })
    }
}

/// Whether GitHub could have such an owner or repository.
pub(super) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 100 && name.chars().all(plain) && name != "." && name != ".."
}

/// The API of the GitHub whose pages stand at `url`.
fn api_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    if host == "github.com" || host == "www.github.com" {
        return Some("https://api.github.com".to_owned());
    }
    // Data residency: pages at SUBDOMAIN.ghe.com, the API beside them.
    if host.ends_with(".ghe.com") {
        return Some(format!("https://api.{host}"));
    }
    Some(format!("{}/api/v3", url.origin().ascii_serialization()))
}

/// Where an asset goes: the upload address that the server gave, when it belongs to the same
/// GitHub, without its template part.
///
/// # Errors
/// `github-upload-address` for another host: the token and the bytes do not go there.
pub(super) fn upload_address(api: &Url, given: &str) -> Result<Url, Diagnostic> {
    let text = given.split('{').next().unwrap_or_default();
    let url = address(text)?;
    let cloud = |host: &str| {
        let subdomain = host.strip_prefix("api.");
        let own = subdomain.filter(|own| *own == "github.com" || own.ends_with(".ghe.com"));
        own.map(|own| format!("uploads.{own}"))
    };
    let expected = api.host_str().and_then(cloud);
    let fits = match &expected {
        Some(host) => {
            url.scheme() == "https" && url.port().is_none() && url.host_str() == Some(host)
        }
        None => same_place(api, &url) || both_here(api, &url),
    };
    if fits {
        return Ok(url);
    }
    let message = format!("the server wants assets at `{}`, another host", shown(&url));
    Err(Diagnostic::new(&codes::GITHUB_UPLOAD_ADDRESS, message).help(match expected {
        Some(host) => format!("nothing was sent there; assets of this GitHub go to `{host}`"),
        None => format!("nothing was sent there; assets go to the host of `{}`", shown(api)),
    }))
}

/// On this machine a service is a port.
fn both_here(a: &Url, b: &Url) -> bool {
    let here = |url: &Url| url.host_str().is_some_and(is_loopback_name);
    a.scheme() == b.scheme() && here(a) && here(b)
}

/// `text` for one part of a path or query: all but RFC 3986's unreserved characters escaped.
pub(super) fn escaped(text: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let piece = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_follows_from_the_repositorys_host() {
        let check = |repository: &str, api: Option<&str>, expected: Option<(&str, &str, &str)>| {
            let found = Repository::of(repository, api).ok();
            let found = found.map(|found| (found.api, found.owner, found.repo));
            let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
            assert_eq!(found, expected, "{repository}");
        };
        let public = "https://api.github.com";
        check("https://github.com/o/r", None, Some((public, "o", "r")));
        check("https://github.com/o/r.git/", None, Some((public, "o", "r")));
        check("o/r", None, Some((public, "o", "r")));
        check("https://git.corp.example/o/r", None, {
            Some(("https://git.corp.example/api/v3", "o", "r"))
        });
        check("https://git.corp.example:8443/o/r", None, {
            Some(("https://git.corp.example:8443/api/v3", "o", "r"))
        });
        check("https://acme.ghe.com/o/r", None, Some(("https://api.acme.ghe.com", "o", "r")));
        check("https://github.com/o/r", Some("http://127.0.0.1:9"), {
            Some(("http://127.0.0.1:9", "o", "r"))
        });
        for wrong in ["", "o", "https://github.com/o", "https://github.com/o/r/tree/main", "o/.."] {
            check(wrong, None, None);
        }
        check("http://git.corp.example/o/r", None, None);
    }

    #[test]
    fn assets_go_only_to_the_upload_host_of_the_same_github() {
        let check = |api: &str, given: &str, expected: bool| {
            let api = Url::parse(api).unwrap();
            assert_eq!(upload_address(&api, given).is_ok(), expected, "{given}");
        };
        let path = "repos/o/r/releases/1/assets{?name,label}";
        let public = "https://api.github.com";
        check(public, &format!("https://uploads.github.com/{path}"), true);
        check(public, &format!("http://uploads.github.com/{path}"), false);
        check(public, &format!("https://uploads.github.com:8443/{path}"), false);
        check(public, &format!("https://uploads.github.com.example/{path}"), false);
        check(public, &format!("https://example.com/{path}"), false);
        check(public, &format!("https://uploads.github.com@example.com/{path}"), false);
        let own = "https://git.corp.example/api/v3";
        check(own, &format!("https://git.corp.example/api/uploads/{path}"), true);
        check(own, &format!("https://other.example/api/uploads/{path}"), false);
        check("https://api.acme.ghe.com", &format!("https://uploads.acme.ghe.com/{path}"), true);
        check(own, &format!("https://git.corp.example:81/api/uploads/{path}"), false);
        check(own, &format!("https://127.0.0.1/api/uploads/{path}"), false);
        check("http://127.0.0.1:80", &format!("https://git.corp.example/{path}"), false);
        check("http://127.0.0.1:81", &format!("http://127.0.0.1:81/{path}"), true);
        check(public, "{?name}", false);
    }

    #[test]
    fn the_upload_address_loses_its_template() {
        let api = Url::parse("http://127.0.0.1:81").unwrap();
        let url = upload_address(&api, "http://127.0.0.1:81/a/assets{?name,label}").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:81/a/assets");
    }
}
