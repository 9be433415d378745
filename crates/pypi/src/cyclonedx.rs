//! CycloneDX documents that build backends put into wheels (PEP 770): one content, one text.
//!
//! maturin's carry a random serial number, the time, and the absolute path of the folder they
//! were built in. Those three are replaced in the text; every other byte stays as it was.

use std::collections::{BTreeMap, BTreeSet};

use archive::time::Moment;
use model::Digest;
use serde_json::Value;

/// Bytes of a document that is looked into; larger ones stay as they are.
const MAX_DOCUMENT_BYTES: usize = 64 << 20;

/// The document's text with the serial number derived from its content, its time at `epoch`
/// (seconds since 1970) and its local paths relative to their common folder. Nothing when the
/// bytes are no CycloneDX document in JSON, or one that has no such form.
///
/// What comes out is its own normal form, so that a wheel that is packed again keeps its bytes:
/// a path that is relative to the others may itself look like an absolute one.
#[must_use]
pub(crate) fn normalize(bytes: &[u8], epoch: u64) -> Option<Vec<u8>> {
    let mut normal = once(bytes, epoch)?;
    for _ in 0..MAX_ROUNDS {
        let again = once(&normal, epoch)?;
        if again == normal {
            return Some(normal);
        }
        normal = again;
    }
    None
}

/// Rounds of a document whose normal form changes with each: two in every document of a backend.
const MAX_ROUNDS: usize = 4;

fn once(bytes: &[u8], epoch: u64) -> Option<Vec<u8>> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let document: Value = serde_json::from_str(text).ok()?;
    if document.get("bomFormat").and_then(Value::as_str) != Some("CycloneDX") {
        return None;
    }
    let mut strings = BTreeSet::new();
    collect(&document, &mut strings);
    let mut changes = relative(&strings);
    if let Some(time) = document.pointer("/metadata/timestamp").and_then(Value::as_str) {
        changes.insert(quoted(time), quoted(&Moment::at(epoch).rfc3339()));
    }
    let text = replace(text, &changes);
    let Some(serial) = document.get("serialNumber").and_then(Value::as_str) else {
        return Some(text.into_bytes());
    };
    let with = |new: &str| replace(&text, &BTreeMap::from([(quoted(serial), quoted(new))]));
    let derived = uuid(&Digest::of(with("").as_bytes()));
    Some(with(&derived).into_bytes())
}

const PATH_REF: &str = "path+file://";

/// Each string that names a local path absolutely, and what it becomes; both in quotes.
fn relative(strings: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let refs: Vec<(&str, &str, &str)> = strings
        .iter()
        .filter_map(|text| local(text).map(|(path, rest)| (*text, path, rest)))
        .collect();
    let mut base: Option<Vec<&str>> = None;
    for (_, path, _) in &refs {
        let parts: Vec<&str> = path.split('/').collect();
        base = Some(match base {
            None => parts,
            Some(base) => {
                base.into_iter().zip(parts).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
            }
        });
    }
    let depth = base.map_or(0, |base| base.len());
    let change = |(text, path, rest): (&str, &str, &str)| {
        let inside: Vec<&str> = path.split('/').skip(depth).collect();
        let inside = if inside.is_empty() { ".".to_owned() } else { inside.join("/") };
        let name = path.rsplit('/').next().unwrap_or_default();
        // Cargo leaves the name out when the folder has the same one.
        let rest = match rest.split_once(' ') {
            _ if rest.is_empty() => String::new(),
            Some((id, _)) if id.contains('@') => rest.to_owned(),
            None if rest.contains('@') => rest.to_owned(),
            _ => format!("{name}@{rest}"),
        };
        (quoted(text), quoted(&format!("{PATH_REF}{inside}#{rest}")))
    };
    refs.into_iter().map(change).collect()
}

/// Path and fragment of `path+file:///path#fragment`.
fn local(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(PATH_REF)?;
    if !rest.starts_with('/') {
        return None;
    }
    Some(rest.split_once('#').unwrap_or((rest, "")))
}

fn collect<'a>(value: &'a Value, strings: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => {
            strings.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, strings)),
        _ => {}
    }
}

/// `text`, which is JSON, with each whole string of `changes` replaced, in one pass.
fn replace(text: &str, changes: &BTreeMap<String, String>) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let (before, from) = rest.split_at(start);
        changed.push_str(before);
        let (string, after) = from.split_at(string_end(from));
        changed.push_str(changes.get(string).map_or(string, String::as_str));
        rest = after;
    }
    changed.push_str(rest);
    changed
}

/// Where the JSON string that `text` starts with ends, its closing quote included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A UUID of version 8 (RFC 9562, "custom") from the digest's first 16 bytes.
fn uuid(digest: &Digest) -> String {
    let mut hex: Vec<char> = digest.hex().chars().take(32).collect();
    for (at, digit) in [(12, '8'), (16, 'a')] {
        if let Some(place) = hex.get_mut(at) {
            *place = digit;
        }
    }
    let part =
        |from: usize, to: usize| hex.get(from..to).unwrap_or_default().iter().collect::<String>();
    let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
    format!("urn:uuid:{}", parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(folder: &str, serial: &str, time: &str) -> String {
        let own = folder.rsplit('/').next().unwrap();
        let id = if own == "demo" { "0.1.0".to_owned() } else { "demo@0.1.0".to_owned() };
        format!(
            "{{\n  \"bomFormat\": \"CycloneDX\",\n  \"serialNumber\": \"{serial}\",\n  \
             \"metadata\": {{\"timestamp\": \"{time}\", \"component\": {{\n    \
             \"bom-ref\": \"path+file://{folder}#{id}\", \"purl\": \
             \"pkg:cargo/demo@0.1.0?download_url=file://.\"}}}},\n  \"components\": [\n    \
             {{\"bom-ref\": \"path+file://{folder}/crates/b#0.2.0 bin-target-0\"}}, \
             {{\"bom-ref\": \"registry+https://example.test/index#c@1.0.0\"}}]\n}}\n"
        )
    }

    #[test]
    fn two_builds_in_different_folders_give_one_document() {
        let a = document("/home/x/demo", "urn:uuid:1111", "2026-01-01T00:00:00Z");
        let b = document("/b", "urn:uuid:2222", "2026-02-02T00:00:00.5Z");
        let normal = normalize(a.as_bytes(), 315_532_800).unwrap();
        assert_eq!(normalize(b.as_bytes(), 315_532_800).unwrap(), normal);
        let text = String::from_utf8(normal.clone()).unwrap();
        assert!(text.contains("\"path+file://.#demo@0.1.0\""), "{text}");
        assert!(text.contains("\"path+file://crates/b#b@0.2.0 bin-target-0\""), "{text}");
        assert!(text.contains("\"timestamp\": \"1980-01-01T00:00:00Z\""), "{text}");
        assert!(text.contains("registry+https://example.test/index#c@1.0.0"), "{text}");
        assert!(!text.contains("/home/x") && !text.contains("1111"), "{text}");
        assert_ne!(normalize(a.as_bytes(), 0).unwrap(), normal, "the time must count");
    }

    #[test]
    fn a_normal_form_is_its_own() {
        let check = |fields: &str| {
            let text = format!("{{\"bomFormat\": \"CycloneDX\", {fields}}}");
            let normal = normalize(text.as_bytes(), 9).unwrap_or(text.clone().into_bytes());
            let again = normalize(&normal, 9).unwrap_or(normal.clone());
            assert_eq!(String::from_utf8(again), String::from_utf8(normal), "{fields}");
        };
        check(r#""x": ["path+file:///a#1", "path+file:////b#2"]"#);
        check(r#""x": ["path+file:///a/b#1", "path+file:///a//b#2", "path+file:///a///c"]"#);
        check(r#""x": ["path+file:///#1", "path+file:///"]"#);
        check(r#""x": ["path+file:///a#b c d"]"#);
        check(r#""serialNumber": "CycloneDX""#);
        check(r#""serialNumber": "", "x": """#);
        check(r#""serialNumber": "1980", "metadata": {"timestamp": "1980"}"#);
        check(r#""serialNumber": "path+file:///a#b", "x": "path+file:///a#c""#);
        check(r#""metadata": {"timestamp": "path+file:///a#b"}, "x": "path+file:///c""#);
        check(r#""serialNumber": "bomFormat""#);
    }

    #[test]
    fn strings_are_replaced_whole_and_escapes_do_not_end_them() {
        let changes = BTreeMap::from([(quoted("a"), quoted("b"))]);
        let text = r#"{"a": "x \"a\" \\", "aa": ["a"]}"#;
        assert_eq!(replace(text, &changes), r#"{"b": "x \"a\" \\", "aa": ["b"]}"#);
        assert_eq!(replace("\"a", &changes), "\"a");
    }

    #[test]
    fn other_files_are_left_alone() {
        for bytes in [&b"{}"[..], b"", b"\xff", b"[1]", b"{\"bomFormat\": \"other\"}"] {
            assert_eq!(normalize(bytes, 0), None, "{bytes:?}");
        }
        let nested = "[".repeat(100_000);
        assert_eq!(normalize(nested.as_bytes(), 0), None);
    }
}
