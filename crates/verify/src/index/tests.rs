use evidence::{Identity, Verified};
use model::{Artifact, FileEntry, Release, Signing, ToolUse, UnitId, Version};

use super::*;

/// The formats that an index takes.
static FORMATS: &[&dyn Inspects] = &[&pypi::Pypi];

fn publisher() -> Signer {
    Signer::Trusted(Verified::by(Identity::Key { hint: "key".to_owned() }))
}

const FILES: [&str; 2] = ["a-1.0-py3-none-any.whl", "a-1.0.tar.gz"];

fn served(name: &str) -> Distribution {
    let digest = Digest::of(name.as_bytes());
    Distribution {
        name: name.to_owned(),
        size: name.len() as u64,
        digest,
        stated: Some(digest),
        problems: Vec::new(),
        provenance: None,
    }
}

fn manifest() -> Manifest {
    let artifact = |name: &&str| Artifact {
        unit: UnitId("a/pypi".to_owned()),
        package: "a".to_owned(),
        format: pypi::FORMAT,
        kind: pypi::WHEEL,
        platform: None,
        version: "1.0".to_owned(),
        reference: String::new(),
        file: FileEntry {
            path: format!("pypi/{name}"),
            size: name.len() as u64,
            digest: Digest::of(name.as_bytes()),
        },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    Manifest {
        signing: Signing::KEY,
        artifacts: FILES.iter().map(artifact).collect(),
        ..Manifest::new(ToolUse::default(), Release::new(Version::parse("1.0.0").unwrap()))
    }
}

/// The codes of what is wrong when one thing is spoiled.
fn check(spoil: impl Fn(&mut Vec<Distribution>), tied: bool, expected: &[&str]) {
    let mut files: Vec<Distribution> = FILES.iter().map(|name| served(name)).collect();
    spoil(&mut files);
    let manifest = manifest();
    let names = FILES.map(str::to_owned).to_vec();
    let wanted = Expected { manifest: &manifest, names, signer: Ok(publisher()), formats: FORMATS };
    let report = verify_distributions("pypi:a==1.0", &files, Some(&wanted).filter(|_| tied));
    let problems = report.problems();
    let codes: Vec<&str> = problems.0.iter().map(|problem| problem.code.name).collect();
    assert_eq!(codes, expected, "{report}");
    assert_eq!(report.signer, if tied { publisher() } else { Signer::Unsigned });
    assert_eq!(tied, !report.notes.iter().any(|note| note.contains("--manifest")));
}

#[test]
fn an_index_serves_what_it_says_and_what_the_manifest_lists() {
    check(|_| {}, true, &[]);
    check(|_| {}, false, &[]);
    check(|files| files[0].stated = Some(Digest::of(b"other")), false, &["index-digest"]);
    check(|files| files[0].digest = Digest::of(b"x"), true, &["index-digest", "index-other"]);
    check(
        |files| {
            files[0].digest = Digest::of(b"x");
            files[0].stated = Some(Digest::of(b"x"));
        },
        true,
        &["index-other"],
    );
    check(|files| files[1].size += 1, true, &["index-other"]);
    check(|files| drop(files.pop()), true, &["index-missing"]);
    check(|files| drop(files.pop()), false, &[]);
    check(|files| files.push(served("a-1.0-py2-none-any.whl")), true, &["index-foreign"]);
    check(|files| files[0].stated = None, true, &[]);
    let wrong = Diagnostic::new(&codes::FILE_DIGEST, "no");
    check(move |files| files[0].problems.push(wrong.clone()), false, &["file-digest"]);
    check(|files| files[0].provenance = Some("{}".to_owned()), true, &["attestation-syntax"]);
}

#[test]
fn a_manifest_that_is_not_signed_by_the_key_ties_nothing() {
    let manifest = manifest();
    let signer = Err(Diagnostic::new(&evidence::codes::BUNDLE_KEY, "is by another").into());
    let expected = Expected { manifest: &manifest, names: Vec::new(), signer, formats: FORMATS };
    let files: Vec<Distribution> = FILES.iter().map(|name| served(name)).collect();
    let report = verify_distributions("pypi:a==1.0", &files, Some(&expected));
    assert_eq!((report.is_good(), report.signer.clone()), (false, Signer::Unsigned), "{report}");
}
