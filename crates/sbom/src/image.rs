//! Images: what lies in their layers, and the platforms of an index.

use model::{Artifact, ArtifactKind, Digest};

use crate::{Component, Contents, Purpose, Supplier, purl};

/// What is inside of an image for one platform: files, each with its name, its digest and what is
/// inside of it.
#[must_use]
pub fn image(version: &str, files: Vec<(String, Digest, Contents)>) -> Contents {
    let mut contents = Contents::default();
    for (name, digest, inner) in files {
        let purl = purl::file(&name, version, Some(&digest));
        let component = Component {
            name,
            version: version.to_owned(),
            supplier: Supplier::Publisher,
            license: inner.about.license.clone(),
            digest: Some(digest),
            purpose: Purpose::Application,
            ..Component::default()
        };
        contents.contain(&purl, component, inner);
    }
    contents
}

/// What is inside of an image index: the images of its platforms, which have documents of their
/// own.
#[must_use]
pub fn image_index<'a>(images: impl IntoIterator<Item = &'a Artifact>) -> Contents {
    let mut contents = Contents::default();
    for image in images.into_iter().filter(|image| image.kind == ArtifactKind::Image) {
        let platform = image.platform.map(model::Platform::oci).unwrap_or_default();
        let component = Component {
            name: image.reference.clone(),
            version: image.version.clone(),
            supplier: Supplier::Publisher,
            digest: Some(image.file.digest),
            purpose: Purpose::Container,
            comment: format!("the image for {platform}; it has a document of its own"),
            ..Component::default()
        };
        contents.contain(&root_purl(image), component, Contents::default());
    }
    contents
}

/// The package URL of an image or an index of this release.
pub(crate) fn root_purl(image: &Artifact) -> String {
    let arch = image.platform.map(model::Platform::arch).unwrap_or_default();
    purl::oci(&image.reference, &image.file.digest.to_string(), arch, &image.version)
}
