//! Which addresses are asked, and what follows a redirect.

use model::Diagnostic;
use reqwest::Url;

use self::url_host::is_loopback;
use crate::codes;

/// Reads an address.
///
/// # Errors
/// `remote-address` when it is no URL, is neither https nor http on this machine, or holds
/// credentials, which would end up in logs.
pub fn address(text: &str) -> Result<Url, Diagnostic> {
    let wrong = |why: &str| {
        // The text itself may hold a password, so it is not shown.
        Diagnostic::new(&codes::REMOTE_ADDRESS, format!("an address {why}"))
    };
    let url = Url::parse(text).map_err(|_| wrong("is no URL"))?;
    check(&url)?;
    Ok(url)
}

/// Whether `url` may be asked at all.
pub(crate) fn check(url: &Url) -> Result<(), Diagnostic> {
    if !url.username().is_empty() || url.password().is_some() {
        let message = format!("the address of `{}` holds credentials", shown(url));
        return Err(Diagnostic::new(&codes::REMOTE_ADDRESS, message)
            .help("give credentials through the setting for them, never inside an address"));
    }
    match url.scheme() {
        "https" if url.has_host() => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => {
            let message = format!("`{}` would be asked without TLS", shown(url));
            Err(Diagnostic::new(&codes::REMOTE_PLAIN_HTTP, message)
                .help("use https; plain http is for 127.0.0.1, ::1 and localhost only"))
        }
        scheme => {
            let message = format!("`{scheme}` is no scheme that is asked over the network");
            Err(Diagnostic::new(&codes::REMOTE_ADDRESS, message).help("use an https address"))
        }
    }
}

/// Whether both are the same place: credentials for one may go to the other.
pub(crate) fn same_place(a: &Url, b: &Url) -> bool {
    let place = |url: &Url| {
        (url.scheme().to_owned(), url.host_str().map(str::to_owned), url.port_or_known_default())
    };
    place(a) == place(b)
}

/// Where a redirect from `from` leads.
///
/// # Errors
/// `remote-redirect` when it leads nowhere, or from https to http.
pub(crate) fn redirect(from: &Url, location: Option<&str>) -> Result<Url, Diagnostic> {
    let wrong = |what: &str| {
        Diagnostic::new(&codes::REMOTE_REDIRECT, format!("`{}` redirects {what}", shown(from)))
    };
    let target = location.and_then(|text| from.join(text).ok());
    let target = target.ok_or_else(|| wrong("to no address"))?;
    if from.scheme() == "https" && target.scheme() != "https" {
        return Err(wrong("from https to a connection without TLS"));
    }
    check(&target)?;
    Ok(target)
}

/// An address for people: scheme, host, port and path, without query and fragment, which may hold
/// tokens.
pub(crate) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path: String = url.path().chars().take(MAX_SHOWN_PATH).collect();
    format!("{}://{}{port}{path}", url.scheme(), url.host_str().unwrap_or_default())
}

/// Characters of a path that are shown: a repository's longest name.
const MAX_SHOWN_PATH: usize = 400;

/// Whether a host is this machine.
pub(crate) mod url_host {
    use std::net::IpAddr;

    use reqwest::Url;

    /// 127.0.0.0/8, ::1 and `localhost`.
    pub(crate) fn is_loopback(url: &Url) -> bool {
        url.host_str().is_some_and(is_loopback_name)
    }

    /// The same for a host alone; an IPv6 address may stand in brackets.
    pub(crate) fn is_loopback_name(host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost")
            || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_and_this_machine_are_asked() {
        let check = |text: &str, expected: Result<(), &str>| {
            let found = address(text).map(|_| ()).map_err(|problem| problem.code.to_string());
            assert_eq!(found, expected.map_err(str::to_owned), "{text}");
        };
        check("https://example.org/v2/", Ok(()));
        check("http://127.0.0.1:5000/", Ok(()));
        check("http://127.9.9.9/", Ok(()));
        check("http://[::1]:5000/", Ok(()));
        check("http://LOCALHOST:5000/", Ok(()));
        check("http://example.org/", Err("remote-plain-http"));
        check("http://localhost.example.org/", Err("remote-plain-http"));
        check("http://127.0.0.1.example.org/", Err("remote-plain-http"));
        check("http://[::2]/", Err("remote-plain-http"));
        check("https://user:pass@example.org/", Err("remote-address"));
        check("file:///etc/passwd", Err("remote-address"));
        check("data:text/plain,x", Err("remote-address"));
        check("example.org", Err("remote-address"));
        check("", Err("remote-address"));
    }

    #[test]
    fn an_address_that_holds_a_password_is_refused_without_showing_it() {
        let problem = address("https://user:canary@example.org/").unwrap_err();
        assert!(!problem.to_string().contains("canary"), "{problem}");
        assert!(!address("canary://[").unwrap_err().to_string().contains("canary"));
    }

    #[test]
    fn a_redirect_keeps_tls_and_may_change_place() {
        let from = address("https://a.example/x?token=canary").unwrap();
        let check = |location: Option<&str>, expected: Result<&str, &str>| {
            let found = redirect(&from, location);
            let found = found.as_ref().map(Url::as_str).map_err(|problem| problem.code.name);
            assert_eq!(found, expected, "{location:?}");
        };
        check(Some("/y"), Ok("https://a.example/y"));
        check(Some("https://b.example/"), Ok("https://b.example/"));
        check(Some("http://127.0.0.1/"), Err("remote-redirect"));
        check(Some("http://a.example/x"), Err("remote-redirect"));
        check(Some("https://u:p@b.example/"), Err("remote-address"));
        check(Some("https://"), Err("remote-redirect"));
        check(None, Err("remote-redirect"));
        assert!(!redirect(&from, None).unwrap_err().to_string().contains("canary"));
    }

    #[test]
    fn another_host_port_or_scheme_is_another_place() {
        let check = |a: &str, b: &str, expected: bool| {
            let read = |text: &str| Url::parse(text).unwrap();
            assert_eq!(same_place(&read(a), &read(b)), expected, "{a} {b}");
        };
        check("https://a.example/x", "https://A.example:443/y?z", true);
        check("https://a.example/", "https://b.example/", false);
        check("https://a.example/", "https://a.example.b.example/", false);
        check("https://a.example/", "https://a.example:444/", false);
        check("https://127.0.0.1/", "http://127.0.0.1/", false);
    }
}
