//! Manifests that are there answer for their blobs, unless they are rechecked.

use std::collections::BTreeSet;

use forge::{Forge, RegistrySetup, Service};
use http::{Http, RetryPolicy};
use registry::{Limits, Options, Reference};

use super::release::scratch;
use super::{Release, forge, options, release, run};

/// A registry that holds a release.
fn published() -> (Forge, Release, Options<'static>) {
    let forge = forge(RegistrySetup::default());
    let (release, options) = (release(&forge, ""), options(&forge));
    run(&release, &options, 1).unwrap();
    forge.clear_log();
    (forge, release, options)
}

/// How often it was asked about blobs, and about manifests by digest.
fn questions(forge: &Forge) -> (usize, usize) {
    let log = forge.log();
    let of = |kind: &str| {
        log.iter().filter(|one| one.method == "HEAD" && one.path.contains(kind)).count()
    };
    (of("/blobs/"), of("/manifests/sha256:"))
}

#[test]
fn what_stands_is_asked_about_once_and_its_blobs_are_not() {
    let (forge, release, mut options) = published();
    assert_eq!(run(&release, &options, 1), Ok(0));
    let (blobs, manifests) = questions(&forge);
    assert_eq!(blobs, 0);
    forge.clear_log();
    options.recheck = true;
    assert_eq!(run(&release, &options, 1), Ok(0));
    let (all, same) = questions(&forge);
    assert!(all > manifests, "{all} blobs of {manifests} manifests");
    assert_eq!(same, manifests);
}

#[test]
fn a_manifest_that_is_gone_answers_for_nothing() {
    let (forge, release, options) = published();
    let stays = release.index.to_string();
    let gone = forge.change(|state| {
        let manifests = &mut state.registry.repository("o/app").manifests;
        let before = manifests.len();
        manifests.retain(|digest, _| *digest == stays);
        before - manifests.len()
    });
    // They, and the list of what refers to the index.
    assert_eq!(run(&release, &options, 1), Ok(gone + 1));
    let (blobs, _) = questions(&forge);
    assert!(blobs > 0, "their blobs are asked about");
    forge.clear_log();
    assert_eq!(run(&release, &options, 1), Ok(0));
}

#[test]
fn what_a_registry_lost_is_found_by_a_look_and_mended_by_a_recheck() {
    let (forge, release, mut options) = published();
    let http = Http::new(RetryPolicy::without_waits(1)).unwrap();
    let reference = format!("{}/o/app:1.2.3", forge.host(Service::Registry));
    let reference = Reference::parse(&reference).unwrap();
    let keychain = options.keychain.clone();
    let look = || {
        let folder = scratch();
        let (limits, none) = (Limits::default(), BTreeSet::new());
        let found = registry::fetch(&http, &keychain, &reference, &folder, limits, &none);
        std::fs::remove_dir_all(folder).unwrap();
        found.map_err(|problem| (problem.code.to_string(), problem.help.unwrap_or_default()))
    };
    let whole = look().unwrap();
    let layer = whole.manifests.iter().find_map(|one| one.layers.first()).unwrap();
    let layer = layer.digest.to_string();
    forge.change(|state| state.registry.repository("o/app").blobs.remove(&layer)).unwrap();
    assert_eq!(run(&release, &options, 1), Ok(0));
    let (code, help) = look().unwrap_err();
    assert_eq!(code, "registry-absent");
    assert!(help.contains("--recheck"), "{help}");
    options.recheck = true;
    assert_eq!(run(&release, &options, 1), Ok(1));
    assert!(look().is_ok());
}
