//! What an archive of another program may contain.

use archive::tar::{Member, write_members};
use model::Platform;

use super::*;
use crate::ImageSpec;
use crate::pack::tests::{files as layout_files, package};

type Files = Vec<(String, Vec<u8>)>;

/// The layout of an image for arm64 only, by path in the archive.
fn good() -> Files {
    let mut package = package();
    package.specs.edit(|image: &mut ImageSpec| image.platforms = vec![Platform::LinuxArm64]);
    let inside = |(path, bytes): (String, Vec<u8>)| {
        (path.strip_prefix("oci/clock/").unwrap().to_owned(), bytes)
    };
    layout_files(&package).into_iter().map(inside).collect()
}

fn tar_of(files: &Files, more: &[Member<'_>]) -> Vec<u8> {
    let member = |(path, bytes): &'_ (String, Vec<u8>)| (path.clone(), bytes.clone());
    let files: Files = files.iter().map(member).collect();
    let mut members: Vec<Member<'_>> = files
        .iter()
        .map(|(path, bytes)| Member {
            path: path.clone(),
            kind: Kind::File,
            mode: 0o644,
            uid: 0,
            bytes,
        })
        .collect();
    members.extend(more.iter().cloned());
    write_members(&members, 0).unwrap()
}

/// The answer for a valid archive after `edit`, requested for arm64.
fn check(edit: impl FnOnce(&mut Files), more: &[Member<'_>], expected: &str) {
    let mut files = good();
    edit(&mut files);
    let found = match import_image("clock.tar", &tar_of(&files, more), Platform::LinuxArm64) {
        Ok(_) => "fine".to_owned(),
        Err(problem) => {
            let place = problem.location.map(|place| place.file).unwrap_or_default();
            assert!(place.starts_with("clock.tar"), "{place}");
            problem.code.to_string()
        }
    };
    assert_eq!(found, expected);
}

#[test]
fn a_layout_with_one_image_is_taken_over_byte_for_byte() {
    check(|_| {}, &[], "fine");
    let folder =
        Member { path: "blobs".to_owned(), kind: Kind::Folder, mode: 0o755, uid: 0, bytes: &[] };
    check(|_| {}, &[folder], "fine");
    let files = good();
    let image = import_image("clock.tar", &tar_of(&files, &[]), Platform::LinuxArm64).unwrap();
    let blobs = [vec![image.manifest, image.config], image.layers].concat();
    assert_eq!(blobs.len(), 3);
    for blob in blobs {
        let path = format!("blobs/sha256/{}", blob.digest.hex());
        assert!(files.contains(&(path, blob.bytes)));
    }
}

#[test]
fn what_is_more_or_other_than_asked_for_is_refused() {
    let mut two = package();
    two.specs.edit(|image: &mut ImageSpec| image.platforms = Platform::LINUX.to_vec());
    let inside = |(path, bytes): (String, Vec<u8>)| (path.replace("oci/clock/", ""), bytes);
    let two: Files = layout_files(&two).into_iter().map(inside).collect();
    check(|files| *files = two, &[], "image-count");
    let archive = tar_of(&good(), &[]);
    let other = import_image("clock.tar", &archive, Platform::LinuxAmd64).unwrap_err();
    assert_eq!(other.code.to_string(), "image-platform-other");
    assert!(other.message.contains("`linux/arm64`, asked for `linux/amd64`"), "{other}");
    check(|files| files.push(("more".to_owned(), Vec::new())), &[], "oci-extra-file");
}

#[test]
fn an_archive_that_lies_is_refused() {
    let layer = |files: &mut Files| {
        let largest = files.iter_mut().max_by_key(|(_, bytes)| bytes.len()).unwrap();
        let last = largest.1.len() - 1;
        largest.1[last] ^= 1;
    };
    check(layer, &[], "oci-digest");
    let cut = |files: &mut Files| {
        files.iter_mut().max_by_key(|(_, bytes)| bytes.len()).unwrap().1.pop();
    };
    check(cut, &[], "oci-size");
    check(|files| files.retain(|(path, _)| path != "index.json"), &[], "oci-missing-file");
    let of = |path: &str, kind| Member { path: path.to_owned(), kind, mode: 0, uid: 0, bytes: b"" };
    let mut twice = tar_of(&good(), &[]);
    while twice.ends_with(&[0; 512]) {
        twice.truncate(twice.len() - 512);
    }
    twice.extend(write_members(&[of("oci-layout", Kind::File)], 0).unwrap());
    let twice = import_image("clock.tar", &twice, Platform::LinuxArm64).unwrap_err();
    assert_eq!(twice.code.to_string(), "image-archive", "{twice}");
    assert!(twice.message.ends_with("contains `oci-layout` twice"), "{twice}");
    let junk = import_image("clock.tar", b"no archive", Platform::LinuxArm64).unwrap_err();
    assert!(junk.code.name.starts_with("archive-"), "{junk}");
}
