//! What somebody took of a release: a folder of its downloads, a part of them, one file. Each is
//! the release's, byte for byte and under its own name, or it is refused.

use std::fs;
use std::path::Path;

use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;
use product_tests::{product, release};

/// The program for one platform, and the one that it may be taken for.
const PROGRAM: &str = "mcp-server-time-linux-arm64";
const OTHER: &str = "mcp-server-time-linux-amd64";

/// What ties downloads to a key.
const NEEDED: [&str; 3] = ["release.json", "release.json.sigstore.json", "signing-key.pub"];

/// A folder with some of the example's downloads.
fn taken(names: &[&str]) -> Scratch {
    let folder = Scratch::new("downloads").unwrap();
    for name in names {
        fs::copy(release::example().join("github").join(name), folder.join(name)).unwrap();
    }
    folder
}

fn verify(words: &[&Path]) -> Verdict {
    let key = release::example().join("signing-key.pub");
    Verdict::of(product::command().arg("verify").args(words).arg("--key").arg(key))
}

#[test]
fn all_downloads_verify_and_so_does_a_part_that_says_what_it_lacks() {
    let all = verify(&[&release::example().join("github")]).accepted();
    assert!(
        all.stdout.contains("36 artifacts") && !all.stdout.contains("not here"),
        "{}",
        all.told()
    );
    let part = taken(&[NEEDED[0], NEEDED[1], NEEDED[2], PROGRAM]);
    let told = verify(&[part.path()]).accepted().stdout;
    assert!(told.contains("117 of its 121 downloads are not here"), "{told}");
    assert!(told.ends_with("verified: 1 artifacts of 1.0.0 (signed by the given key)\n"), "{told}");
}

#[test]
fn a_part_that_was_tampered_with_is_refused_and_its_file_named() {
    let check = |tamper: &dyn Fn(&Path), expected: &str| {
        let part = taken(&[NEEDED[0], NEEDED[1], NEEDED[2], PROGRAM, OTHER]);
        tamper(part.path());
        let told = verify(&[part.path()]);
        assert_eq!(told.code, 1, "{expected}: {}", told.told());
        let named = told.stderr.lines().any(|line| line.starts_with(expected));
        assert!(named, "{expected}: {}", told.told());
    };
    let swapped = |part: &Path| {
        fs::rename(part.join(PROGRAM), part.join("kept")).unwrap();
        fs::rename(part.join(OTHER), part.join(PROGRAM)).unwrap();
        fs::rename(part.join("kept"), part.join(OTHER)).unwrap();
    };
    check(&swapped, &format!("{PROGRAM}: error[file-"));
    check(&|part| fs::write(part.join("stray"), "x").unwrap(), "stray: error[file-extra]");
    for name in NEEDED {
        let expected = format!("{name}: error[file-missing]");
        check(&|part| fs::remove_file(part.join(name)).unwrap(), &expected);
    }
    let link = |part: &Path| {
        fs::remove_file(part.join(PROGRAM)).unwrap();
        std::os::unix::fs::symlink(OTHER, part.join(PROGRAM)).unwrap();
    };
    check(&link, &format!("{PROGRAM}: error[file-not-regular]"));
}

#[test]
fn a_file_passes_for_a_subject_only_under_the_name_that_was_signed() {
    let dist = release::example();
    let work = Scratch::new("renamed").unwrap();
    let provenance = dist.join("provenance/release.intoto.json.sigstore.json");
    let with = |file: &Path| verify(&[file, Path::new("--bundle"), &provenance]);
    with(&dist.join("binary").join(PROGRAM)).accepted();
    let renamed = work.join(OTHER);
    fs::copy(dist.join("binary").join(PROGRAM), &renamed).unwrap();
    let told = with(&renamed);
    assert_eq!(told.code, 1, "{}", told.told());
    assert!(told.stderr.contains("error[bundle-name]"), "{}", told.told());
    assert!(told.stderr.contains(&format!("signed as `{PROGRAM}`")), "{}", told.told());
    // What a bundle holds, and what it signs for a registry, have no other name.
    verify(&[&dist.join("provenance/release.intoto.json")]).accepted();
    verify(&[&dist.join("github/release.intoto.json")]).accepted();
    verify(&[&dist.join("helm/mcp-stack-1.0.0.manifest.json")]).accepted();
}

#[test]
fn several_subjects_are_one_json_value() {
    let dist = release::example();
    let (first, second) = (dist.join("binary").join(PROGRAM), dist.join("binary").join(OTHER));
    let told = verify(&[&first, &second, Path::new("--output"), Path::new("json")]).accepted();
    let reports: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let subjects: Vec<&str> =
        reports.as_array().unwrap().iter().map(|one| one["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, [first.to_str().unwrap(), second.to_str().unwrap()]);
    assert_eq!(reports[1]["signer"], "key");
}
