//! `RECORD` lists every file of the wheel once, with its size and a hash of at least SHA-256.
//!
//! One pass over the list and the archive finds all that can be wrong between them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use model::{Diagnostic, Digest, Findings};

use crate::codes;
use crate::lines::shown;
use crate::lint::rule::{LooksAt, Reported, Rule};
use crate::record::RecordLine;
use crate::wheel::Wheel;

pub(super) static RULE: Rule = Rule {
    reports: &[
        Reported::everybody(&codes::WHEEL_RECORD_MISSING),
        Reported::everybody(&codes::WHEEL_RECORD_TWICE),
        Reported::everybody(&codes::WHEEL_RECORD_SIGNATURE),
        Reported::everybody(&codes::WHEEL_RECORD_SIZE),
        Reported::everybody(&codes::WHEEL_RECORD_HASH),
        Reported::everybody(&codes::WHEEL_RECORD_UNCHECKED),
        Reported::everybody(&codes::WHEEL_RECORD_INCOMPLETE),
        Reported::everybody(&codes::WHEEL_RECORD_SURPLUS),
    ],
    spec: "Binary distribution format, The .dist-info directory; PEP 815",
    looks_at: LooksAt::Wheel(check),
};

fn check(wheel: &Wheel) -> Vec<Diagnostic> {
    let own = format!("{}/RECORD", wheel.dist_info);
    let Some(lines) = &wheel.record else { return vec![missing(wheel, &own)] };
    let mut problems = Findings::new();
    let mut listed: BTreeMap<&str, &RecordLine> = BTreeMap::new();
    for line in lines {
        if listed.insert(line.path.as_str(), line).is_some() {
            let code = &codes::WHEEL_RECORD_TWICE;
            let message = || format!("`RECORD` lists `{}` twice", shown(&line.path));
            problems.add(code, || Diagnostic::new(code, message()));
        }
    }
    let signature = |path: &str| matches!(path.strip_prefix(&own), Some(".jws" | ".p7s"));
    for entry in &wheel.members {
        match listed.remove(entry.path.as_str()) {
            _ if entry.path == own => {}
            _ if signature(&entry.path) => {
                let message =
                    format!("`{}` is a signature that nothing reads (PEP 815)", entry.path);
                problems.push(Diagnostic::new(&codes::WHEEL_RECORD_SIGNATURE, message));
            }
            Some(line) => problems.extend(compare(line, &entry.bytes)),
            None => {
                let code = &codes::WHEEL_RECORD_INCOMPLETE;
                let message = || format!("`RECORD` does not list `{}`", shown(&entry.path));
                problems.add(code, || Diagnostic::new(code, message()));
            }
        }
    }
    for path in listed.keys().filter(|path| **path != own) {
        let code = &codes::WHEEL_RECORD_SURPLUS;
        let message = || format!("`RECORD` lists `{}`, which is not in the wheel", shown(path));
        problems.add(code, || Diagnostic::new(code, message()));
    }
    problems.finish()
}

fn missing(wheel: &Wheel, own: &str) -> Diagnostic {
    let message = match wheel.member(own) {
        None => format!("the wheel lacks `{own}`"),
        Some(_) => {
            format!("`{own}` is not a CSV file of three columns whose lines end in line feeds")
        }
    };
    Diagnostic::new(&codes::WHEEL_RECORD_MISSING, message)
}

/// The size may be left out; a hash of another algorithm than SHA-256 is not computed here.
fn compare(line: &RecordLine, bytes: &[u8]) -> Option<Diagnostic> {
    let RecordLine { path, hash, size } = line;
    if size.parse() != Ok(bytes.len()) && !size.is_empty() {
        let message = format!(
            "`RECORD` says that `{path}` has {} bytes; it has {}",
            shown(size),
            bytes.len()
        );
        return Some(Diagnostic::new(&codes::WHEEL_RECORD_SIZE, message));
    }
    let (algorithm, value) = hash.split_once('=').unwrap_or((hash, ""));
    match algorithm {
        "sha256" => {
            let found = URL_SAFE_NO_PAD.encode(Digest::of(bytes).raw());
            let message = format!("`RECORD` has `{}` for `{path}`; it is `{found}`", shown(value));
            (value != found).then(|| Diagnostic::new(&codes::WHEEL_RECORD_HASH, message))
        }
        "sha384" | "sha512" if !value.is_empty() => {
            let message = format!("the {algorithm} of `{path}` in `RECORD` was not checked");
            Some(Diagnostic::new(&codes::WHEEL_RECORD_UNCHECKED, message))
        }
        _ => {
            let message = format!("`RECORD` gives no hash of at least SHA-256 for `{path}`");
            Some(Diagnostic::new(&codes::WHEEL_RECORD_HASH, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::drafts::{Draft, INFO};

    #[test]
    fn record_and_archive_agree() {
        let check = |record: fn(String) -> Option<String>, expected: &[&str]| {
            assert_eq!(Draft::wheel().record(record).codes(), expected);
        };
        check(Some, &[]);
        check(|text| Some(text.replace('\n', "\r\n")), &[]);
        check(|text| Some(text.replacen(",6\n", ",\n", 1)), &[]);
        check(|_| None, &["WHEEL-RECORD-MISSING"]);
        check(|_| Some("a,b".to_owned()), &["WHEEL-RECORD-MISSING"]);
        let without_first = |text: String| text.split_once('\n').map(|(_, rest)| rest.to_owned());
        check(without_first, &["WHEEL-RECORD-INCOMPLETE"]);
        let surplus = |text: String| Some(format!("b.py,sha256=AA,0\n{text}"));
        check(surplus, &["WHEEL-RECORD-SURPLUS"]);
        let twice =
            |text: String| text.split_once('\n').map(|(first, _)| format!("{first}\n{text}"));
        check(twice, &["WHEEL-RECORD-TWICE"]);
        check(|text| Some(text.replacen(",6\n", ",7\n", 1)), &["WHEEL-RECORD-SIZE"]);
        check(|text| Some(text.replacen(",6\n", ",six\n", 1)), &["WHEEL-RECORD-SIZE"]);
    }

    #[test]
    fn hashes_are_right_and_strong() {
        let check = |record: fn(String) -> Option<String>, expected: &[&str]| {
            assert_eq!(Draft::wheel().record(record).codes(), expected);
        };
        check(|text| Some(text.replacen("sha256=", "sha256=A", 1)), &["WHEEL-RECORD-HASH"]);
        check(|text| Some(text.replacen("sha256=", "md5=", 1)), &["WHEEL-RECORD-HASH"]);
        check(|text| Some(text.replacen("sha256=", "SHA256=", 1)), &["WHEEL-RECORD-HASH"]);
        check(|text| Some(text.replacen("sha256=", "", 1)), &["WHEEL-RECORD-HASH"]);
        check(|text| Some(text.replacen("sha256=", "sha512=", 1)), &["wheel-record-unchecked"]);
        check(|text| Some(text.replacen("sha256=", "sha384=", 1)), &["wheel-record-unchecked"]);
    }

    #[test]
    fn signatures_are_deprecated_and_not_listed() {
        let check = |end: &str, expected: &[&str]| {
            let draft = Draft::wheel().with(&format!("{INFO}/RECORD{end}"), "{}");
            assert_eq!(draft.codes(), expected, "{end}");
        };
        check(".jws", &["wheel-record-signature"]);
        check(".p7s", &["wheel-record-signature"]);
        check(".asc", &[]);
    }
}
