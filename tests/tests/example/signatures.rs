//! The signatures: cosign and openssl accept each with the release's public key, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::manifest::{Release, files_below, name_of, path_of};

const BUNDLE: &str = ".sigstore.json";

/// The statement's bundle is no signature over its file: it holds the statement itself.
const STATEMENT: &str = "release.intoto.json";

/// Every signed file of a folder with its bundle, but for the statement.
fn signed(folder: &Path) -> Vec<(PathBuf, PathBuf)> {
    let bundles = files_below(folder).into_iter().filter(|path| name_of(path).ends_with(BUNDLE));
    let pairs = bundles.map(|bundle| {
        let file = bundle.to_str().unwrap().trim_end_matches(BUNDLE);
        (PathBuf::from(file), bundle)
    });
    // Statements are signed in envelopes, about what registries know charts by as well.
    let stated = |name: &str| name == STATEMENT || name.ends_with(".manifest.json");
    pairs.filter(|(file, _)| !stated(name_of(file))).collect()
}

fn entries<'a>(release: &'a Release, list: &str) -> std::slice::Iter<'a, Value> {
    release.manifest[list].as_array().unwrap().iter()
}

/// `cosign verify-blob` with the release's key, offline; `None` without cosign.
fn verify(key: &Path, bundle: &Path, file: &Path) -> Option<Verdict> {
    let cosign = judges::find("cosign")?;
    let mut command = cosign.command();
    command.args(["verify-blob", "--insecure-ignore-tlog=true", "--key"]).arg(key);
    Some(Verdict::of(command.arg("--bundle").arg(bundle).arg(file)))
}

#[test]
fn cosign_accepts_every_bundle_that_a_downloader_gets() {
    let release = Release::example();
    let github = release.dist.join("github");
    let mut pairs = signed(&github);
    let bundles = entries(&release, "evidence").filter(|item| item["kind"] == "bundle");
    // What a downloader does not get is checked where it stands.
    for bundle in bundles.clone() {
        let place = release.dist.join(path_of(bundle));
        if fs::read(&place).unwrap() != fs::read(github.join(name_of(&place))).unwrap() {
            pairs.push((release.dist.join(bundle["about"].as_str().unwrap()), place));
        }
    }
    assert_eq!(pairs.len(), bundles.count(), "one for each bundle that release.json names");
    for (file, bundle) in &pairs {
        let Some(verdict) = verify(&github.join("signing-key.pub"), bundle, file) else { return };
        verdict.accepted();
    }
    println!("{} bundles", pairs.len());
}

#[test]
fn cosign_refuses_a_changed_file_and_anothers_bundle() {
    let release = Release::example();
    let work = Scratch::new("signed").unwrap();
    let pairs = signed(&release.dist.join("binary"));
    let key = release.dist.join("signing-key.pub");
    let (file, bundle) = &pairs[0];
    let mut bytes = fs::read(file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(work.join("changed"), bytes).unwrap();
    for (bundle, file) in [(bundle, work.join("changed")), (&pairs[1].1, file.clone())] {
        let Some(verdict) = verify(&key, bundle, &file) else { return };
        verdict.refused();
    }
}

#[test]
fn cosign_finds_every_file_in_the_provenance_and_no_other() {
    let release = Release::example();
    let Some(cosign) = judges::find("cosign") else { return };
    let attest = |file: &Path| {
        let mut command = cosign.command();
        command.args(["verify-blob-attestation", "--insecure-ignore-tlog=true"]);
        command.args(["--type", "slsaprovenance1", "--key"]);
        command.arg(release.dist.join("signing-key.pub")).arg("--bundle");
        let bundle = release.dist.join("provenance/release.intoto.json.sigstore.json");
        Verdict::of(command.arg(bundle).arg(file))
    };
    let files: Vec<PathBuf> =
        ["wheel", "sdist", "chart", "binary"].iter().flat_map(|kind| release.files(kind)).collect();
    for file in &files {
        attest(file).accepted();
    }
    attest(&release.dist.join("signing-key.pub")).refused();
    println!("{} subjects", files.len());
}

#[test]
fn openssl_agrees_with_cosign() {
    let release = Release::example();
    let work = Scratch::new("openssl").unwrap();
    let decode = |text: &str, to: &Path| {
        let from = work.join("base64");
        fs::write(&from, format!("{text}\n")).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["base64", "-d", "-A", "-in"]).arg(&from).arg("-out").arg(to);
        Verdict::of(&mut openssl).accepted();
    };
    let verify = |signature: &Path, file: &Path| {
        let mut openssl = Command::new("openssl");
        openssl.args(["dgst", "-sha256", "-verify"]).arg(release.dist.join("signing-key.pub"));
        Verdict::of(openssl.arg("-signature").arg(signature).arg(file))
    };
    for (file, bundle) in signed(&release.dist.join("helm")) {
        let bundle: Value = serde_json::from_slice(&fs::read(bundle).unwrap()).unwrap();
        let signature = work.join("signature");
        decode(bundle["messageSignature"]["signature"].as_str().unwrap(), &signature);
        verify(&signature, &file).accepted();
        verify(&signature, &release.dist.join("checksums.txt")).refused();
    }
}
