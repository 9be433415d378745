//! What is served: pages of an index, references of images, addresses.

use registry::{Challenge, Reference};

use crate::properties::{accepted, must};
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "index-html",
        about: "a page of a Python index, HTML",
        seeds: || seeds(&[HTML]),
        run: |bytes| page("text/html", bytes),
    },
    Target {
        name: "index-json",
        about: "a page of a Python index, JSON",
        seeds: || seeds(&[JSON]),
        run: |bytes| page("application/vnd.pypi.simple.v1+json", bytes),
    },
    Target {
        name: "reference",
        about: "a reference of an image: as it is shown it reads the same",
        seeds: || {
            seeds(&[
                "ghcr.io/owner/name:1.0.0",
                "localhost:5000/a@sha256:\
                 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "oci://r.example/charts/a:1.0.0+b",
                "alpine",
            ])
        },
        run: reference,
    },
    Target {
        name: "registry-headers",
        about: "`WWW-Authenticate` and `Link` of a registry: what they name is in them",
        seeds: || {
            seeds(&[
                "Bearer realm=\"https://r.example/token\",service=\"r\\\"s\", Basic realm=x",
                "</v2/a/tags/list?n=2&last=b>; rel=\"next\", <x>; rel=prev",
            ])
        },
        run: headers,
    },
    Target {
        name: "address",
        about: "an address, and where a redirect leads: never away from TLS",
        seeds: || {
            seeds(&["https://example.org/a?b#c", "http://127.0.0.1:80/x", "//other.example/..", ""])
        },
        run: address,
    },
];

const HTML: &str = "<!DOCTYPE html>\n<html><head><base href=\"https://files.example/\">\n\
     <meta name=\"pypi:repository-version\" content=\"1.1\"></head><body>\n\
     <!-- <a href='no'> --><script>\"<a href=x>\"</script>\n\
     <a href=\"../../a-1.0.tar.gz#sha256=\
     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\n\
     \x20 data-requires-python=\"&gt;=3.9\"\n\
     \x20 data-provenance='https://o.example/p'>a-1.0.tar.gz</a>\n\
     <a href=a&#x2d;1&period;0.zip>x</a></body></html>\n";

const JSON: &str = r#"{"meta": {"api-version": "1.1"}, "name": "A", "files": [{"filename":
"a-1.0.tar.gz", "url": "../../f/a-1.0.tar.gz", "hashes": {"sha256":
"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, "upload-time":
"2026-01-01T00:00:00Z", "provenance": "https://o.example/p"}]}"#;

fn page(media: &str, bytes: &[u8]) {
    let url = "https://index.example/simple/a/";
    if let Some(files) = accepted(python_index::files_listed(url, "a", media, bytes)) {
        assert!(files <= bytes.len(), "{files} files of {} bytes", bytes.len());
    }
}

fn reference(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(read) = accepted(Reference::parse(text)) else { return };
    let again = must("what was shown can be read", Reference::parse(&read.to_string()));
    assert_eq!(again, read, "{text:?}");
}

fn headers(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(Challenge::Bearer { realm, service }) = registry::challenge(text) {
        assert!(realm.len() + service.len() <= text.len(), "{realm:?}, {service:?}");
    }
    if let Some(link) = registry::next_link(text) {
        assert!(text.contains(&format!("<{link}>")), "{link:?} is not in {text:?}");
    }
}

fn address(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let _ = accepted(github::Repository::of(text, None));
    let (first, location) = text.split_once('\n').unwrap_or((text, text));
    let base = accepted(http::address(first));
    if let Some(url) = &base {
        let shown = http::shown(url);
        assert!(!shown.contains(['?', '#', '@']) || url.path().contains('@'), "{shown}");
        assert!(http::same_origin(url, url), "{url} is of another origin than itself");
    }
    let secure = must("an address", http::address("https://index.example/simple/"));
    for from in [Some(&secure), base.as_ref()].into_iter().flatten() {
        if let Some(to) = accepted(http::redirect(from, Some(location))) {
            assert!(from.scheme() != "https" || to.scheme() == "https", "{from} leads to {to}");
            must("an address that may be asked", http::address(to.as_str()));
        }
    }
}
