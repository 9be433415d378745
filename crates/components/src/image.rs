//! Images: what lies in their layers, and the platforms of an index.

use model::{Artifact, Digest};

use crate::supplier::PYTHON;
use crate::{Component, Contents, Link, Purpose, Supplier, purl, python};

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

/// Programs of strangers in an image: path, digest and what each was linked from.
#[must_use]
pub fn foreign_files(files: Vec<(String, Digest, Contents)>) -> Contents {
    let mut contents = Contents::default();
    for (path, digest, inner) in files {
        let purl = purl::file(path.rsplit('/').next().unwrap_or(&path), "", Some(&digest));
        let component = Component {
            name: path,
            digest: Some(digest),
            purpose: Purpose::Application,
            ..Component::default()
        };
        contents.contain(&purl, component, inner);
    }
    contents
}

/// Python distributions that are installed in an image, by the headers of their `METADATA`.
#[must_use]
pub fn installed(distributions: &[Vec<(String, String)>]) -> Contents {
    let mut contents = Contents::default();
    for headers in distributions {
        let first = |name: &str| {
            let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        let (name, version) = (first("Name"), first("Version"));
        if name.is_empty() || version.is_empty() {
            continue;
        }
        let license = python(headers).about.license;
        let component = Component { name, version, license, ..Component::default() };
        let purl = purl::pypi(&component.name, &component.version, "");
        contents.contain(&purl, component, Contents::default());
    }
    contents
}

/// Data from a Python package in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPackage {
    /// The package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The licence of the data, as an SPDX expression; empty where it has none.
    pub license: String,
    /// The digest of the package's file.
    pub digest: Digest,
    /// What it is, and where it lies.
    pub comment: String,
}

/// Data from Python packages in an image.
#[must_use]
pub fn data_packages(packages: &[DataPackage]) -> Contents {
    let mut contents = Contents::default();
    for package in packages {
        let purl = purl::pypi(&package.name, &package.version, "");
        let component = Component {
            name: package.name.clone(),
            version: package.version.clone(),
            supplier: Supplier::named(PYTHON),
            license: package.license.clone(),
            digest: Some(package.digest),
            comment: package.comment.clone(),
            ..Component::default()
        };
        contents.contain(&purl, component, Contents::default());
    }
    contents
}

/// What the build of an image took layers or files from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseImage {
    /// Its package URL.
    pub purl: String,
    /// The digest of its manifest or index.
    pub digest: Digest,
}

/// The images that an image was built from.
#[must_use]
pub fn base_images(images: &[BaseImage]) -> Contents {
    let mut contents = Contents::default();
    for BaseImage { purl, digest } in images {
        let Some(purl) = purl::foreign(purl) else { continue };
        let plain = purl.split('?').next().unwrap_or_default();
        let plain = plain.split_once('/').map_or(plain, |(_, rest)| rest);
        let (name, version) = plain.split_once('@').unwrap_or((plain, ""));
        let component = Component {
            name: name.to_owned(),
            version: if version.is_empty() { digest.to_string() } else { version.to_owned() },
            supplier: Supplier::of_place(name),
            digest: Some(*digest),
            purpose: Purpose::Container,
            comment: "the build took layers or files from it".to_owned(),
            ..Component::default()
        };
        contents.add(&purl, component);
        contents.join(None, Link::DependsOn, &purl);
    }
    contents
}

/// What is inside of an image index: `images`, one a platform, which have documents of their own.
#[must_use]
pub fn image_index<'a>(images: impl IntoIterator<Item = &'a Artifact>) -> Contents {
    let mut contents = Contents::default();
    for image in images {
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
