//! The list of referrers under a tag, which everybody who pushes writes to.

use std::io::{Read, Write};
use std::net::TcpStream;

use forge::{Forge, RegistrySetup, Service};
use serde_json::{Value, json};

use super::{forge, options, release, run};

#[test]
fn what_others_listed_as_referrers_stays() {
    let forge = forge(RegistrySetup { referrers: false, ..RegistrySetup::default() });
    let (ours, options) = (release(&forge, ""), options(&forge));
    run(&ours, &options, 1).unwrap();
    let tag = format!("sha256-{}", ours.index.hex());
    let listed = |forge: &Forge| {
        let registry = forge.registry();
        let oci_repository = &registry.repositories["o/app"];
        let bytes = oci_repository.manifest(&tag).unwrap().1.bytes.clone();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let entries = listed(&forge)["manifests"].as_array().unwrap().clone();
    assert_eq!(entries.len(), 2);
    // Somebody else's list holds theirs alone: ours were lost, theirs must not be.
    let child = forge.registry().repositories["o/app"].manifests.keys().next().unwrap().clone();
    let foreign = json!({"mediaType": "x/y", "digest": child, "size": 1, "own": [1]});
    let index = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [foreign],
    });
    put(&forge, &format!("/v2/o/app/manifests/{tag}"), &index.to_string());
    assert_eq!(run(&ours, &options, 3), Ok(1));
    let merged = listed(&forge)["manifests"].as_array().unwrap().clone();
    assert_eq!(merged[0], foreign);
    assert_eq!(merged[1..], entries);
}

/// Puts an image index into the registry, as somebody else would.
fn put(forge: &Forge, path: &str, body: &str) {
    let mut stream = TcpStream::connect(forge.host(Service::Registry)).unwrap();
    let kind = "application/vnd.oci.image.index.v1+json";
    write!(
        stream,
        "PUT {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
