//! Short texts that every format has: versions, names, digests, times, keys of JSON.

use std::cmp::Ordering;

use archive::time::{Moment, epoch_of_rfc3339};
use model::{Budget, Digest, Format, Platform, Version};

use crate::properties::must;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "version",
        about: "up to three versions, one a line: each spelling reads back as the same version, \
                and their order is one",
        seeds: || {
            seeds(&[
                "1.2.3\n1.2.3-rc.1\n1.2.3+build.5",
                "1!2.0.post1.dev3+local.1\n2.0a1\nv1.0",
                "2025.05.09\n1.0.0-alpha.beta\n0.0.0-dev.3+g0123abc",
            ])
        },
        run: versions,
    },
    Target {
        name: "name",
        about: "names, paths, digests, platforms: a normal form is its own normal form",
        seeds: || {
            seeds(&["Friendly._.Bard", "linux-amd64", "oci", "a/b.c/d-1", "sha256:00", "İ-ß"])
        },
        run: name,
    },
    Target {
        name: "pattern",
        about: "two patterns, one a line: what fits one overlaps with it; texts quoted for \
                TOML, tags as patterns",
        seeds: || seeds(&["mcp-*-plugin*\nmcp-a-plugin-b", "v1.2.3\n*", "\"\\\u{7f}\n**a"]),
        run: pattern,
    },
    Target {
        name: "time",
        about: "a time of RFC 3339: as it is rendered it is the same time",
        seeds: || {
            seeds(&["1970-01-01T00:00:00Z", "2026-01-31T12:30:00.123456Z", "9999-12-31T23:59:59Z"])
        },
        run: time,
    },
    Target {
        name: "json-keys",
        about: "keys that an object has twice: what is unambiguous stays so once it is rendered",
        seeds: || seeds(&[r#"{"a": {"b": [1, 2.50, {"c": null}]}, "d": "x"}"#, r#"{"a":1,"a":2}"#]),
        run: json_keys,
    },
];

/// The bytes as a text, where they are one.
pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

fn versions(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let found: Vec<Version> =
        text.lines().take(3).filter_map(|line| Version::parse(line).ok()).collect();
    for version in &found {
        assert!(version.same_as(version), "{version:?} is another version than itself");
        assert_eq!(version.precedence(version), Ordering::Equal, "{version:?}");
        spelled(version);
    }
    for a in &found {
        for b in &found {
            let (there, back) = (a.precedence(b), b.precedence(a));
            assert_eq!(there, back.reverse(), "{a:?} and {b:?} have no one order");
            assert_eq!(a.same_as(b), b.same_as(a), "{a:?} and {b:?}");
        }
    }
}

/// Every spelling of a version is one of the same version.
fn spelled(version: &Version) {
    let _ = version.tag().map(|tag| assert!(tag.len() <= 128, "{tag}"));
    if let Ok(semver) = version.semver() {
        let again = must("a SemVer spelling is a version", Version::parse(semver));
        assert_eq!(again.semver().ok(), Some(semver), "{version:?}");
        assert_eq!(again.is_prerelease(), version.is_prerelease(), "{version:?} {again:?}");
        // SemVer has no post-releases: what follows the plus is part of the name alone.
        let is_post = semver.contains("+post.");
        assert!(is_post || again.same_as(version), "{version:?} is not {again:?}");
    }
    if let Ok(pep440) = version.pep440() {
        let again = must("a PEP 440 spelling is a version", Version::parse(&pep440));
        assert_eq!(again.pep440().as_deref(), Ok(pep440.as_str()), "{version:?}");
        assert_eq!(again.is_prerelease(), version.is_prerelease(), "{version:?} {again:?}");
        assert!(again.same_as(version), "{version:?} is not {again:?}");
    }
}

fn name(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let normal = model::normalized_python_name(text);
    assert_eq!(model::normalized_python_name(&normal), normal, "{text:?}");
    if model::file_name_problem(text).is_none() {
        assert_eq!(model::path_problem(text), None, "{text:?} names a file and is not a path");
    }
    if model::registry_part_fits(text) {
        assert!(text.is_ascii() && !text.contains('/'), "{text:?} is part of a registry's name");
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(platform) = text.parse::<Platform>() {
        assert_eq!(platform.to_string(), text);
    }
    if let Ok(format) = text.parse::<Format>() {
        assert_eq!(format.as_str(), text);
    }
}

fn pattern(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let (a, b) = text.split_once('\n').unwrap_or((text, text));
    if a.len() + b.len() <= MAX_PATTERNS_BYTES {
        assert_eq!(format::overlap(a, b), format::overlap(b, a), "{a:?} and {b:?}");
        assert!(!format::fits(a, b) || format::overlap(a, b), "{b:?} fits {a:?}");
    }
    let table = format!("text = {}\n", format::quoted(text));
    let table: toml::Table = must("what was quoted is TOML", table.parse());
    assert_eq!(table.get("text").and_then(toml::Value::as_str), Some(text));
    if let Some((version, pattern)) = release::pattern_of(a) {
        assert_eq!(pattern.replace("{version}", &version), a, "{pattern:?}");
    }
    let plain = format::plain_name(text);
    assert_eq!(format::plain_name(&plain), plain, "{text:?}");
    let _ = (format::is_shipped(text), format::is_template(text));
}

/// Patterns are names, and comparing two takes their lengths multiplied.
const MAX_PATTERNS_BYTES: usize = 1_000;

fn time(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(epoch) = epoch_of_rfc3339(text) else { return };
    let spelled = |c: char| c.is_ascii_digit() || "-:.TZ".contains(c);
    assert!(text.chars().all(spelled), "{text:?} is not a time of RFC 3339");
    assert_eq!(epoch_of_rfc3339(&Moment::at(epoch).rfc3339()), Some(epoch), "{text:?}");
}

fn json_keys(bytes: &[u8]) {
    let budget = Budget::of(bytes.len() as u64);
    if model::json::ambiguity(bytes, &budget).is_some() {
        return;
    }
    let value: serde_json::Value = must("what was read can be read", serde_json::from_slice(bytes));
    let again = value.to_string();
    let found = model::json::ambiguity(again.as_bytes(), &Budget::of(again.len() as u64));
    assert!(found.is_none(), "{again} is ambiguous: {found:?}");
}
