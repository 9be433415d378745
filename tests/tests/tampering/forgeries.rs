//! Forgeries: releases that were changed with care, by someone who has the product and a key, but
//! not the publisher's key. Through the command line, on a smaller release cut from the example.

use std::fs;

use model::{ArtifactKind, DocumentKind, EvidenceKind, Manifest, Signing, UnitStatus};
use product_tests::forgery::{self, Files, INSPECTS};
use product_tests::judges::Verdict;
use product_tests::scratch::Scratch;
use product_tests::{product, release};
use signing::Key;

/// A release signed by its publisher, and the workshop of somebody who is not.
struct Workshop {
    work: Scratch,
    files: Files,
    stranger: Key,
}

impl Workshop {
    /// The example without its larger artifacts: what is left is quick to verify.
    fn open() -> Self {
        let mut files = forgery::load(&release::example());
        let mut manifest = forgery::manifest(&files);
        let all: Vec<String> = files.keys().cloned().collect();
        let small = [pypi::WHEEL, pypi::SDIST, helm::CHART];
        manifest.artifacts.retain(|artifact| small.contains(&artifact.kind));
        let kept = |path: &str| manifest.artifacts.iter().any(|a| a.file.path == path);
        manifest.documents.retain(|document| document.about.as_deref().is_some_and(kept));
        manifest.signing = Signing::KEY;
        let publisher = Key::generate().unwrap();
        forgery::reseal(&mut files, manifest.clone(), Some(&publisher));
        let sealed = forgery::manifest(&files);
        for path in all.iter().filter(|path| !is_part(&sealed, path)) {
            files.remove(path);
        }
        let work = Scratch::new("forged").unwrap();
        fs::write(work.join("publisher.pub"), publisher.public_pem()).unwrap();
        Self { work, files, stranger: Key::generate().unwrap() }
    }

    /// What the command line says of the forgery, without and with the publisher's key.
    fn verify(&self, forged: &Files) -> [Verdict; 2] {
        let dist = self.work.join("dist");
        let _ = fs::remove_dir_all(&dist);
        forgery::store(forged, &dist);
        let (dist, key) = (dist.display().to_string(), self.work.join("publisher.pub"));
        let key = key.display().to_string();
        [product::run(&["verify", &dist]), product::run(&["verify", &dist, "--key", &key])]
    }

    /// Forges, and expects both a no and these words on stderr.
    #[track_caller]
    fn refused(&self, forge: impl FnOnce(&mut Files), words: &[&str]) {
        let mut forged = self.files.clone();
        forge(&mut forged);
        assert_ne!(forged, self.files, "nothing was forged");
        let [alone, with_key] = self.verify(&forged);
        for word in words {
            assert!(alone.stderr.contains(word), "{word} is missing:\n{}", alone.told());
        }
        assert_eq!(alone.code, 1, "{}", alone.told());
        assert_eq!(with_key.code, 1, "{}", with_key.told());
        // A key that is not shown to have signed it is not named as the one that did.
        assert!(!with_key.stdout.contains("signed by"), "{}", with_key.stdout);
    }

    /// Forges so well that all of it agrees: only the publisher's key tells.
    #[track_caller]
    fn told_by_the_key_alone(&self, forge: impl FnOnce(&mut Files, &Key)) {
        let mut forged = self.files.clone();
        forge(&mut forged, &self.stranger);
        let [alone, with_key] = self.verify(&forged);
        let alone = alone.accepted();
        let modest = ["integrity only, signer unknown", "not signed"];
        assert!(modest.iter().any(|word| alone.stdout.contains(word)), "{}", alone.told());
        assert_eq!(with_key.code, 1, "{}", with_key.told());
        assert!(with_key.stderr.contains("error[signatures-"), "{}", with_key.told());
    }
}

fn is_part(manifest: &Manifest, path: &str) -> bool {
    let sealed = verify::all_digests(manifest);
    path == Manifest::FILE
        || sealed.iter().any(|(listed, _)| listed == path)
        || manifest.documents.iter().any(|document| document.file.path == path)
        || manifest.evidence.iter().any(|item| item.path == path)
        || ::release::documents(manifest, INSPECTS).iter().any(|(document, _)| document == path)
        || path
            .strip_prefix("github/")
            .is_some_and(|name| manifest.assets.iter().any(|asset| asset.name == name))
}

/// The first artifact of the kind.
fn first(files: &Files, kind: ArtifactKind) -> String {
    let manifest = forgery::manifest(files);
    let artifact = manifest.artifacts.iter().find(|artifact| artifact.kind == kind).unwrap();
    artifact.file.path.clone()
}

/// Another chart under the same name: the operating system that its gzip header names is changed.
fn poison(files: &mut Files) {
    const SYSTEM: usize = 9;
    let path = first(files, helm::CHART);
    let mut bytes = files[&path].clone();
    bytes[SYSTEM] ^= 1;
    forgery::replace(files, &path, bytes);
}

/// Rewrites the manifest alone, in its own spelling.
fn rewrite(files: &mut Files, change: impl FnOnce(&mut Manifest)) {
    let mut manifest = forgery::manifest(files);
    change(&mut manifest);
    forgery::put_manifest(files, &manifest);
}

#[test]
fn what_the_publisher_sealed_is_good_with_and_without_the_key() {
    let shop = Workshop::open();
    let [alone, with_key] = shop.verify(&shop.files);
    assert!(alone.accepted().stdout.contains("integrity only, signer unknown"));
    assert!(with_key.accepted().stdout.contains("signed by the given key"));
}

#[test]
fn all_resealed_by_a_stranger_is_integrity_only_and_fails_with_the_publishers_key() {
    let shop = Workshop::open();
    shop.told_by_the_key_alone(|files, stranger| {
        poison(files);
        let manifest = forgery::manifest(files);
        forgery::reseal(files, manifest, Some(stranger));
    });
    shop.told_by_the_key_alone(|files, stranger| {
        rewrite(files, |manifest| manifest.source.commit = Some("0".repeat(40)));
        let manifest = forgery::manifest(files);
        forgery::reseal(files, manifest, Some(stranger));
    });
}

#[test]
fn a_release_that_says_it_is_not_signed_fails_with_the_publishers_key() {
    let shop = Workshop::open();
    shop.told_by_the_key_alone(|files, _| {
        poison(files);
        let mut manifest = forgery::manifest(files);
        let old = manifest.evidence.clone();
        manifest.signing = Signing::NONE;
        forgery::reseal(files, manifest, None);
        for item in old {
            files.remove(&format!("github/{}", item.path.rsplit('/').next().unwrap()));
            files.remove(&item.path);
        }
    });
    // The old signatures left beside it are files too many.
    shop.refused(
        |files| {
            let mut manifest = forgery::manifest(files);
            manifest.signing = Signing::NONE;
            forgery::reseal(files, manifest, None);
        },
        &["signing-key.pub: error[file-extra]", "release.json.sigstore.json: error[file-extra]"],
    );
}

#[test]
fn digests_recomputed_without_the_key_are_named_by_the_old_signatures() {
    let shop = Workshop::open();
    let chart = first(&shop.files, helm::CHART);
    let bundle = format!("{chart}.sigstore.json: error[bundle-subject]");
    shop.refused(
        |files| {
            poison(files);
            let manifest = forgery::manifest(files);
            forgery::reseal(files, manifest, None);
        },
        &[
            &bundle,
            "release.json.sigstore.json: error[bundle-subject]",
            "release.json: error[manifest-signature]",
        ],
    );
}

#[test]
fn signatures_of_a_stranger_beside_the_publishers_key_are_named() {
    let shop = Workshop::open();
    let publisher = shop.files[Manifest::KEY_FILE].clone();
    shop.refused(
        |files| {
            let manifest = forgery::manifest(files);
            forgery::sign(files, &manifest, &shop.stranger);
            files.insert(Manifest::KEY_FILE.to_owned(), publisher.clone());
            forgery::link(files, &manifest);
        },
        &["signing-key.pub: error[signatures-key]"],
    );
    // One bundle by a stranger among the publisher's.
    shop.refused(
        |files| {
            let one = forgery::manifest(files);
            let mut forged = files.clone();
            forgery::sign(&mut forged, &one, &shop.stranger);
            let path = "checksums.txt.sigstore.json".to_owned();
            let bytes = forged[&path].clone();
            files.insert(path, bytes);
        },
        &["checksums.txt.sigstore.json: error[bundle-key]"],
    );
}

#[test]
fn a_bundle_of_another_file_is_named() {
    let shop = Workshop::open();
    shop.refused(
        |files| {
            let path = "release.json.sigstore.json".to_owned();
            let other = files["checksums.txt.sigstore.json"].clone();
            files.insert(path.clone(), other.clone());
            files.insert(format!("github/{path}"), other);
        },
        &["release.json.sigstore.json: error[bundle-subject]"],
    );
}

#[test]
fn a_manifest_that_lists_less_evidence_is_named() {
    let shop = Workshop::open();
    shop.refused(
        |files| {
            let mut gone = String::new();
            rewrite(files, |manifest| {
                let bundle = |item: &model::Evidence| item.kind == EvidenceKind::Bundle;
                let at = manifest.evidence.iter().position(bundle).unwrap();
                gone = manifest.evidence.remove(at).path;
                manifest.assets.retain(|asset| asset.path != gone);
            });
            files.remove(&gone);
            files.remove(&format!("github/{}", gone.rsplit('/').next().unwrap()));
        },
        &["release.json: error[signatures-listed]"],
    );
    shop.refused(
        |files| rewrite(files, |manifest| manifest.evidence.clear()),
        &["release.json: error[signatures-listed]", "error[file-extra]"],
    );
    shop.refused(
        |files| rewrite(files, |manifest| manifest.signing = Signing::NONE),
        &["release.json: error[signatures-listed]"],
    );
}

#[test]
fn a_manifest_with_paths_that_leave_the_release_is_named() {
    let shop = Workshop::open();
    let outside = ["../x", "/etc/passwd", "a/../../x", "a\\b", "", ".", "a\nb", "-x", "C:x"];
    for path in outside {
        shop.refused(
            |files| rewrite(files, |manifest| manifest.artifacts[0].file.path = path.to_owned()),
            &["release.json: error[manifest-"],
        );
    }
    shop.refused(
        |files| rewrite(files, |manifest| manifest.assets[0].name = "../x".to_owned()),
        &["release.json: error[manifest-path]"],
    );
    shop.refused(
        |files| rewrite(files, |manifest| manifest.assets[0].path = "../../secret".to_owned()),
        &["release.json: error[manifest-path]"],
    );
    shop.refused(
        |files| rewrite(files, |manifest| manifest.evidence[0].about = Some("../x".to_owned())),
        &["release.json: error[signatures-listed]"],
    );
}

#[test]
fn a_manifest_with_a_key_twice_or_unknown_or_in_another_spelling_is_named() {
    let shop = Workshop::open();
    let respell = |from: &'static str, to: &'static str| {
        move |files: &mut Files| {
            let text = String::from_utf8(files[Manifest::FILE].clone()).unwrap();
            assert!(text.contains(from), "{from}");
            let text = text.replacen(from, to, 1);
            files.insert(Manifest::FILE.to_owned(), text.clone().into());
            files.insert("github/release.json".to_owned(), text.into());
        }
    };
    let check = |from, to, words: &[&str]| shop.refused(respell(from, to), words);
    check("\"dirty\":", "\"dirty\": true,\n    \"dirty\":", &["error[manifest-unreadable]"]);
    check("\"signing\":", "\"signing\": \"none\",\n  \"signing\":", &["manifest-unreadable"]);
    check("\"source\":", "\"evil\": 1,\n  \"source\":", &["manifest-unreadable"]);
    check("\"epoch\":", "\"evil\": 1, \"epoch\":", &["release.json: error[manifest-rendering]"]);
    check("\"dirty\": ", "\"dirty\":  ", &["release.json: error[manifest-rendering]"]);
    check("{\n", "\u{feff}{\n", &["error[manifest-unreadable]"]);
    check("release/1", "release/9", &["release.json: error[manifest-schema]"]);
}

#[test]
fn a_statement_with_a_subject_too_few_is_named() {
    let shop = Workshop::open();
    let path = "provenance/release.intoto.json";
    shop.refused(
        |files| {
            // Seal a statement about fewer artifacts into the release of all of them.
            let mut fewer = forgery::manifest(files);
            fewer.artifacts.remove(0);
            let (_, text) = verify::provenance(&fewer, INSPECTS).unwrap().remove(0);
            files.insert(path.to_owned(), text.clone().into_bytes());
            rewrite(files, |manifest| {
                let mut documents = manifest.documents.iter_mut();
                let document = documents.find(|d| d.kind == DocumentKind::Provenance).unwrap();
                document.file.size = text.len() as u64;
                document.file.digest = model::Digest::of(text.as_bytes());
            });
            let manifest = forgery::manifest(files);
            forgery::sign(files, &manifest, &shop.stranger);
            forgery::link(files, &manifest);
        },
        &["provenance/release.intoto.json: error[provenance-subjects]"],
    );
}

#[test]
fn an_sbom_about_another_artifact_is_named() {
    let shop = Workshop::open();
    let sbom = |files: &Files, index: usize| {
        let manifest = forgery::manifest(files);
        let mut sboms = manifest.documents.iter().filter(|d| d.kind == DocumentKind::Sbom);
        sboms.nth(index).unwrap().file.path.clone()
    };
    let (one, two) = (sbom(&shop.files, 0), sbom(&shop.files, 1));
    let reseal = |files: &mut Files| {
        let manifest = forgery::manifest(files);
        forgery::reseal(files, manifest, Some(&shop.stranger));
    };
    shop.refused(
        |files| {
            let other = files[&two].clone();
            files.insert(one.clone(), other);
            reseal(files);
        },
        &[&format!("{one}: error[sbom-subject]")],
    );
    shop.refused(
        |files| {
            rewrite(files, |manifest| {
                let mut documents = manifest.documents.iter_mut();
                let document = documents.find(|document| document.file.path == one).unwrap();
                document.components += 1;
            });
            reseal(files);
        },
        &[&format!("{one}: error[sbom-components]")],
    );
    shop.refused(
        |files| {
            let mut manifest = forgery::manifest(files);
            manifest.documents.retain(|document| document.file.path != one);
            forgery::reseal(files, manifest, Some(&shop.stranger));
        },
        &["error[sbom-missing]", &format!("{one}: error[file-extra]")],
    );
}

#[test]
fn an_artifact_under_anothers_name_is_named() {
    let shop = Workshop::open();
    let manifest = forgery::manifest(&shop.files);
    let wheels: Vec<&str> = manifest
        .artifacts
        .iter()
        .filter(|artifact| artifact.kind == pypi::WHEEL)
        .map(|artifact| artifact.file.path.as_str())
        .collect();
    let (one, two) = (wheels[0], wheels[1]);
    shop.refused(
        |files| {
            let bytes = files[two].clone();
            forgery::replace(files, one, bytes);
            let manifest = forgery::manifest(files);
            forgery::reseal(files, manifest, Some(&shop.stranger));
        },
        &[&format!("{one}: error[")],
    );
}

#[test]
fn markup_in_a_manifest_does_not_reach_the_page() {
    let shop = Workshop::open();
    shop.told_by_the_key_alone(|files, stranger| {
        rewrite(files, |manifest| {
            manifest.units[0].status = UnitStatus::Failed;
            manifest.units[0].reason = "<script>alert(1)</script>".to_owned();
        });
        let manifest = forgery::manifest(files);
        forgery::reseal(files, manifest, Some(stranger));
        let page = String::from_utf8(files["report.html"].clone()).unwrap();
        assert!(!page.contains("<script>alert"), "a reason reached the page as markup");
    });
}
