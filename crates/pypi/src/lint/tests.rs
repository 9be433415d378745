//! Wheels with one defect each, made in memory from a good one.

use archive::Entry;
use model::Severity;

use super::*;
use crate::record;

const NAME: &str = "demo_pkg-1.0.0rc1-py3-none-any.whl";
const INFO: &str = "demo_pkg-1.0.0rc1.dist-info";
const METADATA: &str = "Metadata-Version: 2.4\nName: demo-pkg\nVersion: 1.0.0rc1\nSummary: s\n\
                        License-Expression: MIT\nLicense-File: LICENSE\n\nText.\n";
const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n";

struct Draft {
    name: String,
    members: Vec<Entry>,
    /// Changes `RECORD`'s text once it is complete.
    record: fn(String) -> Option<String>,
}

impl Draft {
    fn good() -> Self {
        let members = vec![
            Entry::new("demo_pkg/__init__.py", "x = 1\n"),
            Entry::new("demo_pkg/other.py", "y = 2\n"),
            Entry::new(format!("{INFO}/METADATA"), METADATA),
            Entry::new(format!("{INFO}/WHEEL"), WHEEL),
            Entry::new(format!("{INFO}/licenses/LICENSE"), "MIT\n"),
        ];
        Self { name: NAME.to_owned(), members, record: Some }
    }

    fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    fn with(mut self, path: &str, bytes: &[u8]) -> Self {
        self.members.push(Entry::new(path, bytes));
        self
    }

    fn without(mut self, path: &str) -> Self {
        self.members.retain(|entry| entry.path != format!("{INFO}/{path}"));
        self
    }

    /// In every file of the folder, `from` becomes `to`.
    fn replace(mut self, from: &str, to: &str) -> Self {
        for entry in &mut self.members {
            entry.path = entry.path.replace(from, to);
            if let Ok(text) = std::str::from_utf8(&entry.bytes) {
                entry.bytes = text.replace(from, to).into_bytes();
            }
        }
        self
    }

    fn header(self, line: &str) -> Self {
        self.replace("Summary: s\n", &format!("Summary: s\n{line}\n"))
    }

    fn record(self, record: fn(String) -> Option<String>) -> Self {
        Self { record, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut members = self.members.clone();
        let folder = members.iter().find_map(|entry| entry.path.strip_suffix("/WHEEL"));
        let own = format!("{}/RECORD", folder.unwrap_or(INFO));
        let lines: Vec<_> =
            members.iter().map(|entry| record::line(&entry.path, &entry.bytes)).collect();
        if let Some(text) = (self.record)(record::render(&lines, &own)) {
            members.push(Entry::new(own, text));
        }
        archive::zip::write(&members, 315_532_800).unwrap()
    }
}

fn shown(problems: &[Diagnostic]) -> Vec<String> {
    let show = |problem: &Diagnostic| match problem.severity {
        Severity::Error => problem.code.name.to_uppercase(),
        Severity::Warning => problem.code.to_string(),
    };
    problems.iter().map(show).collect()
}

/// The codes found; those of errors are in capitals.
fn check(draft: &Draft, expected: &[&str]) {
    let problems = lint_wheel(&draft.name, &draft.bytes());
    assert_eq!(shown(&problems), expected, "{problems:#?}");
}

fn swap(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut swapped = bytes.to_vec();
    let mut at = 0;
    while at + from.len() <= swapped.len() {
        if &swapped[at..at + from.len()] == from {
            swapped[at..at + to.len()].copy_from_slice(to);
        }
        at += 1;
    }
    swapped
}

/// Sets `field` at `offset` of each local header, and 2 bytes later in each central one.
fn patch_headers(bytes: &[u8], offset: usize, field: u8) -> Vec<u8> {
    let mut patched = bytes.to_vec();
    for at in 0..patched.len() - 4 {
        match &bytes[at..at + 4] {
            b"PK\x03\x04" => patched[at + offset] = field,
            b"PK\x01\x02" => patched[at + offset + 2] = field,
            _ => {}
        }
    }
    patched
}

#[test]
fn a_good_wheel_has_no_problem() {
    check(&Draft::good(), &[]);
}

#[test]
fn defects_of_the_record_are_found() {
    let good = Draft::good;
    check(&good().record(|_| None), &["WHEEL-RECORD-MISSING"]);
    check(&good().record(|_| Some("a,b".to_owned())), &["WHEEL-RECORD-MISSING"]);
    let first_gone = |text: String| text.split_once('\n').map(|(_, rest)| rest.to_owned());
    check(&good().record(first_gone), &["WHEEL-RECORD-INCOMPLETE"]);
    let surplus = |text: String| Some(format!("gone.py,sha256=AA,0\n{text}"));
    check(&good().record(surplus), &["WHEEL-RECORD-SURPLUS"]);
    let twice = |text: String| text.split_once('\n').map(|(first, _)| format!("{first}\n{text}"));
    check(&good().record(twice), &["WHEEL-RECORD-TWICE"]);
    let hash = |text: String| Some(text.replacen("=", "=A", 1));
    check(&good().record(hash), &["WHEEL-RECORD-HASH"]);
    let md5 = |text: String| Some(text.replacen("sha256=", "md5=", 1));
    check(&good().record(md5), &["WHEEL-RECORD-HASH"]);
    let size = |text: String| Some(text.replacen(",6\n", ",7\n", 1));
    check(&good().record(size), &["WHEEL-RECORD-SIZE"]);
    let signed = good().with(&format!("{INFO}/RECORD.jws"), b"{}");
    check(&signed, &["wheel-record-signature"]);
}

#[test]
fn defects_of_the_archive_are_found() {
    let good = Draft::good().bytes();
    let code = |bytes: &[u8]| shown(&lint_wheel(NAME, bytes)).join(" ");
    assert_eq!(code(&[&good[..], b"x"].concat()), "ARCHIVE-TRAILING-BYTES");
    assert_eq!(code(&patch_headers(&good, 6, 8)), "ARCHIVE-DATA-DESCRIPTOR");
    assert_eq!(code(&patch_headers(&good, 8, 12)), "ARCHIVE-METHOD");
    let double = Draft::good().with("demo_pkg/_nit__.py", b"").bytes();
    let double = swap(&double, b"demo_pkg/_nit__.py", b"demo_pkg/other.py2");
    assert_eq!(code(&double), "WHEEL-RECORD-INCOMPLETE WHEEL-RECORD-SURPLUS");
    let double = Draft::good().with("demo_pkg/_the_.py", b"").bytes();
    assert_eq!(
        code(&swap(&double, b"demo_pkg/_the_.py", b"demo_pkg/other.py")),
        "ARCHIVE-DUPLICATE"
    );
    let outside = Draft::good().with("demo_pkg/x_.py", b"").bytes();
    assert_eq!(code(&swap(&outside, b"demo_pkg/x_.py", b"demo_pk/../.py")), "ARCHIVE-PATH");
    for end in [0, 1, 30, good.len() / 2, good.len() - 1] {
        assert!(!lint_wheel(NAME, &good[..end]).is_empty(), "cut off at {end}");
    }
}

#[test]
fn defects_of_names_and_versions_are_found() {
    let good = Draft::good;
    check(
        &good().named("Demo.Pkg-1.0.0rc1-py3-none-any.whl"),
        &["WHEEL-NAME-NOT-NORMAL", "WHEEL-DIST-INFO"],
    );
    check(
        &good().named("demo_pkg-1.0.0.RC1-py3-none-any.whl"),
        &["wheel-version-spelling", "WHEEL-DIST-INFO"],
    );
    check(&good().replace("Version: 1.0.0rc1", "Version: 1.0.1"), &["WHEEL-NAME-VERSION"]);
    check(&good().replace("Name: demo-pkg", "Name: other"), &["WHEEL-NAME-NOT-NORMAL"]);
    let local = good().replace("1.0.0rc1", "1.0.0+here");
    check(&local.named("demo_pkg-1.0.0+here-py3-none-any.whl"), &["METADATA-LOCAL-VERSION"]);
    check(&good().without("licenses/LICENSE"), &["METADATA-LICENSE-FILE-MISSING"]);
    check(&good().named("demo_pkg-1.0.0rc1.whl"), &["WHEEL-NAME"]);
    check(&good().without("WHEEL"), &["WHEEL-WHEEL-MISSING"]);
    check(&good().without("METADATA"), &["WHEEL-METADATA-MISSING"]);
    check(&good().with("b-1.dist-info/METADATA", b"x"), &["WHEEL-DIST-INFO"]);
    check(&good().replace("Wheel-Version: 1.0", "Wheel-Version: 2.0"), &["WHEEL-FORMAT-VERSION"]);
}

#[test]
fn defects_of_tags_are_found() {
    let tagged = |tag: &str| {
        let draft = Draft::good().replace("py3-none-any", tag);
        draft.named(&format!("demo_pkg-1.0.0rc1-{tag}.whl"))
    };
    check(&tagged("cp39-abi3-linux_x86_64"), &["WHEEL-PLATFORM-TAG"]);
    check(&tagged("cp39-abi3-macosx_11_3_arm64"), &["WHEEL-PLATFORM-TAG"]);
    check(&tagged("cp39-abi3-manylinux_2_17_x86_64"), &[]);
    check(&tagged("py3.py2-none-any"), &["wheel-tag-order"]);
    check(&Draft::good().replace("Tag: py3-none-any", "Tag: py2-none-any"), &["wheel-tags-differ"]);
    check(&Draft::good().with("demo_pkg/x.so", b"\x7fELF\x02\x01"), &["wheel-machine-code"]);
    let mut pe = vec![0; 0x48];
    pe[..2].copy_from_slice(b"MZ");
    pe[0x3c] = 0x40;
    pe[0x40..0x44].copy_from_slice(b"PE\0\0");
    check(&Draft::good().with("demo_pkg/x.exe", &pe), &["wheel-machine-code"]);
    check(&Draft::good().with("demo_pkg/x.txt", b"MZ is no program"), &[]);
}

#[test]
fn defects_of_the_content_are_found() {
    let good = Draft::good;
    let entry_points =
        |text: &str| good().with(&format!("{INFO}/entry_points.txt"), text.as_bytes());
    check(&entry_points("[console_scripts]\nrun-it = demo_pkg:main\n"), &[]);
    check(&entry_points("[console_scripts]\n../evil = demo_pkg:main\n"), &["WHEEL-ENTRY-POINTS"]);
    check(&entry_points("[console_scripts]\n.. = demo_pkg:main\n"), &["WHEEL-ENTRY-POINTS"]);
    check(&entry_points("[console_scripts\n"), &["WHEEL-ENTRY-POINTS"]);
    check(&entry_points("[console_scripts]\nrun = demo_pkg\n"), &["wheel-entry-points"]);
    check(&entry_points("[plugins]\nany name = demo_pkg\n"), &[]);
    check(&good().with("demo_pkg/__pycache__/a.pyc", b"x"), &["wheel-bytecode"]);
    check(&good().with("tests/test_a.py", b"x"), &["wheel-stray-top-level"]);
    check(&good().with("README.md", b"x"), &["wheel-stray-top-level"]);
    check(&good().with("single.py", b"x"), &[]);
    check(&good().with("demo_pkg-1.0.0rc1.data/scripts/run", b"x"), &[]);
    check(&good().with("demo_pkg-1.0.0rc1.data/nowhere/x", b"x"), &["WHEEL-DATA-SCHEME"]);
    let sbom = br#"{"bom-ref": "path+file:///home/x#a@1"}"#;
    check(&good().with(&format!("{INFO}/sboms/a.json"), sbom), &["wheel-local-path"]);
}

#[test]
fn what_breaks_a_file_is_told_from_what_only_the_index_refuses() {
    let check = |draft: Draft, expected: &[&str]| {
        let problems = lint_wheel(&draft.name, &draft.bytes());
        let broken: Vec<Diagnostic> = problems.into_iter().filter(breaks_the_file).collect();
        assert_eq!(shown(&broken), expected);
    };
    let good = Draft::good;
    check(good().header("Classifier: Private :: Do Not Upload"), &[]);
    check(good().header("Requires-Dist: b @ https://a.example/b.whl"), &[]);
    check(good().header("Home-page: nowhere"), &[]);
    check(good().with("tests/test_a.py", b"x"), &[]);
    check(good().header("Name: requests"), &["METADATA-REPEATED-FIELD"]);
    check(good().header("Version: 6.6.6"), &["METADATA-REPEATED-FIELD"]);
    check(good().record(|_| None), &["WHEEL-RECORD-MISSING"]);
    check(good().replace(INFO, "other-1.0.dist-info"), &["WHEEL-DIST-INFO"]);
    check(good().record(|text| Some(text.replacen("=", "=A", 1))), &["WHEEL-RECORD-HASH"]);
}

#[test]
fn source_distributions_are_looked_over() {
    let check = |file: &str, members: &[(&str, &str)], expected: &[&str]| {
        let entries: Vec<Entry> =
            members.iter().map(|(path, text)| Entry::new(*path, *text)).collect();
        let bytes = archive::gzip::write(&archive::tar::write(&entries, 0).unwrap());
        let problems = lint_sdist(file, &bytes);
        assert_eq!(shown(&problems), expected, "{problems:#?}");
    };
    let info = "Metadata-Version: 2.2\nName: a.b\nVersion: 1.0\nSummary: s\n\nText.\n";
    let project = ("a_b-1.0/pyproject.toml", "");
    let good = [("a_b-1.0/PKG-INFO", info), project];
    check("a_b-1.0.tar.gz", &good, &[]);
    check("a.b-1.0.tar.gz", &good, &["SDIST-NAME"]);
    check("a_b-1.tar.gz", &good, &["SDIST-NAME"]);
    check("a_b-1.0.zip", &good, &["SDIST-NAME"]);
    check("a_b-1.0.tar.gz", &[project], &["SDIST-PKG-INFO-MISSING"]);
    check("a_b-1.0.tar.gz", &good[..1], &["sdist-pyproject-missing"]);
    check("a_b-1.0.tar.gz", &[good[0], project, ("b/c", "")], &["SDIST-TOP-LEVEL"]);
    check(
        "a_b-1.0.tar.gz",
        &[("c/PKG-INFO", info), ("c/pyproject.toml", "")],
        &["sdist-top-level"],
    );
    let whl = ("a_b-1.0/dist/old.whl", "");
    check("a_b-1.0.tar.gz", &[good[0], project, whl], &["sdist-stray-file"]);
    let old = info.replace("2.2", "2.1");
    check("a_b-1.0.tar.gz", &[("a_b-1.0/PKG-INFO", &old), project], &["sdist-metadata-version"]);
    let licensed = info.replace("Summary", "License-File: LICENSE\nSummary").replace("2.2", "2.4");
    let gone = &["METADATA-LICENSE-FILE-MISSING"];
    check("a_b-1.0.tar.gz", &[("a_b-1.0/PKG-INFO", &licensed), project], gone);
    assert_eq!(shown(&lint_sdist("a_b-1.0.tar.gz", b"")).len(), 1);
}
