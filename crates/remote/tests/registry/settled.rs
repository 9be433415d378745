//! Layers that a run wrote itself: asked for, not fetched back, and missed when they are gone.

use std::collections::BTreeSet;
use std::fs;

use forge::{Fault, Kind, On, RegistrySetup, Service};
use model::Digest;
use remote::http::{Http, Patience};
use remote::oci::{self, Limits, Reference};

use super::release::scratch;
use super::{forge, options, release, run};

#[test]
fn a_settled_layer_is_asked_for_and_all_else_is_fetched() {
    let forge = forge(RegistrySetup::default());
    let (release, options) = (release(&forge, ""), options(&forge));
    run(&release, &options, 1).unwrap();
    let name = format!("{}/o/app:1.2.3", forge.host(Service::Registry));
    let reference = Reference::parse(&name).unwrap();
    let http = Http::new(Patience::without_waits(1)).unwrap();
    let fetch = |settled: &BTreeSet<Digest>| {
        let folder = scratch();
        let limits = Limits::default();
        let found = oci::fetch(&http, &options.keychain, &reference, &folder, limits, settled);
        fs::remove_dir_all(folder).unwrap();
        found
    };
    let whole = fetch(&BTreeSet::new()).unwrap();
    let layers = whole.manifests.iter().flat_map(|manifest| &manifest.layers);
    let layers: BTreeSet<Digest> = layers.map(|layer| layer.digest).collect();
    forge.clear_log();
    let settled = fetch(&layers).unwrap();
    assert_eq!(settled.manifests.len(), whole.manifests.len());
    let mut asked = 0;
    for entry in forge.log() {
        if layers.iter().any(|layer| entry.path.contains(&layer.to_string())) {
            assert_eq!(entry.method, "HEAD", "{}", entry.path);
            asked += 1;
        }
    }
    assert_eq!(asked, layers.len());
    let check = |kind: Kind, expected: &str| {
        let fault = forge.inject(Fault::always(On::containing("HEAD", "/blobs/"), kind.clone()));
        assert_eq!(fetch(&layers).unwrap_err().code.to_string(), expected, "{kind:?}");
        assert!(forge.fired(fault) > 0);
        forge.disarm();
    };
    check(Kind::Status(404), "registry-absent");
    check(Kind::WrongDigest, "registry-digest");
    check(Kind::WrongSize, "registry-digest");
}
