//! The index over the platforms of an image.

use std::collections::BTreeSet;

use model::{Diagnostic, Location};

use crate::codes;
use crate::spec::{Descriptor, INDEX, Index, Texts, render};
use crate::{About, Blob, Layout, folder};

/// Creates the index over the manifests of `images`, sorted by platform.
///
/// # Errors
/// If there is none, one has no platform, or two have the same.
pub fn pack_index(about: &About<'_>, images: &[Descriptor]) -> Result<Blob, Diagnostic> {
    let name = &about.image.name;
    let wrong = |message: String| Err(Diagnostic::new(&codes::IMAGE_INDEX, message));
    let mut manifests = images.to_vec();
    manifests.sort_by(|a, b| a.platform.cmp(&b.platform));
    if manifests.is_empty() {
        return wrong(format!("the index of the image `{name}` would be empty"));
    }
    if manifests.iter().any(|manifest| manifest.platform.is_none()) {
        return wrong(format!("a manifest of the image `{name}` has no platform"));
    }
    let mut pairs = manifests.iter().zip(manifests.iter().skip(1));
    if pairs.any(|(one, next)| one.platform == next.platform) {
        return wrong(format!("two manifests of the image `{name}` have the same platform"));
    }
    Ok(Blob::new(render(&Index {
        schema_version: 2,
        media_type: INDEX.to_owned(),
        manifests,
        annotations: about.texts()?,
    })))
}

/// Checks the layout of the image called `name` in `version`, beyond [`crate::read_layout`]: each
/// entry of its index names its platform, no two the same, and its annotations have the right name
/// and version.
///
/// # Errors
/// For the first problem.
pub fn check_index(name: &str, version: &str, layout: &Layout) -> Result<(), Diagnostic> {
    let wrong = |message: String| {
        let place = Location::file(format!("{}/index.json", folder(name)));
        Err(Diagnostic::new(&codes::OCI_INDEX, message).at(place))
    };
    let mut platforms = BTreeSet::new();
    for entry in &layout.listed {
        match &entry.platform {
            None => return wrong(format!("lists {} without a platform", entry.digest)),
            Some(platform) if !platforms.insert(platform) => {
                return wrong(format!("lists two images for `{}`", platform.text()));
            }
            Some(_) => {}
        }
    }
    for root in &layout.roots {
        check_texts(name, version, &root.annotations)?;
        if root.tag.as_deref() != Some(version) {
            let tag = root.tag.as_deref().unwrap_or_default();
            return wrong(format!("has the tag `{tag}`, expected `{version}`"));
        }
    }
    Ok(())
}

/// Checks that annotations or labels name no other image than `name` in `version`; they may be
/// missing.
///
/// # Errors
/// For a different title or version.
pub fn check_texts(name: &str, version: &str, texts: &Texts) -> Result<(), Diagnostic> {
    for (key, expected) in [("title", name), ("version", version)] {
        let key = format!("org.opencontainers.image.{key}");
        if let Some(found) = texts.get(&key).filter(|found| *found != expected) {
            let message = format!("says `{key}: {found}`, expected `{expected}`");
            return Err(Diagnostic::new(&codes::OCI_TITLE, message));
        }
    }
    Ok(())
}
