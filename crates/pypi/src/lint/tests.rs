//! Whole files: damaged archives, and whom an error concerns. Each rule has its cases beside it.

use super::drafts::{Draft, INFO, WHEEL_NAME, codes, codes_with};
use super::*;

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
fn good_files_have_no_problem() {
    let check = |draft: Draft| assert_eq!(draft.problems(), []);
    check(Draft::wheel());
    check(Draft::sdist());
    let headers = "Requires-Dist: b>=1; extra == 'c'\nRequires-Python: >=3.9\nProvides-Extra: c\n\
                   License-Expression: Apache-2.0\nLicense-File: LICENSE\n\
                   Author-email: A B <a@b.test>\nProject-URL: Home, https://a.example/b\n\
                   Classifier: Topic :: Utilities\n\
                   Description-Content-Type: text/markdown; charset=UTF-8; variant=GFM\n\
                   Dynamic: Summary";
    assert_eq!(codes_with(headers), [""; 0]);
}

#[test]
fn defects_of_the_archive_are_found() {
    let good = Draft::wheel().bytes();
    let check = |bytes: &[u8], expected: &[&str]| {
        assert_eq!(codes(&lint_wheel(WHEEL_NAME, bytes)), expected);
    };
    check(&[&good[..], b"x"].concat(), &["ARCHIVE-TRAILING-BYTES"]);
    check(&patch_headers(&good, 6, 8), &["ARCHIVE-DATA-DESCRIPTOR"]);
    check(&patch_headers(&good, 8, 12), &["ARCHIVE-METHOD"]);
    let double = Draft::wheel().with("demo_pkg/_nit__.py", "").bytes();
    let double = swap(&double, b"demo_pkg/_nit__.py", b"demo_pkg/other.py2");
    check(&double, &["WHEEL-RECORD-INCOMPLETE", "WHEEL-RECORD-SURPLUS"]);
    let double = Draft::wheel().with("demo_pkg/_the_.py", "").bytes();
    let double = swap(&double, b"demo_pkg/_the_.py", b"demo_pkg/other.py");
    check(&double, &["ARCHIVE-DUPLICATE"]);
    let outside = Draft::wheel().with("demo_pkg/x_.py", "").bytes();
    check(&swap(&outside, b"demo_pkg/x_.py", b"demo_pk/../.py"), &["ARCHIVE-PATH"]);
}

#[test]
fn a_file_that_was_cut_off_has_a_problem() {
    let check = |draft: Draft, lint: fn(&str, &[u8]) -> Vec<Diagnostic>, name: &str| {
        let good = draft.bytes();
        for end in [0, 1, 30, good.len() / 2, good.len() - 1] {
            assert_eq!(lint(name, &good[..end]).len(), 1, "cut off at {end}");
        }
    };
    check(Draft::wheel(), lint_wheel, WHEEL_NAME);
    check(Draft::sdist(), lint_sdist, "demo_pkg-1.0.0rc1.tar.gz");
}

#[test]
fn what_breaks_a_file_is_told_from_what_only_the_index_refuses() {
    let check = |draft: Draft, expected: &[&str]| {
        let broken: Vec<Diagnostic> =
            draft.problems().into_iter().filter(breaks_the_file).collect();
        assert_eq!(codes(&broken), expected);
    };
    let wheel = Draft::wheel;
    check(wheel().header("Classifier: Private :: Do Not Upload"), &[]);
    check(wheel().header("Requires-Dist: b @ https://a.example/b.whl"), &[]);
    check(wheel().header("Home-page: nowhere"), &[]);
    check(wheel().with("tests/test_a.py", "x"), &[]);
    check(wheel().header("Requires-Dist: b >> 1"), &["METADATA-REQUIREMENT"]);
    check(wheel().header("Name: requests"), &["METADATA-REPEATED-FIELD"]);
    check(wheel().header("Version: 6.6.6"), &["METADATA-REPEATED-FIELD"]);
    check(wheel().record(|_| None), &["WHEEL-RECORD-MISSING"]);
    check(wheel().replace(INFO, "other-1.0.dist-info"), &["WHEEL-DIST-INFO"]);
    check(wheel().record(|text| Some(text.replacen("=", "=A", 1))), &["WHEEL-RECORD-HASH"]);
    check(wheel().without("/WHEEL"), &["WHEEL-WHEEL-MISSING"]);
}

#[test]
fn a_problem_without_a_location_has_that_of_the_file() {
    let problems = Draft::sdist().without("/pyproject.toml").problems();
    let expected = Some(Location::file("demo_pkg-1.0.0rc1.tar.gz"));
    assert_eq!(problems.iter().map(|problem| &problem.location).collect::<Vec<_>>(), [&expected]);
}
