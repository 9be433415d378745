//! The image layout (image-spec, "image-layout"): an image as files in a folder.

use std::collections::BTreeMap;

use model::Digest;

use crate::Blob;
use crate::spec::{Descriptor, INDEX, Index, LayoutFile, REF_NAME, Texts, render};

/// The folder in `dist/` of the image called `name`.
#[must_use]
pub fn folder(name: &str) -> String {
    format!("oci/{name}")
}

/// The path in `dist/` of a blob of the image called `name`.
#[must_use]
pub fn blob_path(name: &str, digest: &Digest) -> String {
    format!("oci/{name}/blobs/sha256/{}", digest.hex())
}

/// The files of a layout, by path in `dist/`: `oci-layout`, `index.json` with `tag` on the index
/// `index`, that index, and all `blobs`, each once.
#[must_use]
pub fn layout(name: &str, tag: &str, index: &Blob, blobs: &[Blob]) -> Vec<(String, Vec<u8>)> {
    let folder = folder(name);
    let layout_file = LayoutFile { image_layout_version: LayoutFile::VERSION.to_owned() };
    let root = Descriptor {
        annotations: Texts::from([(REF_NAME.to_owned(), tag.to_owned())]),
        ..index.descriptor(INDEX)
    };
    let roots = Index {
        schema_version: 2,
        media_type: INDEX.to_owned(),
        manifests: vec![root],
        annotations: Texts::new(),
    };
    let mut files = BTreeMap::from([
        (format!("{folder}/oci-layout"), render(&layout_file)),
        (format!("{folder}/index.json"), render(&roots)),
    ]);
    for blob in blobs.iter().chain([index]) {
        files.entry(blob_path(name, &blob.digest)).or_insert_with(|| blob.bytes.clone());
    }
    files.into_iter().collect()
}
